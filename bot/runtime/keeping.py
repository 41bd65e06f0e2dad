"""One step, kept whole: load, move, render, one commit, hand to the courier; once more after a conflict."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from bot.dialogue.codec import from_json, to_json
from bot.dialogue.effects import Arm, Count, Disarm, Draw, Effect, Export, Forget
from bot.dialogue.events import Due, Event
from bot.dialogue.flows import Flows
from bot.dialogue.migrating import carried
from bot.dialogue.moving import keep_hours
from bot.dialogue.session import Session
from bot.errors import StoreError
from bot.runtime.chronicle import chronicle
from bot.runtime.courier import Courier
from bot.runtime.handover import document
from bot.runtime.messages import Address, Outgoing
from bot.runtime.picturing import Picturing
from bot.runtime.places import language_of, local_time, too_late
from bot.runtime.ports import Change, Clock, Moment, Person, Store, Verdict, Waiting, Witness
from bot.runtime.showing import Showing

Moved = tuple[Event | None, Session, tuple[Effect, ...]]
Move = Callable[[Person, Session, datetime], Moved]
"""From a person, where they stand and their local time to an event, where they stand then, and effects."""

TRIES = 10
"""Times a step is made from what was read: again where another replica came first."""


@dataclass(frozen=True, slots=True)
class Cause:
    """Say what made a person move: when it was sent, its fingerprint, the timers that fired."""

    sent_at: datetime | None = None
    update: str | None = None
    fired: tuple[Due, ...] = ()


@dataclass
class Keeping:
    """Move people and keep where they stand. `wake` is called when a timer was set."""

    flows: Flows
    store: Store
    clock: Clock
    courier: Courier
    showing: Showing
    picturing: Picturing
    language: str
    witness: Witness | None = None
    wake: Callable[[], None] | None = None

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
            now, expected = self.clock.now(), person.revision
            await self.store.commit(
                Change(person.id, person.address, expected, now, person.session, fired=waiting.due)
            )

    async def pass_over(self, address: Address, update: str) -> None:
        """Keep that an update was taken, and touch nothing else: the session may not even be readable."""
        person = await self.store.load(address)
        session = person.session or _written(self.stands(person))
        now = self.clock.now()
        await self.store.commit(Change(person.id, address, person.revision, now, session, update=update))

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
        before, now = self.stands(person), self.clock.now()
        was = local_time(now, before.memory)
        event, after, effects = move(person, before, was)
        if after is before:
            return Verdict.COMMITTED
        after, effects = keep_hours(self.flows, before, after, effects, was, local_time(now, after.memory))
        moment = Moment(person.address, event, before, after, effects)
        change = replace(
            self._change(person, after, cause, effects),
            outbox=await self._outbox(person, before, after, effects),
            log=tuple(chronicle(self.flows, moment, self.clock.now())),
        )
        verdict = await self.store.commit(change)
        if verdict is Verdict.COMMITTED:
            self._announce(change, moment)
        return verdict

    def _change(
        self, person: Person, session: Session, cause: Cause, effects: Sequence[Effect] = ()
    ) -> Change:
        return Change(
            person.id,
            person.address,
            person.revision,
            self.clock.now(),
            _written(session),
            update=cause.update,
            fired=cause.fired,
            timers=tuple(effect for effect in effects if isinstance(effect, Arm | Disarm)),
            counts=tuple(effect.name for effect in effects if isinstance(effect, Count)),
            forget=any(isinstance(effect, Forget) for effect in effects),
        )

    async def _outbox(
        self, person: Person, before: Session, after: Session, effects: Sequence[Effect]
    ) -> tuple[Outgoing, ...]:
        memory = after.memory or before.memory  # a farewell is said in the language that was just forgotten
        language = language_of(memory, self.language)
        until = too_late(self.clock.now(), memory)
        shown = self.showing.messages(effects, after, person.address, language)
        said = tuple(replace(one, until=until) if one.lane == "nudge" else one for one in shown)
        return *await self._drawn(person, after, effects), *said, *await self._copies(person, after, effects)

    async def _drawn(self, person: Person, after: Session, effects: Sequence[Effect]) -> list[Outgoing]:
        """Return the pictures, which are shown before what is said about them."""
        now, where = local_time(self.clock.now(), after.memory), person.address
        draws = [effect for effect in effects if isinstance(effect, Draw)]
        return [await self.picturing.picture(draw, after, where, now) for draw in draws]

    async def _copies(self, person: Person, after: Session, effects: Sequence[Effect]) -> list[Outgoing]:
        exports = [effect for effect in effects if isinstance(effect, Export)]
        kept = await self.store.export(person.id) if exports else {}
        return [document(export, after, person.address, kept) for export in exports]

    def _announce(self, change: Change, moment: Moment) -> None:
        if change.forget:
            self.courier.drop(change.address)
        self.courier.posted(change.outbox)
        if change.timers and self.wake:
            self.wake()
        if self.witness:
            self.witness(moment)


def _written(session: Session) -> str:
    return json.dumps(to_json(session), ensure_ascii=False, separators=(",", ":"))
