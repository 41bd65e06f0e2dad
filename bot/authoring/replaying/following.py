"""One person's log, followed with other flows: each step is done again, and its end held against the record.

What the log does not hold is tried for, and is on trust where it fits. A step differs where it cannot end as
it did, or where nothing but what is surely known decides it and it ends elsewhere.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import chain
from typing import Literal, TypeAlias

from bot.authoring.journey import Place
from bot.authoring.replaying.chances import NOWHERE, Chances
from bot.authoring.replaying.guesses import guessed, known, old_press
from bot.authoring.replaying.standing import stack_to
from bot.dialogue.effects import Finish
from bot.dialogue.events import Event
from bot.dialogue.flow import State, Transition
from bot.dialogue.flows import Flows
from bot.dialogue.session import Session
from bot.dialogue.step import begin, step
from bot.errors import FlowFault
from bot.runtime.chronicle import BESIDE
from bot.runtime.ports import Entry

How: TypeAlias = Literal["same", "trusted", "differs", "gone"]
_TOLD = frozenset(("careful", "night", "parked", "first_visit", "recurring", "language"))
"""What conditions read that the log does not tell of."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """Say how one step went: where, what was done, where it ended, and where it ends now."""

    how: How
    place: str
    did: str
    was: str = ""
    now: str = ""


@dataclass(frozen=True, slots=True)
class _Ended:
    """Hold a step that was done again."""

    session: Session
    lands: Place
    outcomes: tuple[str, ...]


@dataclass
class Follower:
    """Follow one person. `doubt` are the slots whose values are guesses; None: all of them."""

    flows: Flows
    chances: Chances
    session: Session = field(default_factory=lambda: Session("replay"))
    doubt: set[str] | None = field(default_factory=set)

    def follow(self, entries: Sequence[Entry]) -> Iterator[Verdict]:
        """Yield how each step goes."""
        for entry, outcomes in _steps(entries):
            yield self._step(entry, outcomes)

    def _step(self, entry: Entry, outcomes: tuple[str, ...]) -> Verdict:
        place, lands = self._now(entry.flow, entry.state, entry.version), self._landing(entry)
        did = f"{entry.kind} {entry.what}".strip()
        here = f"{entry.flow}.{entry.state}" if entry.flow else "nowhere"
        if place is None:
            self._stand(lands)
            return Verdict("gone", here, "state")
        if self._place() != place:
            self._stand(place)
        if entry.kind == "begun" or (place == NOWHERE and self.doubt is None):
            self.doubt = set(self.flows.globals.memory)  # a new conversation fills its own slots anew
        state = self._state(place)
        option = self._option(entry, state)
        if entry.kind == "pressed" and state is not None and not option and entry.lands != here:
            self._stand(lands)
            return Verdict("gone", here, did, entry.lands)
        how, now = self._again(entry, lands, outcomes, option)
        return Verdict(how, here, did, *_ways(entry, outcomes, now) if how == "differs" else ())

    # --- doing it again ------------------------------------------------------------------------------

    def _again(
        self, entry: Entry, lands: Place | None, outcomes: tuple[str, ...], option: str
    ) -> tuple[How, _Ended | None]:
        """Do a step again as it was done, or as it may have been."""
        sure = known(self.session, entry, option) if entry.kind != "begun" else None
        tries = [sure, *old_press(sure)] if sure is not None else list(self._guesses(entry, lands))
        first: _Ended | None = None
        for event in tries:
            ended = self._done(event, entry)
            first = first or ended
            # Of a stack that was guessed nobody knows which flow is the outermost one.
            ends = outcomes if ended is None or self.doubt is not None else ended.outcomes
            if ended is not None and (ended.lands, ended.outcomes) == (lands, ends):
                if sure is None:
                    self._doubt(self.session, ended.session)
                self.session = ended.session
                return ("same" if sure is not None else "trusted"), ended
        may = self._may(entry, lands, option)
        self._stand(lands)
        return ("trusted" if may else "differs"), first

    def _guesses(self, entry: Entry, lands: Place | None) -> Iterator[Event | None]:
        if entry.kind == "begun":
            yield None
        else:
            yield from guessed(self.flows, self.session, lands or NOWHERE)

    def _done(self, event: Event | None, entry: Entry) -> _Ended | None:
        """Return where a step ends; None where it cannot be taken."""
        session = self._awake() if entry.kind == "timer" else self.session
        try:
            if event is None:
                idle = replace(session, frames=())
                after, effects = begin(self.flows, idle, self.flows.globals.start, entry.at)
            else:
                after, effects = step(self.flows, session, event, entry.at)
        except FlowFault:
            return None
        ends = tuple(one.outcome for one in effects if isinstance(one, Finish))
        return _Ended(after, _top(after), ends)

    def _awake(self) -> Session:
        """Return the session of somebody who may be nudged now: that it happened says so."""
        memory = {
            **self.session.memory,
            "quiet_from": "00:00",
            "quiet_to": "00:00",
            "nudges": True,
            "paused": False,
        }
        names = self.flows.globals.memory
        return replace(self.session, unanswered=0, memory={k: v for k, v in memory.items() if k in names})

    def _may(self, entry: Entry, lands: Place | None, option: str) -> bool:
        """Tell whether a step could have ended as it did, for all that is known."""
        if lands is None:
            return False
        flow, ways = self._ways(entry, option)
        reach = self.chances.of(flow, ways)
        unsure = self.doubt is None or bool(reach.reads & (self.doubt | _TOLD)) or ":" in entry.what
        return unsure and (reach.anywhere or lands in {*reach.places, self._place()})

    def _ways(self, entry: Entry, option: str) -> tuple[str, list[Transition]]:
        """Return the flow and the ways a step may have taken: a promise and a greeting begin a flow."""
        flow, id = self._place()
        begins = entry.what.split(":")[1] if ":" in entry.what else self.flows.globals.start
        if flow and ":" not in entry.what and entry.kind not in {"begun", "commanded", "operated"}:
            return flow, list(_ways_of(self.flows.flows[flow].states[id], entry, option))
        first = self.flows.flows.get(begins)
        return begins, [Transition(first.entry), Transition(first.careful or first.entry)] if first else []

    # --- where somebody stands -----------------------------------------------------------------------

    def _place(self) -> Place:
        return _top(self.session)

    def _state(self, place: Place) -> State | None:
        return self.flows.flows[place[0]].states[place[1]] if place != NOWHERE else None

    def _now(self, flow: str, state: str, version: int) -> Place | None:
        """Return what a recorded place is called here, by what the flow says of its older versions."""
        if not flow:
            return NOWHERE
        here = self.flows.flows.get(flow)
        if here is None:
            return None
        for move in sorted(here.migrate, key=lambda one: one.source):
            if move.source >= version:
                state = move.states.get(state, (state, None))[0]
        return (flow, state) if state in here.states else None

    def _landing(self, entry: Entry) -> Place | None:
        flow, _, state = entry.lands.partition(".")
        return self._now(flow, state, entry.version if flow == entry.flow else 0)

    def _option(self, entry: Entry, state: State | None) -> str:
        """Return what a recorded option is called here; empty where there is none."""
        if state is None or not entry.what:
            return ""
        name = entry.what
        for move in sorted(self.flows.flows[self._place()[0]].migrate, key=lambda one: one.source):
            if move.source >= entry.version and state.option(name) is None:
                name = move.options.get(name, name)
        return name if state.option(name) is not None else ""

    def _stand(self, place: Place | None) -> None:
        """Stand where the record says; how somebody came there, and with what, is not known any more."""
        frames = stack_to(self.flows, place, self.session.turn + 1) if place and place != NOWHERE else ()
        memory = {**self.flows.globals.defaults, **self.session.memory}
        self.session = replace(
            self.session, turn=self.session.turn + 2, frames=frames, memory=memory, past=(), parked=()
        )
        self.doubt = None

    def _doubt(self, before: Session, after: Session) -> None:
        """Take what was just filled for a guess."""
        if self.doubt is not None:
            self.doubt |= {name for name, _ in _held(after) - _held(before)}


def _held(session: Session) -> set[tuple[str, object]]:
    frames = (tuple(frame.slots.items()) for frame in session.frames)
    return {*session.memory.items(), *chain.from_iterable(frames)}


def _top(session: Session) -> Place:
    return (session.frames[-1].flow, session.frames[-1].state) if session.frames else NOWHERE


def _steps(entries: Sequence[Entry]) -> Iterator[tuple[Entry, tuple[str, ...]]]:
    """Yield each step with the outcomes of what ended in it."""
    for place, entry in enumerate(entries):
        if entry.kind in BESIDE:
            continue
        ends = []
        for one in entries[place + 1 :]:
            if one.kind not in BESIDE:
                break
            if one.kind == "finished":
                ends.append(one.what)
        yield entry, tuple(ends)


def _ways_of(state: State, entry: Entry, option: str) -> Iterator[Transition]:
    """Yield the ways a step may have taken out of a state."""
    chosen = state.option(option) if option else None
    if chosen is not None:
        yield from chosen.to
    elif entry.kind == "timer":
        yield from (Transition(one.to) for one in state.timers if one.to and one.id in entry.what.split())
    else:
        yield from state.goto
        if state.repair.give_up is not None:
            yield Transition(state.repair.give_up)


def _ways(entry: Entry, outcomes: tuple[str, ...], now: _Ended | None) -> tuple[str, str]:
    """Say where a step ended, and where it ends now; the same place with another outcome is told by that."""
    was = entry.lands or "the end"
    then = ".".join(now.lands).strip(".") or "the end" if now else "nothing"
    if was != then or now is None:
        return was, then
    return (
        f"{was} ({', '.join(outcomes) or 'nothing ends'})",
        f"{then} ({', '.join(now.outcomes) or 'nothing ends'})",
    )
