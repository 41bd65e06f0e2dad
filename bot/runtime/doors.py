"""One door a person: whoever comes for the same address waits, in order, while others pass."""

from __future__ import annotations

from asyncio import Lock
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from bot.runtime.messages import Address


class Doors:
    """Hold a lock for each address that somebody is at; memory is bounded by who is here now."""

    def __init__(self) -> None:
        self._doors: dict[Address, tuple[Lock, int]] = {}

    @asynccontextmanager
    async def through(self, address: Address) -> AsyncIterator[None]:
        """Be the only one inside for this address."""
        lock, here = self._doors.get(address, (Lock(), 0))
        self._doors[address] = (lock, here + 1)
        try:
            async with lock:
                yield
        finally:
            lock, here = self._doors.pop(address)
            if here > 1:
                self._doors[address] = (lock, here - 1)

    def free(self, address: Address) -> bool:
        """Tell whether nobody is at the door of this address."""
        return address not in self._doors

    def __len__(self) -> int:
        """Count the addresses somebody is at."""
        return len(self._doors)
