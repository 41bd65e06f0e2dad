"""What is wrong with what an author wrote: where, what, and how to mend it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Literal, NamedTuple, TypeAlias

from bot.content.codes import CODES, FAMILIES, Code

__all__ = ["CODES", "FAMILIES", "Code", "Fault", "Severity", "Spot", "did_you_mean", "in_order"]

Severity: TypeAlias = Literal["error", "warning", "note"]
"""An error keeps flows from being released; a note asks for nothing but to be known."""


class Spot(NamedTuple):
    """Point into a file; lines and columns count from 1, columns in characters."""

    file: str
    line: int = 1
    column: int = 1

    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.column}"


@dataclass(frozen=True, slots=True)
class Fault:
    """Report one fault. `code` is a key of `CODES`; `fix` completes the message after a semicolon."""

    code: str
    spot: Spot
    message: str
    fix: str = ""
    severity: Severity = "error"

    def __str__(self) -> str:
        """Write it as `file:line:col CODE message; fix`."""
        tail = f"; {self.fix}" if self.fix else ""
        return f"{self.spot} {self.code} {self.message}{tail}"


def in_order(faults: Iterable[Fault]) -> list[Fault]:
    """Return the faults by file, line, column and code, each once."""
    return sorted(dict.fromkeys(faults), key=lambda fault: (fault.spot, fault.code, fault.message))


def did_you_mean(word: str, known: Iterable[str]) -> str | None:
    """Return the known word that is spelt most alike, or None when none is near."""
    near = get_close_matches(word, list(known), n=5, cutoff=0.6)
    # Two letters that changed places are the commonest slip, and the measure thinks little of it.
    return min(near, key=lambda one: sorted(one) != sorted(word), default=None)
