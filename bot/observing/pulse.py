"""How late the event loop runs what is due: while it is stuck, nobody at all is answered."""

from __future__ import annotations

import asyncio
from collections import deque

EVERY = 0.5
"""Seconds between two beats."""
REMEMBERED = 120
"""Beats of which the latest one counts: a minute of them, so that no scrape misses one."""


class Pulse:
    """Beat in the background."""

    def __init__(self) -> None:
        self._late: deque[float] = deque(maxlen=REMEMBERED)
        self._task: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Begin to beat."""
        self._task = asyncio.create_task(self._beat(), name="lowtide-pulse")

    async def stop(self) -> None:
        """Beat no more."""
        if self._task:
            self._task.cancel()
            await asyncio.wait([self._task])

    @property
    def worst(self) -> float:
        """Tell by how many seconds the latest beat of the last minute came late."""
        return max(self._late, default=0.0)

    async def _beat(self) -> None:
        clock = asyncio.get_running_loop().time
        while True:
            due = clock() + EVERY
            await asyncio.sleep(EVERY)
            self._late.append(max(0.0, clock() - due))
