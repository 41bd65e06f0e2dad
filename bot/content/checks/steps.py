"""What happens within one step, without anybody being asked: no circle, no recursion, no stack too deep."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import TypeAlias

from bot.content.checks.circles import circles, strong
from bot.content.checks.webs import Net, Web
from bot.content.faults import Fault
from bot.dialogue.walk import MOST_FRAMES

Place: TypeAlias = tuple[str, str]
"""A flow and one of its states."""


@dataclass(eq=False)
class Steps:
    """Hold what moves on by itself.

    `moves` leads from each state that does not wait to the next ones of the same step, `cut` holds those in a
    circle. `order` names every flow after those it calls, `rings` holds flows that call one another, and
    `openings` where a step can begin inside each flow: all that its waits lead to.
    """

    net: Net
    through: dict[str, frozenset[str]] = field(default_factory=dict)
    """Outcomes that each flow can reach without asking anybody."""
    moves: dict[Place, list[Place]] = field(default_factory=dict)
    cut: set[Place] = field(default_factory=set)
    calls: dict[str, dict[str, str]] = field(default_factory=dict)
    """Flow → flow it calls → the first state that does."""
    rings: list[set[str]] = field(default_factory=list)
    order: list[str] = field(default_factory=list)
    openings: dict[str, set[str]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.through = _through(self.net)
        for web in self.net.webs.values():
            self._trace(web)
        self.circles = circles(self.moves)
        self.cut = set[Place]().union(*self.circles)
        self.rings = circles(self.calls)
        self.order = [flow for group in strong(self.calls) for flow in group]

    def recursive(self, flow: str, called: str) -> bool:
        """Tell whether a call stands in a ring of flows that call one another."""
        return any(flow in ring and called in ring for ring in self.rings)

    def _trace(self, web: Web) -> None:
        called = self.calls[web.id] = {}
        opened = self.openings[web.id] = set()
        for id, state in web.flow.states.items():
            if id in web.waits or id in web.faulty:
                opened.update(web.goals[id])
                continue
            goals = [(web.id, to) for to in web.goals[id]] if state.call is None else []
            if state.call is not None and (callee := self.net.webs.get(state.call.flow)) is not None:
                called.setdefault(callee.id, id)
                passed = self.through[callee.id] & web.returns[id].keys()
                goals = [(callee.id, start) for start in callee.starts]
                goals += [(web.id, web.returns[id][outcome]) for outcome in sorted(passed)]
            self.moves[web.id, id] = goals


def _through(net: Net) -> dict[str, frozenset[str]]:
    """Return, for each flow, the outcomes it can reach without asking anybody."""
    found: dict[str, frozenset[str]] = dict.fromkeys(net.webs, frozenset())
    asking = [web for web in net.webs.values() if not web.waits.issuperset(web.starts)]
    changed = True
    while changed:
        changed = False
        for web in asking:
            passed = _passed(web, found)
            changed = changed or passed != found[web.id]
            found[web.id] = passed
    return found


def _passed(web: Web, through: Mapping[str, frozenset[str]]) -> frozenset[str]:
    seen = set(web.starts)
    rest = list(seen)
    while rest:
        state = web.flow.states.get(rest.pop())
        if state is None or state.id in web.waits:
            continue
        goals = web.goals[state.id]
        if state.call is not None:
            passed = through.get(state.call.flow, frozenset())
            goals = tuple(to for outcome, to in web.returns[state.id].items() if outcome in passed)
        rest += [to for to in goals if to not in seen]
        seen.update(goals)
    return frozenset(seen - web.flow.states.keys())


# --- faults --------------------------------------------------------------------------------------------


def faults(steps: Steps) -> Iterator[Fault]:
    """Report circles without a wait, recursion, and flows stacked too deep."""
    order = {place: number for number, place in enumerate(steps.moves)}
    told: set[str] = set()
    for ring in steps.circles:
        call = next((one for one in sorted(ring, key=order.__getitem__) if _enters(steps, one, ring)), None)
        if call is None:
            yield _circle(steps, ring, min(ring, key=order.__getitem__))
        else:
            told |= {flow for flow, _ in ring}
            yield _recursion(steps, call)
    for flows in steps.rings:
        if not flows <= told:
            yield _unbounded(steps, flows)
    yield from _too_deep(steps)


def _enters(steps: Steps, place: Place, ring: set[Place]) -> bool:
    """Tell whether a place of a ring calls a flow whose beginning is in the ring."""
    call = steps.net.webs[place[0]].flow.states[place[1]].call
    callee = None if call is None else steps.net.webs.get(call.flow)
    return callee is not None and any((callee.id, start) in ring for start in callee.starts)


def _circle(steps: Steps, ring: set[Place], first: Place) -> Fault:
    way = [first]
    while way[-1] != first or len(way) == 1:
        inside = [to for to in steps.moves[way[-1]] if to in ring]
        way.append(first if first in inside else next((to for to in inside if to not in way), first))
    shown = " → ".join(state for _, state in way)
    web = steps.net.webs[first[0]]
    message = f"these states lead to one another and none of them waits: {shown}"
    return Fault("S208", web.key("states", first[1]), message, "let one wait, or lead a way out")


def _recursion(steps: Steps, place: Place) -> Fault:
    web = steps.net.webs[place[0]]
    called = web.calls[place[1]].flow
    message = f"state {place[1]!r} calls {called!r}, and comes back here before anybody is asked"
    fix = "ask something before the call, or go to a state instead"
    return Fault("C407", web.spot("states", place[1], "call"), message, fix)


def _unbounded(steps: Steps, flows: set[str]) -> Fault:
    caller = next(flow for flow in steps.calls if flow in flows)
    called = next(one for one in steps.calls[caller] if one in flows)
    web = steps.net.webs[caller]
    message = (
        f"{caller!r} calls {called!r}, which leads back to {caller!r}: the stack would grow without bound"
    )
    fix = "end one flow before the next begins, or go to a state of the same flow"
    return Fault("S211", web.spot("states", steps.calls[caller][called], "call"), message, fix)


def _too_deep(steps: Steps) -> Iterator[Fault]:
    """Report the call that stacks one flow too many, with room kept for the deepest interrupt."""
    straight = {
        flow: [one for one in called if not steps.recursive(flow, one)]
        for flow, called in steps.calls.items()
    }
    interrupts = [one.call for one in steps.net.globals.interrupts if one.call and one.call in straight]
    heights = _heights(straight)
    room = MOST_FRAMES - max((heights[one] for one in interrupts), default=0)
    levels = _levels(straight)
    for flow, called in straight.items():
        for one in called:
            if levels[flow] == room and levels[one] == room + 1:
                web = steps.net.webs[flow]
                message = f"calling {one!r} here stacks {room + 1} flows, and there is room for {room}"
                fix = "end a flow before the next begins"
                yield Fault("S211", web.spot("states", steps.calls[flow][one], "call"), message, fix)
                levels[one] = 0  # told once, whoever else calls it


def _heights(calls: Mapping[str, list[str]]) -> dict[str, int]:
    """Return how many flows each can stack, itself included."""
    heights = dict.fromkeys(calls, 1)
    for _ in range(MOST_FRAMES + 1):
        for flow, called in calls.items():
            heights[flow] = min(MOST_FRAMES + 1, 1 + max((heights[one] for one in called), default=0))
    return heights


def _levels(calls: Mapping[str, list[str]]) -> dict[str, int]:
    """Return how deep in the stack each flow can stand, from 1."""
    levels = dict.fromkeys(calls, 1)
    for _ in range(MOST_FRAMES + 1):
        for flow, called in calls.items():
            for one in called:
                levels[one] = max(levels[one], min(MOST_FRAMES + 1, levels[flow] + 1))
    return levels
