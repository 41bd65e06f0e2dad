"""A disk that is full, for real: the person is told, danger is answered, and nothing is lost."""

from __future__ import annotations

import asyncio
import resource
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from bot.app import build
from bot.content.library import Content
from bot.runtime.clocks import VirtualClock
from bot.runtime.messages import Text, Update
from bot.runtime.ports import Verdict
from bot.settings import Settings
from bot.storage.sqlite import SqliteStore
from tests.crash.toll import forked
from tests.runtime.little import little_world
from tests.runtime.worlds import ANNA, BEN, NOON, Platform


@pytest.fixture(scope="module")
def content(tmp_path_factory: pytest.TempPathFactory) -> Content:
    return little_world(tmp_path_factory.mktemp("little"))


@contextmanager
def full_disk() -> Iterator[None]:
    """Let no file of this process grow; what SQLite writes into its log is refused by the system itself."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (1, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


async def live_through_a_full_disk(content: Content, path: Path) -> None:
    platform, first, second = (
        Platform(),
        Update("1", ANNA, None, Text("hello")),
        Update("2", ANNA, None, Text("Sam")),
    )
    danger = Update("3", BEN, None, Text("i want to die"))
    app = build(Settings(db=path), content, SqliteStore(path), {"test": platform}, clock=VirtualClock(NOON))
    async with app:
        assert await app.handle(first) is Verdict.COMMITTED
        with full_disk():
            assert await app.handle(second) is None
            assert await app.handle(danger) is None
            await app.courier.settle()
        assert platform.said_to(ANNA) == ["Who is it?", "Something broke here, not with you."]
        assert "911" in platform.said_to(BEN)[0] or "emergency" in platform.said_to(BEN)[0]

        assert await app.handle(second) is Verdict.COMMITTED
        assert await app.handle(danger) is Verdict.COMMITTED
        await app.courier.settle()
        assert platform.said_to(ANNA)[2:] == ["You wrote Sam.", "What now?"]
        session = await app.session(BEN)
        assert session
        assert session.frames[-1].flow == "crisis"


def test_a_full_disk_loses_nothing_and_the_card_goes_out(content: Content, tmp_path: Path) -> None:
    def live() -> None:
        asyncio.run(live_through_a_full_disk(content, tmp_path / "l.db"))

    ended = forked(live)  # the limit is the whole process's: nobody else may be in it

    assert ended == 0
    assert (tmp_path / "l.db").stat().st_size > 0
