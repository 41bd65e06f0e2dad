"""The real app around the little world, and somebody who reads its numbers as Prometheus does."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from aiohttp import ClientSession
from prometheus_client.parser import text_string_to_metric_families

from bot.app import App, build
from bot.content.library import Content
from bot.health import Health
from bot.observing.lookout import Lookout
from bot.runtime.clocks import VirtualClock
from bot.runtime.desk import Habits
from bot.runtime.messages import Address, Press, Text, Update, What
from bot.runtime.ports import Store
from bot.settings import Settings
from bot.storage.memory import MemoryStore
from tests.runtime.worlds import NOON, Platform

HURRIED = Habits(waits=(0.001, 0.002))


@dataclass
class Door(Platform):
    """A platform whose door can be shut."""

    opened: bool = True

    async def start(self) -> None:
        """It takes nothing by itself."""

    async def stop(self) -> None:
        """As above."""

    async def ended(self) -> None:
        """It never ends."""


@dataclass
class Watched:
    """Speak to the app as people would, and ask for what is told of it."""

    app: App
    door: Door
    health: Health
    lookout: Lookout
    clock: VirtualClock
    web: ClientSession
    numbers: list[int] = field(default_factory=list)

    async def tell(self, who: str, what: str | What) -> None:
        """Let somebody send something, and wait until they were answered."""
        self.numbers.append(0)
        said = Text(what) if isinstance(what, str) else what
        now = self.clock.now()
        await self.app.handle(Update(str(len(self.numbers)), Address("test", who), now, said))
        await self.app.courier.settle()

    async def press(self, who: str, label: str) -> None:
        """Let somebody press the button of this label that they were shown last."""
        shown = [one for one in self.door.messages if one.address.chat == who]
        buttons = (button for one in reversed(shown) for button in one.buttons)
        await self.tell(who, Press(next(one.token for one in buttons if one.label == label)))

    async def asked(self, path: str) -> tuple[int, str]:
        """Ask for a page; return its status and its text."""
        async with self.web.get(f"http://127.0.0.1:{self.lookout.port}{path}") as answer:
            return answer.status, await answer.text()

    async def ready(self) -> tuple[int, dict[str, Any]]:
        """Ask whether it is ready."""
        async with self.web.get(f"http://127.0.0.1:{self.lookout.port}/readyz") as answer:
            return answer.status, await answer.json()

    async def number(self, name: str, /, **labels: str) -> float | None:
        """Read one number; None where it is not shown."""
        _, text = await self.asked("/metrics")
        found = (sample for family in text_string_to_metric_families(text) for sample in family.samples)
        return next((one.value for one in found if (one.name, one.labels) == (name, labels)), None)


@asynccontextmanager
async def watched(
    content: Content, store: Store | None = None, door: Door | None = None
) -> AsyncIterator[Watched]:
    """Run the app with a lookout on a port of its own."""
    clock, own, kept = VirtualClock(NOON), door or Door(), store or MemoryStore()
    lookout = Lookout("127.0.0.1:0", content.flows, ["test"])
    settings = Settings(Path("unused"))
    adapters = {"test": own}
    app = build(settings, content, kept, adapters, clock=clock, habits=HURRIED, meter=lookout.metrics)
    health = Health(app, adapters, None)
    await lookout.start(health.look)
    try:
        async with ClientSession() as web, app:
            yield Watched(app, own, health, lookout, clock, web)
    finally:
        await lookout.stop()
