"""The one door: an update or a timer comes in, and session, outbox and fingerprint are kept together.

The order is fixed: screen for danger, load, understand, step, render, one commit, hand to the courier.
Whatever fails on the way, the person is answered: with the crisis card if there was a sign of danger.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime

from bot.dialogue.codec import from_json, to_json
from bot.dialogue.effects import Arm, Count, Disarm, Effect, Export, Forget
from bot.dialogue.events import Answered, Concern, Event, Operated, TimerFired
from bot.dialogue.flow import Flows, Value
from bot.dialogue.session import Session
from bot.dialogue.step import begin, step
from bot.errors import StoreError
from bot.runtime.blame import describe
from bot.runtime.courier import Courier
from bot.runtime.doors import Doors
from bot.runtime.hearing import Hearing
from bot.runtime.messages import Address, Outgoing, Update
from bot.runtime.places import language_of, local_time
from bot.runtime.ports import Change, Clock, Moment, Person, Store, Verdict, Waiting, Witness
from bot.runtime.rescue import Rescue, safe_place
from bot.runtime.showing import Showing, documents

log = logging.getLogger(__name__)

Moved = tuple[Event | None, Session, tuple[Effect, ...]]
Move = Callable[[Person, Session, datetime], Moved]
"""From a person, where they stand and their local time to an event, where they stand then, and effects."""

TRIES = 2
"""Times a step is made from what was read: once more where another writer came first."""


@dataclass
class Conversations:
    """Hold every conversation. `wake` is called when a timer was set."""

    flows: Flows
    store: Store
    clock: Clock
    courier: Courier
    hearing: Hearing
    showing: Showing
    rescue: Rescue
    language: str
    witness: Witness | None = None
    wake: Callable[[], None] | None = None
    doors: Doors = field(default_factory=Doors)

    async def handle(self, update: Update) -> Verdict | None:
        """Take an update through the door; None if it could not be kept. The person is answered, always."""
        concern = None
        async with self.doors.through(update.address):
            try:
                concern = self.hearing.concern(update.what)
                move = self._heard(update, concern)
                return await self._keep(update.address, move, update.sent_at, update.fingerprint)
            except Exception as error:
                log.error("update %s failed: %s", update.fingerprint, describe(error))
                return await self._rescue(update, concern, error)

    async def handle_due(self, waiting: Waiting) -> None:
        """Fire all timers of one person that are due; those of a faulty flow are let go."""

        def move(person: Person, session: Session, now: datetime) -> Moved:
            if person.id != waiting.person:  # forgotten since the timers were read
                return None, session, ()
            event = TimerFired(waiting.due)
            return event, *step(self.flows, session, event, now)

        async with self.doors.through(waiting.address):
            try:
                await self._keep(waiting.address, move, fired=waiting)
            except StoreError:
                raise
            except Exception as error:
                log.error("timers of %s failed: %s", waiting.person, describe(error))
                await self._let_timers_go(waiting)

    async def operate(self, address: Address, order: Operated) -> None:
        """Carry out an operator's order for the person at an address."""

        def move(_: Person, session: Session, now: datetime) -> Moved:
            return order, *step(self.flows, session, order, now)

        async with self.doors.through(address):
            await self._keep(address, move)

    async def begin(self, address: Address, flow: str, slots: Mapping[str, Value]) -> None:
        """Begin a flow for a person, whatever they were doing; `slots` may name memory too."""
        memory = {name: value for name, value in slots.items() if name in self.flows.globals.memory}
        own = {name: value for name, value in slots.items() if name not in memory}

        def move(_: Person, session: Session, now: datetime) -> Moved:
            idle = replace(session, frames=(), past=(), memory={**session.memory, **memory})
            return None, *begin(self.flows, idle, flow, now, own)

        async with self.doors.through(address):
            await self._keep(address, move)

    async def session(self, address: Address) -> Session | None:
        """Read where the person at an address stands; None if they never came."""
        person = await self.store.load(address)
        return self._stands(person) if person.revision else None

    def _heard(self, update: Update, concern: Concern | None) -> Move:
        def move(person: Person, session: Session, now: datetime) -> Moved:
            language = language_of(session.memory, self.language)
            grave = self._graver(update, concern, session)
            event = self.hearing.event(update.what, grave, session, now, language)
            if isinstance(event, Answered):
                event = replace(event, seen=person.seen)
            return event, *step(self.flows, session, event, now)

        return move

    def _graver(self, update: Update, concern: Concern | None, session: Session) -> Concern | None:
        """Listen more closely to a person who was in danger a moment ago."""
        return (self.hearing.concern(update.what, careful=True) if session.careful else None) or concern

    async def _keep(
        self,
        address: Address,
        move: Move,
        sent_at: datetime | None = None,
        update: str | None = None,
        fired: Waiting | None = None,
    ) -> Verdict:
        for _ in range(TRIES):
            person = await self.store.load(address, sent_at)
            verdict = await self._try(person, move, update, fired)
            if verdict is not Verdict.CONFLICT:
                return verdict
        raise StoreError(f"person {person.id}: another process keeps changing this row; end one of the two")

    async def _try(self, person: Person, move: Move, update: str | None, fired: Waiting | None) -> Verdict:
        before = self._stands(person)
        now = self.clock.now()
        event, after, effects = move(person, before, local_time(now, before.memory))
        if after is before:
            return Verdict.COMMITTED
        change = Change(
            person.id,
            person.address,
            person.revision,
            now,
            _json(after),
            update=update,
            outbox=await self._outbox(person, before, after, effects),
            fired=fired.due if fired else (),
            timers=tuple(effect for effect in effects if isinstance(effect, Arm | Disarm)),
            counts=tuple(effect.name for effect in effects if isinstance(effect, Count)),
            forget=any(isinstance(effect, Forget) for effect in effects),
        )
        verdict = await self.store.commit(change)
        if verdict is Verdict.COMMITTED:
            self._announce(change, Moment(person.address, event, before, after, effects))
        return verdict

    async def _outbox(
        self, person: Person, before: Session, after: Session, effects: tuple[Effect, ...]
    ) -> tuple[Outgoing, ...]:
        memory = after.memory or before.memory  # a farewell is said in the language that was just forgotten
        said = self.showing.messages(effects, after, person.address, language_of(memory, self.language))
        if not any(isinstance(effect, Export) for effect in effects):
            return tuple(said)
        kept = await self.store.export(person.id)
        return *said, *documents(effects, after, person.address, kept)

    def _announce(self, change: Change, moment: Moment) -> None:
        if change.forget:
            self.courier.drop(change.address)
        self.courier.post(change.outbox)
        if change.timers and self.wake:
            self.wake()
        if self.witness:
            self.witness(moment)

    async def _rescue(self, update: Update, concern: Concern | None, error: Exception) -> Verdict | None:
        person, session = await self._found(update.address)
        memory = session.memory if session else {}
        concern = concern or self._heard_again(update, session)
        self.courier.post([self.rescue.message(update, concern, memory)])
        if person is None or session is None or isinstance(error, StoreError):
            return None
        text = _json(safe_place(session, concern))
        now = self.clock.now()
        change = Change(person.id, person.address, person.revision, now, text, update=update.fingerprint)
        try:
            return await self.store.commit(change)
        except StoreError as again:
            log.error("update %s: no safe place: %s", update.fingerprint, describe(again))
            return None

    def _heard_again(self, update: Update, session: Session | None) -> Concern | None:
        try:
            return self._graver(update, None, session) if session else None
        except Exception as error:
            log.error("update %s could not be screened: %s", update.fingerprint, describe(error))
            return None

    async def _found(self, address: Address) -> tuple[Person | None, Session | None]:
        """Read what can be read: a session that cannot is left as it is, for the release that wrote it."""
        person = None
        try:
            person = await self.store.load(address)
            return person, self._stands(person)
        except Exception as error:
            log.error("person %s cannot be read: %s", person.id if person else "?", describe(error))
            return person, None

    def _stands(self, person: Person) -> Session:
        if person.session:
            return from_json(json.loads(person.session))
        speaks = "language" in self.flows.globals.memory
        return Session(person.id, memory={"language": self.language} if speaks else {})

    async def _let_timers_go(self, waiting: Waiting) -> None:
        person = await self.store.load(waiting.address)
        if person.session and person.id == waiting.person:
            now = self.clock.now()
            same = Change(person.id, person.address, person.revision, now, person.session, fired=waiting.due)
            await self.store.commit(same)


def _json(session: Session) -> str:
    return json.dumps(to_json(session), ensure_ascii=False, separators=(",", ":"))
