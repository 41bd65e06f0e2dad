"""Who delivers the outbox: in order per person, at least once, replies before nudges, marked once sent."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Mapping
from uuid import uuid4

from bot.runtime.clearing import Clearing, Hush
from bot.runtime.desk import USUAL, Desk, Habits
from bot.runtime.ledger import Ledger
from bot.runtime.limits import LIMITS, UNLIMITED, Limits
from bot.runtime.messages import Address, Message, Outgoing
from bot.runtime.meter import UNCOUNTED, Meter
from bot.runtime.ports import Adapter, Clock, Store


class Courier:
    """Give each platform a desk of its own, so that one that is down or slow holds up no other.

    With `claimed`, several replicas share the store, and what was committed comes to whoever claims it.
    """

    def __init__(  # noqa: PLR0913, PLR0917  what each desk is made of
        self,
        store: Store,
        adapters: Mapping[str, Adapter],
        clock: Clock,
        limits: Mapping[str, Limits] = LIMITS,
        habits: Habits = USUAL,
        claimed: bool = False,
        meter: Meter = UNCOUNTED,
    ) -> None:
        self._store = store
        self._claimed = claimed
        self._adapters = adapters
        self._desks = {
            platform: Desk(adapter, store, clock, limits.get(platform, UNLIMITED), habits, platform, meter)
            for platform, adapter in adapters.items()
        }
        self.hush = Hush()

    async def start(self) -> None:
        """Take up what an earlier run left undelivered, and begin to send."""
        after = 0
        while not self._claimed and (page := await self._store.undelivered(after)):
            self.post(posted.message for posted in page)
            after = page[-1].number
        for desk in self._desks.values():
            desk.start()

    async def stop(self) -> None:
        """Stop sending; what was not sent stays in the store."""
        await asyncio.gather(*(desk.stop() for desk in self._desks.values()))

    def post(self, messages: Iterable[Outgoing]) -> None:
        """Queue messages; those for a platform we do not serve, or for who is leaving, stay in the store."""
        for message in messages:
            if message.address in self.hush:
                continue
            if desk := self._desks.get(message.address.platform):
                desk.post(message)

    def posted(self, messages: Iterable[Outgoing]) -> None:
        """Queue messages that were committed, unless whoever claims them from the store brings them."""
        if not self._claimed:
            self.post(messages)

    def waiting(self, platform: str) -> int:
        """Count what waits to be sent on a platform."""
        desk = self._desks.get(platform)
        return desk.waiting if desk else 0

    def ledgers(self) -> Mapping[str, Ledger]:
        """Return what waits on each platform, and since when."""
        return {platform: desk.ledger for platform, desk in self._desks.items()}

    def drop(self, address: Address) -> None:
        """Let go of what waits for a person."""
        if desk := self._desks.get(address.platform):
            desk.drop(address.chat)

    async def landed(self, platform: str) -> None:
        """Wait for what is on its way on a platform, and not for long."""
        if desk := self._desks.get(platform):
            await desk.landed()

    async def clear(self, address: Address, text: str) -> None:
        """Let go of what waits for a person, and clear what they see down to a text, past every line."""
        self.drop(address)
        if desk := self._desks.get(address.platform):
            adapter = self._adapters[address.platform]
            if isinstance(adapter, Clearing):
                await adapter.clear(address.chat, text)
            else:
                desk.post(Message(f"clear:{uuid4().hex}", address, text))

    async def settle(self) -> None:
        """Wait until nothing waits but what is to be tried again later."""
        for desk in self._desks.values():
            await desk.settle()
