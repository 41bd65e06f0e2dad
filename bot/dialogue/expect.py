"""What is on the table: the answers that would be understood now, for who reads texts or draws buttons."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from bot.dialogue.draft import Draft
from bot.dialogue.events import Pressed
from bot.dialogue.flow import Flow, Hears, Option, Slot, State
from bot.dialogue.flows import Flows, Interrupt
from bot.dialogue.hours import QUIET
from bot.dialogue.session import Frame, Session
from bot.dialogue.several import lead, together
from bot.dialogue.timing import quiet_hours


@dataclass(frozen=True, slots=True)
class Expectation:
    """Hold what a person may answer: the `options`, and the `slot` free text would fill.

    The options that are shown come first, in the order of the buttons; behind them those that are only typed.
    `several` are those of which two may be named at once, `lead` the option that is taken before them. `now`
    is aware, in the person's own zone, for who reads a moment; `quiet` are the ends of their quiet hours.
    """

    flow: str = ""
    state: str = ""
    options: tuple[Option, ...] = ()
    slot: Slot | None = None
    interrupts: tuple[Interrupt, ...] = ()
    turn: int = 0
    several: tuple[str, ...] = ()
    lead: tuple[str, ...] = ()
    hears: tuple[Listening, ...] = ()
    now: datetime | None = None
    quiet: tuple[str, str] = QUIET


@dataclass(frozen=True, slots=True)
class Listening:
    """Hold what a story may answer beside what was asked: a slot, and where its answers are known from.

    Either the question `asked` elsewhere, of whose options those are heard that are `members`; or the `keys`
    of words for somebody, of whose labels one is kept. What may mean the answer `unless` answers nothing.
    Or the slot `within`, of a duration: how far off the moment is that is named.
    """

    slot: str
    members: tuple[str, ...] = ()
    asked: Expectation | None = None
    keys: tuple[str, ...] = ()
    unless: tuple[Expectation, str] | None = None
    within: Slot | None = None


def expected(flows: Flows, session: Session, now: datetime) -> Expectation:
    """Return what is on the table for a session; an idle one expects only interrupts."""
    interrupts = flows.globals.interrupts
    if not session.frames:
        start = flows.flows.get(flows.globals.start)
        hears = () if start is None else listening(flows, start, start.hears)
        return Expectation(interrupts=interrupts, turn=session.turn, hears=hears)
    top = session.frames[-1]
    flow, state = _place(flows, top)
    if flow is None or state is None:
        return Expectation(top.flow, top.state, interrupts=interrupts, turn=session.turn)
    draft = Draft(flows, session, now)
    offered = [
        one if draft.shows(one) else replace(one, typed=True) for one in filter(draft.offers, state.options)
    ]
    named = together(flow, state)
    return Expectation(
        flow.id,
        state.id,
        tuple(sorted(offered, key=lambda one: (one.typed, one.id not in top.near))),
        None if state.ask is None else _asked(flows, flow, state.ask.slot),
        tuple(one for one in interrupts if one.always or one.id not in flow.deny),
        session.turn,
        tuple(one.id for one in offered if one.id in named),
        lead(state),
        () if state.ask is None else listening(flows, flow, state.ask.hears),
        now,
        quiet_hours(session.memory),
    )


def listening(flows: Flows, flow: Flow, hears: Sequence[Hears]) -> tuple[Listening, ...]:
    """Return whence the answers are known that a story may hold; a question that is not there hears none."""
    return tuple(_listening(flows, flow, one) for one in hears)


def _listening(flows: Flows, flow: Flow, one: Hears) -> Listening:
    slot = _asked(flows, flow, one.slot)
    asked = _question(flows, one.flow, one.state)
    other = None if one.unless is None else _question(flows, *one.unless[:2])
    unless = None if other is None or one.unless is None else (other, one.unless[2])
    within = slot if one.moment else None
    return Listening(one.slot, () if slot is None else slot.of, asked, one.keys, unless, within)


def _question(flows: Flows, flow: str, state: str) -> Expectation | None:
    """Return a question with all of its options on the table; None where there is none."""
    there = flows.flows.get(flow)
    found = None if there is None else there.states.get(state)
    return None if found is None else Expectation(flow, state, found.options)


def pressed(flows: Flows, session: Session, turn: int, index: int) -> Pressed:
    """Return the press that a button's turn and option index stand for; an old one names no place.

    The button that was answered last is recognised, so that a second tap on it is known for what it is.
    """
    if session.pressed is not None and (turn, index) == session.pressed[::2]:
        return Pressed(turn, session.pressed[1], "", "")
    if session.frames and session.frames[-1].since <= turn <= session.turn:
        top = session.frames[-1]
        _, state = _place(flows, top)
        ids = _shown(top, state, turn)
        if 0 <= index < len(ids):
            return Pressed(turn, ids[index], top.flow, top.state, top.version, index)
    return Pressed(turn, f"#{index}", "", "")


def _shown(frame: Frame, state: State | None, turn: int) -> tuple[str, ...]:
    """Return the ids of the options in the order in which buttons of a turn showed them."""
    if frame.moved is not None and turn <= frame.moved.turn:
        return frame.moved.former
    return () if state is None else state.ids


def _asked(flows: Flows, flow: Flow, slot: str) -> Slot | None:
    """Return the slot that free text would fill, the flow's own or one of memory."""
    return flow.slots.get(slot) or flows.globals.memory.get(slot)


def _place(flows: Flows, frame: Frame) -> tuple[Flow | None, State | None]:
    flow = flows.of(frame.flow, frame.version)
    return flow, None if flow is None else flow.states.get(frame.state)
