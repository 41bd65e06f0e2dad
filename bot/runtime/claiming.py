"""The outbox of several replicas: the owner of a platform's lease claims what any committed, and sends it.

Even what the owner committed itself goes this way, so that what is said to a person stays in order whoever
answered them. Nothing claimed is sent once the lease cannot be proven any more.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from bot.errors import Unreachable
from bot.runtime.blame import describe
from bot.runtime.clearing import Clearing
from bot.runtime.courier import Courier
from bot.runtime.messages import Address, Outgoing
from bot.runtime.ports import Adapter, Considerate, Foreseeing, Opener, Store

log = logging.getLogger(__name__)

AT_HAND = 1000
"""Messages claimed and not yet delivered at most; the rest waits where it is safe."""
LOOK = 5.0
"""Seconds after which an owner looks by itself: word of what was committed may be lost."""
MOST = 4 * AT_HAND
"""Claimed messages that a fence remembers: some are never sent."""
AGAIN = 0.5
"""Seconds between tries while the store cannot be asked."""


@dataclass
class Claiming:
    """Claim the outbox of one platform and hand it to the courier, which sends it through `fence`."""

    platform: str
    store: Store
    courier: Courier
    fence: Fence
    _news: asyncio.Event = field(default_factory=asyncio.Event)
    _task: asyncio.Task[None] | None = None

    async def begin(self, epoch: int) -> None:
        """Take up all that is undelivered, whoever had it, then what comes."""
        self._task = asyncio.create_task(self._run(f"{self.platform}/{epoch}"), name="lowtide-claiming")

    async def end(self) -> None:
        """Claim no more, let go of what was claimed and not sent, and let arrive what is on its way.

        Whoever gets the lease next claims all that is not marked: what arrived by then is not said twice.
        """
        task, self._task = self._task, None
        if task:
            task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await task
        for address in self.fence.let_go():
            self.courier.drop(address)
        await self.courier.landed(self.platform)

    def wake(self) -> None:
        """Look again: something was committed."""
        self._news.set()

    async def _run(self, owner: str) -> None:
        while True:
            self._news.clear()
            limit = AT_HAND - self.courier.waiting(self.platform)
            try:
                found = await self.store.claim_outbox(self.platform, owner, limit) if limit > 0 else ()
            except Exception as error:
                log.error("the outbox could not be claimed: %s", describe(error))
                await asyncio.sleep(AGAIN)
                continue
            messages = [posted.message for posted in found]
            self.fence.take(messages)
            self.courier.post(messages)
            if len(found) < limit or limit <= 0:
                self.fence.room = self._news if limit <= 0 else None
                with contextlib.suppress(TimeoutError):
                    async with asyncio.timeout(LOOK):
                        await self._news.wait()


class Fence:
    """Stand before an adapter: what was claimed passes only while `proven` says that the lease is ours.

    What else the adapter can do, the fence can: open chats slowly, keep to what a platform takes.
    """

    def __init__(self, adapter: Adapter, proven: Callable[[], bool]) -> None:
        self._adapter = adapter
        self._proven = proven
        if isinstance(adapter, Opener):
            self.opens = adapter.opens
        if isinstance(adapter, Considerate):
            self.keep_to = adapter.keep_to
        if isinstance(adapter, Foreseeing):
            self.foresee = adapter.foresee
        if isinstance(adapter, Clearing):
            self.clear = adapter.clear
        self._claimed: dict[str, Address] = {}
        self.room: asyncio.Event | None = None
        """Set, where somebody waits for it, once half of what was at hand has been sent."""

    def take(self, messages: Iterable[Outgoing]) -> None:
        """Let these pass while the lease is ours."""
        self._claimed |= {message.key: message.address for message in messages}
        for key in list(self._claimed)[: max(0, len(self._claimed) - MOST)]:  # those of people who left
            del self._claimed[key]

    async def send(self, message: Outgoing) -> None:
        """Show a message, or raise a `DeliveryError`."""
        if message.key in self._claimed and not self._proven():
            raise Unreachable("another replica sends this now")
        await self._adapter.send(message)
        self._claimed.pop(message.key, None)
        if self.room and len(self._claimed) <= AT_HAND // 2:
            self.room.set()

    def let_go(self) -> set[Address]:
        """Forget what was claimed; return whose it was."""
        addresses, self._claimed = set(self._claimed.values()), {}
        return addresses
