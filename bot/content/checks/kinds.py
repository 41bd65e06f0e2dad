"""What fits into a slot: a value written in a flow, the result of an expression, another slot."""

from __future__ import annotations

import re

from bot.content.faults import did_you_mean
from bot.dialogue.flow import Setter, Slot, Value
from bot.dialogue.guard_nodes import Literal
from bot.dialogue.guard_types import GuardType
from bot.dialogue.values import KINDS, fits

_TIME = re.compile(r"([01]\d|2[0-3]):[0-5]\d")
_SHOWN = {"int": "a whole number", "duration": "a duration", "bool": "true or false", "enum": "a name"}


def wrong_value(slot: Slot, value: Value) -> tuple[str, str] | None:
    """Return why a slot cannot hold a value and how to mend it, None when it can."""
    kind = KINDS[slot.type]
    if not isinstance(value, kind) or (isinstance(value, bool) and kind is not bool):
        shown = _SHOWN.get(slot.type, f"a {slot.type}")
        return f"slot {slot.id!r} holds {shown}, not {_written(value)}", "give it one"
    if slot.type == "time" and not _TIME.fullmatch(str(value)):
        return f"slot {slot.id!r} holds a time of day, not {_written(value)}", 'write it as "22:00"'
    if slot.of:
        return _no_member(slot, value)
    if not fits(slot, value):
        bounds = " to ".join(str(one) for one in (slot.min, slot.max) if one is not None)
        return f"{_written(value)} lies outside the bounds of slot {slot.id!r}", f"they are {bounds}"
    return None


def _no_member(slot: Slot, value: Value) -> tuple[str, str] | None:
    for item in value if isinstance(value, tuple) else (value,):
        if item not in slot.of:
            near = did_you_mean(str(item), slot.of)
            fix = f"did you mean {near!r}?" if near else f"there are {', '.join(slot.of)}"
            return f"{item!r} is no member of slot {slot.id!r}", fix
    return None


def _written(value: Value) -> str:
    """Show a value as an author writes it."""
    return str(value).lower() if isinstance(value, bool) else repr(value)


def wrong_expression(slot: Slot, setter: Setter, found: GuardType) -> tuple[str, str] | None:
    """Return why a slot cannot hold what an expression of this type comes to, None when it can."""
    tree = setter.expr.tree if setter.expr is not None else None
    if isinstance(tree, Literal):
        return wrong_value(slot, tree.value)
    return wrong_slot(slot, found.kind, found.of)


def wrong_slot(slot: Slot, kind: str, of: tuple[str, ...]) -> tuple[str, str] | None:
    """Return why a slot cannot hold what one of this type and these members holds, None when it can."""
    if kind != slot.type and (kind, slot.type) != ("enum", "text"):
        return f"slot {slot.id!r} holds {slot.type}, not {kind}", "make the two of one type"
    missing = [member for member in of if slot.of and member not in slot.of]
    if missing or (slot.of and not of):
        shown = f"can be {missing[0]!r}" if missing else "can be anything"
        return f"what it is given {shown}, which is no member of slot {slot.id!r}", "add it to `of`"
    return None
