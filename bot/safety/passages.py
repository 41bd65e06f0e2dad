"""A long text is read in overlapping passages within its sentences: every word is heard in its context."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from bot.safety.lexicon import Lexicon
from bot.safety.normalise import normalise

CORE, MARGIN = 24, 24
"""Words of a passage that are its own, and words it looks at on either side."""
LONGEST_WORD = 40

_TOKEN = re.compile(r"[a-z0-9'](?:[a-z0-9'*]*[a-z0-9'])?|[.!?;]+")


@dataclass(frozen=True, slots=True)
class Passage:
    """Hold words, each with a blank behind it; `<` and `>` mark the sentence's ends.

    Only what begins from `start` to `stop` (in characters) is this passage's own: each word is own to one.
    """

    text: str
    start: int
    stop: int

    @property
    def words(self) -> frozenset[str]:
        """Return the different words."""
        return frozenset(self.text.split())


def passages(text: str, lexicon: Lexicon) -> Iterator[Passage]:
    """Cut a text as it was written into passages."""
    for sentence in _sentences(text, lexicon):
        yield from _cut(["<", *sentence, ">"])


def _sentences(text: str, lexicon: Lexicon) -> Iterator[list[str]]:
    words: list[str] = []
    for match in _TOKEN.finditer(normalise(text)):
        token = match.group()
        if token[0] not in ".!?;":
            words += lexicon.spell(token) if len(token) <= LONGEST_WORD else ()
        elif token.count(".") < 2:  # noqa: PLR2004  two dots or more are a pause, not an end
            if words:
                yield words
            words = []
    if words:
        yield words


def _cut(words: list[str]) -> Iterator[Passage]:
    for first in range(0, len(words), CORE):
        last = min(first + CORE, len(words))
        before = _joined(words[max(0, first - MARGIN) : first])
        own = _joined(words[first:last])
        after = _joined(words[last : last + MARGIN])
        yield Passage(before + own + after, len(before), len(before) + len(own))


def _joined(words: list[str]) -> str:
    return "".join(word + " " for word in words)
