"""Whatever comes in, in whatever order: the door never breaks, and nobody is left without an answer."""

from __future__ import annotations

import asyncio
import logging
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.content.library import Content
from bot.runtime.messages import Command, Press, Text, Unsupported, Update, What
from bot.runtime.ports import Verdict
from bot.storage.memory import MemoryStore
from bot.storage.sqlite import SqliteStore
from tests.runtime.conftest import running
from tests.runtime.worlds import ANNA, BEN, Platform

CANARY = "canary-9f31-zirpt"
SAID = [
    "hello",
    "Sam",
    "go on",
    "stop",
    "why",
    "i want to die",
    "just kidding",
    "for ever",
    "say the unsaid",
    "delete me",
]

_text = st.one_of(st.sampled_from(SAID), st.text(max_size=60)).map(Text)
_press = st.one_of(st.builds("{}:{}".format, st.integers(0, 30), st.integers(0, 3)), st.text(max_size=9)).map(
    Press
)
_command = st.builds(
    Command,
    st.sampled_from(["start", "stop", "why", "back", "export", "delete", "nonsense", ""]),
    st.text(max_size=20),
)
_what = st.one_of(_text, _text, _press, _press, _command, st.just(Unsupported("voice")))


@given(st.lists(st.tuples(_what, st.sampled_from([ANNA, BEN]), st.integers(0, 200_000)), max_size=25))
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_no_order_of_things_breaks_the_door(content: Content, story: list[tuple[What, object, int]]) -> None:
    asyncio.run(_live_through(content, story))


async def _live_through(content: Content, story: list[tuple[What, object, int]]) -> None:
    async with running(content, MemoryStore(), Platform()) as world:
        for number, (what, who, seconds) in enumerate(story):
            verdict = await world.tell(what, who, update=str(number))  # type: ignore[arg-type]
            again = await world.app.handle(Update(str(number), who, None, what))  # type: ignore[arg-type]

            assert verdict is Verdict.COMMITTED
            assert again in (Verdict.DUPLICATE, Verdict.COMMITTED)
            ended = not (await world.session(who)).frames  # type: ignore[arg-type]
            assert world.platform.shown or ended or not isinstance(what, Text)
            await world.wait(seconds=seconds)
        for one in (ANNA, BEN):
            session = await world.app.session(one)
            assert session is None or len(session.frames) <= 2


async def test_nothing_a_person_wrote_can_be_read_on_the_disk_or_is_told(
    tmp_path: Path, content: Content, capfd: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    path = tmp_path / "kept" / "l.db"
    store = SqliteStore(path)
    async with running(content, store, Platform()) as world:
        for text in ("hello", "Sam", "i want to die", "why"):
            await world.text(f"{text} {CANARY}")
        await world.command("export")
        await world.command("why", CANARY)
        there, kept = _bytes(path.parent), str(await store.export((await store.load(ANNA)).id))
        await world.command("delete")
        await world.press("Delete everything")
        gone = _bytes(path.parent)

    told = capfd.readouterr()
    assert CANARY in kept
    assert CANARY.encode() not in there + gone
    assert CANARY.encode() not in _bytes(path.parent)
    assert CANARY not in caplog.text + told.out + told.err


def _bytes(folder: Path) -> bytes:
    return b"".join(one.read_bytes() for one in folder.iterdir())
