"""The kinds of values in a flow file: each reads a value, and describes itself to YAML editors."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Protocol, TypeAlias

from bot.content.faults import did_you_mean
from bot.content.findings import Findings, subject
from bot.content.places import Path
from bot.dialogue.flow import Value
from bot.dialogue.guards import Guard, parse
from bot.errors import GuardError

Schema: TypeAlias = dict[str, Any]
SECONDS = {"s": 1, "m": 60, "h": 3600, "d": 86400, "w": 604800}
LONGEST_WAIT = 10 * 365 * 86400
"""Seconds: a longer duration is a slip of the finger, and would leave the calendar."""


class Shape(Protocol):
    """Read one kind of value. `what` completes the sentence "it takes …"."""

    @property
    def what(self) -> str:
        """Name the kind."""

    def read(self, value: Any, at: Path, out: Findings) -> Any:
        """Return the value in our types, or None after noting what is wrong."""

    def schema(self, shared: dict[str, Schema]) -> Schema:
        """Return the JSON Schema (draft 7); what has a name goes into `shared`."""


@lru_cache(4096)
def matches(pattern: str, text: str) -> bool:
    """Tell whether a whole text is of a form; flows hold the same texts again and again."""
    return re.fullmatch(pattern, text) is not None


@dataclass(frozen=True, slots=True)
class Number:
    """Read a whole number within bounds."""

    least: int
    most: int = 2**53

    @property
    def what(self) -> str:
        """Name the bounds."""
        return f"a whole number from {self.least} to {self.most}" if self.most < 2**53 else "a whole number"

    def read(self, value: Any, at: Path, out: Findings) -> int | None:
        """Return the number."""
        if value.__class__ is int and self.least <= value <= self.most:
            return int(value)
        out.kind(at, value, self.what)
        return None

    def schema(self, _: dict[str, Schema]) -> Schema:
        """Return the bounds."""
        return {"type": "integer", "minimum": self.least, "maximum": self.most}


@dataclass(frozen=True, slots=True)
class Flag:
    """Read `true` or `false`."""

    what: str = "true or false"

    def read(self, value: Any, at: Path, out: Findings) -> bool | None:
        """Return the truth value; `yes` and `on` are words in YAML 1.2, so they are refused."""
        if value.__class__ is bool:
            return bool(value)
        out.kind(at, value, self.what)
        return None

    def schema(self, _: dict[str, Schema]) -> Schema:
        """Return the type."""
        return {"type": "boolean"}


@dataclass(frozen=True, slots=True)
class Duration:
    """Read a duration such as `20h` as whole seconds."""

    what: str = "a duration such as `20h`"

    def read(self, value: Any, at: Path, out: Findings) -> int | None:
        """Return the seconds."""
        if value.__class__ not in {str, int}:
            out.kind(at, value, self.what)
            return None
        seconds = in_seconds(str(value))
        if seconds is None or seconds > LONGEST_WAIT:
            wrong = "is longer than ten years" if seconds else "is no duration"
            out.value("Y124", at, f"`{value}` {wrong}", "write a number and s, m, h, d or w, as in `20h`")
            return None
        return seconds

    def schema(self, _: dict[str, Schema]) -> Schema:
        """Return the pattern."""
        return {"type": "string", "pattern": "^[0-9]{1,9}[smhdw]$"}


def in_seconds(text: str) -> int | None:
    """Return the seconds of a duration, None where the text is none."""
    match = re.fullmatch(r"([0-9]{1,9})([smhdw])", text)
    return int(match[1]) * SECONDS[match[2]] if match else None


@dataclass(frozen=True, slots=True)
class Choice:
    """Read one of a few words; a near miss is noted and read as the word that is meant."""

    words: tuple[str, ...]
    code: str = "Y125"

    @property
    def what(self) -> str:
        """List the words."""
        return " or ".join(self.words) if len(self.words) < 3 else "one of " + ", ".join(self.words)  # noqa: PLR2004  grammar

    def read(self, value: Any, at: Path, out: Findings) -> str | None:
        """Return the word."""
        if value in self.words and value.__class__ is str:
            return str(value)
        if value.__class__ is not str:
            out.kind(at, value, self.what)
            return None
        near = did_you_mean(value, self.words)
        fix = f"did you mean {near!r}?" if near else f"write {self.what}"
        out.value(self.code, at, f"{subject(at)} cannot be {value!r}", fix)
        return near

    def schema(self, _: dict[str, Schema]) -> Schema:
        """Return the words."""
        return {"const": self.words[0]} if len(self.words) == 1 else {"enum": list(self.words)}


@dataclass(frozen=True, slots=True)
class Expression:
    """Read a guard, or any expression of the guard language."""

    what: str = "a guard as text"

    def read(self, value: Any, at: Path, out: Findings) -> Guard | None:
        """Return the parsed guard."""
        if value.__class__ is not str:
            out.kind(at, value, self.what)
            return None
        try:
            return guard(value)
        except GuardError as error:
            out.inside("Y126", at, error.column, str(error))
            return None

    def schema(self, _: dict[str, Schema]) -> Schema:
        """Return any text."""
        return {"type": "string", "minLength": 1}


guard = lru_cache(4096)(parse)
"""Parse a guard, each text once; a guard is immutable and may be shared."""


@dataclass(frozen=True, slots=True)
class Literal:
    """Read a value that a slot may hold, before anybody knows which slot."""

    what: str = "a text, a whole number, true, false or a list of texts"

    def read(self, value: Any, at: Path, out: Findings) -> Value | None:
        """Return the value; a list becomes a tuple."""
        if isinstance(value, str | int):
            return value
        if value.__class__ is list and all(item.__class__ is str for item in value):
            return tuple(value)
        out.kind(at, value, self.what)
        return None

    def schema(self, _: dict[str, Schema]) -> Schema:
        """Return the kinds."""
        return {"type": ["string", "integer", "boolean", "array"], "items": {"type": "string"}}


FLAG, DURATION, EXPRESSION, LITERAL = Flag(), Duration(), Expression(), Literal()
