"""The one door: updates and timers come in one at a time per person, and each is answered, whatever fails.

The order is fixed: screen for danger, load, understand, step, render, one commit, hand to the courier. When
something breaks on the way, a person in danger gets the crisis card and everybody else an apology.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime

from bot.dialogue.events import Answered, Concern, Operated
from bot.dialogue.flow import Value
from bot.dialogue.flows import Flows
from bot.dialogue.session import Session
from bot.dialogue.step import begin, step
from bot.dialogue.tongues import first_met
from bot.errors import StoreError, Superseded
from bot.runtime.blame import describe
from bot.runtime.doors import Doors
from bot.runtime.hearing import Hearing
from bot.runtime.keeping import Cause, Keeping, Move, Moved
from bot.runtime.messages import Address, Command, Text, Update
from bot.runtime.meter import UNCOUNTED, Meter
from bot.runtime.pieces import Pieces
from bot.runtime.places import language_of
from bot.runtime.ports import Person, Verdict
from bot.runtime.rescue import Rescue, Tries, safe_place

log = logging.getLogger(__name__)

_LONG = 400
"""Characters from which on a text is long: more than the model of danger reads at once."""


@dataclass
class Conversations:
    """Hold every conversation."""

    flows: Flows
    hearing: Hearing
    keeping: Keeping
    rescue: Rescue
    doors: Doors = field(default_factory=Doors)
    tries: Tries = field(default_factory=Tries)
    pieces: Pieces = field(default_factory=Pieces)
    meter: Meter = UNCOUNTED

    async def handle(self, update: Update) -> Verdict | None:
        """Take an update through the door; None if it could not be kept. The person is answered, always."""
        concern = None
        async with self.doors.through(update.address):
            try:
                concern = await self._screened(update)
                cause = Cause(update.sent_at, update.fingerprint)
                return await self.keeping.keep(update.address, self._heard(update, concern), cause)
            except Exception as error:
                if await self._is_anothers(error):
                    return None
                log.error("update %s failed: %s", update.fingerprint, describe(error))
                return await self._rescue(update, concern, error)

    async def _screened(self, update: Update) -> Concern | None:
        """Hear danger in what was sent, or in that and what was sent just before it.

        A long text takes a tenth of a second: it is heard in a thread, so that nobody else waits for it.
        """
        if _is_long(update):
            concern = await asyncio.to_thread(self.hearing.concern, update.what)
            self.pieces.note(update, self.keeping.clock.now(), concern)
            return concern
        now = self.keeping.clock.now()
        whole = self.pieces.whole(update, now)
        if whole and isinstance(update.what, Text):
            self.hearing.place([update.what.text, whole.text])
        concern = self.hearing.concern(update.what)
        if whole:
            concern = self.pieces.sign(update, now, concern, self.hearing.concern(whole))
        self.pieces.note(update, now, concern)
        return concern

    async def operate(self, address: Address, order: Operated) -> None:
        """Carry out an operator's order for the person at an address."""

        def move(_: Person, session: Session, now: datetime) -> Moved:
            return order, *step(self.flows, session, order, now)

        async with self.doors.through(address):
            await self.keeping.keep(address, move)

    async def begin(self, address: Address, flow: str, slots: Mapping[str, Value]) -> None:
        """Begin a flow for a person, whatever they were doing; `slots` may name memory too."""
        memory = {name: value for name, value in slots.items() if name in self.flows.globals.memory}
        own = {name: value for name, value in slots.items() if name not in memory}

        def move(_: Person, session: Session, now: datetime) -> Moved:
            idle = replace(session, frames=(), past=(), memory={**session.memory, **memory})
            return None, *begin(self.flows, idle, flow, now, own)

        async with self.doors.through(address):
            await self.keeping.keep(address, move)

    async def session(self, address: Address) -> Session | None:
        """Read where the person at an address stands; None if they never came."""
        person = await self.keeping.store.load(address)
        return self.keeping.stands(person) if person.revision else None

    def _heard(self, update: Update, concern: Concern | None) -> Move:
        def move(person: Person, session: Session, now: datetime) -> Moved:
            session = first_met(self.flows, session, update.speaks)
            language = language_of(session.memory, self.rescue.language)
            heard = self._closer(update, session)
            heard = concern if heard is None or _is_clear(concern) else heard
            event = self.hearing.event(update.what, heard, session, now, language)
            if isinstance(event, Answered):
                event = replace(event, seen=_seen(update, person))
                if event.reading.interrupt is not None or event.reading.option is not None:
                    self.pieces.end(update.address)
            return event, *step(self.flows, session, event, now)

        return move

    def _closer(self, update: Update, session: Session) -> Concern | None:
        """Listen more closely to a person who was in danger a moment ago."""
        return self.hearing.concern(update.what, careful=True) if session.careful else None

    # --- when something fails ------------------------------------------------------------------------

    async def _rescue(self, update: Update, concern: Concern | None, error: Exception) -> Verdict | None:
        self.meter.failed("update", concern)
        person, session = await self._found(update)
        if session and not concern and session.careful:
            concern = self._closer_if_possible(update, session)
        self.keeping.courier.post([self.rescue.message(update, concern, session.memory if session else {})])
        if person is None or session is None or isinstance(error, StoreError):
            return await self._again(update)
        try:
            return await self.keeping.put(
                person, safe_place(session, concern), Cause(update=update.fingerprint)
            )
        except Exception as again:  # whatever it was, the person was answered, and the update may come again
            log.error("update %s: no safe place: %s", update.fingerprint, describe(again))
            return await self._again(update)

    async def _is_anothers(self, error: Exception) -> bool:
        """Tell whether it failed because other flows are live: who runs those answers, and we are silent."""
        try:
            return isinstance(error, Superseded) or await self.keeping.store.superseded()
        except Exception:  # the store is what failed
            return False

    async def _again(self, update: Update) -> Verdict | None:
        """Ask for an update again; one that failed often is let go, unless nothing at all can be kept."""
        if not self.tries.spent(update.fingerprint):
            return None
        try:
            await self.keeping.pass_over(update.address, update.fingerprint)
        except Exception as error:
            log.error("update %s: nothing can be kept: %s", update.fingerprint, describe(error))
            return None
        log.error(
            "update %s could not be kept in %d tries and is let go; its person was asked to send it again",
            update.fingerprint,
            self.tries.most,
        )
        return Verdict.LET_GO

    async def _found(self, update: Update) -> tuple[Person | None, Session | None]:
        """Read what can be read: a session that cannot is left as it is, for the release that wrote it."""
        try:
            person = await self.keeping.store.load(update.address)
            return person, self.keeping.stands(person)
        except Exception as error:
            log.error("update %s: nobody can be read: %s", update.fingerprint, describe(error))
            return None, None

    def _closer_if_possible(self, update: Update, session: Session) -> Concern | None:
        try:
            return self._closer(update, session)
        except Exception as error:
            log.error("update %s could not be screened: %s", update.fingerprint, describe(error))
            return None


def _is_long(update: Update) -> bool:
    return isinstance(update.what, Text | Command) and len(update.what.text) > _LONG


def _is_clear(concern: Concern | None) -> bool:
    return concern is not None and concern.tier == "hard"


def _seen(update: Update, person: Person) -> int | None:
    """Tell the last turn that had reached a person when they wrote; a question's own form answers only it."""
    turn = update.what.turn if isinstance(update.what, Text) else None
    return person.seen if turn is None else turn
