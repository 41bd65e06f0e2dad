"""What is kept of a person ends by itself: a slot's value when its `keep` is over, everything after silence.

A session says with `ending` when to look next; whoever keeps it sees that `KEEP` fires then, blocked or not.
Values end at their hour, wherever they are. Somebody who was silent for a month is asked once, where they may
be written to, and is forgotten a week later.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from itertools import chain

from bot.dialogue.flow import Slot, Value
from bot.dialogue.hours import awake, is_quiet
from bot.dialogue.session import Frame, Past, Reminder
from bot.dialogue.timing import quiet_hours, wants_nudges
from bot.dialogue.walk import Walk

KEEP = "keep:"
"""The id of the one timer of a person that is no reminder and no wait's."""
DAY = 86400
SILENT, GRACE = 30 * DAY, 7 * DAY
"""Seconds of silence until we ask, and from then on until everything goes.

Both are waited for even where nobody is asked: a clock that once goes wrong must not be everything's end.
"""


def tend(walk: Walk) -> bool:
    """Let go of what is over, ask whoever is silent, say when to look next; True where nothing is left."""
    now = int(walk.now.timestamp())
    _date(walk)
    _end_frames(walk, now)
    _end_others(walk, now)
    until = _silence(walk, now)
    if until is None:
        walk.frames, walk.messages, walk.arrival = [], [], None
        walk.forget()
        return True
    walk.ending = max(now + 1, min(chain((until,), _all_ends(walk))))
    return False


# --- when values end that nobody gave an end -------------------------------------------------------------


def _date(walk: Walk) -> None:
    """Give an end to values that were kept before ends were noted: as if they had been said last."""
    walk.frames = [_dated(walk, frame) for frame in walk.frames]
    walk.parked = tuple(_dated(walk, frame) for frame in walk.parked)
    memory = walk.flows.globals.memory
    walk.ends = {**_missing(walk, memory, walk.memory, walk.ends), **walk.ends}
    walk.past = tuple(_dated_past(walk, past) for past in walk.past)
    walk.reminders = tuple(_dated_promise(walk, one) for one in walk.reminders)


def _missing(
    walk: Walk, known: Mapping[str, Slot], slots: Mapping[str, Value], ends: Mapping[str, int]
) -> dict[str, int]:
    return {
        slot.id: walk.met + slot.keep
        for slot in known.values()
        if slot.keep and slot.id not in ends and slots.get(slot.id, slot.default) != slot.default
    }


def _dated(walk: Walk, frame: Frame) -> Frame:
    flow = walk.flows.of(frame.flow, frame.version)
    missing = {} if flow is None else _missing(walk, flow.slots, frame.slots, frame.ends)
    return replace(frame, ends={**frame.ends, **missing}) if missing else frame


def _dated_past(walk: Walk, past: Past) -> Past:
    frames = tuple(_dated(walk, frame) for frame in past.frames)
    missing = _missing(walk, walk.flows.globals.memory, past.memory, past.ends)
    promises = tuple(_dated_promise(walk, one) for one in past.reminders)
    return Past(frames, past.memory, promises, {**past.ends, **missing})


def _dated_promise(walk: Walk, one: Reminder) -> Reminder:
    flow = walk.flows.flows.get(one.flow)
    missing = {} if flow is None else _missing(walk, flow.slots, one.slots, one.ends)
    return replace(one, ends={**one.ends, **missing}) if missing else one


# --- what is over ----------------------------------------------------------------------------------------


def _over(now: int, holders: Iterable[Frame | Reminder | Past]) -> bool:
    return any(end <= now for one in holders for end in one.ends.values())


def _end_frames(walk: Walk, now: int) -> None:
    """End a conversation that stands on what is over, and go back to nothing that does."""
    if _over(now, walk.parked):
        walk.parked = ()
    if _over(now, walk.frames):
        walk.drop_timers()
        walk.frames, walk.last = [], None
        line = walk.flows.globals.lines.get("kept_over")
        walk.arrival = None if line is None else line.prompt
    stale = [n for n, past in enumerate(walk.past) if _over(now, (past, *past.frames, *past.reminders))]
    walk.past = walk.past[stale[-1] + 1 if stale else 0 :]
    walk.changed()


def _end_others(walk: Walk, now: int) -> None:
    """Take what is over out of the memory and out of promises; one that cannot do without it is withdrawn."""
    gone = {name for name, end in walk.ends.items() if end <= now}
    if gone:
        walk.memory = {name: value for name, value in walk.memory.items() if name not in gone}
        walk.memory = {**walk.flows.globals.defaults, **walk.memory}
        walk.ends = {name: end for name, end in walk.ends.items() if name not in gone}
    for one in [one for one in walk.reminders if _over(now, (one,))]:
        left = {name: end for name, end in one.ends.items() if end > now}
        slots = {name: value for name, value in one.slots.items() if name not in one.ends or name in left}
        flow = walk.flows.flows.get(one.flow)
        if flow is None or set(flow.needs) - slots.keys():
            walk.withdraw((one,))
        else:
            less = replace(one, slots=slots, ends=left)
            walk.reminders = tuple(less if other is one else other for other in walk.reminders)


def _all_ends(walk: Walk) -> Iterator[int]:
    """Yield when everything ends that is left."""
    frames = (*walk.frames, *walk.parked, *(frame for past in walk.past for frame in past.frames))
    promises = (*walk.reminders, *(one for past in walk.past for one in past.reminders))
    yield from walk.ends.values()
    for holders in (frames, promises, walk.past):
        for one in holders:
            yield from one.ends.values()


# --- silence ---------------------------------------------------------------------------------------------


def _silence(walk: Walk, now: int) -> int | None:
    """Ask whoever has been silent; return when to look again, None where it was long enough."""
    asked = walk.warned if walk.warned <= now else 0
    walk.warned = 0
    calm = _calm(walk, now, bool(asked))
    if now < calm:
        return calm
    if asked and now >= asked + GRACE:
        return None
    put_off = None if asked else _ask(walk, now)
    if put_off is not None:
        return put_off
    walk.warned = asked or now
    return walk.warned + GRACE


def _calm(walk: Walk, now: int, asked: bool) -> int:
    """Tell until when nobody is silent: a month from their word, a week from what we promised or sent."""
    last = min(walk.met, now) + SILENT
    if asked:
        return last
    nudged = walk.nudged if walk.nudged <= now else 0
    return max(last, nudged + GRACE, *(one.due + GRACE for one in walk.reminders if one.again is None), 0)


def _ask(walk: Walk, now: int) -> int | None:
    """Say that everything goes, to whoever may be written to; return until when that has to wait."""
    line = walk.flows.globals.lines.get("silent")
    if line is None or walk.away or not wants_nudges(walk.memory):
        return None
    quiet = quiet_hours(walk.memory)
    if is_quiet(walk.now, quiet):
        return int(awake(walk.now, quiet).timestamp())
    walk.say(line)
    walk.nudged = now
    return None
