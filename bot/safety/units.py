"""What a model of danger reads: a few sentences at a time, as written and as the lexicon spells them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal, Protocol, TypeAlias

from bot.safety.language import Language, guess
from bot.safety.lexicon import Lexicon, Tier
from bot.safety.normalise import normalise
from bot.safety.passages import passages

Gate: TypeAlias = Literal["self", "other", "unsafe", "coerced", "unreal", "minor", "unwanted", "controller"]
GATES: tuple[Gate, ...] = (
    "self",
    "other",
    "unsafe",
    "coerced",
    "unreal",
    "minor",
    "unwanted",
    "controller",
)
"""Whom a sign of danger is about, the gravest first."""

SHORT, STEP = 40, 20
"""Words that are read at once, and by how many a window moves on through a longer text."""
_COVER = re.compile(r"~[~ ]*")


@dataclass(frozen=True, slots=True)
class Unit:
    """Hold a piece of a text: normalised, and in the lexicon's spelling with what is innocent covered.

    `calmed` says that an idiom or a denial of the lexicon stands in it; `language` is that of the whole text.
    """

    plain: str
    words: tuple[str, ...]
    calmed: bool
    language: Language = "en"


@dataclass(frozen=True, slots=True)
class Opinion:
    """Say what a model made of a text: a gate, a tier, and why, in terms an author can look up."""

    gate: str
    tier: Tier
    why: str


class Sense(Protocol):
    """Hear what no rule hears: pure, and bounded in time whatever a text's length."""

    def opinion(self, units: tuple[Unit, ...], careful: bool) -> Opinion | None:
        """Return the gravest sign of danger in the pieces of a text, or None."""

    def allays(self, units: tuple[Unit, ...], tier: Tier) -> bool:
        """Tell whether it is sure that a rule of this tier is mistaken about a text."""


def units(text: str, lexicon: Lexicon) -> Iterator[Unit]:
    """Cut a text into pieces: a short one is one piece, a long one overlapping windows."""
    language, words = guess(text), normalise(text).split()
    last = max(1, len(words) - STEP)
    for first in range(0, last if len(words) > SHORT else 1, STEP):
        plain = " ".join(words[first : first + SHORT])
        seen = _seen(plain, lexicon)
        yield Unit(plain, tuple(seen.split()), "~" in seen, language)


def _seen(plain: str, lexicon: Lexicon) -> str:
    found = (lexicon.covered(one.text, one.words)[one.start : one.stop] for one in passages(plain, lexicon))
    return _COVER.sub("~ ", "".join(found))
