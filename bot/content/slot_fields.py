"""How slots are declared: the keys, and what is built from them."""

from __future__ import annotations

from dataclasses import replace
from typing import get_args

from bot.content.composites import Keyed, Kinds, Many
from bot.content.naming import ID, Name
from bot.content.shapes import DURATION, FLAG, LITERAL, Choice, Number, in_seconds, matches
from bot.content.tables import Entry, Field, Record
from bot.dialogue.flow import Slot, SlotType, Value
from bot.dialogue.values import fits

TYPES: tuple[str, ...] = get_args(SlotType)
_BOUNDED = {"text", "int", "duration", "list"}
_TIME = r"([01][0-9]|2[0-3]):[0-5][0-9]"
_BOUND = Kinds("a whole number or a duration", {int: Number(-(2**53)), str: DURATION})


def _slot(entry: Entry) -> Slot:
    """Build a slot; one whose type is not known holds text."""
    slot = Slot(
        entry.id,
        entry.get("type", "text"),
        of=entry.get("of", ()),
        min=entry.get("min"),
        max=entry.get("max"),
        private=entry.get("private", False),
        keep=entry.get("keep"),
    )
    if "type" not in entry.found:
        return slot
    _members(slot, entry)
    _bounds(slot, entry)
    default = _default(slot, entry)
    return slot if default is None else replace(slot, default=default)


def _members(slot: Slot, entry: Entry) -> None:
    if slot.type == "enum" and not entry.given("of"):
        _wrong(entry, None, f"slot {slot.id!r} is an enum without members", "list them in `of`")
    if entry.given("of") and slot.type not in {"enum", "list"}:
        _wrong(entry, "of", f"a {slot.type} has no members", "remove `of`, or make the slot an enum")


def _bounds(slot: Slot, entry: Entry) -> None:
    for key in ("min", "max"):
        if key not in entry.found:
            continue
        if slot.type not in _BOUNDED:
            _wrong(entry, key, f"the type {slot.type} has no bounds", f"remove `{key}`")
        elif isinstance(entry.raw(key), str) != (slot.type == "duration"):
            kind = "a duration such as `20m`" if slot.type == "duration" else "a whole number"
            _wrong(entry, key, f"the bounds of type {slot.type} are {kind}", "")
    if slot.min is not None and slot.max is not None and slot.min > slot.max:
        _wrong(entry, "min", f"slot {slot.id!r} has its `min` above its `max`", "change places")


def _wrong(entry: Entry, key: str | None, message: str, fix: str) -> None:
    if key is None:
        entry.out.key("Y131", entry.at, message, fix)
    else:
        entry.out.value("Y131", entry.paths[key], message, fix)


def _default(slot: Slot, entry: Entry) -> Value | None:
    """Return the first value in the slot's type."""
    written = entry.get("default")
    if written is None:
        return None
    value = typed(slot, written)
    if value is None:
        what = {"time": 'a time such as "22:00"', "enum": f"one of {', '.join(slot.of)}"}
        fix = f"write {what.get(slot.type, f'a {slot.type}')} within its bounds"
        _wrong(entry, "default", f"the default of slot {slot.id!r} does not fit it", fix)
    return value


def typed(slot: Slot, value: Value) -> Value | None:
    """Return a written value as one of the slot's type (a duration in seconds), None when it is none."""
    if slot.type == "duration":
        seconds = in_seconds(value) if isinstance(value, str) else None
        return seconds if seconds is not None and fits(slot, seconds) else None
    return value if _of_type(slot, value) and fits(slot, value) else None


def _of_type(slot: Slot, value: Value) -> bool:
    match slot.type:
        case "bool":
            return isinstance(value, bool)
        case "int":
            return isinstance(value, int) and not isinstance(value, bool)
        case "list":
            return isinstance(value, tuple) and (not slot.of or set(value) <= set(slot.of))
        case "enum":
            return value in slot.of
        case "time":
            return isinstance(value, str) and matches(_TIME, value)
    return isinstance(value, str)


SLOT = Record(
    "slot",
    {
        "type": Field(Choice(TYPES), "What the slot holds.", required=True),
        "of": Field(Many(Name("a text"), unique=True), "The members of an enum, or what a list may contain."),
        "min": Field(_BOUND, "The least number, characters, items, or a shortest duration such as `20m`."),
        "max": Field(_BOUND, "The greatest number, characters, items, or a longest duration."),
        "private": Field(FLAG, "It must never be shown in a nudge."),
        "keep": Field(DURATION, "How long the value is kept, such as `30d`."),
        "default": Field(LITERAL, "A first value."),
    },
    _slot,
    note="A named value that an answer fills.",
)
SLOTS = Keyed(SLOT, key=ID)
