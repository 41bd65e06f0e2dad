"""A session as JSON and back, unchanged; what is at its default is left out, of the past what is the same.

Of the sessions that `/back` can restore only the difference to the next newer one is written, for an answer
changes little; what did not differ is one and the same object again when it is read.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import chain, repeat
from typing import Any, TypeVar

from bot.dialogue.effects import spoken
from bot.dialogue.flow import Value
from bot.dialogue.recurring import Again
from bot.dialogue.session import Frame, Moved, Past, Reminder, Session, new_frame, new_past, new_session

T = TypeVar("T")
V = TypeVar("V")
FORMAT = 1
"""The version of the JSON's shape; a session of a later one is refused."""


def to_json(session: Session) -> dict[str, Any]:
    """Return a session as plain dicts, lists, texts and numbers."""
    data: dict[str, Any] = {
        "frames": [_frame(frame) for frame in session.frames],
        "memory": _plain(session.memory),
        "said": dict(session.said),
        "past": _past(session),
        "parked": [_frame(frame) for frame in session.parked],
        "reminders": _reminders(session.reminders),
        "pressed": session.pressed and list(session.pressed),
        "last": session.last and list(session.last),
        "asides": list(session.asides),
        "careful": session.careful,
        "visits": session.visits,
        "unanswered": session.unanswered,
        "met": session.met,
        "noticed": session.noticed,
        "nudged": session.nudged,
        "arrival": session.arrival,
        "asking": session.asking,
        "denied": list(session.denied),
        "ends": dict(session.ends),
        "ending": session.ending,
        "warned": session.warned,
        "away": session.away,
    }
    named = {"format": FORMAT, "id": session.id, "turn": session.turn}
    return named | {key: value for key, value in data.items() if value}


def from_json(data: Mapping[str, Any]) -> Session:
    """Return the session a JSON object stands for.

    Raises:
        ValueError: the object was written by a later version.
    """
    if data["format"] > FORMAT:
        raise ValueError(f"a session in format {data['format']} is newer than this program reads")
    read = data.get
    frames = tuple(_frame_of(item) for item in read("frames", ()))
    memory, reminders = _value_of(read("memory", {})), _reminders_of(read("reminders", ()))
    ends = read("ends", {})
    return new_session(
        data["id"],
        data["turn"],
        frames,
        memory,
        read("said", {}),
        _past_of(read("past", ()), new_past(frames, memory, reminders, ends)),
        tuple(_frame_of(item) for item in read("parked", ())),
        reminders,
        _tuple(read("pressed")),
        _tuple(read("last")),
        tuple(read("asides", ())),
        read("careful", 0),
        read("visits", 0),
        read("unanswered", 0),
        read("met", 0),
        read("noticed", 0),
        read("nudged", 0),
        read("arrival"),
        read("asking", ""),
        tuple(read("denied", ())),
        ends,
        read("ending", 0),
        read("warned", 0),
        read("away", 0),
    )


def _tuple(items: list[Any] | None) -> Any:
    return None if items is None else tuple(items)


# --- slots ---------------------------------------------------------------------------------------------


def _plain(slots: Mapping[str, Value]) -> dict[str, Any]:
    return {name: list(value) if isinstance(value, tuple) else value for name, value in slots.items()}


def _value_of(slots: Mapping[str, Any]) -> dict[str, Value]:
    return {name: tuple(value) if isinstance(value, list) else value for name, value in slots.items()}


def _changes(slots: Mapping[str, Value], newer: Mapping[str, Value]) -> dict[str, Any]:
    """Return what turns the newer slots into these; None stands for one that was not set yet.

    `True` is not `1` here, and most slots are one and the same object.
    """
    if slots is newer:
        return {}
    changes = {
        name: list(value) if isinstance(value, tuple) else value
        for name, value in slots.items()
        if (other := newer.get(name)) is not value and (other != value or type(other) is not type(value))
    }
    return changes | {name: None for name in newer if name not in slots}


def _changed(newer: Mapping[str, V], changes: Mapping[str, Any]) -> Mapping[str, V]:
    """Return the slots that differ from the newer ones by these changes."""
    if not changes:
        return newer
    slots: dict[str, Any] = {**newer, **_value_of(changes)}
    for name, value in changes.items():
        if value is None:
            del slots[name]
    return slots


# --- frames --------------------------------------------------------------------------------------------


def _frame(frame: Frame, newer: Frame | None = None) -> dict[str, Any]:
    """Return a frame; beside a newer one, what differs from it, and nothing where it is the same."""
    if frame is newer:
        return {}
    data: dict[str, Any] = {"state": frame.state, "since": frame.since}
    if newer is not None and _of_one_call(frame, newer):
        slots, ends = _changes(frame.slots, newer.slots), _changes(frame.ends, newer.ends)
    else:
        slots, ends = _plain(frame.slots), dict(frame.ends)
        data |= {"flow": frame.flow, "version": frame.version, "kind": frame.kind}
    if slots:
        data["slots"] = slots
    if ends:
        data["ends"] = ends
    if frame.tries:
        data["tries"] = frame.tries
    if frame.asked is not None:
        data["asked"] = [frame.asked.prompt, frame.asked.variant]
    if frame.overdue:
        data["overdue"] = list(frame.overdue)
    return data | _shown(frame)


def _shown(frame: Frame) -> dict[str, Any]:
    """Return what the buttons on the person's screen mean."""
    data: dict[str, Any] = {"offered": list(frame.offered)} if frame.offered else {}
    if frame.near:
        data["near"] = list(frame.near)
    moved = frame.moved
    if moved is not None:
        data["moved"] = [moved.turn, list(moved.former), moved.fresh, moved.say, moved.settled]
    return data


def _of_one_call(one: Frame, other: Frame) -> bool:
    return one.flow == other.flow and one.version == other.version and one.kind == other.kind


def _frame_of(item: Mapping[str, Any], newer: Frame | None = None) -> Frame:
    if newer is not None and not item:
        return newer
    if newer is None or "flow" in item:
        flow, version, kind = item["flow"], item["version"], item["kind"]
        slots: Mapping[str, Value] = _value_of(item.get("slots", {}))
        ends: Mapping[str, int] = item.get("ends", {})
    else:
        flow, version, kind = newer.flow, newer.version, newer.kind
        slots = _changed(newer.slots, item.get("slots", {}))
        ends = _changed(newer.ends, item.get("ends", {}))
    asked = item.get("asked")
    return new_frame(
        flow,
        version,
        item["state"],
        item["since"],
        kind,
        item.get("tries", 0),
        slots,
        None if asked is None else spoken(*asked),
        tuple(item.get("overdue", ())),
        tuple(item.get("offered", ())),
        _moved_of(item.get("moved")),
        ends,
        tuple(item.get("near", ())),
    )


def _moved_of(item: Sequence[Any] | None) -> Moved | None:
    return None if item is None else Moved(item[0], tuple(item[1]), *item[2:])


# --- the past ------------------------------------------------------------------------------------------


def _past(session: Session) -> list[dict[str, Any]]:
    """Return each past session, oldest first, as what differs from the next newer one."""
    found, newer = [], new_past(session.frames, session.memory, session.reminders, session.ends)
    for past in reversed(session.past):
        data: dict[str, Any] = {"frames": [_frame(*pair) for pair in _beside(past.frames, newer)]}
        memory = _changes(past.memory, newer.memory)
        if memory:
            data["memory"] = memory
        if past.reminders is not newer.reminders:
            data["reminders"] = _reminders(past.reminders)
        ends = _changes(past.ends, newer.ends)
        if ends:
            data["ends"] = ends
        found.append(data)
        newer = past
    return found[::-1]


def _past_of(items: Sequence[Mapping[str, Any]], newest: Past) -> tuple[Past, ...]:
    found, newer = [], newest
    for item in reversed(items):
        newer = new_past(
            tuple([_frame_of(*pair) for pair in _beside(item["frames"], newer)]),
            _changed(newer.memory, item.get("memory", {})),
            _reminders_of(item["reminders"]) if "reminders" in item else newer.reminders,
            _changed(newer.ends, item.get("ends", {})),
        )
        found.append(newer)
    return tuple(found[::-1])


def _beside(items: Iterable[T], newer: Past) -> Iterator[tuple[T, Frame | None]]:
    """Pair frames with those at the same place of the next newer stack."""
    return zip(items, chain(newer.frames, repeat(None)))  # noqa: B905  the one side has no end


def _reminders(reminders: Iterable[Reminder]) -> list[Any]:
    """Return reminders as lists; what was added to them later stands at the end, and may be missing."""
    return [
        [one.id, one.flow, _plain(one.slots), one.if_busy, one.until, one.due, one.clock, _rule(one.again)]
        + [dict(one.ends)] * bool(one.ends)
        for one in reminders
    ]


def _reminders_of(items: Any) -> tuple[Reminder, ...]:
    return tuple(
        Reminder(key, flow, _value_of(slots), busy, until, *since[:2], *map(_rule_of, since[2:3]), *since[3:])
        for key, flow, slots, busy, until, *since in items
    )


def _rule(again: Again | None) -> list[Any] | None:
    if again is None:
        return None
    return [again.every, again.clock, again.weekday, again.spread, again.fresh]


def _rule_of(items: list[Any] | None) -> Again | None:
    return None if items is None else Again(*items)
