"""How much a text sounds like each option's example phrases, from 0 to 1."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from math import log

from bot.understanding.spelling import Phrase, authored, phrase

_CLAUSE = re.compile(r"[.!?;,\n]+|\s-+\s")
_TURN = re.compile(r"\b(?:but|although|except)\b", re.IGNORECASE)
_MOST_CLAUSES = 40
_MOST_UNKNOWN = 60
_SHORTEST_PAIR = 9
"""Letters of two words together from which they may be one misspelt; in shorter ones a letter matters."""
_CONTAINED = 0.8
"""A long clause that holds a whole phrase of two or more telling words is this like it."""
_DENIED = 0.5
_TAKEN_BACK = 0.5
_ONE_WORD = 0.7
"""One word in common among others is a hint and no more."""
_TURNED = 0.7
"""Somebody else does it, or it is done to somebody else."""


@dataclass(frozen=True, slots=True)
class Table:
    """Hold the phrases of each option, and how telling each of their words is."""

    options: tuple[tuple[Phrase, ...], ...]
    weights: dict[str, float]

    def weigh(self, stems: Iterable[str]) -> float:
        """Return how much words tell together; one that no phrase has tells a little."""
        return sum(self.weights.get(stem, 1.0) for stem in stems)


@lru_cache(maxsize=1_000)
def table(options: tuple[tuple[str, ...], ...]) -> Table:
    """Prepare the phrases of the options on the table; the same ones are prepared once."""
    phrases = tuple(tuple(authored(one) for one in says) for says in options)
    used = Counter(stem for says in phrases for stem in {stem for one in says for stem in one.stems})
    return Table(phrases, {stem: 1 + log(len(options) / count) for stem, count in used.items()})


def likenesses(text: str, options: Table) -> list[float]:
    """Return how much a text sounds like each option: the best of its clauses against its best phrase.

    What stands before a "but" counts half: it is the part that is taken back.
    """
    *before, last = _TURN.split(text)
    half = [_clause_likenesses(part, options) for part in before[-1:]]
    full = _clause_likenesses(last, options)
    return [max(now, *(then[place] * _TAKEN_BACK for then in half), 0.0) for place, now in enumerate(full)]


def _clause_likenesses(text: str, options: Table) -> list[float]:
    """Compare the whole text, and each clause of it that says more than one word."""
    whole = phrase(text)
    clauses = [one for one in map(phrase, _CLAUSE.split(text)[:_MOST_CLAUSES]) if len(one.stems) > 1]
    known = _known([one for one in dict.fromkeys((whole, *clauses)) if one.stems], options)
    return [max((_like(a, b, options) for a in known for b in says), default=0.0) for says in options.options]


def _known(clauses: Sequence[Phrase], options: Table) -> list[Phrase]:
    """Put the right word in the place of each misspelt one."""
    unknown = sorted({stem for one in clauses for stem in one.stems} - options.weights.keys())
    meant = {
        stem: near
        for stem in unknown[:_MOST_UNKNOWN]
        if (near := next((word for word in options.weights if _slip(stem, word)), None))
    }
    return [
        Phrase(one.words, frozenset(meant.get(stem, stem) for stem in one.stems), one.denies, one.view)
        for one in clauses
    ]


def _like(said: Phrase, example: Phrase, options: Table) -> float:
    """Compare by the words that carry meaning."""
    shared = said.stems & example.stems
    both = options.weigh(shared)
    if not both:
        return 0.0
    like = 2 * both / (options.weigh(said.stems) + options.weigh(example.stems))
    if len(example.stems) > 1 and example.stems <= said.stems:
        like = max(like, _CONTAINED)
    if len(shared) == 1 and said.stems != example.stems:
        like *= _ONE_WORD
    if said.denies != example.denies:
        like *= _DENIED
    return like * _TURNED ** sum(
        one != other for one, other in zip(said.view, example.view, strict=True) if one and other
    )


def misspelt(said: Sequence[str], meant: Sequence[str], shortest: int = _SHORTEST_PAIR) -> bool:
    """Tell whether two lists of words are the same but for one slip in each longer word.

    `shortest` is how many letters two words must have together for a letter between them to be a slip.
    """
    if len(said) != len(meant):
        return False
    return all(one == other or _slip(one, other, shortest) for one, other in zip(said, meant, strict=True))


def _slip(one: str, other: str, shortest: int = _SHORTEST_PAIR) -> bool:
    """Tell whether one letter is missing, added, wrong or in the place of the next."""
    if one[0] != other[0] or abs(len(one) - len(other)) > 1 or len(one) + len(other) < shortest:
        return False
    from rapidfuzz.distance import OSA  # noqa: PLC0415 -- slow to import, and most answers need none of it

    return OSA.distance(one, other, score_cutoff=1) <= 1
