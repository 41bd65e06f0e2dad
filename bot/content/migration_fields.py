"""How people in older versions of a flow are carried over: the keys of `migrate`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from bot.content.composites import Keyed, Kinds, Many
from bot.content.dated import DAY
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


@dataclass(frozen=True, slots=True)
class LetGo:
    """Read `null`: what this was is let go."""

    what: str = "nothing"

    def read(self, value: Any, at: Path, out: Findings) -> tuple[None, dict[str, Value]]:
        """Return the pair that lets go."""
        return None, {}

    def schema(self, _: dict[str, Schema]) -> Schema:
        """Return null."""
        return {"type": "null"}


def _landing(entry: Entry) -> tuple[str, str | None] | None:
    line: Line | None = entry.get("say")
    return (entry.get("to"), None if line is None else line.prompt) if "to" in entry.found else None


def _mapped(entry: Entry) -> tuple[str, Mapping[str, Value]] | None:
    return (entry.get("to"), entry.get("map", {})) if "to" in entry.found else None


def _migration(entry: Entry) -> Migration | None:
    if "from" not in entry.found:
        return None
    parts = (entry.get(name, {}) for name in ("states", "slots", "options", "set"))
    return Migration(entry.get("from"), *parts)


def _policy(entry: Entry) -> tuple[str | None, int | None]:
    """Return what is said to whoever begins anew, and until when an older version is kept."""
    restart: Line | None = entry.get("restart")
    until: date | None = entry.get("pin_until")
    day = None if until is None else datetime(until.year, until.month, until.day, tzinfo=UTC)
    return None if restart is None else restart.prompt, None if day is None else int(day.timestamp())


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
                Keyed(
                    Kinds(
                        "a slot, `{to: slot, map: {old: new}}`, or null",
                        {str: Renamed({}), dict: _MAPPED, type(None): LetGo()},
                    )
                ),
                "Where slots have gone; null lets one go.",
            ),
            "options": Field(Keyed(NAME), "New ids of options."),
            "set": Field(Keyed(LITERAL), "Values of slots that older sessions lack."),
        },
        _migration,
        note="Carries people over from one older version.",
    )
)
POLICY = Record(
    "policy",
    {
        "restart": Field(LINE, "Conversations of older versions end with this line, and begin anew."),
        "pin_until": Field(DAY, "Until this day they end in their own version, kept in older/."),
    },
    _policy,
    note="What becomes of conversations in older versions, where they are not carried over at once.",
)
