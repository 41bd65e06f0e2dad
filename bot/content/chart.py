"""A flow as a drawing sees it: nodes, and edges with what leads along them."""

from __future__ import annotations

from collections.abc import Iterator, Set
from dataclasses import dataclass, replace
from typing import Literal, TypeAlias

from bot.content.marks import Mark as Met
from bot.content.marks import guard_name
from bot.dialogue.flow import Flow, Option, State, Timer, Transition
from bot.dialogue.flows import Flows

Shape: TypeAlias = Literal["entry", "waits", "calls", "moves", "outcome"]
Mark: TypeAlias = Literal["", "gate", "toward", "elsewhere"]
ENTRY = "("
ANYWHERE = "*"
"""Ids of the two nodes that are no state and no flow; neither could be the id of one."""
NEVER, HALF = "✗", "½"
"""Signs before a way that no test goes, and before one whose guard was found only true or only false."""
_MOST_LINES = 6
"""Lines of one edge's label that are still read; the rest is a count."""


@dataclass(frozen=True, slots=True)
class Node:
    """Draw one state, outcome or flow: its name and, below it, a few notes; `unmet` if no test enters it."""

    id: str
    title: str
    shape: Shape
    notes: tuple[str, ...] = ()
    mark: Mark = ""
    unmet: bool = False


@dataclass(frozen=True, slots=True)
class Edge:
    """Lead from node to node. `label` holds a line for each way; `silent` ways need no word of the person.

    It is `unmet` if no test goes any of its ways.
    """

    source: str
    target: str
    label: tuple[str, ...] = ()
    silent: bool = False
    unmet: bool = False


@dataclass(frozen=True, slots=True)
class Chart:
    """Hold a drawing. `about` says in one sentence what it shows."""

    id: str
    title: str
    about: str
    nodes: tuple[Node, ...]
    edges: tuple[Edge, ...]


def chart(flow: Flow, unmet: Set[Met] = frozenset()) -> Chart:
    """Draw a flow: its states in their order, then its outcomes; what is `unmet` by tests is marked."""
    states = [_state(flow.id, state, unmet) for state in flow.states.values()]
    outcomes = [
        Node(outcome, outcome, "outcome", unmet=Met("outcome", flow.id, "", outcome) in unmet)
        for outcome in flow.outcomes
        if outcome not in flow.states
    ]
    about = (
        f"The flow {flow.id}: {len(states)} states. It begins at {flow.entry} "
        f"and ends as {' or '.join(flow.outcomes)}."
    )
    nodes = (Node(ENTRY, flow.id, "entry"), *states, *outcomes)
    return Chart(flow.id, f"{flow.id}, version {flow.version}", about, nodes, _merged(_ways(flow, unmet)))


def overview(flows: Flows) -> Chart:
    """Draw which flow calls which, which it begins later, and which may begin anywhere."""
    ids = ", ".join(flows.flows)
    nodes = [Node(ENTRY, "lowtide", "entry"), Node(ANYWHERE, "anywhere", "moves")]
    nodes += [_flow(flow) for flow in flows.flows.values()]
    about = (
        f"All flows and how they call each other: {ids}. A conversation begins with {flows.globals.start}."
    )
    return Chart("flows", "All flows", about, tuple(nodes), _merged(_calls(flows)))


def folded(drawn: Chart) -> Chart:
    """Return the chart with loops, and silent ways to an outcome, as notes instead of edges.

    Every wait has such ways out, and every call hands its own on; drawn as edges they would hide the others.
    """
    outcomes = {node.id for node in drawn.nodes if node.shape == "outcome"}
    quiet = {edge.target for edge in drawn.edges if edge.silent} & outcomes
    kept: list[Edge] = []
    notes: dict[str, list[str]] = {}
    for edge in drawn.edges:
        if edge.source == edge.target:
            notes.setdefault(edge.source, []).extend(f"{line} ↺" for line in edge.label or ("goes on",))
        elif edge.target in quiet and (edge.silent or edge.label == (edge.target,)):
            notes.setdefault(edge.source, []).extend(f"{line} → {edge.target}" for line in edge.label)
        else:
            kept.append(edge)
    return replace(drawn, nodes=tuple(_noted(drawn.nodes, kept, notes)), edges=tuple(kept))


def _noted(nodes: tuple[Node, ...], edges: list[Edge], notes: dict[str, list[str]]) -> Iterator[Node]:
    """Add notes to nodes; an outcome that no edge leads to any more is left out."""
    met = {edge.target for edge in edges}
    for node in nodes:
        if node.shape != "outcome" or node.id in met:
            yield replace(node, notes=(*node.notes, *notes.get(node.id, ())))


def shown(label: tuple[str, ...]) -> tuple[str, ...]:
    """Return the lines of an edge's label that a drawing has room for."""
    if len(label) <= _MOST_LINES:
        return label
    return (*label[: _MOST_LINES - 1], f"and {len(label) - _MOST_LINES + 1} more")


def span(seconds: int) -> str:
    """Write a duration as an author does: `20h`, `3d`."""
    units = {"w": 604800, "d": 86400, "h": 3600, "m": 60}
    return next(
        (f"{seconds // size}{unit}" for unit, size in units.items() if seconds % size == 0), f"{seconds}s"
    )


def _flow(flow: Flow) -> Node:
    return Node(flow.id, flow.id, "calls", (f"{len(flow.states)} states",))


def _state(flow: str, state: State, unmet: Set[Met]) -> Node:
    shape: Shape = "waits" if state.waits else "calls" if state.call else "moves"
    mark: Mark = "gate" if state.gate else state.rung or ""
    notes = (*_notes(state), *_unmet_notes(flow, state, unmet))
    return Node(state.id, state.id, shape, notes, mark, Met("state", flow, state.id) in unmet)


def _unmet_notes(flow: str, state: State, unmet: Set[Met]) -> Iterator[str]:
    """Name what is met, or not, without going anywhere: nudges and reprompts."""
    for timer in state.timers:
        if timer.say and Met("timer", flow, state.id, timer.id) in unmet:
            yield f"{NEVER} nudge {timer.id}"
    if any(mark.kind == "reprompt" and mark[1:3] == (flow, state.id) for mark in unmet):
        yield f"{NEVER} reprompts"


def _notes(state: State) -> Iterator[str]:
    if state.gate:
        yield f"★ gate {state.gate}"
    if state.rung:
        yield f"★ rung {state.rung}"
    if state.say:
        more = f" +{len(state.say) - 1}" if len(state.say) > 1 else ""
        yield f"says {state.say[0].prompt}{more}"
    if state.ask:
        yield f"asks {state.ask.slot}"
    if state.call:
        yield f"calls {state.call.flow}"
    yield from (f"nudge {_when(timer)}" for timer in state.timers if timer.say)
    yield from (f"later {remind.flow}" for remind in state.remind)


def _when(timer: Timer) -> str:
    return f"at {timer.at}" if timer.at else f"after {span(timer.after or 0)}"


def _ways(flow: Flow, unmet: Set[Met]) -> Iterator[Edge]:
    yield Edge(ENTRY, flow.entry)
    if flow.careful:
        yield Edge(ENTRY, flow.careful, ("while careful",), silent=True)
    for state in flow.states.values():
        yield from _answers(flow.id, state, unmet)
        yield from _silences(flow.id, state, unmet)


def _answers(flow: str, state: State, unmet: Set[Met]) -> Iterator[Edge]:
    for option in state.options:
        yield from _option(flow, state, option, unmet)
    for place, way in enumerate(state.goto):
        lead = state.ask.slot if state.ask else ""
        label = tuple(filter(None, (_guarded(lead, way, first=place == 0),)))
        yield _met(Edge(state.id, way.to, label), _sides(flow, state, "goto", place, unmet))
    if state.call:
        for outcome, target in state.call.returns.items():
            gone = [Met("return", flow, state.id, outcome) not in unmet]
            yield _met(Edge(state.id, target, (outcome,)), gone)
    if state.end:
        yield _met(Edge(state.id, state.end), [Met("state", flow, state.id) not in unmet])


def _option(flow: str, state: State, option: Option, unmet: Set[Met]) -> Iterator[Edge]:
    lead = f"{option.id} (if {option.when.source})" if option.when else option.id
    chosen = Met("option", flow, state.id, option.id) not in unmet
    for place, way in enumerate(option.to):
        edge = Edge(state.id, way.to, (_guarded(lead, way, first=place == 0),))
        yield _met(edge, _sides(flow, state, option.id, place, unmet) if chosen else [False])


def _sides(flow: str, state: State, lead: str, place: int, unmet: Set[Met]) -> list[bool]:
    """Tell of a way's guard which of its sides were met; of a way without one, whether it was gone.

    The last of a list is gone where the guard before it was found false.
    """
    ways = state.goto if lead == "goto" else next(one.to for one in state.options if one.id == lead)
    name = guard_name(lead, place if ways[place].when else place - 1)
    guard = Met("guard", flow, state.id, name)
    if ways[place].when:
        return [guard._replace(side=side) not in unmet for side in (True, False)]
    gone = guard._replace(side=False) if place else Met("state", flow, state.id)
    return [gone not in unmet]


def _met(edge: Edge, sides: list[bool]) -> Edge:
    """Put a sign before the label of a way that no test goes, or before half a guard."""
    if all(sides):
        return edge
    sign = HALF if any(sides) else NEVER
    return replace(edge, label=(f"{sign} {''.join(edge.label)}".strip(),), unmet=not any(sides))


def _guarded(lead: str, way: Transition, *, first: bool) -> str:
    guard = f"if {way.when.source}" if way.when else "" if first else "else"
    return f"{lead} {guard}".strip()


def _silences(flow: str, state: State, unmet: Set[Met]) -> Iterator[Edge]:
    for timer in state.timers:
        if timer.to:
            gone = [Met("timer", flow, state.id, timer.id) not in unmet]
            yield _met(Edge(state.id, timer.to, (_when(timer),), silent=True), gone)
    if state.waits and state.repair.give_up:
        gone = [Met("give-up", flow, state.id) not in unmet]
        label = (f"{state.repair.max_tries} misses",)
        yield _met(Edge(state.id, state.repair.give_up, label, silent=True), gone)


def _calls(flows: Flows) -> Iterator[Edge]:
    known = flows.globals
    yield Edge(ENTRY, known.start)
    for danger in known.dangers:
        yield Edge(ANYWHERE, danger.call, (f"danger {danger.gate}, {danger.tier}",))
    for interrupt in known.interrupts:
        if interrupt.call:
            yield Edge(ANYWHERE, interrupt.call, (f"/{interrupt.command or interrupt.id}",))
    for flow in flows.flows.values():
        for state in flow.states.values():
            if state.call:
                yield Edge(flow.id, state.call.flow)
            for remind in state.remind:
                yield Edge(flow.id, remind.flow, ("later",), silent=True)


def _merged(edges: Iterator[Edge]) -> tuple[Edge, ...]:
    """Put ways that run side by side on one edge, in the order of the first."""
    side_by_side: dict[tuple[str, str, bool], list[Edge]] = {}
    for edge in edges:
        side_by_side.setdefault((edge.source, edge.target, edge.silent), []).append(edge)
    return tuple(
        replace(
            ways[0],
            label=tuple(dict.fromkeys(line for way in ways for line in way.label)),
            unmet=all(way.unmet for way in ways),
        )
        for ways in side_by_side.values()
    )
