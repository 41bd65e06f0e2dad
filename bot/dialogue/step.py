"""The one function of the core: flows, session, event and time in; session and effects out.

Rules kept here, in this order (a text): danger, a late text, interrupts in rank order, an option's words,
the parsed answer, not understood. A press counts when its turn lies in the open wait. Whatever is not
understood costs a try; whatever interrupts does not.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import assert_never

from bot.dialogue.answering import answered, put_first, take, threat
from bot.dialogue.effects import Effect, new_disarm
from bot.dialogue.events import Answered, Commanded, Event, Operated, Pressed, TimerFired
from bot.dialogue.firing import fire
from bot.dialogue.flow import Option, Value
from bot.dialogue.flows import Flows
from bot.dialogue.interrupts import allowed, interrupt, leave, start, stop
from bot.dialogue.leaving import met_at_the_door
from bot.dialogue.meeting import meet
from bot.dialogue.session import Session
from bot.dialogue.walk import Walk

Effects = tuple[Effect, ...]


def begin(
    flows: Flows,
    session: Session,
    flow_id: str,
    now: datetime,
    slots: Mapping[str, Value] | None = None,
) -> tuple[Session, Effects]:
    """Begin a flow on an idle session.

    Args:
        flows: everything the core reads.
        session: stands nowhere: its stack of frames is empty.
        flow_id: the flow to begin.
        now: an aware datetime in the person's own zone.
        slots: first values for the flow's slots.

    Raises:
        FlowFault: the flow breaks a rule that `lowtide check` proves.
    """
    walk = Walk(flows, session, now)
    meet(walk)
    walk.away = 0
    walk.go(walk.push(flow_id, "root", slots or {}))
    return walk.finish()


def step(flows: Flows, session: Session, event: Event, now: datetime) -> tuple[Session, Effects]:
    """Return the session after an event, and the effects in the order they are to be carried out.

    A step that changes nothing returns the very session it was given, and no effects.

    Args:
        flows: everything the core reads.
        session: where the person stands.
        event: the fact to react to.
        now: an aware datetime in the person's own zone.

    Raises:
        FlowFault: a flow breaks a rule that `lowtide check` proves, or the session stands nowhere.
    """
    if isinstance(event, Pressed) and _is_second_tap(session, event):
        return session, ()
    walk = Walk(flows, session, now)
    _settle(walk)
    if walk.away and met_at_the_door(walk, event):
        return walk.finish()
    match event:
        case Answered():
            meet(walk)
            answered(walk, event)
        case Pressed():
            meet(walk)
            _pressed(walk, event)
        case Commanded():
            meet(walk)
            _commanded(walk, event)
        case TimerFired():
            fire(walk, event)
        case Operated():
            _operated(walk, event)
        case _:
            assert_never(event)
    return walk.finish()


def _settle(walk: Walk) -> None:
    """Arm the timers of waits that were carried over from another version, as this one has them."""
    for depth, frame in enumerate(walk.frames):
        moved = frame.moved
        if moved is not None and not moved.settled:
            walk.frames[depth] = replace(frame, moved=replace(moved, settled=True))
            walk.emit(new_disarm, frame.since, None)
            walk.arm(frame, walk.state(frame))


# --- presses, commands, orders -------------------------------------------------------------------------


def _is_second_tap(session: Session, event: Pressed) -> bool:
    """Tell whether this is the tap that was answered last, tapped again."""
    return session.pressed is not None and session.pressed[:2] == (event.turn, event.option)


def _pressed(walk: Walk, event: Pressed) -> None:
    """Follow a button of the open wait; an old one changes nothing."""
    option = _valid(walk, event)
    if option is None:
        walk.core_line("stale")
        walk.again()
    else:
        index = walk.state(walk.top).options.index(option) if event.index is None else event.index
        walk.pressed = (event.turn, option.id, index)
        take(walk, option)


def _valid(walk: Walk, event: Pressed) -> Option | None:
    """Return the option a press means, if it was shown for the wait that is open."""
    if not walk.frames:
        return None
    top = walk.top
    if (event.flow, event.state) != (top.flow, top.state) or not top.since <= event.turn < walk.turn:
        return None
    option = walk.state(top).option(event.option)
    return option if option is not None and walk.shows(option) else None


def _commanded(walk: Walk, event: Commanded) -> None:
    """Carry out a command, unless its words are a sign of danger."""
    sign = None if event.concern is None else threat(walk, event.concern)
    known = next((one for one in walk.flows.globals.interrupts if one.command == event.name), None)
    if sign is not None:
        put_first(walk, sign)
        if known is not None and known.do == "leave":  # the card waits for them
            leave(walk, known)
    elif known is not None and allowed(walk, known):
        interrupt(walk, known, event.text, event.topic)
    elif walk.frames:
        walk.core_line("not_understood")
        walk.again()
    else:
        start(walk)


def _operated(walk: Walk, event: Operated) -> None:
    """Carry out an operator's order."""
    if event.order == "stop":
        stop(walk, None)
        return
    if event.line is not None:
        walk.core_line(event.line)
    walk.again()
