"""Who may be sent to next, and when: replies, asides, nudges, then bulk, within a platform's limits.

An aside is a small call that is no message, such as the answer to a press: it counts, and it is for no chat.

Pure: it holds no clock and sleeps never. Every `now` is in seconds on one clock that does not jump.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from heapq import heappop, heappush
from itertools import count
from math import inf
from typing import Literal

from bot.runtime.limits import Limits

Class = Literal["reply", "aside", "nudge", "bulk"]

RANKS: dict[Class, int] = {"reply": 0, "aside": 1, "nudge": 2, "bulk": 3}
MARGIN = 0.005
"""Seconds added to a platform's span: clocks run unlike, and a trip may take half of it longer unnoticed."""
EVEN = 0.97
"""What is no reply keeps this part of the even distance: no gap holds up a reply, lost time is made up."""
FORGETFUL = 1.005
"""How fast the memory of the fastest trip fades: a platform may become slower for good."""
MANY = 4096
"""Chats whose pace is remembered before those at rest are let go."""


@dataclass(frozen=True, slots=True, order=True)
class _Ask:
    """One chat's place in the line: by class, then deadline, then arrival."""

    rank: int
    deadline: float
    number: int
    chat: str = field(compare=False)

    @property
    def aside(self) -> bool:
        """Tell whether this is no chat at all, and so has no pace."""
        return self.rank == RANKS["aside"]


@dataclass(slots=True)
class Send:
    """One message on its way or arrived: when it set out, and how long its round trip took (0: unknown)."""

    taken: float
    trip: float = 0.0


@dataclass(frozen=True, slots=True)
class Turn:
    """Say whose turn it is, and from which moment on."""

    at: float
    chat: str


class Pacer:
    """Keep the limits of one bot token. `opens` tells whether a message to a chat would open it."""

    def __init__(self, limits: Limits, opens: Callable[[str], bool] = lambda _: False) -> None:
        self._limits = limits
        self._opens = opens
        self._line: list[_Ask] = []
        self._resting: list[tuple[float, _Ask]] = []
        self._asked: dict[str, _Ask] = {}
        self._numbers = count()
        self._sent: deque[Send] = deque(maxlen=2 * limits.most)
        self._last = self._open_from = self._halted = -inf
        self._booked: dict[str, float] = {}
        self._fastest = inf
        self._bursts = True

    def ask(self, chat: str, what: Class, deadline: float = inf) -> None:
        """Put a chat in line; one that stands there already keeps its place unless this one is better."""
        ask = _Ask(RANKS[what], deadline, next(self._numbers), chat)
        if chat not in self._asked or ask < self._asked[chat]:
            self._asked[chat] = ask
            heappush(self._line, ask)

    def leave(self, chat: str) -> None:
        """Take a chat out of the line."""
        self._asked.pop(chat, None)

    def next(self, now: float) -> Turn | None:
        """Tell whose turn is next; None if nobody stands in line."""
        self._rouse(now)
        while self._line:
            ask = self._line[0]
            rested = -inf if ask.aside else self._rested(ask.chat)
            if self._asked.get(ask.chat) is ask and rested <= now:
                return Turn(min(self._free(ask.rank), self._first_roused()), ask.chat)
            heappop(self._line)
            if self._asked.get(ask.chat) is ask:
                heappush(self._resting, (rested, ask))
        return Turn(self._resting[0][0], self._resting[0][1].chat) if self._resting else None

    def take(self, chat: str, now: float) -> Send:
        """Note that a message goes out to a chat now, or that an aside is done."""
        ask = self._asked.get(chat)
        if ask is None or not ask.aside:
            self._visit(chat, now)
        self.leave(chat)
        self._last = now
        self._sent.append(send := Send(now))
        return send

    def _visit(self, chat: str, now: float) -> None:
        """Book the time in which a chat rests."""
        if self._opens(chat):
            self._open_from = now + self._limits.opening
        if pace := self._limits.pace(chat):
            self._booked[chat] = max(now, self._booked.get(chat, now)) + pace.every
        if len(self._booked) > MANY:
            self._booked = {one: until for one, until in self._booked.items() if until > now}

    def landed(self, send: Send, now: float) -> None:
        """Note that a message has been answered.

        What took longer than the fastest may have reached the platform that much later: it counts from there.
        """
        send.trip = now - send.taken
        self._fastest = min(send.trip, self._fastest * FORGETFUL)

    def halt(self, chat: str | None, seconds: float, now: float) -> None:
        """Send nothing to anybody for so long; bursts end if it was one to this chat that was refused."""
        pace = self._limits.pace(chat) if chat else None
        if pace and self._booked.get(chat or "", now) - now > pace.every:
            self._bursts = False
        self._halted = max(self._halted, now + seconds)

    def _free(self, rank: int) -> float:
        """Tell from when on the platform takes one more."""
        most, span = self._limits.most, self._limits.span
        full = len(self._sent) >= most > 0
        free = self._arrivals()[-most] + span + MARGIN if full else -inf
        even = self._last + EVEN * span / most if most and rank else -inf
        return max(self._halted, free, even)

    def _arrivals(self) -> list[float]:
        """Tell when each message reached the platform, at the latest, if the way back is never faster."""
        return sorted(send.taken + max(0.0, send.trip - self._fastest - MARGIN / 2) for send in self._sent)

    def _rested(self, chat: str) -> float:
        """Tell from when on a chat may be sent to."""
        opening = self._open_from if self._limits.opening and self._opens(chat) else -inf
        pace = self._limits.pace(chat)
        if pace is None or chat not in self._booked:
            return opening
        burst = pace.burst if self._bursts else 1
        return max(opening, self._booked[chat] - pace.every * (burst - 1))

    def _first_roused(self) -> float:
        return self._resting[0][0] if self._resting else inf

    def _rouse(self, now: float) -> None:
        """Put those who have rested back in line, at their old place; let go who has left."""
        while self._resting and (self._resting[0][0] <= now or self._gone(self._resting[0][1])):
            _, ask = heappop(self._resting)
            heappush(self._line, ask)

    def _gone(self, ask: _Ask) -> bool:
        return self._asked.get(ask.chat) is not ask
