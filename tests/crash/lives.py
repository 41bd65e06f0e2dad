"""One life of the real app on a real store, and what the world saw of it, in files that outlive a SIGKILL."""

from __future__ import annotations

import asyncio
import json
import os
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from bot.app import App, build
from bot.content.library import Content
from bot.dialogue.codec import to_json
from bot.runtime.clocks import VirtualClock
from bot.runtime.messages import Outgoing, Update
from bot.runtime.ports import Store
from bot.settings import Settings
from tests.crash.fuse import Fuse
from tests.runtime.worlds import ANNA

WHEN = ("met", "noticed", "nudged", "ending", "warned")
"""Times of a session: who died and lived again may have lived later."""


@dataclass
class Wire:
    """Stand between us and the platform: what was shown and what was confirmed, written down at once."""

    folder: Path

    async def send(self, message: Outgoing) -> None:
        self._note("shown", [message.key, message.text])
        await asyncio.sleep(0)

    def confirm(self, update: Update) -> None:
        self._note("confirmed", update.id)

    @property
    def shown(self) -> list[tuple[str, str]]:
        """Return key and text of each message, in the order they arrived."""
        return [(key, text) for key, text in self._notes("shown")]

    @property
    def confirmed(self) -> list[str]:
        return self._notes("confirmed")

    def _note(self, name: str, what: object) -> None:
        descriptor = os.open(self.folder / name, os.O_WRONLY | os.O_APPEND | os.O_CREAT)
        os.write(descriptor, json.dumps(what).encode() + b"\n")
        os.close(descriptor)

    def _notes(self, name: str) -> list:  # type: ignore[type-arg]  # JSON
        path = self.folder / name
        return [json.loads(line) for line in path.read_text().splitlines()] if path.exists() else []


@dataclass
class Life:
    """Take what the platform has not seen confirmed, one after the other, and come to rest.

    A `careless` one confirms before it keeps, as some libraries do: it is here to see that this is noticed.
    """

    content: Content
    store: Store
    wire: Wire
    clock: VirtualClock
    updates: Sequence[Update]
    fuse: Fuse = field(default_factory=Fuse)
    careless: bool = False

    async def live(self) -> None:
        settings = Settings(db=Path("unused"))
        app = build(settings, self.content, self.store, {"test": self.wire}, clock=self.clock)
        self.fuse.lit()
        async with app:
            for update in [one for one in self.updates if one.id not in self.wire.confirmed]:
                if self.careless:
                    self.wire.confirm(update)
                if await app.handle(update) and not self.careless:
                    self.wire.confirm(update)
            await app.settle()
            self.fuse.out()
            stands = await _stands(app)
        (self.wire.folder / "stands").write_text(json.dumps(stands))


async def _stands(app: App) -> dict[str, object]:
    """Tell everything that must be the same however often we died."""
    session, due = await app.session(ANNA), await app.store.next_due()
    seen = to_json(session) if session else None
    return {
        "session": seen and {name: what for name, what in seen.items() if name not in ("id", *WHEN)},
        "due": due and due.isoformat(timespec="hours"),
        "counters": dict(await app.store.counters()),
        "undelivered": len(await app.store.undelivered()),
    }
