"""What a person typed, read as one of the answers on the table: clear ones are taken, others are not guessed.

`read` is the seam: whatever understands better one day takes its place.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Protocol

from bot.dialogue.events import Reading
from bot.dialogue.expect import Expectation
from bot.dialogue.flow import Slot
from bot.understanding.likeness import likenesses, misspelt, table
from bot.understanding.numbering import numbered
from bot.understanding.polarity import authored_polarity, polarity
from bot.understanding.spelling import LONGEST, Phrase, authored, bare, phrase

_CLEAR, _LEAD = 0.65, 0.1
"""How alike the best option must be, and by how much more than the next.

Measured on the phrases of the drivers, each read with all others: nine in ten that are taken are taken
rightly. Lower values take more, and wrongly.
"""
_CLEAR_BESIDE_TEXT = 0.85
"""The same where free text is asked for too: an answer of its own is likelier there."""
_LONGEST_BESIDE_TEXT = 8
_NEAR, _MOST_NEAR = 0.3, 3
_LONGEST_COMMAND = 7
"""Words of a text that can still be a command: a story with `stop` in it is a story."""
_LONGEST_QUESTION = 14
_TELLING_WORDS = 3
"""Words that begin one label only: so many tell which is meant, however small they are."""
_ASKING = ("why", "how come", "what makes", "explain", "tell me why", "tell me about")

_Says = tuple[tuple[str, ...], ...]


class Vocabulary(Protocol):
    """Give labels and example phrases in the person's language."""

    def label(self, key: str) -> str:
        """Return the label of a key."""

    def says(self, key: str) -> Sequence[str]:
        """Return the example phrases of a key."""


def read(text: str, expectation: Expectation, words: Vocabulary, why: Callable[[str], str | None]) -> Reading:
    """Return what a text means here: an interrupt, an option, the likeliest options, or nothing.

    Pure, and linear in the length of the text, of which the first 2,000 characters count. `why` finds the
    page that a question is about.
    """
    text = text[:LONGEST]
    said = phrase(text)
    if not said.words:
        return Reading()
    asked = _interrupt(said, expectation, words) or _question(text, said, expectation, why)
    return asked or _option(text, said, expectation, words)


def _interrupt(said: Phrase, expectation: Expectation, words: Vocabulary) -> Reading | None:
    """Read a short text as a command in words, allowing for politeness and a slip of a finger."""
    if len(said.words) > _LONGEST_COMMAND:
        return None
    wanted = bare(said.words)
    for one in expectation.interrupts:
        examples = words.says(one.says) if one.says else ()
        if any(misspelt(wanted, bare(authored(example).words)) for example in examples):
            return Reading(interrupt=one.id)
    return None


def _question(
    text: str, said: Phrase, expectation: Expectation, why: Callable[[str], str | None]
) -> Reading | None:
    """Read a short question as `/why` with its words, where there is a page that answers it."""
    allowed = next((one.id for one in expectation.interrupts if one.do == "why"), None)
    asks = f"{said.text} ".startswith(tuple(f"{start} " for start in _ASKING))
    page = why(text) if allowed and asks and len(said.words) <= _LONGEST_QUESTION else None
    return Reading(interrupt=allowed, why=page) if page else None


def _option(text: str, said: Phrase, expectation: Expectation, words: Vocabulary) -> Reading:
    """Read a text as an option: by its very words, its number, its beginning, yes or no, or its likeness.

    What opens a gate is never taken by likeness, nor by a "no" that more words follow.
    """
    options, slot = expectation.options, expectation.slot
    says: _Says = tuple((words.label(one.label), *words.says(one.says)) for one in options)
    if not says:
        return Reading()
    place = _only(_exact(said, says))
    if place is None:
        place = numbered(text, len(says), bare=slot is None or slot.type == "text")
    if place is None:
        place = _only(_beginning(said, says, slot))
    if place is not None:
        return Reading(option=options[place].id)
    scores = likenesses(text, table(says))
    place = _polar(text, says, scores)
    place = _likeliest(said, scores, slot) if place is None else place
    if place is not None and (not options[place].passes or polarity(text, alone=True)):
        return Reading(option=options[place].id)
    ranked = sorted((-score, index) for index, score in enumerate(scores) if score >= _NEAR)
    return Reading(near=tuple(options[index].id for _, index in ranked[:_MOST_NEAR]))


def _only(places: Sequence[int]) -> int | None:
    return places[0] if len(places) == 1 else None


def _exact(said: Phrase, says: _Says) -> list[int]:
    """Return the options that have the text among their words, or else with slips of a finger."""
    wanted = bare(said.words)
    bared = [[bare(authored(one).words) for one in examples] for examples in says]
    exact = [place for place, examples in enumerate(bared) if wanted in examples]
    return exact or [
        place for place, examples in enumerate(bared) if any(misspelt(wanted, one) for one in examples)
    ]


def _beginning(said: Phrase, says: _Says, slot: Slot | None) -> list[int]:
    """Return the options whose label begins with the text, where that is more than a small word or two."""
    size = len(said.words)
    if size < _TELLING_WORDS and (not said.stems or slot is not None):
        return []
    return [place for place, (label, *_) in enumerate(says) if authored(label).words[:size] == said.words]


def _polar(text: str, says: _Says, scores: Sequence[float]) -> int | None:
    """Return the one option that says yes, or no, as the text does, unless the rest speaks for another."""
    meant = polarity(text)
    if meant is None:
        return None
    place = _only([place for place, examples in enumerate(says) if meant in map(authored_polarity, examples)])
    others = (score for index, score in enumerate(scores) if index != place)
    return place if max(others, default=0.0) < _CLEAR else None


def _likeliest(said: Phrase, scores: Sequence[float], slot: Slot | None) -> int | None:
    """Return the option that the text sounds like, if it is clear and stands out."""
    if slot is not None and len(said.words) > _LONGEST_BESIDE_TEXT:
        return None
    best, second = sorted((*scores, 0.0), reverse=True)[:2]
    clear = _CLEAR if slot is None else _CLEAR_BESIDE_TEXT
    return scores.index(best) if best >= clear and best - second >= _LEAD else None
