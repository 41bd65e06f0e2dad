"""What a person may ask for at any wait: it is answered, and then the same question stands again."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import TypeAlias, assert_never

from bot.dialogue.effects import Clear, Export, Spoken
from bot.dialogue.flow import Flow, Hears, Value
from bot.dialogue.flows import Danger, Interrupt
from bot.dialogue.session import Frame, Moved
from bot.dialogue.values import holds
from bot.dialogue.walk import Walk

MOST_BELOW = 4
"""Frames a danger goes on top of; what it calls, and an interrupt above that, must find room as well."""


def interrupt(walk: Walk, which: Interrupt, text: str = "", topic: str | None = None) -> None:  # noqa: C901  one branch a deed
    """Carry out an interrupt. `text` is what stood behind the command, `topic` the why page it means."""
    match which.do:
        case "say":
            _say(walk, which)
        case "call":
            _call(walk, which)
        case "stop":
            stop(walk, which)
        case "leave":
            leave(walk, which)
        case "back":
            back(walk)
        case "why":
            why(walk, text, topic)
        case "start":
            start(walk, text, topic)
        case "resume":
            resume(walk)
        case "export":
            walk.emit(Export)
            _say(walk, which)
        case _:
            assert_never(which.do)


def allowed(walk: Walk, which: Interrupt) -> bool:
    """Tell whether the flow the person is in lets this through; ways out and dangers always pass."""
    return which.always or not walk.frames or which.id not in walk.flow(walk.top).deny


def _say(walk: Walk, which: Interrupt) -> None:
    if which.say is not None:
        walk.say(which.say)
    walk.again()


def _call(walk: Walk, which: Interrupt) -> None:
    """Run a flow above the open question; one that runs already does not nest in itself."""
    if which.call is None or any(frame.flow == which.call for frame in walk.frames):
        walk.again()
        return
    walk.remember()
    _end_aside(walk)
    walk.go(walk.push(which.call, "interrupt" if walk.frames else "root", {}))


def _end_aside(walk: Walk) -> None:
    """End what interrupted before: one thing at a time, so that no pile of them outgrows the stack."""
    asides = {one.call for one in walk.flows.globals.interrupts}
    depth = max((place for place, one in enumerate(walk.frames) if one.kind == "interrupt"), default=0)
    if depth and walk.frames[depth].flow in asides:
        walk.cut(depth)


def stop(walk: Walk, which: Interrupt | None) -> None:
    """End everything: the conversation, what was parked, and every promise to come back.

    Who leaves a danger so is met with care when they return.
    """
    if _within(walk) is not None:
        walk.careful = 2
    walk.drop_timers()
    walk.cancel_reminders()
    walk.frames, walk.parked, walk.past = [], (), ()
    if which is not None and which.say is not None:
        walk.say(which.say)


def leave(walk: Walk, which: Interrupt) -> None:
    """Cover everything, at once and as it stands: nothing is said, and nothing ends, until they are back.

    What was to be said in this step is still due then. The question is worded anew, with all that stands
    around it, for the screen it was on is empty.
    """
    if _within(walk) is not None:
        walk.careful = 2
    was = walk.session
    walk.arrival, walk.noticed, walk.unanswered = was.arrival, was.noticed, was.unanswered
    walk.messages, walk.opening, walk.away = [], [], 1
    if walk.frames:
        moved = walk.top.moved or Moved(walk.turn, walk.state(walk.top).ids, settled=True)
        walk.change_top(moved=replace(moved, fresh=True))
    walk.emit(Clear, None if which.say is None else walk.spoken(which.say))


def back(walk: Walk) -> None:
    """Restore the session as it was before the last answered question, and ask that again."""
    if not walk.past:
        walk.core_line("nothing_back")
        walk.again()
        return
    past = walk.past[-1]
    walk.past = walk.past[:-1]
    live = _timed(walk, walk.frames[:-1]) & _timed(walk, past.frames[:-1])
    walk.drop_timers(live)
    walk.restore(past)
    walk.stand_by(past.reminders)
    if walk.frames:
        walk.stand_again(live)
    else:
        walk.core_line("nothing_back")


def _timed(walk: Walk, frames: Iterable[Frame]) -> frozenset[int]:
    """Return the turns at which waits with timers began; a caller that began in the same turn has none."""
    return frozenset(frame.since for frame in frames if walk.state(frame).timers)


def why(walk: Walk, text: str, topic: str | None) -> None:
    """Explain a topic, or where the person stands."""
    page = topic or (None if text else _standing(walk))
    if page is not None and page in walk.flows.why:
        walk.utter(Spoken(f"why/{page}"))
    else:
        walk.core_line("why_unknown")
    walk.again()


def _standing(walk: Walk) -> str | None:
    """Return the why page of the innermost place that names one."""
    for frame in reversed(walk.frames):
        page = walk.state(frame).why or walk.flow(frame).why
        slots = {**walk.memory, **frame.slots}
        for name in re.findall(r"{(\w+)}", page or ""):
            page = page and page.replace(f"{{{name}}}", str(slots.get(name)))
        if page in walk.flows.why:
            return page
    return None


def start(walk: Walk, text: str = "", topic: str | None = None) -> None:
    """Begin a conversation, or ask the open question again; a topic is explained first."""
    if topic in walk.flows.why:
        walk.utter(Spoken(f"why/{topic}"))
    elif walk.frames:
        walk.core_line("welcome_back")
    if walk.frames:
        walk.again()
    else:
        begin_flow(walk, walk.flows.globals.start, opening=text)


Heard: TypeAlias = Sequence[tuple[str, Value]]
"""What else a story answers: slots, each with what it gets."""


def hear(walk: Walk, hears: Sequence[Hears], heard: Heard) -> None:
    """Fill the slots that a story answers beside what was asked; those it does not answer are cleared."""
    told = dict(heard)
    for one in hears:
        value = told.get(one.slot)
        walk.put(one.slot, value if value is not None and holds(walk.slot(one.slot), value) else None)


def begin_flow(walk: Walk, flow_id: str, opening: str = "", heard: Heard = ()) -> None:
    """Begin a flow on an empty stack; what the person wrote to begin is kept in its opening slot."""
    entry = walk.push(flow_id, "root", {})
    flow: Flow = walk.flow(walk.top)
    if flow.opening and opening:
        walk.put(flow.opening, opening[: flow.slots[flow.opening].max or len(opening)])
        hear(walk, flow.hears, heard)
    walk.go(entry)


def resume(walk: Walk) -> None:
    """Go back to the parked conversation, if there is one."""
    if walk.parked:
        walk.drop_timers()
        walk.resume()
    elif walk.frames:
        walk.again()
    else:
        begin_flow(walk, walk.flows.globals.start)


# --- danger --------------------------------------------------------------------------------------------


def danger(walk: Walk, which: Danger) -> None:
    """Set everything aside for a sign of danger; one of another kind goes on top of what runs already.

    One of the same kind takes the place of a lesser one: its question has its answer.
    """
    within = _within(walk)
    if within is not None:
        depth, other = within
        answered = other.gate == which.gate and walk.frames[depth].kind == "interrupt"
        if answered:
            walk.cut(depth)
        if answered or (other.gate != which.gate and len(walk.frames) <= MOST_BELOW):
            walk.go(walk.push(which.call, "interrupt", {}))
            return
    _begin_anew(walk, which)


def _begin_anew(walk: Walk, which: Danger) -> None:
    """Begin a danger's flow on an empty stack: a conversation is parked, care for a lesser danger ends."""
    walk.past = ()
    calls = {one.call for one in walk.flows.globals.dangers}
    if walk.frames and walk.frames[0].flow in calls:
        walk.cut(0)
    else:
        walk.park()
    walk.go(walk.push(which.call, "root", {}))


def outranks(walk: Walk, which: Danger) -> bool:
    """Tell whether a danger comes before those the person is in; a hard one comes before a soft one."""
    within = _within(walk)
    if within is None:
        return True
    if any(frame.flow == which.call for frame in walk.frames):
        return False
    inside, ranks = within[1], walk.flows.globals.dangers
    return ranks.index(which) < ranks.index(inside) or (which.tier, inside.tier) == ("hard", "soft")


def _within(walk: Walk) -> tuple[int, Danger] | None:
    """Return the gravest danger whose flow is on the stack, and how deep it stands."""
    running = {frame.flow: depth for depth, frame in enumerate(walk.frames)}
    found = next((one for one in walk.flows.globals.dangers if one.call in running), None)
    return None if found is None else (running[found.call], found)
