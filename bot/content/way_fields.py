"""How the way on is written: a target, or a guarded list of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from bot.content.composites import Kinds
from bot.content.findings import Findings
from bot.content.naming import Name
from bot.content.places import Path
from bot.content.shapes import EXPRESSION, Schema
from bot.content.tables import Entry, Field, Record
from bot.dialogue.flow import Transition

TARGET = Name("a state or an outcome of this flow")


def _branch(entry: Entry) -> Transition | None:
    target = entry.get("else", entry.get("to"))
    return None if target is None else Transition(target, entry.get("if"))


@dataclass(frozen=True, slots=True)
class Straight:
    """Read a target without a condition."""

    what: str = TARGET.what

    def read(self, value: Any, at: Path, out: Findings) -> tuple[Transition, ...] | None:
        """Return the one transition."""
        target = TARGET.read(value, at, out)
        return None if target is None else (Transition(target),)

    def schema(self, shared: dict[str, Schema]) -> Schema:
        """Return what a target is."""
        return TARGET.schema(shared)


@dataclass(frozen=True, slots=True)
class Branches:
    """Read a guarded list, which ends with `else`."""

    what: str = "a list of `{if: guard, to: target}` that ends with `{else: target}`"

    def read(self, value: Any, at: Path, out: Findings) -> tuple[Transition, ...]:
        """Return the transitions that could be read."""
        read = [BRANCH.read(item, (*at, place), out) for place, item in enumerate(value)]
        self._ended(value, at, out)
        return tuple(one for one in read if one is not None)

    def _ended(self, value: list[Any], at: Path, out: Findings) -> None:
        """Note a list that does not end with its only `else`."""
        last = len(value) - 1
        for place, item in enumerate(value):
            is_else = isinstance(item, dict) and "else" in item
            if is_else and place != last:
                out.value("Y128", (*at, place), "nothing after this `else` is ever reached", "put it last")
            if place == last and isinstance(item, dict) and not is_else:
                out.value(
                    "Y128", (*at, place), "the list does not end with an `else`", "add `{else: target}`"
                )
        if not value:
            out.value("Y128", at, "an empty list leads nowhere", "write `{else: target}`")

    def schema(self, shared: dict[str, Schema]) -> Schema:
        """Return the list."""
        return {"type": "array", "items": BRANCH.schema(shared), "minItems": 1}


BRANCH = Record(
    "branch",
    {
        "if": Field(EXPRESSION, 'The guard, such as "energy >= 2".'),
        "to": Field(TARGET, "Where it leads when the guard holds."),
        "else": Field(TARGET, "Where it leads when no guard above holds."),
    },
    _branch,
    {
        "oneOf": [
            {"required": ["if", "to"], "not": {"required": ["else"]}},
            {"required": ["else"], "maxProperties": 1},
        ]
    },
)
WAY = Kinds("a target or a guarded list", {str: Straight(), list: Branches()})
