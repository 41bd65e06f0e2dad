"""Who wakes due timers: it sleeps until the earliest, and hands each person all of theirs at once."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime, timedelta
from secrets import token_hex

from bot.runtime.blame import describe
from bot.runtime.ports import Claim, Clock, Store, Waiting

log = logging.getLogger(__name__)

TOGETHER = 250
"""Persons taken from the store at a time: so many are opened and kept in a moment that nobody notices."""
SHORTEST, LONGEST = 0.05, 60.0
"""Seconds of a nap: never a busy loop, never so long that a turned clock goes unnoticed."""
HELD = timedelta(seconds=30)
"""How long those who were taken are ours: should we die, another process wakes them then."""
REMEMBERED = timedelta(days=8)
"""How long the fingerprint of an update is kept: platforms send an update again for a day or two."""
LOGGED = timedelta(days=90)
"""How long the event log is kept."""


class Nudger:
    """Fire what is due through `wake_all`, the same door a person comes in by."""

    def __init__(
        self, store: Store, clock: Clock, wake_all: Callable[[Sequence[Waiting]], Awaitable[None]]
    ) -> None:
        self._store = store
        self._clock = clock
        self._wake_all = wake_all
        self._name = token_hex(8)
        self._changed = asyncio.Event()
        self._until: datetime | None = None
        """The end of our sleep, while we sleep."""
        self._soonest: datetime | None = None
        """The earliest that was set while we were at work."""
        self._one_at_a_time = asyncio.Lock()
        self._tidied: datetime | None = None
        self._task: asyncio.Task[None] | None = None

    async def start(self) -> None:
        """Begin to watch the timers."""
        self._task = asyncio.create_task(self._run(), name="lowtide-nudger")

    async def stop(self) -> None:
        """Stop watching; the rows stay."""
        if self._task:
            self._task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._task

    @property
    def sleeps(self) -> bool:
        """Tell whether there is nothing to do now."""
        return self._until is not None

    def wake(self, due: datetime | None = None) -> None:
        """Look again if something was set for earlier than we sleep; without a time, look now."""
        soon = due or self._clock.now()
        if self._until is None:  # we are at work, and look at this before we sleep
            self._soonest = min(soon, self._soonest or soon)
        elif soon < self._until:
            self._changed.set()

    async def fire(self) -> None:
        """Hand over everyone who has timers due now; while some are being kept, the next are made ready."""
        under_way: list[asyncio.Task[None]] = []
        async with self._one_at_a_time:
            try:
                full = True
                while full and (batch := await self._claim()):
                    under_way.append(asyncio.create_task(self._wake_them(batch)))
                    full = len(batch) == TOGETHER
                    if len(under_way) > 1:
                        await under_way.pop(0)
            finally:
                await asyncio.gather(*under_way)

    async def _wake_them(self, batch: Sequence[Waiting]) -> None:
        await self._wake_all(batch)

    async def _claim(self) -> Sequence[Waiting]:
        now = self._clock.now()
        return await self._store.claim(now, Claim(self._name, now + HELD), TOGETHER)

    async def _run(self) -> None:
        while True:
            try:
                await self.fire()
                await self._tidy()
                nap = await self._nap()
            except Exception as error:
                log.error("timers could not be fired: %s", describe(error))
                nap = LONGEST
            self._until = self._clock.now() + timedelta(seconds=nap)
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(nap):  # `wait_for` of 3.11 can swallow the order to stop
                    await self._changed.wait()
            self._until = self._soonest = None
            self._changed.clear()

    async def _nap(self) -> float:
        """Tell how long nothing will be due."""
        kept = await self._store.next_due()
        dues = [due for due in (kept, self._soonest) if due is not None]
        if not dues:
            return LONGEST
        return min(LONGEST, max(SHORTEST, (min(dues) - self._clock.now()).total_seconds()))

    async def _tidy(self) -> None:
        now = self._clock.now()
        if self._tidied is None or now - self._tidied >= timedelta(hours=1):
            self._tidied = now
            await self._store.tidy(now - REMEMBERED, now - LOGGED)
