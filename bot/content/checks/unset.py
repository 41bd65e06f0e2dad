"""Slots that are read where some way there has not set them; told once a slot, with such a way."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from bot.content.checks.known import Facts, Known, gained
from bot.content.checks.reading import fields, given_at
from bot.content.checks.webs import listed
from bot.content.faults import Fault, Spot
from bot.content.yaml12 import Path
from bot.dialogue.flow import Option, Remind, Setter, State, Transition
from bot.dialogue.guard_nodes import Name
from bot.dialogue.guards import Guard


def faults(known: Mapping[str, Known]) -> Iterator[Fault]:
    """Report, for each flow, the slots that may be unset where they are read first."""
    for one in known.values():
        readings = _Readings(one)
        for id, state in one.web.flow.states.items():
            if id in one.facts:
                readings.state(state, one.facts[id])
        first: dict[int, _Reading] = {}
        for reading in sorted(readings.found, key=lambda reading: reading.spot):
            first.setdefault(reading.bit, reading)
        for bit, reading in first.items():
            yield _fault(one, bit, reading)


@dataclass(frozen=True, slots=True)
class _Reading:
    """Say that a state reads a slot that may be unset, and where."""

    bit: int
    name: str
    state: str
    spot: Spot


@dataclass(eq=False)
class _Readings:
    """Walk through a state as a step does, and find what it reads without knowing it."""

    known: Known
    found: list[_Reading] = field(default_factory=list)
    now: str = ""

    def state(self, state: State, facts: Facts) -> None:
        """Find what a state reads, given the facts on entering it."""
        self.now = state.id
        at: Path = ("states", state.id)
        if state.set:
            self.setters(state.set, facts, (*at, "set"))
        facts = self.known.settled(state, facts)
        self.names(state, facts, at)
        for place, option in enumerate(state.options):
            self.option(option, facts, (*at, "options", place))
        if state.call is not None:
            self.give(state.call.flow, state.call.give, facts, (*at, "with"))
        if len(state.goto) > 1:
            answered = facts if state.ask is None else gained(facts, self.known.bit(state.ask.slot))
            self.ways(state.goto, answered, (*at, "goto"))

    def names(self, state: State, facts: Facts, at: Path) -> None:
        """Find what the names of prompts, reminders and timers read."""
        for name, path in fields(self.known.web, state):
            self.read(name, facts, path)
        for place, remind in enumerate(state.remind):
            self.remind(remind, facts, listed(self.known.web, (*at, "remind"), place))
        for place, timer in enumerate(state.timers):
            if timer.at is not None:
                self.read(timer.at, facts, (*at, "timers", place, "at"))

    def option(self, option: Option, facts: Facts, at: Path) -> None:
        """Find what an option reads: it is shown, then it sets, then it leads on."""
        if option.when is not None:
            facts = self.guard(option.when, facts, (*at, "if"))
        if option.button is not None:
            self.guard(option.button, facts, (*at, "button"))
        if option.set:
            self.setters(option.set, facts, (*at, "set"))
            facts = self.known.applied(option.set, facts)
        self.ways(option.to, facts, (*at, "to"))

    def setters(self, setters: Sequence[Setter], facts: Facts, path: Path) -> None:
        """Find what expressions read; a copy of an unset slot is unset and no fault."""
        for setter in setters:
            if setter.expr is not None and not isinstance(setter.expr.tree, Name):
                self.guard(setter.expr, facts, (*path, setter.slot, "expr"))
            facts = self.known.applied((setter,), facts)

    def remind(self, remind: Remind, facts: Facts, path: Path) -> None:
        """Find what a reminder reads."""
        for key, name in (("at", remind.at), ("in", remind.within), ("on", remind.rhythm.on)):
            if name is not None:
                self.read(name, facts, (*path, key))
        self.give(remind.flow, remind.give, facts, (*path, "with"))

    def give(self, flow: str, give: Sequence[Setter], facts: Facts, path: Path) -> None:
        """Find what a flow is given; one that does not need a slot may be given nothing."""
        callee = self.known.others.get(flow)
        for setter in give:
            optional = callee is None or setter.slot not in callee.web.flow.needs
            copied = setter.expr is not None and isinstance(setter.expr.tree, Name)
            if setter.expr is not None and not (optional and copied):
                self.guard(setter.expr, facts, given_at(self.known.web, path, setter))

    def ways(self, ways: Sequence[Transition], facts: Facts, path: Path) -> None:
        """Find what a guarded list reads."""
        for place, way in enumerate(ways):
            if way.when is not None:
                self.guard(way.when, facts, (*path, place, "if"))
                facts = gained(facts, self.known.insight(way.when).false)

    def guard(self, guard: Guard, facts: Facts, path: Path) -> Facts:
        """Find what a guard reads; return the facts when it holds."""
        told = self.known.insight(guard)
        sure = self.known.sure(facts)
        for read in told.reads:
            if read.bit & ~(sure | read.given) and read.name in self.known.web.scope:
                spot = self.known.web.tree.inside(path, read.column)
                self.found.append(_Reading(read.bit, read.name, self.now, spot))
        return gained(facts, told.true)

    def read(self, name: str, facts: Facts, path: Path) -> None:
        """Read one slot."""
        bit = self.known.bit(name)
        if bit & ~self.known.sure(facts) and name in self.known.web.scope:
            self.found.append(_Reading(bit, name, self.now, self.known.web.spot(*path)))


def _fault(known: Known, bit: int, reading: _Reading) -> Fault:
    way = " → ".join(_way(known, bit, reading.state))
    message = f"slot {reading.name!r} may be unset here: {way}"
    fix = f"give it a `default`, set it on every way, or ask known({reading.name}) first"
    return Fault("T303", reading.spot, message, fix)


def _way(known: Known, bit: int, goal: str) -> list[str]:
    """Return the shortest way from the entry to a state on which a slot is not surely set when it arrives."""
    first = [(start, not bit & known.sure(known.begin)) for start in known.web.starts]
    came: dict[tuple[str, bool], tuple[str, bool] | None] = dict.fromkeys(first)
    facts = dict.fromkeys(came, known.begin)
    rest = list(came)
    for place in rest:
        state = known.web.flow.states.get(place[0])
        if place == (goal, True) or state is None:
            continue
        for written, after in known.leave(state, known.settled(state, facts[place])):
            to = (known.web.land(written) or "", not bit & known.sure(after))
            if to not in came:
                came[to], facts[to] = place, after
                rest.append(to)
    way = [(goal, True)]
    while (before := came.get(way[-1])) is not None:
        way.append(before)
    return [name for name, _ in reversed(way)]
