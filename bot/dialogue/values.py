"""Typed slot values: what a person typed becomes a value of the slot's type, or nothing."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

from bot.dialogue.flow import Slot, Value

_NUMBERS = {
    word: number
    for number, words in enumerate(
        (
            *(
                "zero none nothing cero nada null nichts",
                "one uno una eins",
                "two dos zwei",
                "three tres drei",
            ),
            *("four cuatro vier", "five cinco fünf", "six seis sechs", "seven siete sieben"),
            *("eight ocho acht", "nine nueve neun", "ten diez zehn"),
        )
    )
    for word in words.split()
}
_TRUE = frozenset(
    "yes y yeah yep yup ya sure ok okay true please do right correct sí si claro vale ja klar bitte".split()
)
_FALSE = frozenset("no n nope nah not false never none nunca nein nee nie".split())
_CLOCK = re.compile(
    r"(?:at |around |about |(?:a )?las? |sobre las |um |gegen |ab )?(\d{1,2})(?:[:.h](\d{2}))?\s*"
    r"(am|pm|a\.m\.|p\.m\.|o'?clock|uhr|horas|h"
    r"|(?:de|por) la (?:mañana|manana|tarde|noche)|(?:uhr )?(?:morgens|abends|nachts|mittags|nachmittags))?"
)
_CLOCK_WORDS = {
    **dict.fromkeys("noon midday mediodía mediodia mittag mittags".split(), "12:00"),
    **dict.fromkeys("midnight medianoche mitternacht".split(), "00:00"),
}
_BEFORE_NOON, _AFTER_NOON, _AT_NIGHT = "a manana mañana morgens", "p tarde nachmittags abends", "noche nachts"
_SPAN = re.compile(
    r"(\d{1,6})\s*(?:s|secs?|seconds?|segundos?|sekunden?|(m|mins?|minutes?|minutos?|minuten?)"
    r"|(h|hrs?|hours?|horas?|std|stunden?)|(d|days?|días?|dias?|tagen?|tage?)|(w|weeks?|semanas?|wochen?))\b"
)
_SECONDS = (0, 1, 60, 3600, 86400, 604800)
"""Seconds of a unit, by the number of the last group of `_SPAN` that matched."""
_JOINTS = re.compile(r",|\b(?:and|y|und|in|en|dentro de)\b")
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
    half = _half(match[3] or "", hour)
    if half is not None:
        if not 1 <= hour <= 12:  # noqa: PLR2004  a twelve-hour clock
            return None
        hour = hour % 12 + half
    return f"{hour:02}:{minute:02}" if hour < 24 and minute < 60 else None  # noqa: PLR2004  a clock


def _half(words: str, hour: int) -> int | None:
    """Return the hour at which the half of the day begins that is spoken of, None where none is."""
    word = words.rpartition(" ")[2]
    word = word[:1] if word.rstrip(".").endswith("m") else word
    if word in _AT_NIGHT.split():
        return 12 if 6 <= hour < 12 else 0  # noqa: PLR2004  a twelve-hour clock
    return 0 if word in _BEFORE_NOON.split() else 12 if word in _AFTER_NOON.split() else None


def _duration(_: Slot, text: str) -> Value | None:
    said = text.casefold()
    found = list(_SPAN.finditer(said))
    if not found or _JOINTS.sub("", _SPAN.sub("", said)).strip():
        return None
    return sum(int(one[1]) * _SECONDS[one.lastindex or 1] for one in found)


def _bool(_: Slot, text: str) -> Value | None:
    word = text.casefold().rstrip(".!")
    if word in _TRUE:
        return True
    return False if word in _FALSE else None


def _list(slot: Slot, text: str) -> Value | None:
    parts = [part.strip() for part in re.split(r",|;|\n|\b(?:and|y|und)\b", text)]
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
