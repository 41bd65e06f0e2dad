"""The order of conversation: every state as a person comes by it, from the first hello on.

The walk goes down the first way before the second, of a guarded list the way a newcomer takes, and into a
flow where it is called; what comes later (a reminder) or out of turn (an interrupt, a danger) follows.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import TypeAlias

from bot.dialogue.flow import Flow, State, Value
from bot.dialogue.flows import Flows

Place: TypeAlias = tuple[str, str]
"""A flow and a state of it."""


def ways(state: State) -> Iterator[tuple[str, str]]:
    """Yield how a state is left, and the target: the options first, as they are shown."""
    for option in state.options:
        yield from ((option.id, way.to) for way in option.to)
    yield from (("", way.to) for way in state.goto)
    if state.call is not None:
        yield from state.call.returns.items()
    if state.repair.give_up is not None:
        yield "give_up", state.repair.give_up
    yield from ((timer.id, timer.to) for timer in state.timers if timer.to is not None)


def journey(flows: Flows) -> tuple[Place, ...]:
    """Return every state that can be reached, in the order of conversation."""
    walk = _Walk(flows.flows, {**flows.globals.defaults, "first_visit": True})
    walk.begin(flows.globals.start)
    for interrupt in flows.globals.interrupts:
        walk.begin(interrupt.call or "")
    for danger in flows.globals.dangers:
        walk.begin(danger.call)
    return tuple(walk.met)


@dataclass
class _Walk:
    """Gather what is met; `newcomer` is what is known of one, `later` are flows that a reminder begins."""

    flows: Mapping[str, Flow]
    newcomer: Mapping[str, Value]
    met: dict[Place, None] = field(default_factory=dict)
    later: list[str] = field(default_factory=list)

    def begin(self, flow: str) -> None:
        """Walk a flow, and then what its reminders begin."""
        self._from(flow)
        while self.later:
            self._from(self.later.pop(0))

    def _from(self, flow: str) -> None:
        waiting = list(reversed(list(self._entries(flow))))
        while waiting:
            place = waiting.pop()
            if place not in self.met:
                self.met[place] = None
                waiting += reversed(list(self._onward(*place)))

    def _onward(self, flow: str, id: str) -> Iterator[Place]:
        """Yield where a state leads: first into what it calls."""
        state = self.flows[flow].states[id]
        self.later += [remind.flow for remind in state.remind]
        if state.call is not None:
            yield from self._entries(state.call.flow)
        usual = next((way.to for way in state.goto if way.when is None or way.when.holds(self.newcomer)), "")
        targets = (usual, *(to for _, to in ways(state)))
        yield from ((flow, to) for to in targets if to in self.flows[flow].states)

    def _entries(self, id: str) -> Iterator[Place]:
        flow = self.flows.get(id)
        if flow is not None:
            yield from ((id, first) for first in (flow.entry, flow.careful or "") if first in flow.states)


def silent(state: State) -> bool:
    """Tell whether a person passes a state without noticing it."""
    return not state.say and not state.waits


def before(flows: Flows) -> dict[Place, tuple[Place, ...]]:
    """Return, for each place, the places whose words a person has read just before it."""
    back: dict[Place, dict[Place, None]] = {}
    for source, to in _edges(flows):
        back.setdefault(to, {})[source] = None
    return {place: tuple(_heard(flows, back, place)) for place in back}


def _heard(flows: Flows, back: Mapping[Place, Mapping[Place, None]], place: Place) -> Iterator[Place]:
    """Go back from a place through what is silent."""
    seen, waiting = {place}, [place]
    while waiting:
        for source in back.get(waiting.pop(0), ()):
            if source not in seen:
                seen.add(source)
                if silent(flows.flows[source[0]].states[source[1]]):
                    waiting.append(source)
                else:
                    yield source


def _edges(flows: Flows) -> Iterator[tuple[Place, Place]]:
    """Yield what follows what; a call leads into the flow, and from its ends back out."""
    ends = {
        (flow.id, outcome): [(flow.id, state.id) for state in flow.states.values() if _ends(state, outcome)]
        for flow in flows.flows.values()
        for outcome in flow.outcomes
    }
    for flow in flows.flows.values():
        for state in flow.states.values():
            here = flow.id, state.id
            if state.call is None:
                yield from ((here, (flow.id, to)) for _, to in ways(state) if to in flow.states)
                continue
            called = flows.flows.get(state.call.flow)
            if called is not None:
                yield here, (called.id, called.entry)
            for outcome, to in state.call.returns.items():
                if to in flow.states:
                    yield from ((end, (flow.id, to)) for end in ends.get((state.call.flow, outcome), ()))


def _ends(state: State, outcome: str) -> bool:
    return state.end == outcome or any(to == outcome for _, to in ways(state))
