"""Who delivers the outbox: in order per person, at least once, replies before nudges, marked once sent."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Mapping

from bot.runtime.desk import USUAL, Desk, Habits
from bot.runtime.limits import LIMITS, UNLIMITED, Limits
from bot.runtime.messages import Address, Outgoing
from bot.runtime.ports import Adapter, Clock, Store


class Courier:
    """Give each platform a desk of its own, so that one that is down or slow holds up no other."""

    def __init__(
        self,
        store: Store,
        adapters: Mapping[str, Adapter],
        clock: Clock,
        limits: Mapping[str, Limits] = LIMITS,
        habits: Habits = USUAL,
    ) -> None:
        self._store = store
        self._desks = {
            platform: Desk(adapter, store, clock, limits.get(platform, UNLIMITED), habits)
            for platform, adapter in adapters.items()
        }

    async def start(self) -> None:
        """Take up what an earlier run left undelivered, and begin to send."""
        after = 0
        while page := await self._store.undelivered(after):
            self.post(posted.message for posted in page)
            after = page[-1].number
        for desk in self._desks.values():
            desk.start()

    async def stop(self) -> None:
        """Stop sending; what was not sent stays in the store."""
        await asyncio.gather(*(desk.stop() for desk in self._desks.values()))

    def post(self, messages: Iterable[Outgoing]) -> None:
        """Queue messages; those for a platform we do not serve stay in the store."""
        for message in messages:
            if desk := self._desks.get(message.address.platform):
                desk.post(message)

    def drop(self, address: Address) -> None:
        """Let go of what waits for a person."""
        if desk := self._desks.get(address.platform):
            desk.drop(address.chat)

    async def settle(self) -> None:
        """Wait until nothing waits but what is to be tried again later."""
        for desk in self._desks.values():
            await desk.settle()
