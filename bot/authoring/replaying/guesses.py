"""What somebody may have done where the log does not say: words are not kept, so they are tried for."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from bot.authoring.journey import Place
from bot.dialogue.events import (
    Answered,
    Commanded,
    Concern,
    Due,
    Event,
    Operated,
    Pressed,
    Reading,
    TimerFired,
)
from bot.dialogue.flow import Hears, Slot, State
from bot.dialogue.flows import Flows
from bot.dialogue.session import Session
from bot.runtime.ports import Entry

_SHORT, _LONG = "a word", "some words that are long enough to be what they came with"
_SAME = "the same"
_FEW = 12
_HOUR, _DAY = "19:00", 86_400
_PROMISE = "remind:"


def known(session: Session, entry: Entry, option: str) -> Event | None:
    """Return what was done, where the log says it; None where only the person knew."""
    event: Event | None = None
    match entry.kind:
        case "pressed" if session.frames:
            top = session.frames[-1]
            event = Pressed(top.since, option, top.flow, top.state, top.version)
        case "answered" if entry.what:
            event = Answered(_SAME, reading=_heard(entry.what, option))
        case "commanded":
            event = Commanded(entry.what or "?")
        case "timer":
            event = TimerFired(tuple(_due(session, timer) for timer in entry.what.split()))
        case "operated":
            event = Operated("stop" if entry.what == "stop" else "again")
    return event


def _heard(what: str, option: str) -> Reading:
    """Return what was heard: an option, several of them, or what interrupts."""
    several = tuple(what.split())
    if len(several) > 1:
        return Reading(several=several)
    return Reading(option=option) if option else Reading(interrupt=what)


def old_press(press: Event | None) -> Iterator[Event]:
    """Yield the same press of a button that was shown before: the log does not tell the two apart."""
    if isinstance(press, Pressed):
        yield replace(press, turn=-1)


def _due(session: Session, timer: str) -> Due:
    """Name a timer as it is called here: a promise carries the turn in which it was made."""
    if not timer.startswith(_PROMISE):
        waits = [frame.since for frame in session.frames]
        return Due(timer, waits[-1] if waits and ":" not in timer else 0)
    flow = timer.split(":")[1]
    ours = [one.id for one in session.reminders if one.flow == flow]
    return Due(ours[0] if ours else timer, 0)


def guessed(flows: Flows, session: Session, lands: Place) -> Iterator[Event]:
    """Yield texts that may have been written, the likeliest first."""
    top = session.frames[-1] if session.frames else None
    signs = [
        Answered(_SAME, concern=Concern(one.gate, one.tier))
        for one in flows.globals.dangers
        if one.call == lands[0]
    ]
    words = _words(flows, session, lands)
    yield from (*words, *signs) if top and top.flow == lands[0] else (*signs, *words)


def _words(flows: Flows, session: Session, lands: Place) -> Iterator[Event]:
    """Yield texts without a sign of danger."""
    if not session.frames:
        start = flows.flows.get(flows.globals.start)
        yield from (Answered(_SHORT), Answered(_LONG))
        yield from () if start is None else _stories(start.slots, start.hears)
        return
    top = session.frames[-1]
    flow = flows.flows[top.flow]
    state = flow.states[top.state]
    slot = _asked(flows, flow.slots, state)
    stays = (top.flow, top.state) == lands
    missed = Answered("?" * ((slot.max or 0) + 1 if slot and slot.type == "text" else 1))
    yield from (missed,) if stays else ()
    yield from (Answered(text) for text in _values(slot))
    yield from () if state.ask is None else _stories(flow.slots, state.ask.hears)
    yield from () if stays else (missed,)


def _stories(slots: Mapping[str, Slot], hears: Sequence[Hears]) -> Iterator[Event]:
    """Yield stories that answer something beside what they were asked for, one for each answer."""
    for one in hears:
        if one.moment:
            yield Answered(_SHORT, reading=Reading(value=_HOUR, heard=((one.slot, _DAY),)))
        for value in slots[one.slot].of if one.slot in slots else ():
            yield Answered(_LONG, reading=Reading(heard=((one.slot, value),)))


def _asked(flows: Flows, slots: object, state: State) -> Slot | None:
    if state.ask is None:
        return None
    own = slots.get(state.ask.slot) if isinstance(slots, dict) else None
    return own or flows.globals.memory.get(state.ask.slot)


def _values(slot: Slot | None) -> Iterator[str]:
    """Yield texts that fill a slot, some of each kind there is."""
    if slot is None:
        return
    least = slot.min or 0
    match slot.type:
        case "text":
            yield from (text[: slot.max].ljust(least, "a") for text in (_SHORT, _LONG))
        case "int":
            yield from map(str, range(least, min(slot.max or least + _FEW, least + _FEW) + 1))
        case "enum" | "list":
            yield from slot.of[:_FEW] or (_SHORT,)
        case "bool":
            yield from ("yes", "no")
        case "time":
            yield from (_HOUR, "08:00")
        case "duration":
            yield from ("20m", "2h", "1d")
