"""Statements about the world: each says where it comes from, and until when somebody vouches for it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from bot.content.faults import Fault, Spot
from bot.content.findings import Findings, subject
from bot.content.places import Path
from bot.content.shapes import Schema
from bot.content.tables import Entry, Field
from bot.content.yaml12 import Tree


@dataclass(frozen=True, slots=True)
class Text:
    """Read a text that is not blank, trimmed."""

    what: str = "a text"

    def read(self, value: Any, at: Path, out: Findings) -> str | None:
        """Return the text."""
        if value.__class__ is str and value.strip():
            return str(value).strip()
        out.kind(at, value, self.what)
        return None

    def schema(self, _: dict[str, Schema]) -> Schema:
        """Return any text that is not blank."""
        return {"type": "string", "pattern": r"\S"}


@dataclass(frozen=True, slots=True)
class Day:
    """Read a day of the calendar."""

    what: str = "a day such as 2026-01-31"

    def read(self, value: Any, at: Path, out: Findings) -> date | None:
        """Return the day."""
        try:
            return date.fromisoformat(value)
        except (TypeError, ValueError):
            out.value("Y125", at, f"{subject(at)} takes {self.what}", "write year, month and day")
            return None

    def schema(self, _: dict[str, Schema]) -> Schema:
        """Return the format."""
        return {"type": "string", "format": "date"}


TEXT, DAY = Text(), Day()
SOON = timedelta(days=30)
"""How long before a statement expires it is noted."""


@dataclass(frozen=True, slots=True)
class Stamp:
    """Say where the statement at `path` of a file comes from, and until when it stands."""

    source: str
    checked_on: date
    expires_on: date
    path: Path
    tree: Tree = field(repr=False, compare=False)

    @property
    def spot(self) -> Spot:
        """Return where the statement is written."""
        return self.tree.key_spot(*self.path)

    @property
    def name(self) -> str:
        """Name the statement by the last keys of its path."""
        return ".".join(str(part) for part in self.path[1:] or self.path)


def stamped(checked: str) -> dict[str, Field]:
    """Return the fields that every statement has; `checked` names the day it was last looked at."""
    return {
        "source": Field(TEXT, "Where it comes from.", required=True),
        checked: Field(DAY, "The day it was last checked against its source.", required=True),
        "expires_on": Field(DAY, "The day until which it stands.", required=True),
    }


def stamp(entry: Entry, checked: str) -> Stamp | None:
    """Return where a statement comes from, None where it does not say (which is told already)."""
    source, since, until = (entry.get(key) for key in ("source", checked, "expires_on"))
    if source is None or since is None or until is None:
        return None
    if until <= since:
        fix = f"it comes after `{checked}`"
        entry.out.value("G802", entry.paths["expires_on"], f"`expires_on` is {until}", fix)
    return Stamp(source, since, until, entry.at, entry.out.tree)


def expired(stamps: Iterable[Stamp], today: date) -> Iterator[Fault]:
    """Report every statement that nobody vouches for any more."""
    for one in stamps:
        if one.expires_on < today:
            message = f"{one.name} was to be checked again by {one.expires_on}"
            yield Fault(
                "G803", one.spot, message, f"check it against its source ({one.source}) and set its days"
            )


def expiring(stamps: Iterable[Stamp], today: date) -> Iterator[Fault]:
    """Note every statement for which soon nobody vouches any more."""
    for one in stamps:
        if max(today, one.checked_on) <= one.expires_on < today + SOON:
            message = f"{one.name} is to be checked again by {one.expires_on}"
            yield Fault("G804", one.spot, message, f"look at its source ({one.source}) now", "note")
