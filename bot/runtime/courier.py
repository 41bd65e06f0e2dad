"""Who delivers the outbox: in order per person, at least once, replies before nudges, marked once sent."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections import deque
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from itertools import count

from bot.errors import LowtideError, PersonGone, Refused, StoreError, Unreachable
from bot.runtime.blame import describe
from bot.runtime.messages import Address, Outgoing
from bot.runtime.ports import Adapter, Clock, Store

log = logging.getLogger(__name__)

MOST_TRIES = 5
"""Sends of a message at which an adapter fails unexpectedly, after which it is given up."""


@dataclass
class _Line:
    """What waits for one person. While `held`, its head is being sent or waits to be tried again."""

    waiting: deque[Outgoing] = field(default_factory=deque)
    held: bool = False
    retry: asyncio.TimerHandle | None = None
    tries: int = 0


class Courier:
    """Send with `hands` messages in flight; `waits` are the least and most seconds between tries of one."""

    def __init__(
        self,
        store: Store,
        adapters: Mapping[str, Adapter],
        clock: Clock,
        hands: int = 8,
        waits: tuple[float, float] = (1.0, 60.0),
    ) -> None:
        self._store = store
        self._adapters = adapters
        self._clock = clock
        self._hands = hands
        self._waits = waits
        self._lines: dict[Address, _Line] = {}
        self._ready: asyncio.PriorityQueue[tuple[int, int, Address]] = asyncio.PriorityQueue()
        self._arrivals = count()
        self._moved = asyncio.Event()
        self._tasks: list[asyncio.Task[None]] = []

    async def start(self) -> None:
        """Take up what an earlier run left undelivered, and begin to send."""
        after = 0
        while page := await self._store.undelivered(after):
            self.post(posted.message for posted in page)
            after = page[-1].number
        self._tasks = [asyncio.create_task(self._work(), name="lowtide-courier") for _ in range(self._hands)]

    async def stop(self) -> None:
        """Stop sending; what was not sent stays in the store."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        for address in list(self._lines):
            self.drop(address)

    def post(self, messages: Iterable[Outgoing]) -> None:
        """Queue messages; those for a platform we do not serve stay in the store."""
        for message in messages:
            if message.address.platform in self._adapters:
                self._lines.setdefault(message.address, _Line()).waiting.append(message)
                self._call(message.address)

    def drop(self, address: Address) -> None:
        """Let go of what waits for a person."""
        line = self._lines.get(address)
        if line:
            line.waiting.clear()
            self._let_go(address, line)

    async def settle(self) -> None:
        """Wait until nothing waits but what is to be tried again later."""
        while any(not line.retry for line in self._lines.values()):
            self._moved.clear()
            await self._moved.wait()

    def _call(self, address: Address) -> None:
        """Put a person in line for the next free hand: those with a reply waiting come first."""
        rank = 0 if any(message.lane == "reply" for message in self._lines[address].waiting) else 1
        self._ready.put_nowait((rank, next(self._arrivals), address))

    async def _work(self) -> None:
        while True:
            _, _, address = await self._ready.get()
            line = self._lines.get(address)
            if line and line.waiting and not line.held:
                await self._deliver(address, line)
                self._moved.set()

    async def _deliver(self, address: Address, line: _Line) -> None:
        line.held = True
        message = line.waiting[0]
        try:
            await self._adapters[address.platform].send(message)
        except PersonGone as error:
            await self._give_up(address, line, error)
        except Refused as error:
            log.error("message %s is dropped: %s", message.key, describe(error))
            await self._mark(message)
        except Exception as error:
            await self._retry(address, line, message, error)
            return
        else:
            await self._mark(message)
        self._next(address, line, message)

    def _next(self, address: Address, line: _Line, sent: Outgoing) -> None:
        line.held, line.tries = False, 0
        if line.waiting and line.waiting[0] is sent:
            line.waiting.popleft()
        self._let_go(address, line)

    def _let_go(self, address: Address, line: _Line) -> None:
        if line.retry:
            line.retry.cancel()
            line.retry, line.held = None, False
        if line.waiting:
            self._call(address)
        elif not line.held:
            self._lines.pop(address, None)
        self._moved.set()

    async def _mark(self, message: Outgoing) -> None:
        try:
            await self._store.delivered([message.key], self._clock.now())
        except Exception as error:
            log.error("message %s was sent and could not be marked: %s", message.key, describe(error))

    async def _give_up(self, address: Address, line: _Line, error: LowtideError) -> None:
        log.info("a person left: %s", describe(error))
        line.waiting.clear()
        with contextlib.suppress(StoreError):
            await self._store.left(address, self._clock.now())

    async def _retry(self, address: Address, line: _Line, message: Outgoing, error: Exception) -> None:
        line.tries += 1
        log.warning("message %s, try %d: %s", message.key, line.tries, describe(error))
        if not isinstance(error, Unreachable) and line.tries >= MOST_TRIES:
            await self._mark(message)
        elif line.waiting and line.waiting[0] is message:
            wait = self._pause(line.tries, error)
            line.retry = asyncio.get_running_loop().call_later(wait, self._let_go, address, line)
            self._moved.set()
            return
        self._next(address, line, message)

    def _pause(self, tries: int, error: Exception) -> float:
        if isinstance(error, Unreachable) and error.retry_after is not None:
            return error.retry_after
        first, longest = self._waits
        return min(longest, first * 2.0 ** (tries - 1))
