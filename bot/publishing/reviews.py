"""Who has read which line and stands by it: `flows/reviews.yaml`, and nobody where it says nothing.

    schema: reviews/1
    lines:
      crisis/card: {by: "A. Name, her profession", on: "2026-01-31", text: 4f1c0a9b22d7}

`text` is the hash of the words that were read, as docs/review.md names it: who signs, signs these words.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from bot.content.composites import Keyed
from bot.content.dated import DAY, TEXT
from bot.content.faults import Fault
from bot.content.findings import Findings
from bot.content.library import REVIEWS, near
from bot.content.naming import Word
from bot.content.shapes import Choice
from bot.content.tables import Entry, Field, Record
from bot.content.yaml12 import Tree, read
from bot.errors import ContentError


@dataclass(frozen=True, slots=True)
class Review:
    """Hold who read a line, when, and the hash of what they read."""

    by: str
    on: date
    text: str


def reviews(flows: Path, known: Mapping[str, str]) -> dict[str, Review]:
    """Read the reviews. `known` are the lines there are, with the hash of each.

    Raises:
        ContentError: the file has faults, or names a line there is not.
    """
    found, _, faults = read_reviews(flows, known)
    if faults:
        raise ContentError(faults)
    return found


def read_reviews(flows: Path, known: Mapping[str, str]) -> tuple[dict[str, Review], Tree | None, list[Fault]]:
    """Read the reviews with the places of their parts, and every fault; without the file there is nothing."""
    path = near(flows / REVIEWS)
    if not path.exists():
        return {}, None, []
    tree, faults = read(path.read_bytes(), str(path))
    if tree is None:
        return {}, None, faults
    out = Findings(tree)
    found: dict[str, Review] = _FILE.read(tree.data, (), out) or {}
    for name in found.keys() - known.keys():
        out.key("Y132", ("lines", name), f"there is no line {name!r} to review", "docs/review.md lists all")
    return found, tree, [*faults, *out.faults]


def _review(entry: Entry) -> Review | None:
    parts = [entry.get(key) for key in ("by", "on", "text")]
    return None if None in parts else Review(*parts)


def _lines(entry: Entry) -> dict[str, Any]:
    return {name: one for name, one in entry.get("lines", {}).items() if one is not None}


_REVIEW = Record(
    "review",
    {
        "by": Field(TEXT, "Who read it, with their profession.", required=True),
        "on": Field(DAY, "The day they did.", required=True),
        "text": Field(TEXT, "The hash of the words they read.", required=True),
    },
    _review,
)
_FILE = Record(
    "list of reviews",
    {
        "schema": Field(Choice(("reviews/1",), "Y133"), "The format: reviews/1.", required=True),
        "lines": Field(
            Keyed(_REVIEW, Word("the name of a line", "[A-Za-z0-9_/-]+", fix="write it as docs/review.md")),
            "The reviews by line.",
            required=True,
        ),
    },
    _lines,
)
