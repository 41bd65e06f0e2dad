"""The real app around a little world, on a store of either kind, a standing clock and a fake platform."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import count
from pathlib import Path

import pytest

from bot.app import App, build
from bot.content.library import Content
from bot.dialogue.session import Session
from bot.runtime.clocks import VirtualClock
from bot.runtime.messages import Address, Command, Press, Text, Update, What
from bot.runtime.ports import Moment, Store, Verdict
from bot.settings import Settings
from bot.storage.memory import MemoryStore
from bot.storage.sqlite import SqliteStore
from tests.runtime.little import little_world
from tests.runtime.worlds import ANNA, NOON, Platform


@pytest.fixture(scope="session")
def content(tmp_path_factory: pytest.TempPathFactory) -> Content:
    return little_world(tmp_path_factory.mktemp("little"))


@dataclass
class World:
    """Speak to a running app as people would; `said` is what came back since the last word."""

    app: App
    content: Content
    store: Store
    platform: Platform
    clock: VirtualClock
    moments: list[Moment]
    numbers: count[int] = field(default_factory=lambda: count(1))

    async def tell(
        self, what: What, who: Address = ANNA, sent_at: datetime | None = None, update: str | None = None
    ) -> Verdict | None:
        self.platform.shown.clear()
        one = Update(update or str(next(self.numbers)), who, sent_at or self.clock.now(), what)
        verdict = await self.app.handle(one)
        await self.app.courier.settle()
        return verdict

    async def text(self, text: str, who: Address = ANNA) -> list[str]:
        await self.tell(Text(text), who)
        return self.said

    async def command(self, name: str, text: str = "") -> list[str]:
        await self.tell(Command(name, text))
        return self.said

    async def begin(self, flow: str, **slots: str) -> list[str]:
        self.platform.shown.clear()
        await self.app.begin(ANNA, flow, slots)
        await self.app.settle()
        return self.said

    async def press(self, label: str) -> list[str]:
        buttons = [button for message in self.platform.messages for button in message.buttons]
        await self.tell(Press(next(button.token for button in buttons if button.label == label)))
        return self.said

    async def wait(self, **passed: float) -> list[str]:
        self.platform.shown.clear()
        await self.app.advance(self.clock, timedelta(**passed))
        return self.said

    @property
    def said(self) -> list[str]:
        return self.platform.texts

    async def session(self, who: Address = ANNA) -> Session:
        session = await self.app.session(who)
        assert session is not None
        return session

    async def timers(self, who: Address = ANNA) -> list[str]:
        """Name the timers that are set, the earliest first."""
        kept = await self.store.export((await self.store.load(who)).id)
        return [row["timer"] for row in kept.get("timers", ())]  # type: ignore[attr-defined]

    async def where(self, who: Address = ANNA) -> str:
        frames = (await self.session(who)).frames
        return f"{frames[-1].flow}.{frames[-1].state}" if frames else ""


@asynccontextmanager
async def running(content: Content, store: Store, platform: Platform) -> AsyncIterator[World]:
    """Run the real app until the end of the block."""
    clock, moments = VirtualClock(NOON), list[Moment]()
    settings = Settings(db=Path("unused"))
    app = build(settings, content, store, {"test": platform}, clock=clock, witness=moments.append)
    async with app:
        yield World(app, content, store, platform, clock, moments)


@pytest.fixture(params=["memory", "sqlite"])
async def world(request: pytest.FixtureRequest, tmp_path: Path, content: Content) -> AsyncIterator[World]:
    store: Store = (
        MemoryStore() if request.param == "memory" else SqliteStore(tmp_path / "l.db", patience=0.01)
    )
    async with running(content, store, Platform()) as one:
        yield one
