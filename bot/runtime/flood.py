"""Too much at once from one place: it is heard for danger and let go, so that nobody else waits for it.

The person is told once to slow down. What is let go is confirmed to the platform and kept nowhere. Rules hear
each text of it; the model, which costs a hundred times as much, hears its last words twice a second.
"""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime

from bot.dialogue.events import Concern
from bot.runtime.blame import describe
from bot.runtime.limits import Limits
from bot.runtime.messages import Address, Text, Update, What
from bot.runtime.ports import Clock, Verdict

log = logging.getLogger(__name__)

MOST_WATCHED = 10_000
"""Places whose pace is remembered before those at rest are let go."""

AT_ONCE, EVERY = 100, 0.25
"""Lines of one person that are answered at once, and seconds for each further one."""

LAST_WORDS = 40
"""Words that the model hears at once of what is too much: one of its windows, so that it holds up nobody."""

Handle = Callable[[Update], Awaitable[Verdict | None]]
Hear = Callable[[What], Concern | None]
Tell = Callable[[Update], Awaitable[None]]


@dataclass(slots=True)
class Allowance:
    """Allow `most` things at once, and one more every so many seconds; pure, it is told the time."""

    most: int
    every: float
    left: float = 0.0
    at: datetime | None = None

    def take(self, now: datetime) -> bool:
        """Use up one if there is one."""
        self.refill(now)
        if self.left < 1:
            return False
        self.left -= 1
        return True

    def refill(self, now: datetime) -> float:
        """Return how many there are by now; a clock that was turned back gives none and takes none."""
        passed = (now - self.at).total_seconds() if self.at else self.most * self.every
        if passed > 0:
            self.left, self.at = min(float(self.most), self.left + passed / self.every), now
        return self.left


@dataclass(slots=True)
class _Place:
    """Hold what one address may still do: be answered, be heard, be taken for somebody in danger.

    A hundred lines at once, such as a chat that is passed on, and four a second are more than anybody types;
    a hundred a second is more than anybody pastes. A person who floods us and says in it that they want to
    die is answered, a few times a minute. `unheard` is what no model has heard yet.
    """

    answers: Allowance = field(default_factory=lambda: Allowance(AT_ONCE, EVERY))
    ears: Allowance = field(default_factory=lambda: Allowance(300, 0.01))
    closely: Allowance = field(default_factory=lambda: Allowance(1, 0.5))
    alarms: Allowance = field(default_factory=lambda: Allowance(3, 20.0))
    told: bool = False
    unheard: str = field(default="", repr=False)


@dataclass
class Floodgate:
    """Hand on what comes at a person's pace. Only platforms with limits have floods; a pipe may be fast.

    `ruled` hears a text with the rules alone, `concern` with all there is.
    """

    handle: Handle
    ruled: Hear
    concern: Hear
    tell: Tell
    clock: Clock
    limits: Mapping[str, Limits]
    _places: dict[Address, _Place] = field(default_factory=dict)

    async def take(self, update: Update) -> Verdict | None:
        """Take an update; None if it could not be kept."""
        if update.address.platform not in self.limits:
            return await self.handle(update)
        now = self._written(update)
        place = self._at(update.address, now)
        if place.answers.refill(now) > place.answers.most / 2:
            place.told = False
        if place.answers.take(now):
            return await self.handle(update)
        if alarming := self._alarming(place, update.what, now):
            return await self.handle(replace(update, what=alarming))
        if not place.told:
            place.told = True
            await self._tell(update)
        return Verdict.LET_GO

    def _written(self, update: Update) -> datetime:
        """Tell when something was written: what waited for us overnight comes at once, and is no flood."""
        now = self.clock.now()
        return min(update.sent_at or now, now)

    def _alarming(self, place: _Place, what: What, now: datetime) -> What | None:
        """Return what must be answered of a text too many: a sign of danger, not answered a moment ago."""
        if not place.ears.take(now):
            return None
        try:
            found = what if self.ruled(what) else self._closely(place, what, now)
        except Exception as error:
            log.error("a text too many could not be screened: %s", describe(error))
            return None
        return found if found and place.alarms.take(now) else None

    def _closely(self, place: _Place, what: What, now: datetime) -> Text | None:
        """Return the last words that were too many, where there is danger in them."""
        if not isinstance(what, Text):
            return None
        last = Text(" ".join(f"{place.unheard} {what.text}".split()[-LAST_WORDS:]))
        heard = place.closely.take(now)
        place.unheard = "" if heard else last.text
        return last if heard and self.concern(last) else None

    async def _tell(self, update: Update) -> None:
        log.warning("more comes from one place than a person writes; what is too much is let go")
        try:
            await self.tell(update)
        except Exception as error:
            log.error("nobody could be told to slow down: %s", describe(error))

    def _at(self, address: Address, now: datetime) -> _Place:
        place = self._places.setdefault(address, _Place())
        if len(self._places) > MOST_WATCHED:
            self._places = {
                where: one
                for where, one in self._places.items()
                if one is place or one.answers.refill(now) < one.answers.most
            }
        return place
