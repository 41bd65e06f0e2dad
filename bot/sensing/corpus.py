"""The sentences the model is taught with: tables a person can read, and a hash that tells of changes."""

from __future__ import annotations

from collections.abc import Iterable
from hashlib import sha256
from pathlib import Path
from typing import NamedTuple

COLUMNS = ("persona", "gate", "tier", "disguise", "text")


class Sentence(NamedTuple):
    """Hold a sentence: who wrote it, what it shows (`-` and `none` for no danger), and how it hides it."""

    persona: str
    gate: str
    tier: str
    disguise: str
    text: str


def read_sentences(path: Path) -> tuple[Sentence, ...]:
    """Read a table: a sentence a line, its columns parted by tabs; lines with `#` are for the reader.

    Raises:
        ValueError: a line has not five columns.
    """
    found = []
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        if line and not line.startswith("#"):
            cells = line.split("\t")
            if len(cells) != len(COLUMNS):
                raise ValueError(
                    f"{path.name}:{number}: {len(cells)} columns; {', '.join(COLUMNS)} are needed"
                )
            found.append(Sentence(*cells))
    return tuple(found)


VALIDATING, OF = 3, 10
"""Of every ten people of a table the one who chooses bars, and is not learnt from by what is tuned."""


def validating(sentences: Iterable[Sentence]) -> set[str]:
    """Return who of the people of one table only choose bars."""
    people = dict.fromkeys(one.persona for one in sentences)
    return {person for at, person in enumerate(people) if at % OF == VALIDATING}


def fingerprint(sentences: Iterable[Sentence]) -> str:
    """Return what changes whenever a sentence does."""
    return sha256("\n".join("\t".join(one) for one in sentences).encode()).hexdigest()[:16]
