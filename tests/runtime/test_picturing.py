"""A person's weeks come as a picture and the same in words, or as words alone where nothing can be drawn."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest

from bot.app import App, build
from bot.content.library import Content
from bot.runtime.clocks import VirtualClock
from bot.runtime.messages import Command, Picture, Text, Update, What
from bot.settings import Settings
from bot.storage.memory import MemoryStore
from tests import ours
from tests.runtime.worlds import ANNA, NOON, Platform

NOTED = (
    "2025-12-20 check_in closeness=1 energy=0 · my sister called",
    "2026-01-01 step",
    "2026-01-02 step",
    "2026-01-05 check_in closeness=3",
)


@pytest.fixture(scope="module")
def content() -> Content:
    return ours.content()


@pytest.fixture
async def platform() -> Platform:
    return Platform()


def built(content: Content, platform: Platform) -> App:
    settings, clock = Settings(db=Path("unused")), VirtualClock(NOON)
    return build(settings, content, MemoryStore(), {"test": platform}, clock=clock)


@pytest.fixture
async def app(content: Content, platform: Platform) -> AsyncIterator[App]:
    async with built(content, platform) as app:
        yield app


async def tell(app: App, what: What, number: list[int] = [0]) -> None:  # noqa: B006  a count of updates
    number[0] += 1
    await app.handle(Update(str(number[0]), ANNA, None, what))
    await app.settle()


async def looked(app: App, platform: Platform, *noted: str, **memory: str) -> Picture:
    """Ask for the weeks of a person who has noted these lines."""
    await app.begin(ANNA, "weeks", {"journal": noted, "consented": True, **memory})
    await app.settle()
    (picture,) = [one for one in platform.shown if isinstance(one, Picture)]
    return picture


async def test_the_words_say_what_the_picture_shows(app: App, platform: Platform) -> None:
    picture = await looked(app, platform, *NOTED)

    assert picture.data.startswith(b"\x89PNG")
    assert picture.text.split("\n") == [
        "*Your last 4 weeks*",
        "15 Dec: closeness 1 of 3, energy 0 of 3",
        "22 Dec: nothing noted",
        "29 Dec: nothing noted, 2 steps",
        "5 Jan: closeness 3 of 3",
    ]
    assert "last 4 weeks" in picture.alt


async def test_the_picture_comes_before_what_is_said_about_it(app: App, platform: Platform) -> None:
    await looked(app, platform, *NOTED)

    first, then = platform.shown
    assert isinstance(first, Picture)
    assert [button.label for button in then.buttons] == [
        "In dark colours",
        "In light colours",
        "That’s enough",
    ]


async def test_what_was_noted_in_words_is_on_no_picture(app: App, platform: Platform) -> None:
    picture = await looked(app, platform, *NOTED)

    assert "sister" not in picture.text + picture.alt + picture.sketch


async def test_a_terminal_has_it_drawn_with_letters(app: App, platform: Platform) -> None:
    picture = await looked(app, platform, *NOTED)

    assert picture.sketch.split("\n") == [
        "15 Dec  ~~~......  .........",
        "22 Dec",
        "29 Dec                        oo",
        " 5 Jan  ~~~~~~~~~",
    ]


async def test_it_is_light_by_day_and_dark_if_they_say_so(app: App, platform: Platform) -> None:
    light = await looked(app, platform, *NOTED)
    platform.shown.clear()

    await tell(app, Text("dark mode"))

    assert [one.data != light.data for one in platform.shown if isinstance(one, Picture)] == [True]


async def test_it_is_dark_by_night_where_they_are(app: App, platform: Platform) -> None:
    here = await looked(app, platform, *NOTED, zone="UTC")
    platform.shown.clear()
    there = await looked(app, platform, *NOTED, zone="Pacific/Auckland")  # an hour after midnight

    assert here.data != there.data


async def test_where_nothing_can_be_drawn_the_words_remain(
    content: Content, platform: Platform, caplog: pytest.LogCaptureFixture
) -> None:
    app = built(content, platform)
    keeping = app.conversations.keeping

    def broken(_: object) -> bytes:
        raise OSError("no font in /home/anna")

    keeping.picturing = replace(keeping.picturing, paint=broken)
    async with app:
        await app.begin(ANNA, "weeks", {"journal": NOTED})
        await app.settle()

    assert platform.texts[0].startswith("*Your last 4 weeks*")
    assert "a picture could not be drawn" in caplog.text
    assert "anna" not in caplog.text


async def test_what_they_noted_is_in_their_export_and_goes_with_delete(app: App, platform: Platform) -> None:
    await looked(app, platform, *NOTED)
    await tell(app, Command("export"))
    (copy,) = platform.documents
    assert all(line in copy.text for line in NOTED)

    await tell(app, Command("delete"))
    await tell(app, Text("delete everything"))

    assert await app.session(ANNA) is None
