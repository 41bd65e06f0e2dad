"""What is seen of a running service: whether its parts are ready, what waits to be sent, what is late."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from bot.app import App
from bot.dialogue.effects import Lane
from bot.observing.look import Look
from bot.replicas import Door, Replica
from bot.runtime.blame import describe
from bot.runtime.leases import NUDGER
from bot.runtime.ledger import LANES

log = logging.getLogger(__name__)

PATIENCE = 2.0
"""Seconds after which a store that does not answer counts as gone."""
STOPPING = "told to stop"
CLOSED, NOT_ADMITTED, SUPERSEDED = "not open yet", "not admitted yet", "others are live"
UNREACHABLE, SHUT = "does not answer", "the door is shut"


@dataclass
class Health:
    """Look at an app and the platforms it serves. What is told is one of a few phrases; the log says why."""

    app: App
    platforms: Mapping[str, Door]
    replica: Replica | None
    stopping: bool = False
    """Set once we were told to stop: ready for nobody new, and alive until all is done."""

    async def look(self) -> Look:
        """Look now; never raises."""
        lack, overdue = await self._store()
        parts = {"process": STOPPING if self.stopping else "", "store": lack, "flows": self._flows()}
        return Look(parts | dict(self._doors()), dict(self._waiting()), overdue, self._duties())

    def _flows(self) -> str:
        if self.replica and self.replica.retired:
            return SUPERSEDED
        return "" if self.app.admitted else NOT_ADMITTED

    async def _store(self) -> tuple[str, float]:
        """Ask the store for the earliest timer; tell what is wrong with it, and how late that timer is."""
        if not self.app.admitted:
            return CLOSED, 0.0
        try:
            async with asyncio.timeout(PATIENCE):
                due = await self.app.store.next_due()
        except Exception as error:
            log.warning("the store does not answer: %s", describe(error))
            return UNREACHABLE, 0.0
        late = (self.app.clock.now() - due).total_seconds() if due else 0.0
        return "", max(0.0, late)

    def _doors(self) -> Iterator[tuple[str, str]]:
        """Yield each platform; one that another replica hears is ready: this one stands by."""
        duties = self._duties()
        for name, door in self.platforms.items():
            elsewhere = self.replica and not self.replica.hears(name) and not duties[name]
            yield name, "" if door.opened or elsewhere else SHUT

    def _waiting(self) -> Iterator[tuple[tuple[str, Lane], tuple[int, float]]]:
        now = asyncio.get_running_loop().time()
        for platform, ledger in self.app.courier.ledgers().items():
            for lane in LANES:
                yield (platform, lane), (ledger.waiting(lane), ledger.oldest(lane, now))

    def _duties(self) -> Mapping[str, bool]:
        return self.replica.duties() if self.replica else dict.fromkeys((*self.platforms, NUDGER), True)
