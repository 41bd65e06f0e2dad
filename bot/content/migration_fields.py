"""How people in older versions of a flow are carried over: the keys of `migrate`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from bot.content.composites import Keyed, Kinds, Many
from bot.content.findings import Findings
from bot.content.naming import LINE, NAME
from bot.content.places import Path
from bot.content.shapes import LITERAL, Number, Schema
from bot.content.tables import Entry, Field, Record
from bot.dialogue.flow import Line, Value
from bot.dialogue.migration import Migration


@dataclass(frozen=True, slots=True)
class Renamed:
    """Read a new name alone, and pair it with nothing."""

    nothing: Any = None
    what: str = NAME.what

    def read(self, value: Any, at: Path, out: Findings) -> tuple[str, Any] | None:
        """Return the pair."""
        name = NAME.read(value, at, out)
        return None if name is None else (name, self.nothing)

    def schema(self, shared: dict[str, Schema]) -> Schema:
        """Return what a name is."""
        return NAME.schema(shared)


def _landing(entry: Entry) -> tuple[str, str | None] | None:
    line: Line | None = entry.get("say")
    return (entry.get("to"), None if line is None else line.prompt) if "to" in entry.found else None


def _mapped(entry: Entry) -> tuple[str, Mapping[str, Value]] | None:
    return (entry.get("to"), entry.get("map", {})) if "to" in entry.found else None


def _migration(entry: Entry) -> Migration | None:
    if "from" not in entry.found:
        return None
    return Migration(
        entry.get("from"), entry.get("states", {}), entry.get("slots", {}), entry.get("options", {})
    )


_TO = Field(NAME, "The new name.", required=True)
_LANDING = Record("landing", {"to": _TO, "say": Field(LINE, "What is said on arrival.")}, _landing)
_MAPPED = Record("new slot", {"to": _TO, "map": Field(Keyed(LITERAL), "New values for old ones.")}, _mapped)
MIGRATE = Many(
    Record(
        "migration",
        {
            "from": Field(Number(1, 1_000_000), "The older version.", required=True),
            "states": Field(
                Keyed(Kinds("a state, or `{to: state, say: prompt}`", {str: Renamed(), dict: _LANDING})),
                "Where states have gone.",
            ),
            "slots": Field(
                Keyed(Kinds("a slot, or `{to: slot, map: {old: new}}`", {str: Renamed({}), dict: _MAPPED})),
                "Where slots have gone.",
            ),
            "options": Field(Keyed(NAME), "New ids of options."),
        },
        _migration,
        note="Carries people over from one older version.",
    )
)
