"""Those whose timers are due, many at once: stepped in slices that hold up nobody, kept in one commit.

A timer enters by the same door as a person. Who is being heard just now, whose row has moved meanwhile, or
whose flow has a fault is woken by themselves, so that one spoils nothing for the others.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from datetime import datetime
from time import perf_counter

from bot.dialogue.events import TimerFired
from bot.dialogue.session import Session
from bot.dialogue.step import step
from bot.errors import StoreError
from bot.runtime.blame import describe
from bot.runtime.doors import Doors
from bot.runtime.keeping import Cause, Keeping, Made, Move, Moved
from bot.runtime.meter import UNCOUNTED, Meter
from bot.runtime.ports import Person, Verdict, Waiting

log = logging.getLogger(__name__)

SLICE = 0.003
"""Seconds of work after which everybody else has a turn."""


@dataclass(slots=True)
class _Breath:
    """Let others have a turn whenever a slice of time is used up."""

    since: float = field(default_factory=perf_counter)

    async def taken(self) -> None:
        if perf_counter() - self.since > SLICE:
            await asyncio.sleep(0)
            self.since = perf_counter()


@dataclass
class Waking:
    """Fire timers through these doors."""

    keeping: Keeping
    doors: Doors
    meter: Meter = UNCOUNTED

    async def wake(self, batch: Sequence[Waiting]) -> None:
        """Fire all timers of these persons that are due.

        Raises:
            StoreError: they cannot be kept; the rows stay.
        """
        now = self.keeping.clock.now()
        for waiting in batch:
            self.meter.woke((now - (waiting.since or now)).total_seconds())
        alone = await self._together(batch)
        for waiting in alone:
            await self._one(waiting)

    async def _together(self, batch: Sequence[Waiting]) -> list[Waiting]:
        """Fire those whose door is free, in one commit; return the others."""
        made, alone, breath = list[tuple[Waiting, Made]](), list[Waiting](), _Breath()
        async with AsyncExitStack() as inside:
            for waiting in batch:
                one = None
                if self.doors.free(waiting.person.address):
                    await inside.enter_async_context(self.doors.through(waiting.person.address))
                    one = self.made(waiting)
                if one is None:
                    alone.append(waiting)
                else:
                    made.append((waiting, one))
                await breath.taken()
            verdicts = await self.keeping.store.commit_all([one.change for _, one in made])
            for (waiting, one), verdict in zip(made, verdicts, strict=True):
                if verdict is Verdict.COMMITTED:
                    self.keeping.announce(one)
                    await breath.taken()
                else:
                    alone.append(waiting)
        return alone

    def made(self, waiting: Waiting) -> Made | None:
        """Make the step of one of many; None where it fails or has to wait for something."""
        try:
            made = self.keeping.made(waiting.person, self._fired(waiting), Cause(fired=waiting.due))
        except Exception:
            return None  # woken by themselves they fail again, and it is told
        return None if made is None or made.waits else made

    async def _one(self, waiting: Waiting) -> None:
        """Fire the timers of one person; those of a faulty flow are let go."""
        person = waiting.person
        async with self.doors.through(person.address):
            try:
                cause = Cause(fired=waiting.due)
                await self.keeping.keep(person.address, self._fired(waiting), cause, person)
            except StoreError:
                raise
            except Exception as error:
                log.error("timers of %s failed: %s", person.id, describe(error))
                self.meter.failed("timers")
                await self.keeping.let_go(waiting)

    def _fired(self, waiting: Waiting) -> Move:
        def move(person: Person, session: Session, now: datetime) -> Moved:
            if person.id != waiting.person.id:  # forgotten since the timers were read
                return None, session, ()
            event = TimerFired(waiting.due)
            return event, *step(self.keeping.flows, session, event, now)

        return move
