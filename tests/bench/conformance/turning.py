"""A case turned into flows: each state that holds others is a flow of its own, called by the one around it.

What is done on entering and leaving becomes a chain of states that count what was raised, so that the
engine's own order shows; a transition is an option with a guard, a delayed event a timer.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeAlias

from bot.dialogue.flow import Call, Flow, Line, Option, Repair, Setter, Slot, State, Timer
from bot.dialogue.flow import Transition as Way
from bot.dialogue.flows import LINE_IDS, Flows, Globals
from bot.dialogue.guards import parse
from tests.bench.conformance.reading import (
    Action,
    Assign,
    Chart,
    If,
    Node,
    OutOfScope,
    Raise,
    Transition,
    slot,
)

INTERNAL, EXTERNAL = "internal:", "external:"
NEVER = "never"
"""The option of a wait that no event chooses, where there is no other."""
_INTO = "into"

Waits: TypeAlias = dict[tuple[str, str], tuple[tuple[str, tuple[str, ...]], ...]]
"""Flow and state → its options in order, each with the events that choose it."""


@dataclass(frozen=True, slots=True)
class Turned:
    """Hold the flows of a case, the flow it begins with, and what its waits listen for."""

    flows: Flows
    first: str
    waits: Waits


def turn(chart: Chart) -> Turned:
    """Turn a case into flows.

    Raises:
        OutOfScope: some part of it has no like in our model.
    """
    turner = _Turner(chart)
    turner.whole()
    memory = {name: slot(name, first) for name, first in chart.data.items()}
    lines = {name: Line("line") for name in LINE_IDS}
    known = Globals(_flow(chart.root), memory, lines, (), ())
    return Turned(Flows(turner.flows, known), _flow(chart.root), turner.waits)


def _flow(node: Node) -> str:
    return f"flow_{node.id}"


@dataclass(eq=False)
class _Turner:
    chart: Chart
    flows: dict[str, Flow] = field(default_factory=dict)
    waits: Waits = field(default_factory=dict)
    entered: dict[str, dict[str, Node]] = field(default_factory=dict)
    """Node that holds others → the places in it at which it is entered, beside its own beginning."""

    def whole(self) -> None:
        """Turn every state that holds others; where each is entered is known only when all are turned."""
        holders = [node for node in self.chart.root.within() if node.children]
        self._outliving()
        makers = {node.id: _FlowMaker(self, node) for node in holders}
        for maker in makers.values():
            maker.make()
        size = -1
        while size != (size := sum(maker.settle(makers) for maker in makers.values())):
            pass
        for maker in makers.values():
            maker.finish(makers)

    def _outliving(self) -> None:
        """Refuse a delayed event that is awaited where its state has been left."""
        for node in self.chart.root.within():
            inside = set(node.within())
            for delayed in node.delayed:
                for other in self.chart.root.within():
                    named = any(delayed.event in one.events for one in other.transitions)
                    if named and other not in inside and node not in set(other.within()):
                        raise OutOfScope(
                            "a delayed event that outlives its state: a timer goes with its wait"
                        )


@dataclass(eq=False)
class _FlowMaker:
    """Make the flow of one state that holds others."""

    turner: _Turner
    node: Node
    states: dict[str, State] = field(default_factory=dict)
    outcomes: dict[str, Transition] = field(default_factory=dict)
    calls: dict[str, Node] = field(default_factory=dict)
    number: int = 0

    def make(self) -> None:
        """Make every state in it."""
        for child in self.node.children:
            if child.children:
                self._holder(child, child.id, None)
            elif child.final:
                self._final(child)
            else:
                self._atomic(child)

    def settle(self, makers: Mapping[str, _FlowMaker]) -> int:
        """Make what other flows make necessary; return how much there is."""
        for target in self.turner.entered.get(self.node.id, {}).values():
            self.enter(target)
        for child in list(self.calls.values()):
            for outcome in list(makers[child.id].outcomes):
                self.returned(child, outcome)
        return len(self.states) + len(self.outcomes)

    def finish(self, makers: Mapping[str, _FlowMaker]) -> None:
        """Put the flow together, with a beginning for each place at which it is entered."""
        for name, child in self.calls.items():
            ends = {outcome: self.returned(child, outcome) for outcome in makers[child.id].outcomes}
            call = self.states[name].call
            assert call is not None
            self.states[name] = State(name, call=Call(call.flow, call.give, (), ends))
        places = sorted(self.turner.entered.get(self.node.id, {}).items())
        ways = [Way(self.enter(target), parse(f"{_INTO} == '{id}'")) for id, target in places]
        first = self.enter(self._first(self.node))
        self.states["begin"] = State("begin", goto=(*ways, Way(first)))
        ended = ("in pass", "in fail", "in other") if self.node.parent is None else tuple(self.outcomes)
        self.turner.flows[_flow(self.node)] = Flow(
            _flow(self.node), 1, "begin", ended or ("never",), self.states, {_INTO: Slot(_INTO, "text")}
        )

    def _first(self, node: Node) -> Node:
        return self.turner.chart.find(node.initial) if node.initial else node.children[0]

    # --- the states ----------------------------------------------------------------------------------

    def _atomic(self, node: Node) -> None:
        wait = f"{node.id}:wait"
        around = list(node.upwards())
        every = [(one, owner) for owner in around for one in owner.transitions]
        at_once = [(one, owner) for one, owner in every if not one.events]
        heard = [(one, owner) for one, owner in every if one.events]
        ways = self._at_once(at_once, node)
        certain = any(way.when is None for way in ways)
        after = self.chain(f"{node.id}:now", (), wait, goto=ways if certain else (*ways, Way(wait)))
        self.chain(node.id, node.entry, after)
        options, listens = [], []
        for number, (one, owner) in enumerate(heard):
            name = f"t{number}"
            to = self.leave(node, one, owner)
            options.append(Option(name, "label/x", "label/x", (Way(to),), when=one.when))
            listens.append((name, one.events))
        self.turner.waits[_flow(self.node), wait] = tuple(listens)
        # A wait must offer something; where nothing is heard, this is never chosen.
        options = options or [Option(NEVER, "label/x", "label/x", (Way(wait),))]
        timers = tuple(self._timers(node, around, heard))
        self.states[wait] = State(
            wait, say=(Line("wait"),), options=tuple(options), timers=timers, repair=Repair(give_up=None)
        )

    def _at_once(self, found: Iterable[tuple[Transition, Node]], node: Node) -> tuple[Way, ...]:
        return tuple(Way(self.leave(node, one, owner), one.when) for one, owner in found)

    def _timers(
        self, node: Node, around: Sequence[Node], heard: Sequence[tuple[Transition, Node]]
    ) -> Iterable[Timer]:
        """Yield the timers of a wait: what is promised in it or around it, and where that leads."""
        for owner in around:
            for number, delayed in enumerate(owner.delayed):
                chosen = [one for one in heard if _hears(one[0].events, delayed.event)]
                if chosen and chosen[0][0].when is not None:
                    raise OutOfScope("a delayed event with a condition: a timer leads to one place")
                if chosen:
                    to = self.leave(node, *chosen[0])
                    yield Timer(f"{owner.id}:{number}", max(delayed.after, 1), to=to)

    def _final(self, node: Node) -> None:
        if self.node.parent is None:
            outcome = f"in {node.id}" if node.id in {"pass", "fail"} else "in other"
            last = f"{node.id}:end"
            self.states[last] = State(last, end=outcome)
            self.chain(node.id, node.entry, last)
            return
        self._atomic(node)
        done = Raise(f"done.state.{self.node.id}")
        self.chain(node.id, [*node.entry, done], f"{node.id}:now")

    def _holder(self, node: Node, name: str, into: Node | None) -> None:
        """Make the states that enter a state which holds others: by its beginning, or into a place in it."""
        if name in self.states:
            return
        call = f"{name}:call"
        give = () if into is None else (Setter(_INTO, into.id),)
        self.states[call] = State(call, call=Call(_flow(node), give))
        self.calls[call] = node
        self.chain(name, node.entry, call)

    # --- ways ----------------------------------------------------------------------------------------

    def enter(self, target: Node) -> str:
        """Return the state by which a place in this flow is entered."""
        if target.parent is self.node:
            return target.id
        child = next(one for one in target.upwards() if one.parent is self.node)
        name = f"{child.id}:into:{target.id}"
        self.turner.entered.setdefault(child.id, {})[target.id] = target
        self._holder(child, name, target)
        return name

    def leave(self, node: Node, one: Transition, owner: Node) -> str:
        """Return the state with which a transition begins at a state of this flow."""
        name = self._name(f"{node.id}:by")
        if one.target is None:
            return self.chain(name, one.actions, f"{node.id}:wait")
        return self._out(name, node, one, owner)

    def _out(self, name: str, child: Node, one: Transition, owner: Node) -> str:
        """Leave a child of this flow, on the way to the flow that holds both ends of a transition."""
        target = self.turner.chart.find(str(one.target))
        if _domain(one, owner, target) is self.node:
            return self.chain(name, [*child.exit, *one.actions], self.enter(target))
        outcome = f"{owner.id}.{owner.transitions.index(one)}"
        self.outcomes[outcome] = one
        last = f"{outcome}:end"
        self.states[last] = State(last, end=outcome)
        return self.chain(name, child.exit, last)

    def returned(self, child: Node, outcome: str) -> str:
        """Return the state with which a transition goes on that has left a child."""
        name = f"{child.id}:left:{outcome}"
        if name not in self.states:
            owner_id, _, number = outcome.rpartition(".")
            owner = self.turner.chart.find(owner_id) if owner_id != "root" else self.turner.chart.root
            self._out(name, child, owner.transitions[int(number)], owner)
        return name

    # --- chains --------------------------------------------------------------------------------------

    def chain(self, name: str, actions: Iterable[Action], after: str, goto: tuple[Way, ...] = ()) -> str:
        """Make a chain of states that does one thing after the other; return its first."""
        todo = list(actions)
        if not todo:
            self.states[name] = State(name, goto=goto or (Way(after),))
            return name
        rest = after if len(todo) == 1 else self.chain(self._name(name), todo[1:], after, goto)
        self.states[name] = self._state(name, todo[0], rest)
        return name

    def _state(self, name: str, action: Action, rest: str) -> State:
        if isinstance(action, Raise):
            queue = INTERNAL if action.internal else EXTERNAL
            return State(name, count=queue + action.event, goto=(Way(rest),))
        if isinstance(action, Assign):
            return State(name, set=(Setter(action.name, expr=action.expr),), goto=(Way(rest),))
        return State(name, goto=self._branches(name, action, rest))

    def _branches(self, name: str, action: If, rest: str) -> tuple[Way, ...]:
        ways = [Way(self.chain(self._name(name), actions, rest), when) for when, actions in action.branches]
        return tuple(ways) if ways[-1].when is None else (*ways, Way(rest))

    def _name(self, stem: str) -> str:
        self.number += 1
        return f"{stem}:{self.number}"


def _domain(one: Transition, owner: Node, target: Node) -> Node:
    """Return the innermost state that holds both ends of a transition and is not left by it."""
    if one.internal and owner.children and owner in set(target.upwards()) - {target}:
        return owner
    outside = [node for node in owner.upwards() if node is not owner]
    above: Callable[[Node], bool] = lambda node: node in set(target.upwards()) - {target}  # noqa: E731  a line
    return next(node for node in outside if above(node))


def _hears(events: Iterable[str], event: str) -> bool:
    """Tell whether a list of events chooses one: by its name, by its beginning, or by `*`."""
    for one in events:
        stem = one.removesuffix(".*")
        if one == "*" or event == stem or event.startswith(f"{stem}."):
            return True
    return False


hears = _hears
