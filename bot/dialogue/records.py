"""A person's own record: a line for each check-in and each step, in a list of the memory, oldest first.

A line is text its person can read in an export: `2026-01-11 check_in closeness=2 energy=1 · a quiet week`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date

MOST_LINES = 100
"""Lines kept where the slot sets no maximum of its own."""
LONGEST_NOTE = 140
"""Characters of a note that are kept."""
_NOTE = " · "


@dataclass(frozen=True, slots=True)
class Record:
    """Add a line to the list slot `into`: the day, `what` it was, the values of some slots, and a note."""

    into: str
    what: str
    slots: tuple[str, ...] = ()
    note: str | None = None


@dataclass(frozen=True, slots=True)
class Line:
    """Hold one line: the day, what it was, the numbers it holds. The note is for its person only."""

    day: date
    what: str
    numbers: Mapping[str, int] = field(default_factory=dict)


def added(
    lines: Iterable[str], record: Record, values: Mapping[str, object], day: date, most: int
) -> tuple[str, ...]:
    """Return the lines with one for this day, and without the oldest where there are too many."""
    known = [f"{name}={values[name]}" for name in record.slots if name in values]
    note = _cut(" ".join(str(values.get(record.note or "", "")).split()))
    line = " ".join((day.isoformat(), record.what, *known)) + (_NOTE + note if note else "")
    return (*lines, line)[-most:]


def _cut(note: str) -> str:
    """Return a note that is not too long to keep, cut at a word."""
    if len(note) <= LONGEST_NOTE:
        return note
    head = note[:LONGEST_NOTE]
    return (head.rpartition(" ")[0] or head) + "…"


def read(lines: Iterable[str]) -> Iterator[Line]:
    """Read lines back, passing over what is none."""
    for text in lines:
        words = text.partition(_NOTE)[0].split(" ")
        try:
            day = date.fromisoformat(words[0])
        except ValueError:
            continue
        pairs = (word.partition("=") for word in words[2:])
        numbers = {name: int(value) for name, _, value in pairs if value.isdecimal()}
        yield Line(day, words[1] if len(words) > 1 else "", numbers)
