"""What the two gates were answered, as sets that are joined by one look into a table.

The answers to both gates are a number 0–8, a set of such answers a number of nine bits.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from itertools import product
from typing import TypeAlias

from bot.content.checks.webs import GATES, Web, gate_of
from bot.dialogue.flow import State

Answers: TypeAlias = int
"""A set of answers to both gates: bit 3 × person_check + wanted_check (0 unasked, 1 failed, 2 passed)."""

UNASKED, FAILED, PASSED = range(3)
NOTHING: Answers = 1
"""Neither gate was asked; joined to another set it changes nothing."""
OPEN: Answers = 1 << 8
"""Both gates were passed."""
ASKED: Answers = sum(1 << 3 * a + b for a, b in product((FAILED, PASSED), repeat=2))
"""Both gates were asked."""


@cache
def joined(before: Answers, after: Answers) -> Answers:
    """Return the answers after more of them: a gate that is asked again counts by its last answer."""
    if before == NOTHING:
        return after
    if after == NOTHING:
        return before
    found = 0
    for one, other in product(members(before), members(after)):
        person, wanted = other // 3 or one // 3, other % 3 or one % 3
        found |= 1 << 3 * person + wanted
    return found


@cache
def repeated(answers: Answers) -> Answers:
    """Return the answers after a set of them any number of times, also none."""
    found = NOTHING
    while (more := found | joined(found, answers)) != found:
        found = more
    return found


@cache
def members(answers: Answers) -> tuple[int, ...]:
    """Return the single answers of a set."""
    return tuple(one for one in range(9) if answers >> one & 1)


def single(gate: str, answer: int) -> Answers:
    """Return the set that holds one answer to one gate, the other unasked."""
    return 1 << (3 * answer if gate == GATES[0] else answer)


def allowed(state: State) -> Answers:
    """Return the answers with which a state may be reached."""
    if state.rung is None:
        return (1 << 9) - 1
    return OPEN if state.rung == "toward" else ASKED


def leads(web: Web, state: State) -> Iterator[tuple[str, Answers]]:
    """Yield where a state leads, and what that answers: a gate is passed only by an option that says so.

    Whatever else ends the wait fails it. A gate that has a fault of its own counts as passed: that fault is
    told, and the ways behind it should not be told as well.
    """
    passing = {way.to for option in state.options if option.passes for way in option.to}
    if state.gate is None and not passing and state.id not in web.faulty:
        for to in web.straight(state.id):
            yield to, NOTHING
        return
    gate = gate_of(state)
    if gate is None or not passing or state.id in web.faulty:
        for to in web.straight(state.id):
            yield to, OPEN
        return
    for ways, answer in ((_failing(state), FAILED), (passing, PASSED)):
        for to in ways & web.known:
            yield to, single(gate, answer)


def _failing(state: State) -> set[str]:
    """Return where a gate leads when it is not passed."""
    failing = {way.to for option in state.options if not option.passes for way in option.to}
    failing |= {timer.to for timer in state.timers if timer.to is not None}
    failing |= {way.to for way in state.goto}
    return failing | ({state.repair.give_up} if state.repair.give_up is not None else set())
