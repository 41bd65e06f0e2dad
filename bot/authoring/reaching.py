"""How a test might reach what no test has met: the shortest way there from where its flow begins.

It is a hint read off the graph: guards on the way are named where they matter, and not solved.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import TypeAlias

from bot.content.chart import span
from bot.content.marks import Kind, Thing
from bot.dialogue.flow import Flow, Option, State, Timer
from bot.dialogue.flows import Flows

Ways: TypeAlias = Mapping[str, tuple[str, ...]]
"""The steps of a test that lead to each state and outcome of a flow, the fewest there are."""
NO_ANSWER = '{user: "(what fits no answer)"}'
_MOST_STEPS = 6
"""Steps of a way that are still read at a glance; of a longer one the last are shown."""


def ways_of(flow: Flow) -> Ways:
    """Find the shortest way to everything in a flow, over all that leads on, whatever its guard."""
    found: dict[str, tuple[str, ...]] = {flow.entry: ()}
    waiting = [flow.entry]
    while waiting:
        state = flow.states.get(waiting.pop(0))
        for step, target in _leads(state) if state else ():
            if target not in found and state:
                found[target] = found[state.id] + ((step,) if step else ())
                waiting.append(target)
    return found


def _leads(state: State) -> Iterator[tuple[str, str]]:
    """Yield what leads out of a state, as the step of a test, and where to; what costs nothing first."""
    if state.end is not None:
        yield "", state.end
    for option in state.options:
        yield from ((f"{{press: {option.id}}}", way.to) for way in option.to)
    step = '{user: "…"}' if state.waits else ""
    yield from ((step, way.to) for way in state.goto)
    if state.call is not None:
        yield from ((f"({state.call.flow} ends: {out})", to) for out, to in state.call.returns.items())
    yield from ((_turn(timer), timer.to) for timer in state.timers if timer.to)
    if state.waits and state.repair.give_up is not None:
        yield f"{NO_ANSWER} ×{state.repair.max_tries}", state.repair.give_up


def _turn(timer: Timer) -> str:
    return f"{{advance: {span(timer.after)}}}" if timer.after else f"(the hour in {timer.at})"


def hint(flows: Flows, thing: Thing, ways: Ways) -> str:
    """Say in one line how a test might meet a thing."""
    mark = thing.mark
    if not mark.flow:
        return _anywhere(thing)
    flow = flows.flows[mark.flow]
    if mark.kind == "outcome":
        return _way(ways, mark.what)
    state = flow.states[mark.state]
    return f"{_way(ways, mark.state)}{_last(state, thing)}"


def _way(ways: Ways, target: str) -> str:
    if target not in ways:
        return "nothing leads there: "
    steps = ways[target]
    cut = ["…"] if len(steps) > _MOST_STEPS else []
    return ", ".join([*cut, *steps[-_MOST_STEPS:]]) + (", " if steps else "")


def _last(state: State, thing: Thing) -> str:
    """Return the last step of the way, at the state of the thing."""
    what = thing.mark.what
    if thing.guard is not None:
        return f"with `{thing.guard.source}` {'true' if thing.mark.side else 'false'} at {state.id}"
    last: dict[Kind, Callable[[], str]] = {
        "state": lambda: "and it is entered",
        "option": lambda: _press(next(one for one in state.options if one.id == what)),
        "timer": lambda: _turn(next(one for one in state.timers if one.id == what)),
        "reprompt": lambda: f"{NO_ANSWER} ×{what}",
        "give-up": lambda: f"{NO_ANSWER} ×{state.repair.max_tries}",
        "return": lambda: f"and {state.call.flow if state.call else ''} ends: {what}",
    }
    return last[thing.mark.kind]()


def _press(option: Option) -> str:
    return f"{{press: {option.id}}}" + (f", shown if {option.when.source}" if option.when else "")


def _anywhere(thing: Thing) -> str:
    kind, what = thing.mark.kind, thing.mark.what
    if kind == "interrupt":
        return f"{{command: {what}}}, or its words, at any wait"
    if kind == "danger":
        return f"a text with a {what.rpartition(' ')[2]} sign of {what.partition(' ')[0]}, in any state"
    return f"whatever makes the bot say `{what}`"
