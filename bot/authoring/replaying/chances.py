"""Where an answer may lead, whatever is known of a person: every way, and what its conditions read."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cached_property

from bot.authoring.journey import Place
from bot.dialogue.flow import Flow, State, Transition
from bot.dialogue.flows import Flows

NOWHERE: Place = ("", "")
MANY = 10_000
"""Points that are looked at for one answer; flows are far smaller."""


@dataclass
class Reach:
    """Hold the places somebody may come to, the slots that decide it, and whether it may be anywhere."""

    places: set[Place] = field(default_factory=set)
    reads: set[str] = field(default_factory=set)
    anywhere: bool = False


@dataclass
class Chances:
    """Follow the ways of the flows without asking any condition."""

    flows: Flows

    @cached_property
    def _callers(self) -> dict[str, list[tuple[Flow, State]]]:
        found: dict[str, list[tuple[Flow, State]]] = {}
        for flow in self.flows.flows.values():
            for state in flow.states.values():
                if state.call is not None:
                    found.setdefault(state.call.flow, []).append((flow, state))
        return found

    @cached_property
    def _aside(self) -> frozenset[str]:
        """Return the flows that run beside a conversation and give way to it when they end."""
        calls = {one.call for one in self.flows.globals.interrupts if one.call}
        return frozenset(calls | {one.call for one in self.flows.globals.dangers})

    def of(self, flow: str, ways: Iterable[Transition]) -> Reach:
        """Return where these ways may lead."""
        reach = Reach()
        waiting: list[tuple[str, Transition]] = [(flow, way) for way in ways]
        seen: set[tuple[str, str]] = set()
        while waiting and len(seen) < MANY:
            owner, way = waiting.pop()
            if way.when is not None:
                reach.reads |= way.when.names
            if (owner, way.to) not in seen:
                seen.add((owner, way.to))
                waiting += self._onward(owner, way.to, reach)
        return reach

    def _onward(self, flow: str, target: str, reach: Reach) -> Iterator[tuple[str, Transition]]:
        state = self.flows.flows[flow].states.get(target)
        if state is None:
            yield from self._ended(flow, target, reach)
        elif state.waits:
            reach.places.add((flow, target))
        elif state.call is not None:
            called = self.flows.flows.get(state.call.flow)
            firsts = (called.entry, called.careful) if called else ()
            yield from ((state.call.flow, Transition(first)) for first in firsts if first)
        elif state.end is not None:
            yield flow, Transition(state.end)
        else:
            yield from ((flow, way) for way in state.goto)

    def _ended(self, flow: str, outcome: str, reach: Reach) -> Iterator[tuple[str, Transition]]:
        """Go on where the flow may have been called; one that runs beside others may end anywhere."""
        reach.places.add(NOWHERE)
        if flow in self._aside or outcome in self.flows.globals.resume:
            reach.anywhere = True
        for caller, state in self._callers.get(flow, ()):
            call = state.call
            if call is not None and outcome in call.returns:
                yield caller.id, Transition(call.returns[outcome])
