"""What is listened for in a story: the questions are there, their answers fit, and no gate is among them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from bot.content.checks.webs import Net, Web, mean
from bot.content.faults import Fault, did_you_mean
from bot.content.yaml12 import Path
from bot.dialogue.flow import Hears, Slot, State


def faults(net: Net) -> Iterator[Fault]:
    """Check every `hears` of every flow, and what comes `first` among buttons."""
    for web in net.webs.values():
        for one, at in everywhere(web):
            slot = web.scope.get(one.slot)
            if slot is not None and slot.id not in web.vague:
                yield from _heard(net, web, one, slot, at)
        for state in web.flow.states.values():
            yield from _first(web, state)


def everywhere(web: Web) -> Iterator[tuple[Hears, Path]]:
    """Yield what is listened for in a flow, and where that is written."""
    yield from ((one, ("hears", one.slot)) for one in web.flow.hears)
    for state in web.flow.states.values():
        hears: Sequence[Hears] = () if state.ask is None else state.ask.hears
        yield from ((one, ("states", state.id, "ask", "hears", one.slot)) for one in hears)


def _heard(net: Net, web: Web, one: Hears, slot: Slot, at: Path) -> Iterator[Fault]:
    if one.moment:
        return _moment(web, slot, at)
    return _words(web, one, slot, at) if one.keys else _question(net, web, one, slot, at)


def _moment(web: Web, slot: Slot, at: Path) -> Iterator[Fault]:
    """Check that an hour is asked for, beside which a day may be named, and that a duration is kept."""
    state = web.flow.states.get(str(at[1])) if at[0] == "states" else None
    asked = None if state is None or state.ask is None else web.scope.get(state.ask.slot)
    if slot.type != "duration":
        message = f"a moment is kept as how far off it is, and slot {slot.id!r} is {slot.type}"
        yield Fault("S224", web.spot(*at), message, "name a slot of `type: duration`")
    elif asked is None or asked.type != "time":
        message = "a moment is heard where an hour is asked for, and here none is"
        yield Fault("S224", web.spot(*at), message, "ask for a slot of `type: time`, or for this one itself")


def _words(web: Web, one: Hears, slot: Slot, at: Path) -> Iterator[Fault]:
    if slot.type != "text":
        message = f"words for somebody are kept in a text, and slot {one.slot!r} is {slot.type}"
        yield Fault("S224", web.spot(*at), message, "name a slot of `type: text`")


def _question(net: Net, web: Web, one: Hears, slot: Slot, at: Path) -> Iterator[Fault]:
    """Check that the question is there and no gate, and that its options are the members of the slot."""
    there = net.webs.get(one.flow)
    if there is None and one.flow in net.broken:
        return
    state = None if there is None else there.flow.states.get(one.state)
    if there is None or state is None or not state.options:
        near = did_you_mean(one.state, there.waits) if there else did_you_mean(one.flow, net.webs)
        message = f"no question {one.flow}.{one.state} has options that could be heard"
        yield Fault("S224", web.spot(*at), message, mean(near, "name a state with options, as `flow.state`"))
    elif state.gate is not None or any(option.passes for option in state.options):
        message = f"{one.flow}.{one.state} is a gate, and a gate is asked: it is never heard in passing"
        yield Fault("P709", web.spot(*at), message, "let it be asked, and remove this line")
    elif slot.type != "enum" or not set(slot.of) <= set(state.ids):
        message = f"slot {one.slot!r} holds what are no options of {one.flow}.{one.state}"
        yield Fault("S224", web.spot(*at), message, f"let it be an enum of {', '.join(state.ids)}")
    elif one.unless is not None and not _answer(net, *one.unless):
        message = f"{'.'.join(one.unless)} is no answer to any question"
        yield Fault("S224", web.spot(*at, "unless"), message, "name one as `flow.state.option`")


def _answer(net: Net, flow: str, state: str, option: str) -> bool:
    there = net.webs.get(flow)
    if there is None:
        return flow in net.broken
    return state in there.flow.states and option in there.flow.states[state].ids


def _first(web: Web, state: State) -> Iterator[Fault]:
    slot = None if state.first is None else web.scope.get(state.first)
    if slot is not None and slot.type != "enum" and slot.id not in web.vague:
        message = f"`first` names an option by an enum, and slot {slot.id!r} is {slot.type}"
        yield Fault("S224", web.spot("states", state.id, "first"), message, "name a slot of `type: enum`")
