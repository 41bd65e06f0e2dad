"""One step, kept whole: load, move, render, one commit, hand to the courier; once more after a conflict."""

from __future__ import annotations

import json
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime

from bot.dialogue.codec import from_json, to_json
from bot.dialogue.effects import Arm, Clear, Count, Disarm, Draw, Effect, Export, Forget, Say
from bot.dialogue.events import Due, Event
from bot.dialogue.flows import Flows
from bot.dialogue.migrating import carried
from bot.dialogue.moving import keep_hours
from bot.dialogue.session import Session
from bot.errors import StoreError
from bot.runtime.chronicle import chronicle
from bot.runtime.courier import Courier
from bot.runtime.ending import ending, ending_again, ending_of_new
from bot.runtime.handover import document
from bot.runtime.messages import Address, Outgoing
from bot.runtime.meter import UNCOUNTED, Meter
from bot.runtime.picturing import Picturing
from bot.runtime.places import language_of, local_time, too_late
from bot.runtime.ports import Change, Clock, Entry, Moment, Person, Store, Verdict, Waiting, Witness
from bot.runtime.showing import Showing

Moved = tuple[Event | None, Session, tuple[Effect, ...]]
Move = Callable[[Person, Session, datetime], Moved]
"""From a person, where they stand and their local time to an event, where they stand then, and effects."""

TRIES = 10
"""Times a step is made from what was read: again where another replica came first."""


_JSON = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"))


@dataclass(frozen=True, slots=True)
class Cause:
    """Say what made a person move: when it was sent, its fingerprint, the timers that fired."""

    sent_at: datetime | None = None
    update: str | None = None
    fired: tuple[Due, ...] = ()


@dataclass(frozen=True, slots=True)
class Made:
    """Hold a step that is made and not kept yet."""

    change: Change
    moment: Moment

    @property
    def waits(self) -> bool:
        """Tell whether it orders something that has to be waited for."""
        return any(isinstance(effect, Draw | Export) for effect in self.moment.effects)


@dataclass
class Keeping:
    """Move people and keep where they stand. `wake` is told for when a timer was set.

    `cleared` is told of a screen that is to be cleared down to a text.
    """

    flows: Flows
    store: Store
    clock: Clock
    courier: Courier
    showing: Showing
    picturing: Picturing
    language: str
    witness: Witness | None = None
    wake: Callable[[datetime], None] | None = None
    meter: Meter = UNCOUNTED
    cleared: Callable[[Address, str], None] | None = None

    async def keep(
        self, address: Address, move: Move, cause: Cause = Cause(), found: Person | None = None
    ) -> Verdict:
        """Move the person at an address and keep everything that changes, or nothing.

        `found` is the person as they were read a moment ago: they are read again only if they moved since.
        """
        for _ in range(TRIES):
            person = found or await self.store.load(address, cause.sent_at)
            verdict = await self._try(person, move, cause)
            if verdict is not Verdict.CONFLICT:
                return verdict
            found = None
        raise StoreError(f"person {person.id}: another process keeps changing this row; end one of the two")

    async def put(self, person: Person, session: Session, cause: Cause) -> Verdict:
        """Keep a session as it is given, with no effects."""
        return await self.store.commit(self._change(person, session, cause))

    async def let_go(self, waiting: Waiting) -> None:
        """Drop timers that cannot be fired, and touch nothing else: the session may not even be readable."""
        person = await self.store.load(waiting.person.address)
        if person.session and person.id == waiting.person.id:
            now, known, due = self.clock.now(), person.revision, waiting.due
            again = ending_again(due, now)
            await self.store.commit(
                Change(person.id, person.address, known, now, person.session, fired=due, timers=again)
            )

    async def pass_over(self, address: Address, update: str) -> None:
        """Keep that an update was taken, and touch nothing else: the session may not even be readable."""
        person = await self.store.load(address)
        session = person.session or _written(self.stands(person))
        now, known = self.clock.now(), person.revision
        new = ending_of_new(bool(known), now)
        await self.store.commit(Change(person.id, address, known, now, session, update=update, timers=new))

    def stands(self, person: Person) -> Session:
        """Read a person's session, carried into today's flows; a new one knows but the operator's language.

        Raises:
            Homeless: nobody wrote where it should stand; the row is left as it is.
        """
        if person.session:
            return carried(self.flows, from_json(json.loads(person.session)), self.clock.now())
        speaks = "language" in self.flows.globals.memory
        return Session(person.id, memory={"language": self.language} if speaks else {})

    async def _try(self, person: Person, move: Move, cause: Cause) -> Verdict:
        made = self.made(person, move, cause)
        if made is None:
            return Verdict.COMMITTED
        made = await self._whole(person, made)
        verdict = await self.store.commit(made.change)
        if verdict is Verdict.COMMITTED:
            self.announce(made)
            await self._clear(made)
        return verdict

    def made(self, person: Person, move: Move, cause: Cause) -> Made | None:
        """Make a step from a person as they were read, all but keep it; None where nothing changes.

        What has to be waited for, a picture or a copy, is not in its outbox yet.
        """
        before, now = self.stands(person), self.clock.now()
        was = local_time(now, before.memory)
        event, after, effects = move(person, before, was)
        if after is before:
            return None
        after, effects = keep_hours(self.flows, before, after, effects, was, local_time(now, after.memory))
        moment = Moment(person.address, event, before, after, effects)
        log = tuple(chronicle(self.flows, moment, now))
        return Made(self._change(person, after, cause, moment, self._said(person, moment), log), moment)

    def announce(self, made: Made) -> None:
        """Hand on what has been kept."""
        change = made.change
        if change.forget:
            self.courier.drop(change.address)
        self.courier.posted(change.outbox)
        armed = [order.due for order in change.timers if isinstance(order, Arm)]
        if armed and self.wake:
            self.wake(min(armed))
        self.meter.moved(made.moment, change.log)
        if self.witness:
            self.witness(made.moment)

    async def _clear(self, made: Made) -> None:
        """Let nothing more reach a screen that is to be cleared, and have it cleared."""
        order = next((one for one in made.moment.effects if isinstance(one, Clear)), None)
        if order is None:
            return
        address = made.change.address
        self.courier.drop(address)
        with suppress(StoreError):
            await self.store.left(address, self.clock.now())
        if self.cleared:
            language = language_of(made.moment.after.memory, self.language)
            self.cleared(address, self.showing.line(order.line, language))

    def _change(  # noqa: PLR0913, PLR0917  everything that one step changes
        self,
        person: Person,
        session: Session,
        cause: Cause,
        moment: Moment | None = None,
        outbox: tuple[Outgoing, ...] = (),
        log: tuple[Entry, ...] = (),
    ) -> Change:
        effects = moment.effects if moment else ()
        forget = any(isinstance(effect, Forget) for effect in effects)
        now = self.clock.now()
        before = (moment.before if moment else session) if person.revision else None
        ends = () if forget else ending(before, session, cause.fired, now)
        return Change(
            person.id,
            person.address,
            person.revision,
            now,
            _written(session),
            update=cause.update,
            outbox=outbox,
            fired=cause.fired,
            timers=(*[effect for effect in effects if isinstance(effect, Arm | Disarm)], *ends),
            counts=tuple([effect.name for effect in effects if isinstance(effect, Count)]),
            log=log,
            forget=forget,
        )

    def _said(self, person: Person, moment: Moment) -> tuple[Outgoing, ...]:
        # a farewell is said in the language that was just forgotten
        memory = moment.after.memory or moment.before.memory
        nudges = any(isinstance(effect, Say) and effect.lane == "nudge" for effect in moment.effects)
        until = too_late(self.clock.now(), memory) if nudges else None
        return tuple(
            self.showing.messages(
                moment.effects, moment.after, person.address, language_of(memory, self.language), until
            )
        )

    async def _whole(self, person: Person, made: Made) -> Made:
        """Add what had to be waited for: pictures before what is said about them, copies behind it."""
        if not made.waits:
            return made
        after, where = made.moment.after, person.address
        now = local_time(self.clock.now(), after.memory)
        orders = [one for one in made.moment.effects if isinstance(one, Draw | Export)]
        kept = await self.store.export(person.id) if any(isinstance(one, Export) for one in orders) else {}
        drawn = [
            await self.picturing.picture(one, after, where, now) for one in orders if isinstance(one, Draw)
        ]
        copies = [document(one, after, where, kept) for one in orders if isinstance(one, Export)]
        outbox = (*drawn, *made.change.outbox, *copies)
        return replace(made, change=replace(made.change, outbox=outbox))


def _written(session: Session) -> str:
    return _JSON.encode(to_json(session))
