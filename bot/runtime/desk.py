"""One platform's way out: in order per person, at a pace it allows, several at once, marked once sent.

What an adapter does besides asks for room in the same line.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections import deque
from collections.abc import Coroutine
from dataclasses import dataclass, field
from functools import partial
from math import inf

from bot.errors import LowtideError, PersonGone, Refused, StoreError, Unreachable
from bot.runtime.blame import describe
from bot.runtime.ledger import Ledger
from bot.runtime.limits import Limits
from bot.runtime.messages import Address, Outgoing
from bot.runtime.meter import UNCOUNTED, Fate, Meter
from bot.runtime.pacer import Pacer, Send
from bot.runtime.ports import Adapter, Clock, Considerate, Foreseeing, Opener, Store
from bot.runtime.room import Room

log = logging.getLogger(__name__)

MOST_TRIES = 5
"""Sends of a message at which an adapter fails unexpectedly, after which it is given up."""
MOST_SLOW = 64
"""Slow sends that may hang at once before everybody else has to wait for them."""


@dataclass(frozen=True, slots=True)
class Habits:
    """Send with `hands` messages in flight; `waits` are the least and most seconds between tries of one.

    After `slow` seconds a send goes on, and its hand is free for others. When we stop, what is on its way has
    `grace` seconds to arrive and be marked.
    """

    hands: int = 8
    waits: tuple[float, float] = (1.0, 60.0)
    slow: float = 1.0
    grace: float = 2.0


USUAL = Habits()


@dataclass
class _Line:
    """What waits for one person. While `held`, its head is being sent or waits to be tried again."""

    address: Address
    waiting: deque[Outgoing] = field(default_factory=deque)
    held: bool = False
    retry: asyncio.TimerHandle | None = None
    tries: int = 0


class Desk:
    """Send through one adapter, within its platform's limits; what became of it is told to the `meter`."""

    def __init__(  # noqa: PLR0913, PLR0917  what it sends through, and what it keeps to
        self,
        adapter: Adapter,
        store: Store,
        clock: Clock,
        limits: Limits,
        habits: Habits = USUAL,
        platform: str = "",
        meter: Meter = UNCOUNTED,
    ) -> None:
        self._adapter, self._store, self._clock = adapter, store, clock
        self._limited = limits.most > 0
        self._pacer = Pacer(limits, adapter.opens) if isinstance(adapter, Opener) else Pacer(limits)
        self._habits = habits
        self._lines: dict[str, _Line] = {}
        self._changed = asyncio.Event()
        self._settled = asyncio.Event()
        self._under_way: set[asyncio.Task[None]] = set()
        self._slow = 0
        self._task: asyncio.Task[None] | None = None
        self._foresee = adapter.foresee if isinstance(adapter, Foreseeing) else None
        self._meter, self._slowed, self.ledger = meter, partial(meter.slowed, platform), Ledger()
        self._log = logging.LoggerAdapter(log, {"platform": platform})
        self._room = Room(self._pacer, self._changed.set, self._slowed)
        if isinstance(adapter, Considerate) and self._limited:
            adapter.keep_to(self._room)

    def start(self) -> None:
        """Begin to send."""
        self._task = asyncio.create_task(self._work(), name="lowtide-courier")

    async def stop(self) -> None:
        """Begin nothing more, and let what is on its way arrive."""
        if self._task:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)
        for task in (late := await self.landed()):
            task.cancel()
        await asyncio.gather(*late, return_exceptions=True)
        for chat in list(self._lines):
            self.drop(chat)

    def post(self, message: Outgoing) -> None:
        """Queue a message."""
        if self._foresee:
            self._foresee(message)
        line = self._lines.setdefault(message.address.chat, _Line(message.address))
        line.waiting.append(message)
        self.ledger.came(message, _now())
        self._call(line)

    @property
    def waiting(self) -> int:
        """Count what waits, and what is being sent."""
        return sum(len(line.waiting) for line in self._lines.values())

    def drop(self, chat: str) -> None:
        """Let go of what waits for a person."""
        if line := self._lines.get(chat):
            self._clear(line)
            self._let_go(line)

    async def settle(self) -> None:
        """Wait until nothing waits but what is to be tried again later."""
        while any(not line.retry for line in self._lines.values()):
            self._settled.clear()
            await self._settled.wait()

    async def landed(self) -> set[asyncio.Task[None]]:
        """Wait for what is on its way, and not for long; return what has not arrived by then."""
        out = self._under_way
        return (await asyncio.wait(out, timeout=self._habits.grace))[1] if out else set()

    # --- who is next ---------------------------------------------------------------------------------

    def _call(self, line: _Line) -> None:
        """Put a person in line for the next free hand: those with a reply waiting come first."""
        if line.waiting and not line.held:
            replies = any(message.lane == "reply" for message in line.waiting)
            until = line.waiting[0].until
            deadline = until.timestamp() if until else inf
            self._pacer.ask(line.address.chat, "reply" if replies else "nudge", deadline)
            self._changed.set()

    async def _work(self) -> None:
        while True:
            try:
                await self._one_turn()
            except Exception as error:  # an adapter that cannot tell what it opens must not end the post
                self._log.error("the courier stumbled: %s", describe(error))
                await asyncio.sleep(self._habits.waits[0])

    async def _one_turn(self) -> None:
        """Begin a send, or wait until one may begin."""
        self._changed.clear()
        turn = self._pacer.next(_now()) if self._has_hand() else None
        if turn and turn.at <= _now():
            if not self._room.grant(turn.chat, _now()):
                self._begin(self._lines[turn.chat])
            return
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout_at(turn.at if turn else None):
                await self._changed.wait()

    def _has_hand(self) -> bool:
        return len(self._under_way) - self._slow < self._habits.hands and self._slow < MOST_SLOW

    def _begin(self, line: _Line) -> None:
        message = line.waiting[0]
        if message.until and self._clock.now() >= message.until:
            self._pacer.leave(line.address.chat)
            self._spawn(self._drop_late(line, message))
        else:
            send = self._pacer.take(line.address.chat, _now())
            self._spawn(self._deliver(line, message, send))
        line.held = True

    def _spawn(self, work: Coroutine[None, None, None]) -> None:
        task = asyncio.create_task(work)
        self._under_way.add(task)
        asyncio.get_running_loop().call_later(self._habits.slow, self._count_slow, task)
        task.add_done_callback(self._ended)

    def _count_slow(self, task: asyncio.Task[None]) -> None:
        if task in self._under_way:
            self._slow += 1
            task.add_done_callback(self._ended_slow)
            self._changed.set()

    def _ended(self, task: asyncio.Task[None]) -> None:
        self._under_way.discard(task)
        self._changed.set()

    def _ended_slow(self, _: asyncio.Task[None]) -> None:
        self._slow -= 1

    # --- what becomes of a message -------------------------------------------------------------------

    async def _drop_late(self, line: _Line, message: Outgoing) -> None:
        self._log.info("message %s comes too late and is dropped", message.key)
        await self._mark(message)
        self._tell(message, "late")
        self._next(line, message)

    async def _deliver(self, line: _Line, message: Outgoing, send: Send) -> None:
        try:
            await self._send(message, send)
        except PersonGone as error:
            self._tell(message, "gone")
            await self._give_up(line, error)
        except Refused as error:
            self._log.error("message %s is dropped: %s", message.key, describe(error))
            self._tell(message, "refused")
            await self._mark(message)
        except Exception as error:
            await self._retry(line, message, error)
            return
        else:
            self._tell(message, "sent")
            await self._mark(message)
        self._next(line, message)

    async def _send(self, message: Outgoing, send: Send) -> None:
        try:
            await self._adapter.send(message)
        finally:
            self._pacer.landed(send, _now())

    def _next(self, line: _Line, sent: Outgoing) -> None:
        line.held, line.tries = False, 0
        self.ledger.went(sent)
        if line.waiting and line.waiting[0] is sent:
            line.waiting.popleft()
        self._let_go(line)

    def _let_go(self, line: _Line) -> None:
        if line.retry:
            line.retry.cancel()
            line.retry, line.held = None, False
        if line.waiting:
            self._call(line)
        elif not line.held:
            self._pacer.leave(line.address.chat)
            self._lines.pop(line.address.chat, None)
        self._settled.set()

    async def _mark(self, message: Outgoing) -> None:
        try:
            await self._store.delivered([message.key], self._clock.now())
        except Exception as error:
            self._log.error("message %s was sent and could not be marked: %s", message.key, describe(error))

    async def _give_up(self, line: _Line, error: LowtideError) -> None:
        self._log.info("a person left: %s", describe(error))
        self._clear(line)
        with contextlib.suppress(StoreError):
            await self._store.left(line.address, self._clock.now())

    async def _retry(self, line: _Line, message: Outgoing, error: Exception) -> None:
        line.tries += 1
        self._log.warning("message %s, try %d: %s", message.key, line.tries, describe(error))
        given_up = not isinstance(error, Unreachable) and line.tries >= MOST_TRIES
        self._tell(message, "given up" if given_up else "retried")
        if given_up:
            await self._mark(message)
        elif line.waiting and line.waiting[0] is message:
            wait = self._pause(line, error)
            line.retry = asyncio.get_running_loop().call_later(wait, self._let_go, line)
            self._settled.set()
            return
        self._next(line, message)

    def _pause(self, line: _Line, error: Exception) -> float:
        """Tell how long a message waits; with it everybody, where the platform asked us to slow down."""
        if isinstance(error, Unreachable) and error.retry_after is not None:
            self._slowed(error.retry_after)
            if self._limited and error.anybody:
                self._pacer.halt(line.address.chat, error.retry_after, _now())
            return error.retry_after
        first, longest = self._habits.waits
        return min(longest, first * 2.0 ** (line.tries - 1))

    # --- what is counted -----------------------------------------------------------------------------

    def _tell(self, message: Outgoing, fate: Fate) -> None:
        self._meter.tried(message, fate, self.ledger.waited(message, _now()))

    def _clear(self, line: _Line) -> None:
        for message in line.waiting:
            self.ledger.went(message)
        line.waiting.clear()


def _now() -> float:
    return asyncio.get_running_loop().time()
