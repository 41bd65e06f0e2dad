"""The names that flows are made of: ids, prompts, labels and pages, each of its own form."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from bot.content.findings import Findings
from bot.content.places import Path
from bot.content.shapes import Schema, matches
from bot.dialogue.flow import Line


@dataclass(frozen=True, slots=True)
class Word:
    """Read a text of a fixed form. One of a wrong form is noted and used: others may name it so."""

    what: str
    pattern: str
    code: str = "Y123"
    fix: str = "use small letters, digits and _, beginning with a letter"

    def read(self, value: Any, at: Path, out: Findings) -> str | None:
        """Return the text."""
        if value.__class__ is not str:
            out.kind(at, value, self.what)
            return None
        if self.wrong(value):
            out.value(self.code, at, f"{value!r} is not {self.what}", self.fix)
        return str(value)

    def wrong(self, text: str) -> bool:
        """Tell whether a text is of another form; what could not be read as YAML is not held against it."""
        return not matches(self.pattern, text) and "\ufffd" not in text

    def schema(self, _: dict[str, Schema]) -> Schema:
        """Return the pattern."""
        return {"type": "string", "pattern": f"^(?:{self.pattern})$"}


@dataclass(frozen=True, slots=True)
class Name:
    """Read the id of something declared elsewhere; whether it is there is for the checks to say."""

    what: str = "an id"

    def read(self, value: Any, at: Path, out: Findings) -> str | None:
        """Return the id."""
        if value.__class__ is str and value:
            return str(value)
        out.kind(at, value, self.what)
        return None

    def schema(self, _: dict[str, Schema]) -> Schema:
        """Return any text that is not empty."""
        return {"type": "string", "minLength": 1}


@dataclass(frozen=True, slots=True)
class Prompt:
    """Read the name of a prompt; `{slot}` in it stands for the value of an enum slot."""

    what: str = "the name of a prompt"

    def read(self, value: Any, at: Path, out: Findings) -> Line | None:
        """Return the line."""
        name = PROMPT.read(value, at, out)
        return None if name is None else _line(name)

    def schema(self, shared: dict[str, Schema]) -> Schema:
        """Return the pattern."""
        return PROMPT.schema(shared)


@lru_cache(4096)
def _line(name: str) -> Line:
    return Line(name, tuple(re.findall(r"\{([a-z][a-z0-9_]*)\}", name)))


ID = Word("an id", r"[a-z][a-z0-9_]{0,39}")
OPTION_ID = Word("the id of an option", r"[A-Za-z][A-Za-z0-9_]{0,39}", fix="use letters, digits and _")
"""Options may be called as the values they set, and the rungs are L0, Lw, L1 …"""
PAGE = Word("the id of a why page", r"[a-z][a-z0-9-]{0,59}", fix="use small letters, digits and -")
PAGE_HERE = Word(
    "the id of a why page, with `{slot}` for the value of an enum slot",
    r"[a-z{][a-z0-9_{}-]{0,59}",
    fix="use small letters, digits and -",
)
_PART = r"[A-Za-z0-9_{}-]+"
PROMPT = Word(
    "the name of a prompt",
    rf"{_PART}(/{_PART})+",
    "Y130",
    "write its folder and name, as in `reflect/open`",
)
LABEL = Word(
    "the key of a label",
    r"[A-Za-z0-9_-]+(/[A-Za-z0-9_-]+)+",
    "Y130",
    "write its folder and name, as in `driver/low_capacity`",
)
PLAIN_PROMPT = Word("the name of a prompt without fields", LABEL.pattern, LABEL.code, PROMPT.fix)
NAME, LINE = Name(), Prompt()
