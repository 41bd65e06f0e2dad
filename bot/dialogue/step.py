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

from bot.dialogue.effects import Effect, new_disarm
from bot.dialogue.events import Answered, Commanded, Concern, Event, Operated, Pressed, TimerFired
from bot.dialogue.firing import MOST_UNANSWERED, fire
from bot.dialogue.flow import Line, Option, State, Value
from bot.dialogue.flows import Danger, Flows, Interrupt
from bot.dialogue.interrupts import allowed, begin_flow, danger, interrupt, outranks, start, stop
from bot.dialogue.session import Session
from bot.dialogue.values import LONGEST_TEXT, parse_value
from bot.dialogue.walk import Walk

VISIT_GAP = 6 * 3600
"""Seconds of silence after which the next message begins a new visit."""
MOST_ASIDES = 20

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
    _meet(walk)
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
    match event:
        case Answered():
            _meet(walk)
            _answered(walk, event)
        case Pressed():
            _meet(walk)
            _pressed(walk, event)
        case Commanded():
            _meet(walk)
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


def _meet(walk: Walk) -> None:
    """Note that the person is here: visits are counted, care fades, and the script says what it is."""
    now, met = int(walk.now.timestamp()), walk.met
    walk.met = now
    if not met or now - met >= VISIT_GAP:
        walk.visits = walk.visits + 1
        walk.careful = 1 if walk.careful > 1 else 0
        walk.asking, walk.denied = "", ()
    _notice(walk, now, met)
    if walk.arrival is not None:
        walk.opening.append(walk.spoken(Line(walk.arrival)))
        walk.arrival = None
    walk.mend_astray()
    if walk.unanswered >= MOST_UNANSWERED:
        walk.memory = {**walk.memory, "nudges": False}
        walk.cancel_reminders()
        line = walk.flows.globals.lines.get("stopped_nudging")
        walk.opening += [] if line is None else [walk.spoken(line)]
    walk.unanswered = 0


def _notice(walk: Walk, now: int, met: int) -> None:
    """Say again that this is a script, after hours of talk or days of absence."""
    notice, noticed = walk.flows.globals.notice, walk.noticed
    away = now - met
    if notice is None or not noticed or (VISIT_GAP <= away < notice.away):
        walk.noticed = now  # a first visit is told by the flows; a new one counts its talk afresh
    elif away >= notice.away or now - noticed >= notice.every:
        walk.noticed = now
        walk.opening.append(walk.spoken(notice.say))


# --- texts ---------------------------------------------------------------------------------------------


def _answered(walk: Walk, event: Answered) -> None:
    """React to a text in the fixed order."""
    threat = None if event.concern is None else _threat(walk, event.concern)
    if threat is not None:
        _put_first(walk, threat)
        return
    late = event.seen is not None and bool(walk.frames) and event.seen < walk.top.since
    name = event.reading.interrupt
    asked_for = None if name is None else _interrupt(walk, name)
    if asked_for is not None and not (late and asked_for.do == "back"):
        interrupt(walk, asked_for, event.text if event.reading.why else "", event.reading.why)
    elif late:
        _keep_late(walk, event.text)
    elif walk.frames and walk.top.moved is not None and walk.top.moved.fresh:
        _keep_late(walk, event.text)
        walk.again()
    elif not walk.frames:
        begin_flow(walk, walk.flows.globals.start, event.text)
    else:
        _answer(walk, event)


def _threat(walk: Walk, concern: Concern) -> Danger | None:
    """Return the danger a concern stands for, unless the person is in its care already, or has denied it."""
    if concern.tier == "soft" and concern.figure in walk.denied and not walk.careful:
        return None
    for which in walk.flows.globals.dangers:
        if (which.gate, which.tier) == (concern.gate, concern.tier) and outranks(walk, which):
            walk.asking = concern.figure if concern.tier == "soft" else ""
            return which
    return None


def _put_first(walk: Walk, threat: Danger) -> None:
    """Answer a danger before anything else; a notice does not stand above the card, and is still due."""
    if walk.opening:
        walk.noticed = walk.session.noticed
    walk.opening.clear()
    danger(walk, threat)


def _interrupt(walk: Walk, name: str) -> Interrupt | None:
    """Return the interrupt of this id, if the flow allows it here."""
    found = next((one for one in walk.flows.globals.interrupts if one.id == name), None)
    return found if found is not None and allowed(walk, found) else None


def _keep_late(walk: Walk, text: str) -> None:
    """Keep a text that was sent before the question was delivered as part of the answer before it."""
    last: tuple[int, str] | None = walk.last
    if last is not None and last[0] == len(walk.frames) - 1 and last[1] in walk.top.slots:
        slot = walk.flow(walk.top).slots.get(last[1])
        most = LONGEST_TEXT if slot is None or slot.max is None else slot.max
        joined = f"{walk.top.slots[last[1]]}\n{text}"
        if len(joined) <= most:
            walk.put(last[1], joined)
            return
    walk.asides = (*walk.asides, text[:LONGEST_TEXT])[-MOST_ASIDES:]


def _answer(walk: Walk, event: Answered) -> None:
    """Take a text as an option's words, else as the value that is asked for, else not at all."""
    state, name = walk.state(walk.frames[-1]), event.reading.option
    option = None if name is None else state.option(name)
    if option is not None and walk.offers(option):
        _take(walk, option)
        return
    slot = None if state.ask is None else walk.slot(state.ask.slot)
    value = None if slot is None else parse_value(slot, event.text)
    if slot is None or value is None:
        _not_understood(walk)
    else:
        _fill(walk, state, slot.id, value)


def _take(walk: Walk, option: Option) -> None:
    """Follow an option."""
    walk.remember()
    walk.last = None
    walk.apply(option.set)
    walk.go(walk.choose(option.to))


def _fill(walk: Walk, state: State, slot: str, value: Value) -> None:
    """Fill the slot that was asked for, and go on."""
    walk.remember()
    walk.last = (len(walk.frames) - 1, slot) if isinstance(value, str) else None
    walk.put(slot, value)
    walk.go(walk.choose(state.goto))


def _not_understood(walk: Walk) -> None:
    """Admit it, one rung further down the ladder of reprompts; at its end, give up kindly."""
    state = walk.state(walk.top)
    repair, tries = state.repair, walk.top.tries + 1
    if tries >= repair.max_tries and repair.give_up is not None:
        walk.remember()
        walk.go(repair.give_up)
        return
    walk.change_top(tries=tries)
    if repair.reprompt:
        walk.say(repair.reprompt[min(tries, len(repair.reprompt)) - 1])
    else:
        walk.core_line("not_understood")
    walk.offer(state)


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
        _take(walk, option)


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
    threat = None if event.concern is None else _threat(walk, event.concern)
    if threat is not None:
        _put_first(walk, threat)
        return
    known = next((one for one in walk.flows.globals.interrupts if one.command == event.name), None)
    if known is not None and allowed(walk, known):
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
