"""What of a flow a conversation can meet: each thing under a name of its own, with the place it is written.

Tests are measured against these: a state is entered, an option chosen, a guard found true and found false.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal, NamedTuple, TypeAlias

from bot.content.places import Path
from bot.dialogue.flow import Flow, Option, State, Transition
from bot.dialogue.flows import Globals
from bot.dialogue.guards import Guard

Kind: TypeAlias = Literal[
    "state", "option", "guard", "timer", "reprompt", "give-up", "return", "outcome", "interrupt", "danger",
    "line",
]  # fmt: skip


class Mark(NamedTuple):
    """Name one thing: of which kind, in which flow (none: everywhere), at which state, which of them.

    A guard is two things: `side` tells whether it is the guard found true or found false.
    """

    kind: Kind
    flow: str = ""
    state: str = ""
    what: str = ""
    side: bool | None = None


class Thing(NamedTuple):
    """Hold a mark, the path of what it names in its file, and the guard where it is one."""

    mark: Mark
    path: Path
    guard: Guard | None = None


def things(flow: Flow) -> Iterator[Thing]:
    """List everything a conversation can meet in a flow, in the order it is written."""
    for place, outcome in enumerate(flow.outcomes):
        yield Thing(Mark("outcome", flow.id, "", outcome), ("outcomes", place))
    for state in flow.states.values():
        yield Thing(Mark("state", flow.id, state.id), ("states", state.id))
        yield from _options(flow.id, state)
        yield from _guards(flow.id, state, "goto", state.goto, ("states", state.id, "goto"))
        yield from _repairs(flow.id, state)
        for place, timer in enumerate(state.timers):
            mark = Mark("timer", flow.id, state.id, timer.id)
            yield Thing(mark, ("states", state.id, "timers", place))
        for outcome in state.call.returns if state.call else ():
            mark = Mark("return", flow.id, state.id, outcome)
            yield Thing(mark, ("states", state.id, "returns", outcome))


def things_everywhere(common: Globals) -> Iterator[Thing]:
    """List what can be met in any flow: interrupts, dangers, and the lines the core itself says."""
    for place, one in enumerate(common.interrupts):
        yield Thing(Mark("interrupt", what=one.id), ("interrupts", place))
    for place, danger in enumerate(common.dangers):
        yield Thing(Mark("danger", what=f"{danger.gate} {danger.tier}"), ("dangers", place))
    for name in common.lines:
        yield Thing(Mark("line", what=name), ("lines", name))
    if common.notice is not None:
        yield Thing(Mark("line", what="notice"), ("notice",))


def guard_name(lead: str, place: int) -> str:
    """Name the guard of one way out among those behind an option's id, or behind `goto`."""
    return f"{lead} → {place + 1}"


def _options(flow: str, state: State) -> Iterator[Thing]:
    for place, option in enumerate(state.options):
        path = ("states", state.id, "options", place)
        yield Thing(Mark("option", flow, state.id, option.id), path)
        yield from _shown(flow, state, option, path)
        yield from _guards(flow, state, option.id, option.to, (*path, "to"))


def _shown(flow: str, state: State, option: Option, path: Path) -> Iterator[Thing]:
    button = option.button if option.button is not None and option.button.names else None
    for key, guard in (("if", option.when), ("button", button)):
        if guard is not None:
            yield from _sides(Mark("guard", flow, state.id, f"{option.id} {key}"), (*path, key), guard)


def _guards(flow: str, state: State, lead: str, ways: tuple[Transition, ...], path: Path) -> Iterator[Thing]:
    for place, way in enumerate(ways):
        if way.when is not None:
            mark = Mark("guard", flow, state.id, guard_name(lead, place))
            yield from _sides(mark, (*path, place, "if"), way.when)


def _sides(mark: Mark, path: Path, guard: Guard) -> Iterator[Thing]:
    for side in (True, False):
        yield Thing(mark._replace(side=side), path, guard)


def _repairs(flow: str, state: State) -> Iterator[Thing]:
    if not state.waits:
        return
    home = ("states", state.id, "ask" if state.ask else "other")
    for place in range(min(len(state.repair.reprompt), state.repair.max_tries - 1)):
        yield Thing(Mark("reprompt", flow, state.id, str(place + 1)), (*home, "reprompt", place))
    if state.repair.give_up is not None:
        yield Thing(Mark("give-up", flow, state.id), (*home, "give_up"))
