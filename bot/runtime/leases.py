"""What there can be only one of, however many replicas run: each such duty is done under a lease.

A duty is begun when its lease became ours and ended when we can no longer prove that it is.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Protocol

from bot.runtime.blame import describe

log = logging.getLogger(__name__)

NUDGER = "nudger"
"""The lease of whoever wakes due timers; a platform's lease has the platform's name."""


class Leases(Protocol):
    """Tell what is ours to do."""

    async def start(self, names: frozenset[str]) -> None:
        """Begin to try for these leases."""

    async def stop(self) -> None:
        """Give back all leases, so that another replica takes them at once."""

    def epoch(self, name: str) -> int | None:
        """Give the epoch of a lease while it is proven to be ours, None otherwise; epochs only grow."""

    async def changed(self) -> None:
        """Wait until a lease may have become ours or been lost."""


class Alone:
    """Hold every lease: there is one process, and its store lets no second one in."""

    async def start(self, names: frozenset[str]) -> None:
        """Take them all."""

    async def stop(self) -> None:
        """Give them back to nobody."""

    def epoch(self, name: str) -> int | None:
        """Give the first epoch, which is the only one."""
        del name
        return 1

    async def changed(self) -> None:
        """Wait for ever: nothing changes."""
        await asyncio.Event().wait()


class Duty(Protocol):
    """Do what only one replica may do."""

    async def begin(self, epoch: int) -> None:
        """Begin; what an earlier owner left half done is ours now."""

    async def end(self) -> None:
        """End at once; another may be at it already."""


@dataclass
class Duties:
    """Begin and end each duty with its lease; who cannot begin tries again after `patience` seconds."""

    leases: Leases
    duties: Mapping[str, Duty]
    patience: float = 2.0
    _looks: dict[str, asyncio.Event] = field(default_factory=dict)
    _tasks: list[asyncio.Task[None]] = field(default_factory=list)

    async def start(self) -> None:
        """Begin to try for the leases."""
        await self.leases.start(frozenset(self.duties))
        self._looks = {name: asyncio.Event() for name in self.duties}
        self._tasks = [asyncio.create_task(self._keep(name), name=f"lowtide-{name}") for name in self.duties]
        self._tasks.append(asyncio.create_task(self._watch(), name="lowtide-duties"))

    async def stop(self) -> None:
        """End every duty, then give the leases back."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self.leases.stop()

    async def _watch(self) -> None:
        while True:
            await self.leases.changed()
            for look in self._looks.values():
                look.set()

    async def _keep(self, name: str) -> None:
        """Look after one duty. It has a task of its own: one that begins slowly holds up no other."""
        while True:
            epoch = self.leases.epoch(name)
            if epoch is None:
                await self._next_look(name)
                continue
            try:
                if await self._begin(name, epoch):
                    while self.leases.epoch(name) == epoch:
                        await self._next_look(name)
                else:
                    await asyncio.sleep(self.patience)
            finally:
                await self._end(name)

    async def _next_look(self, name: str) -> None:
        look = self._looks[name]
        await look.wait()
        look.clear()

    async def _begin(self, name: str, epoch: int) -> bool:
        try:
            await self.duties[name].begin(epoch)
        except Exception as error:
            log.error("%s could not be taken up: %s", name, describe(error))
            return False
        return True

    async def _end(self, name: str) -> None:
        try:
            await self.duties[name].end()
        except Exception as error:
            log.error("%s did not end well: %s", name, describe(error))
