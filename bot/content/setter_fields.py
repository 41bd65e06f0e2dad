"""How slots are given values: the keys, and the setters built from them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from bot.content.composites import Keyed, Kinds
from bot.content.findings import Findings
from bot.content.naming import ID, NAME
from bot.content.places import Path
from bot.content.shapes import EXPRESSION, LITERAL, Schema, Shape, guard, in_seconds
from bot.content.tables import Entry, Field, Record
from bot.dialogue.flow import Setter, Slot
from bot.errors import GuardError


@dataclass(frozen=True, slots=True)
class Clear:
    """Read `null`, which clears a slot."""

    what: str = "nothing"

    def read(self, _value: Any, at: Path, _out: Findings) -> Setter:
        """Return the setter that clears."""
        return Setter(str(at[-1]))

    def schema(self, _: dict[str, Schema]) -> Schema:
        """Return the type."""
        return {"type": "null"}


@dataclass(frozen=True, slots=True)
class Plainly:
    """Read a literal as the value of the slot whose key it stands under."""

    what: str = LITERAL.what

    def read(self, value: Any, at: Path, out: Findings) -> Setter | None:
        """Return the setter."""
        literal = LITERAL.read(value, at, out)
        return None if literal is None else Setter(str(at[-1]), literal)

    def schema(self, shared: dict[str, Schema]) -> Schema:
        """Return what a literal may be."""
        return LITERAL.schema(shared)


@dataclass(frozen=True, slots=True)
class Ours:
    """Read the name of one of our slots as what another flow's slot is given."""

    what: str = "the name of one of our slots"

    def read(self, value: Any, at: Path, out: Findings) -> Setter | None:
        """Return the setter."""
        if not ID.wrong(value):
            return copied(str(at[-1]), value)
        out.value("Y123", at, f"{value!r} is no name of a slot", "write a literal as `{value: …}`")
        return None

    def schema(self, shared: dict[str, Schema]) -> Schema:
        """Return the pattern of an id."""
        return ID.schema(shared)


def copied(slot: str, source: str) -> Setter | None:
    """Return the setter that copies one slot into another."""
    try:
        return Setter(slot, expr=guard(source))
    except GuardError:
        return None


def _computed(entry: Entry) -> Setter | None:
    """Build a setter from exactly one of its keys."""
    if len(entry.paths) != 1:
        entry.out.value("Y127", entry.at, f"{entry.id!r} takes exactly one value", "keep one of them")
    if "from" in entry.found:
        return copied(entry.id, entry.get("from"))
    if "expr" in entry.found:
        return Setter(entry.id, expr=entry.get("expr"))
    return Setter(entry.id, entry.get("value")) if "value" in entry.found else None


_FROM = Field(ID, "Another slot, whose value it gets.")
_EXPR = Field(EXPRESSION, 'An expression, such as "draft_no + 1".')
_VALUE = Field(LITERAL, "A literal.")
_ONE: Schema = {"minProperties": 1, "maxProperties": 1}
_COMPUTED: Shape = Record("computed value", {"from": _FROM, "expr": _EXPR}, _computed, _ONE)
_GIVEN: Shape = Record("given value", {"value": _VALUE, "expr": _EXPR}, _computed, _ONE)


@dataclass(frozen=True, slots=True)
class Setters:
    """Read a mapping from slots to values as setters."""

    by: Keyed

    @property
    def what(self) -> str:
        """Name the values."""
        return self.by.what

    def read(self, value: Any, at: Path, out: Findings) -> tuple[Setter, ...] | None:
        """Return the setters."""
        found = self.by.read(value, at, out)
        return None if found is None else tuple(found.values())

    def schema(self, shared: dict[str, Schema]) -> Schema:
        """Return the mapping."""
        return self.by.schema(shared)


_PLAINLY = Plainly()
SET = Setters(
    Keyed(
        Kinds(
            "a literal, `{from: slot}`, `{expr: text}` or null",
            {
                str: _PLAINLY,
                bool: _PLAINLY,
                int: _PLAINLY,
                list: _PLAINLY,
                dict: _COMPUTED,
                type(None): Clear(),
            },
        )
    )
)
WITH = Setters(Keyed(Kinds("the name of one of our slots or `{value: …}`", {str: Ours(), dict: _GIVEN})))
TAKE = Keyed(NAME)


def in_types(setters: tuple[Setter, ...], slots: Mapping[str, Slot]) -> tuple[Setter, ...]:
    """Return the setters with durations in seconds, where the slot is one."""
    return tuple(_in_type(setter, slots.get(setter.slot)) for setter in setters)


def _in_type(setter: Setter, slot: Slot | None) -> Setter:
    if slot is None or slot.type != "duration" or not isinstance(setter.value, str):
        return setter
    seconds = in_seconds(setter.value)
    return setter if seconds is None else replace(setter, value=seconds)
