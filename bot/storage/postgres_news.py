"""Word between replicas: whoever commits something for the owner of a lease lets them know, once a batch."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from bot.runtime.blame import describe
from bot.runtime.leases import Leases
from bot.storage.postgres_opening import connect

if TYPE_CHECKING:
    import asyncpg

log = logging.getLogger(__name__)

CHANNEL = "lowtide"
RELEASE = "release"
"""The word that other flows went live; everything else that is heard names a lease."""
AGAIN = 1.0
"""Seconds between tries to listen again; owners look by themselves meanwhile."""


@dataclass
class News:
    """Listen at `url`. `heard` is called with the name of each lease of ours that has something to do.

    `released` is called when other flows went live, or may have while nobody listened.
    """

    url: str = field(repr=False)
    leases: Leases
    heard: Callable[[str], None] | None = None
    released: Callable[[], None] | None = None
    _connection: asyncpg.Connection | None = None
    _cut: asyncio.Event = field(default_factory=asyncio.Event)
    _task: asyncio.Task[None] | None = None

    async def start(self) -> None:
        """Begin to listen."""
        self._task = asyncio.create_task(self._run(), name="lowtide-news")

    async def stop(self) -> None:
        """Listen no more."""
        if self._task:
            self._task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._task
        self._hang_up()

    def note(self, names: Collection[str]) -> str:
        """Write what the others need to hear: those whose lease is ours hear it without PostgreSQL."""
        return " ".join(sorted(name for name in names if self.leases.epoch(name) is None))

    def wake(self, names: Collection[str]) -> None:
        """Let ourselves know of what is ours."""
        for name in names:
            if self.heard and self.leases.epoch(name) is not None:
                self.heard(name)

    async def tell(self, names: Collection[str]) -> None:
        """Let whoever it is know, outside of a commit."""
        self.wake(names)
        note = self.note(names)
        if note and self._connection:
            with contextlib.suppress(Exception):  # the owner looks by itself before long
                await self._connection.execute("SELECT pg_notify($1, $2)", CHANNEL, note)

    async def _run(self) -> None:
        while True:
            try:
                self._connection = connection = await connect(self.url)
                self._cut.clear()
                connection.add_termination_listener(lambda _: self._cut.set())
                await connection.add_listener(CHANNEL, self._hear)
                await self._cut.wait()
            except Exception as error:
                log.info("not listening: %s", describe(error))
            self._hang_up()
            await asyncio.sleep(AGAIN)

    def _hang_up(self) -> None:
        connection, self._connection = self._connection, None
        if connection:
            connection.terminate()

    def _hear(self, _connection: object, _pid: int, _channel: str, note: object) -> None:
        names = str(note).split()
        self.wake(names)
        if RELEASE in names and self.released:
            self.released()
