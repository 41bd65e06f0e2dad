"""Typed slot values: what a person typed becomes a value of the slot's type, or nothing."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

from bot.dialogue.flow import Slot, Value

_NUMBERS = {
    word: number
    for number, words in enumerate(
        ("zero none nothing", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")
    )
    for word in words.split()
}
_YES_WORDS = "yes y yeah yep yup ya sure ok okay true please do right correct"
_NO_WORDS = "no n nope nah not false never none"
_TRUE, _FALSE = frozenset(_YES_WORDS.split()), frozenset(_NO_WORDS.split())
_CLOCK = re.compile(r"(?:at |around |about )?(\d{1,2})(?:[:.h](\d{2}))?\s*(am|pm|a\.m\.|p\.m\.|o'?clock)?")
_CLOCK_WORDS = {"noon": "12:00", "midday": "12:00", "midnight": "00:00"}
_SPAN = re.compile(
    r"(\d{1,6})\s*(s|sec|secs|seconds?|m|min|mins|minutes?|h|hr|hrs|hours?|d|days?|w|weeks?)\b"
)
_SECONDS = {"s": 1, "m": 60, "h": 3600, "d": 86400, "w": 604800}
KINDS: Mapping[str, type] = {
    "text": str,
    "int": int,
    "enum": str,
    "time": str,
    "duration": int,
    "bool": bool,
    "list": tuple,
}
"""What a slot of each type holds in Python; a bool is no int here."""
LONGEST_TEXT = 4000
"""Characters of a text that are kept where a slot sets no maximum of its own."""


def parse_value(slot: Slot, text: str) -> Value | None:
    """Return the value of the slot's type that a text stands for, or None when it is none."""
    value = _PARSERS[slot.type](slot, text.strip())
    return value if value is not None and fits(slot, value) else None


def fits(slot: Slot, value: Value) -> bool:
    """Tell whether a value lies within the slot's bounds."""
    if slot.type in {"bool", "enum", "time"}:
        return True
    size = value if isinstance(value, int) else len(value)
    most = LONGEST_TEXT if slot.max is None and slot.type == "text" else slot.max
    return (slot.min is None or size >= slot.min) and (most is None or size <= most)


def holds(slot: Slot | None, value: Value) -> bool:
    """Tell whether a value, wherever it came from, is one that the slot can have; no slot has none."""
    if slot is None or not isinstance(value, KINDS[slot.type]):
        return False
    if isinstance(value, bool) is not (slot.type == "bool") or not fits(slot, value):
        return False
    members = value if isinstance(value, tuple) else (value,)
    return not slot.of or all(member in slot.of for member in members)


def clamp(slot: Slot, value: Value) -> Value:
    """Return a computed number moved within the slot's bounds; other values as they are."""
    if isinstance(value, bool) or not isinstance(value, int):
        return value
    low = value if slot.min is None else max(slot.min, value)
    return low if slot.max is None else min(slot.max, low)


def _text(_: Slot, text: str) -> Value | None:
    return text or None


def _int(_: Slot, text: str) -> Value | None:
    word = text.casefold().rstrip(".!")
    if re.fullmatch(r"[+-]?[0-9]{1,15}", word):
        return int(word)
    return _NUMBERS.get(word)


def _enum(slot: Slot, text: str) -> Value | None:
    wanted = text.casefold().replace("_", " ")
    return next((member for member in slot.of if member.casefold().replace("_", " ") == wanted), None)


def _time(_: Slot, text: str) -> Value | None:
    word = text.casefold().rstrip(".!")
    if word in _CLOCK_WORDS:
        return _CLOCK_WORDS[word]
    match = _CLOCK.fullmatch(word) or _CLOCK.fullmatch(text.casefold())
    if match is None:
        return None
    hour, minute = int(match[1]), int(match[2] or 0)
    half = (match[3] or "")[:1]
    if half in {"a", "p"}:
        if not 1 <= hour <= 12:  # noqa: PLR2004  a twelve-hour clock
            return None
        hour = hour % 12 + (12 if half == "p" else 0)
    return f"{hour:02}:{minute:02}" if hour < 24 and minute < 60 else None  # noqa: PLR2004  a clock


def _duration(_: Slot, text: str) -> Value | None:
    rest = _SPAN.sub("", text.casefold()).replace("and", "").replace(",", "").strip()
    found = _SPAN.findall(text.casefold())
    if rest or not found:
        return None
    return sum(int(number) * _SECONDS[unit[0]] for number, unit in found)


def _bool(_: Slot, text: str) -> Value | None:
    word = text.casefold().rstrip(".!")
    if word in _TRUE:
        return True
    return False if word in _FALSE else None


def _list(slot: Slot, text: str) -> Value | None:
    parts = [part.strip() for part in re.split(r",|;|\n|\band\b", text)]
    items = [part for part in parts if part]
    if slot.of:
        members = [_enum(slot, item) for item in items]
        if None in members:
            return None
        items = [str(member) for member in members]
    return tuple(dict.fromkeys(items)) or None


_PARSERS: dict[str, Callable[[Slot, str], Value | None]] = {
    "text": _text,
    "int": _int,
    "enum": _enum,
    "time": _time,
    "duration": _duration,
    "bool": _bool,
    "list": _list,
}
