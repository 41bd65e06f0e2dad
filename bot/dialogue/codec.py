"""A session as JSON and back, unchanged: what is at its default is left out."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bot.dialogue.effects import Spoken
from bot.dialogue.flow import Value
from bot.dialogue.session import Frame, Past, Reminder, Session

FORMAT = 1
"""The version of the JSON's shape; a session of a later one is refused."""


def to_json(session: Session) -> dict[str, Any]:
    """Return a session as plain dicts, lists, texts and numbers."""
    data: dict[str, Any] = {"format": FORMAT, "id": session.id, "turn": session.turn}
    parts: dict[str, Any] = {
        "frames": [_frame(frame) for frame in session.frames],
        "memory": _slots(session.memory),
        "said": dict(session.said),
        "past": [_past(past) for past in session.past],
        "parked": [_frame(frame) for frame in session.parked],
        "reminders": [_reminder(reminder) for reminder in session.reminders],
        "pressed": session.pressed and list(session.pressed),
        "last": session.last and list(session.last),
        "asides": list(session.asides),
    }
    counts = {name: getattr(session, name) for name in _COUNTS}
    return data | {key: value for key, value in (parts | counts).items() if value}


_COUNTS = ("careful", "visits", "unanswered", "met", "noticed", "nudged")


def from_json(data: Mapping[str, Any]) -> Session:
    """Return the session a JSON object stands for.

    Raises:
        ValueError: the object was written by a later version.
    """
    if data["format"] > FORMAT:
        raise ValueError(f"a session in format {data['format']} is newer than this program reads")
    return Session(
        id=data["id"],
        turn=data["turn"],
        frames=_frames(data.get("frames", ())),
        memory=_values(data.get("memory", {})),
        said=data.get("said", {}),
        past=tuple(
            Past(_frames(past["frames"]), _values(past["memory"]), _reminders(past["reminders"]))
            for past in data.get("past", ())
        ),
        parked=_frames(data.get("parked", ())),
        reminders=_reminders(data.get("reminders", ())),
        pressed=_tuple(data.get("pressed")),
        last=_tuple(data.get("last")),
        asides=tuple(data.get("asides", ())),
        **{name: data[name] for name in _COUNTS if name in data},
    )


def _slots(slots: Mapping[str, Value]) -> dict[str, Any]:
    return {name: list(value) if isinstance(value, tuple) else value for name, value in slots.items()}


def _values(slots: Mapping[str, Any]) -> dict[str, Value]:
    return {name: tuple(value) if isinstance(value, list) else value for name, value in slots.items()}


def _tuple(items: list[Any] | None) -> Any:
    return None if items is None else tuple(items)


def _frame(frame: Frame) -> dict[str, Any]:
    data: dict[str, Any] = {
        "flow": frame.flow,
        "version": frame.version,
        "state": frame.state,
        "since": frame.since,
        "kind": frame.kind,
    }
    if frame.tries:
        data["tries"] = frame.tries
    if frame.slots:
        data["slots"] = _slots(frame.slots)
    if frame.asked is not None:
        data["asked"] = [frame.asked.prompt, frame.asked.variant]
    if frame.overdue:
        data["overdue"] = list(frame.overdue)
    return data


def _frames(items: Any) -> tuple[Frame, ...]:
    return tuple(
        Frame(
            item["flow"],
            item["version"],
            item["state"],
            item["since"],
            item["kind"],
            item.get("tries", 0),
            _values(item.get("slots", {})),
            Spoken(*item["asked"]) if "asked" in item else None,
            tuple(item.get("overdue", ())),
        )
        for item in items
    )


def _past(past: Past) -> dict[str, Any]:
    return {
        "frames": [_frame(frame) for frame in past.frames],
        "memory": _slots(past.memory),
        "reminders": [_reminder(reminder) for reminder in past.reminders],
    }


def _reminder(reminder: Reminder) -> list[Any]:
    return [reminder.id, reminder.flow, _slots(reminder.slots), reminder.if_busy, reminder.until]


def _reminders(items: Any) -> tuple[Reminder, ...]:
    return tuple(Reminder(key, flow, _values(slots), busy, until) for key, flow, slots, busy, until in items)
