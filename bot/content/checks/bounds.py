"""How much one answer can set off before somebody is asked: states passed, and messages said.

Both are longest ways without a wait, across calls and returns. Each flow is measured once: from its entry
(`rel`, to which comes whatever its caller has done already) and from the waits inside it (`since`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from bot.content.checks.steps import Steps
from bot.content.checks.webs import Net, Web
from bot.content.faults import Fault
from bot.dialogue.draft import MOST_MESSAGES
from bot.dialogue.flow import State
from bot.dialogue.walk import MOST_STATES


@dataclass(eq=False)
class Measure:
    """Say what is counted: what a state weighs, what passing an outcome weighs, and the most there may be."""

    weight: Callable[[State, Web], int]
    passing: int
    most: int
    code: str
    what: str
    fix: str


@dataclass(eq=False)
class Tally:
    """Hold the longest ways through one flow, by state and outcome; `base` is what its callers bring."""

    web: Web
    rel: dict[str, int] = field(default_factory=dict)
    since: dict[str, int] = field(default_factory=dict)
    base: int = 0

    def total(self, name: str) -> int:
        """Return the most that can be counted when this state or outcome has been passed."""
        rel = self.rel[name] + self.base if name in self.rel else 0
        return max(rel, self.since.get(name, 0))


def faults(steps: Steps) -> Iterator[Fault]:
    """Report where one answer would pass too many states or be followed by too many messages."""
    for measure in (_STATES, _MESSAGES):
        tallies = _measured(steps, measure)
        for tally in tallies.values():
            yield from _crossings(tally, measure)
        if measure is _MESSAGES:
            yield from _asked_again(steps.net, tallies, measure)


def _state_weight(state: State, web: Web) -> int:
    """Count a state, and the outcome it may move on to: the core counts both."""
    ends = (
        state.id not in web.waits
        and state.call is None
        and not web.flow.states.keys() >= set(web.goals[state.id])
    )
    return 2 if ends else 1


_STATES = Measure(
    _state_weight,
    1,
    MOST_STATES,
    "S209",
    f"one answer can pass {{}} states up to here, more than {MOST_STATES}",
    "join states, or ask something on the way",
)
_MESSAGES = Measure(
    lambda state, _: len(state.say),
    0,
    MOST_MESSAGES,
    "S210",
    f"up to here {{}} messages can follow one answer, more than {MOST_MESSAGES}",
    "join two messages in one prompt, or ask something on the way",
)


def _measured(steps: Steps, measure: Measure) -> dict[str, Tally]:
    """Measure every flow, called ones before their callers; calls in a ring of flows do not count."""
    tallies = {id: Tally(web) for id, web in steps.net.webs.items()}
    for flow in steps.order:
        _Flow(steps, measure, tallies, flow).count()
    for flow in reversed(steps.order):
        tally = tallies[flow]
        for state, call in tally.web.calls.items():
            if call.flow in tallies and not steps.recursive(flow, call.flow):
                callee = tallies[call.flow]
                callee.base = max(callee.base, tally.total(state))
    return tallies


@dataclass(eq=False)
class _Flow:
    """Measure one flow, given what is known of those it calls."""

    steps: Steps
    measure: Measure
    tallies: dict[str, Tally]
    flow: str

    def count(self) -> None:
        """Lengthen the ways of this flow as far as they go."""
        tally = self.tallies[self.flow]
        web = tally.web
        for start in web.starts:
            self.raise_to(tally.rel, start, 0)
        openings = self.steps.openings[self.flow]
        for name in openings & web.waits:
            tally.since[name] = self.measure.weight(web.flow.states[name], web)
        for name in openings - web.waits:
            self.raise_to(tally.since, name, 0)
        for id in web.returns:
            self.returned(id)

    def raise_to(self, counts: dict[str, int], name: str, before: int) -> None:
        """Count a name that comes after `before`, and what follows it in the same step."""
        rest = [(name, before)]
        web = self.tallies[self.flow].web
        while rest:
            name, before = rest.pop()
            state = web.flow.states.get(name)
            weight = self.measure.passing if state is None else self.measure.weight(state, web)
            total = before + weight
            if counts.get(name, -1) >= total or (self.flow, name) in self.steps.cut:
                continue
            counts[name] = total
            if state is not None and name not in web.waits:
                rest += self.next(state, total)

    def next(self, state: State, total: int) -> list[tuple[str, int]]:
        """Return what follows a state that does not wait, and the count when it does."""
        web = self.tallies[self.flow].web
        if state.call is None:
            # The outcome is in the state's own weight.
            return [
                (to, total - (to not in web.flow.states) * self.measure.passing) for to in web.goals[state.id]
            ]
        callee = self.tallies.get(state.call.flow)
        if callee is None or self.steps.recursive(self.flow, state.call.flow):
            return []
        return [
            (to, total + callee.rel[outcome])
            for outcome, to in web.returns[state.id].items()
            if outcome in callee.rel
        ]

    def returned(self, state: str) -> None:
        """Go on after a call that asked something: what counts began inside the called flow."""
        tally = self.tallies[self.flow]
        callee = self.tallies.get(tally.web.calls[state].flow)
        if callee is None or self.steps.recursive(self.flow, callee.web.id):
            return
        for outcome, to in tally.web.returns[state].items():
            if outcome in callee.since:
                self.raise_to(tally.since, to, callee.since[outcome])


# --- faults --------------------------------------------------------------------------------------------


def _crossings(tally: Tally, measure: Measure) -> Iterator[Fault]:
    """Report the states with which the most is passed for the first time."""
    for id, state in tally.web.flow.states.items():
        total = tally.total(id)
        if total > measure.most and total - measure.weight(state, tally.web) <= measure.most:
            spot = tally.web.key("states", id)
            yield Fault(measure.code, spot, measure.what.format(total), measure.fix)


def _asked_again(net: Net, tallies: dict[str, Tally], measure: Measure) -> Iterator[Fault]:
    """Report outcomes after which the open question is one message too many."""
    interrupts = {one.call for one in net.globals.interrupts}
    for flow, tally in tallies.items():
        for place, outcome in enumerate(tally.web.flow.outcomes):
            asks = flow in interrupts or outcome in net.globals.resume
            if asks and tally.total(outcome) == measure.most:
                spot = tally.web.spot("outcomes", place)
                message = f"{measure.most} messages can come before {outcome!r}, and then the open question"
                yield Fault(measure.code, spot, message, "say less before the end")
