"""What is known in one flow: the slots that are surely set on every way from its entry to each state.

For the way to each state it is worked out which slots have surely been set (`must`) and which may have been
cleared (`lost`). With the memory that is surely set on entry, that is exact for every mixture of ways.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import reduce
from operator import or_
from typing import TypeAlias

from bot.content.checks.knowing import Insight, insight
from bot.content.checks.webs import Net, Web
from bot.content.faults import did_you_mean
from bot.dialogue.flow import Call, Setter, State, Transition
from bot.dialogue.guard_nodes import Name
from bot.dialogue.guards import Guard

Facts: TypeAlias = tuple[int, int]
"""The bits of slots that were surely set on the way, and of those that may have been cleared on it."""


def gained(facts: Facts, bits: int) -> Facts:
    """Return the facts after slots were set."""
    return facts[0] | bits, facts[1] & ~bits


def lost(facts: Facts, bits: int) -> Facts:
    """Return the facts after slots were cleared."""
    return facts[0] & ~bits, facts[1] | bits


def met(one: Facts, other: Facts) -> Facts:
    """Return what is sure when either way may have been taken."""
    return one[0] & other[0], one[1] | other[1]


@dataclass(eq=False)
class Known:
    """Hold what is known in one flow: `facts` on entering each state, `out` by outcome."""

    net: Net
    web: Web
    memory: int
    bits: dict[str, int]
    others: Mapping[str, Known]
    entering: int
    """The memory that is surely set whenever the flow begins."""
    facts: dict[str, Facts] = field(default_factory=dict)
    insights: dict[str, Insight] = field(default_factory=dict)
    reads: dict[str, int] = field(default_factory=dict)
    """State → the slots it reads in what it says and arms, which count as set once it has."""
    copies: bool = False
    """Whether a slot is copied from the memory, so that it is set only if that is."""

    def __post_init__(self) -> None:
        flow = self.web.flow
        first = {*flow.needs, *(one.id for one in flow.slots.values() if one.default is not None)}
        self.begin: Facts = (self.mask(first), 0)
        for start in self.web.starts:
            self.facts[start] = self.begin

    # --- names ---------------------------------------------------------------------------------------

    def mask(self, names: Iterable[str]) -> int:
        """Return the bits of several slots."""
        return reduce(or_, map(self.bit, names), 0)

    def bit(self, name: str) -> int:
        """Return the bit of a slot, or of the one that is meant; none for a name that is always known."""
        if name not in self.bits:
            near = None if name in self.web.scope else did_you_mean(name, self.bits)
            self.bits[name] = self.bits[near] if near is not None else 0
        return self.bits[name]

    def insight(self, guard: Guard) -> Insight:
        """Return what a guard reads and tells."""
        found = self.insights.get(guard.source)
        if found is None:
            for name in guard.names:
                self.bit(name)
            found = self.insights[guard.source] = insight(guard, self.bits)
        return found

    def sure(self, facts: Facts) -> int:
        """Return the bits of the slots that are surely set."""
        return facts[0] | (self.entering & ~facts[1])

    # --- one state -----------------------------------------------------------------------------------

    def settled(self, state: State, facts: Facts) -> Facts:
        """Return the facts after a state has done all but leave."""
        if state.forget:
            facts = (0, ~0)
        if state.id in self.web.faulty:
            facts = gained(facts, self.mask(self.web.lost_words & self.web.scope.keys()))
        if state.record is not None:
            facts = gained(facts, self.bit(state.record.into))
        return self.applied(state.set, facts) if state.set else facts

    def named(self, state: State) -> int:
        """Return the bits of the slots that the names of prompts, timers and reminders read."""
        found = self.reads.get(state.id)
        if found is None:
            names = [name for line in state.say for name in line.fields]
            names += [name for line in state.repair.reprompt for name in line.fields]
            for timer in state.timers:
                names += () if timer.say is None else timer.say.fields
                names += () if timer.at is None else (timer.at,)
            hours = [name for remind in state.remind for name in (remind.at, remind.within, remind.rhythm.on)]
            names += [name for name in hours if name is not None]
            found = self.reads[state.id] = self.mask(names) if names else 0
        return found

    def applied(self, setters: Sequence[Setter], facts: Facts) -> Facts:
        """Return the facts after setters."""
        for setter in setters:
            bit = self.bit(setter.slot)
            gives = setter.value is not None or setter.expr is not None
            if setter.expr is not None and isinstance(setter.expr.tree, Name):
                source = self.bit(setter.expr.tree.id)
                self.copies |= bool(source & self.memory)
                gives = not source & ~self.sure(facts)
            elif setter.expr is not None:
                facts = gained(facts, self.insight(setter.expr).true)
            facts = gained(facts, bit) if gives else lost(facts, bit)
        return facts

    def leave(self, state: State, facts: Facts) -> Iterator[tuple[str, Facts]]:
        """Yield each way out of a state with the facts on it, given those after `settled`."""
        facts = gained(facts, self.named(state))
        if state.call is not None:
            yield from self.called(state.id, state.call, facts)
        elif state.end is not None:
            yield state.end, facts
        elif state.ask is None and not state.options:
            yield from self.ways(state.goto, facts)
        else:
            yield from self.answered(state, facts)
            if state.repair.give_up is not None:
                yield state.repair.give_up, facts
            for timer in state.timers:
                if timer.to is not None:
                    yield timer.to, facts
        if self.web.flow.careful is not None and (state.waits or state.call is not None):
            yield self.web.flow.careful, facts

    def answered(self, state: State, facts: Facts) -> Iterator[tuple[str, Facts]]:
        """Yield the ways that an answer takes."""
        for option in state.options:
            after = facts if option.when is None else gained(facts, self.insight(option.when).true)
            if option.set:
                after = self.applied(option.set, after)
            yield from self.ways(option.to, after)
        if state.ask is not None:
            yield from self.ways(state.goto, gained(facts, self.bit(state.ask.slot)))

    def ways(self, found: Sequence[Transition], facts: Facts) -> Iterator[tuple[str, Facts]]:
        """Yield the ways of a guarded list: each knows that those before it did not hold."""
        for way in found:
            if way.when is None:
                yield way.to, facts
            else:
                told = self.insight(way.when)
                yield way.to, gained(facts, told.true)
                facts = gained(facts, told.false)

    def called(self, state: str, call: Call, facts: Facts) -> Iterator[tuple[str, Facts]]:
        """Yield the ways on after a call, by the outcomes the called flow can have."""
        callee = self.others.get(call.flow)
        facts = gained(facts, self.needed(call.flow, call.give))
        taken = self.mask({ours for ours, _ in call.take})
        for outcome, to in self.web.returns[state].items():
            if callee is None:
                yield to, gained(facts, taken)
            elif outcome in callee.facts:
                yield to, self.returned(callee, call.take, callee.facts[outcome], facts)

    def needed(self, flow: str, give: Sequence[Setter]) -> int:
        """Return the bits of the slots without which a flow would not get what it needs."""
        callee = self.others.get(flow)
        needs = () if callee is None else callee.web.flow.needs
        names = {
            name for one in give if one.expr is not None and one.slot in needs for name in one.expr.names
        }
        return self.mask(names)

    def returned(self, callee: Known, take: Sequence[tuple[str, str]], end: Facts, facts: Facts) -> Facts:
        """Return the facts after a flow has ended with these facts of its own."""
        set_, cleared = end[0] & self.memory, end[1] & self.memory
        facts = (facts[0] & ~cleared) | set_, (facts[1] & ~set_) | cleared
        for ours, theirs in take:
            known = not callee.bit(theirs) & ~callee.sure(end)
            facts = gained(facts, self.bit(ours)) if known else lost(facts, self.bit(ours))
        return facts

    # --- the whole flow ------------------------------------------------------------------------------

    def settle(self) -> bool:
        """Follow every way until nothing changes; tell whether what is known at an outcome changed."""
        before = [self.facts.get(name) for name in self.web.flow.outcomes]
        rest = [name for name in self.web.flow.states if name in self.facts]
        waiting = set(rest)
        rest.reverse()
        while rest:
            name = rest.pop()
            waiting.discard(name)
            state = self.web.flow.states.get(name)
            if state is None:
                continue
            for written, facts in self.leave(state, self.settled(state, self.facts[name])):
                to = written if written in self.web.known else self.web.land(written)
                if to is not None and self.merge(to, facts) and to not in waiting:
                    waiting.add(to)
                    rest.append(to)
        return before != [self.facts.get(name) for name in self.web.flow.outcomes]

    def merge(self, name: str, facts: Facts) -> bool:
        """Add a way to a state or outcome; tell whether less is known there than before."""
        old = self.facts.get(name)
        new = facts if old is None else met(old, facts)
        if new == old:
            return False
        self.facts[name] = new
        return True
