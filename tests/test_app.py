"""The composition root: what it puts together starts, stops, and goes on where it stopped."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from bot.app import App, build
from bot.content.library import Content, load
from bot.errors import StoreError
from bot.runtime.clocks import SystemClock, VirtualClock
from bot.runtime.messages import Text, Update
from bot.runtime.ports import Store
from bot.safety.lexicon import Tier
from bot.safety.units import Opinion, Unit
from bot.settings import Settings
from bot.storage.memory import MemoryStore
from bot.storage.sqlite import SqliteStore
from tests.runtime.little import little_world
from tests.runtime.worlds import ANNA, BEN, NOON, Platform


@pytest.fixture(scope="module")
def content(tmp_path_factory: pytest.TempPathFactory) -> Content:
    return little_world(tmp_path_factory.mktemp("little"))


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(db=tmp_path / "lowtide.db")


def app_on(
    store: Store, settings: Settings, content: Content, platform: Platform, clock: VirtualClock
) -> App:
    return build(settings, content, store, {"test": platform}, clock=clock)


async def test_an_app_goes_on_where_the_last_one_stopped(settings: Settings, content: Content) -> None:
    clock, platform = VirtualClock(NOON), Platform()
    for text in ("hello", "Sam", "go on"):
        async with app_on(SqliteStore(settings.db), settings, content, platform, clock) as app:
            await app.handle(Update(text, ANNA, None, Text(text)))
            await app.settle()

    assert platform.texts == ["Who is it?", "You wrote Sam.", "What now?", "Planned."]


async def test_stopping_leaves_no_task_behind(settings: Settings, content: Content) -> None:
    before = asyncio.all_tasks()

    async with app_on(SqliteStore(settings.db), settings, content, Platform(), VirtualClock(NOON)) as app:
        await app.handle(Update("1", ANNA, None, Text("hello")))
        running = asyncio.all_tasks() - before

    assert {task.get_name() for task in running} == {"lowtide-courier", "lowtide-nudger"}
    assert asyncio.all_tasks() == before


async def test_a_store_that_does_not_open_stops_the_start(settings: Settings, content: Content) -> None:
    settings.db.write_text("no database at all, " * 90)

    with pytest.raises(StoreError, match="is not a database"):
        async with app_on(SqliteStore(settings.db), settings, content, Platform(), VirtualClock(NOON)):
            pytest.fail("it started")


async def test_advancing_meets_every_timer_at_its_own_time(settings: Settings, content: Content) -> None:
    clock, times, platform = VirtualClock(NOON), list[timedelta](), Platform()

    def witness(_: object) -> None:
        times.append(clock.now() - NOON)

    app = build(settings, content, MemoryStore(), {"test": platform}, clock=clock, witness=witness)
    async with app:
        await app.handle(Update("1", ANNA, None, Text("hello")))
        await app.advance(clock, timedelta(days=7))

    assert times == [timedelta(0), timedelta(hours=20), timedelta(hours=72)]
    assert clock.now() == NOON + timedelta(days=7)
    assert platform.texts == ["Who is it?", "Still there?"]


async def test_without_a_clock_the_one_on_the_wall_is_used(settings: Settings, content: Content) -> None:
    app = build(settings, content, MemoryStore(), {})

    assert isinstance(app.clock, SystemClock)


async def test_the_operator_s_language_is_spoken_to_whoever_chose_none(tmp_path: Path) -> None:
    little_world(tmp_path)
    german = tmp_path / "prompts/de/little"
    german.mkdir(parents=True)
    (german / "open.j2").write_text("Wer ist es?")
    content, platform = load(tmp_path / "flows", tmp_path / "prompts"), Platform()
    settings = Settings(db=tmp_path / "unused", lang="de")

    app = build(settings, content, MemoryStore(), {"test": platform}, clock=VirtualClock(NOON))
    async with app:
        await app.handle(Update("1", ANNA, None, Text("hello")))
        await app.settle()
        session = await app.session(ANNA)

    assert platform.texts == ["Wer ist es?"]
    assert session
    assert session.memory["language"] == "de"


class Moody:
    """A model that fails the first time, and counts how often it is asked."""

    def __init__(self) -> None:
        self.asked: list[bool] = []

    def opinion(self, units: tuple[Unit, ...], careful: bool) -> Opinion | None:
        self.asked.append(careful)
        if len(self.asked) == 1:
            raise RuntimeError
        return Opinion("self", "soft", "model 0.70: its words")

    def allays(self, units: tuple[Unit, ...], tier: Tier) -> bool:
        return False


async def test_what_was_screened_a_moment_ago_is_not_screened_again(
    settings: Settings, content: Content
) -> None:
    model = Moody()
    hear = build(settings, content, MemoryStore(), {}, sense=model).conversations.hearing.concern

    broken = hear(Text("a line"))
    heard = [hear(Text("a line")), hear(Text("a line")), hear(Text("a line"), careful=True)]

    assert broken is None  # and is no verdict that lasts
    assert [one.tier for one in heard if one] == ["soft"] * 3
    assert model.asked == [False, False, True]


async def test_a_text_and_the_sentence_it_may_end_are_placed_together(
    settings: Settings, content: Content
) -> None:
    placed: list[Sequence[str]] = []
    app = build(settings, content, MemoryStore(), {"test": Platform()}, clock=VirtualClock(NOON))
    app.conversations.hearing = replace(app.conversations.hearing, place=placed.append)

    async with app:
        for text in (
            "i want",
            "to be alone",
            "/stop, then a whole sentence of more words than a piece may have",
        ):
            await app.handle(Update(text, ANNA, None, Text(text)))

    assert placed == [["to be alone", "i want to be alone"]]


class Waiting:
    """A model that takes as long over a long text as somebody else is not answered."""

    def __init__(self) -> None:
        self.answered = threading.Event()
        self.in_time: list[bool] = []

    def opinion(self, units: tuple[Unit, ...], careful: bool) -> None:
        if len(units) > 1:
            self.in_time.append(self.answered.wait(10))

    def allays(self, units: tuple[Unit, ...], tier: Tier) -> bool:
        return False


async def test_nobody_waits_while_a_long_text_is_heard(settings: Settings, content: Content) -> None:
    model = Waiting()
    async with build(settings, content, MemoryStore(), {"test": Platform()}, sense=model) as app:
        story = asyncio.create_task(app.handle(Update("1", ANNA, None, Text("and then she said " * 50))))
        await asyncio.sleep(0)
        await app.handle(Update("2", BEN, None, Text("hello")))
        model.answered.set()
        await story

    assert model.in_time == [True]
