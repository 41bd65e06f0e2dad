"""A stack of frames for somebody of whom only the place is known: called from where such a flow is called."""

from __future__ import annotations

from bot.authoring.journey import Place
from bot.dialogue.flows import Flows
from bot.dialogue.session import Frame


def stack_to(flows: Flows, place: Place, turn: int) -> tuple[Frame, ...]:
    """Return frames that end at a place, entered at `turn`."""
    frames = [
        _frame(flows, at, turn, "call" if number else "root")
        for number, at in enumerate(_calls(flows, place))
    ]
    return tuple(frames)


def _frame(flows: Flows, place: Place, turn: int, kind: str) -> Frame:
    flow = flows.flows[place[0]]
    state = flow.states[place[1]]
    slots = {slot.id: slot.default for slot in flow.slots.values() if slot.default is not None}
    offered = tuple(one.id for one in state.options)
    return Frame(
        flow.id,
        flow.version,
        state.id,
        turn,
        "call" if kind == "call" else "root",
        slots=slots,
        offered=offered,
    )


def _calls(flows: Flows, place: Place) -> tuple[Place, ...]:
    """Return the shortest chain of calls from where a conversation begins, else the place alone."""
    waiting: list[tuple[Place, ...]] = [(place,)]
    seen = {place[0]}
    while waiting:
        chain = waiting.pop(0)
        if chain[0][0] == flows.globals.start:
            return chain
        for flow in flows.flows.values():
            for state in flow.states.values():
                if state.call is not None and state.call.flow == chain[0][0] and flow.id not in seen:
                    seen.add(flow.id)
                    waiting.append(((flow.id, state.id), *chain))
    return (place,)
