"""A text as numbers: which words and which runs of letters are in it, beside where the encoder places it.

Words and runs of letters fall into buckets by a hash; two that fall into one are told apart by the others.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any
from zlib import crc32

from bot.safety.encoding import Encoder
from bot.safety.normalise import normalise
from bot.safety.units import SHORT
from bot.understanding.spelling import LONGEST, spelled

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Rows = NDArray[Any]

VERSION = 1
"""Raise it when the same text comes to have other numbers."""
_BUCKETS = 512
_MOST_WORDS = 120
_RUNS = (3, 4, 5)
_SHARE = 0.5
"""How much words and letters count beside the encoder; measured, see docs/listening.md."""
_CONSTANT = 0.3
_TINY = 1e-6
_WORD = re.compile(r"[^\W_]+")


def buckets(texts: Sequence[str]) -> Rows:
    """Return a row of 0 and 1 for each text: first the buckets of words, then those of letters."""
    import numpy as np  # noqa: PLC0415  slow to import, and a command that reads no text needs none of it

    rows = np.zeros((len(texts), 2 * _BUCKETS), dtype=np.float32)
    for place, text in enumerate(texts):
        words = _words(text)
        rows[place, [_bucket(one) for one in _phrases(words)]] = 1
        rows[place, [_BUCKETS + _bucket(one) for one in _letters(words)]] = 1
    return rows


def rarity(rows: Rows) -> Rows:
    """Return how telling each bucket is: the rarer, the more."""
    import numpy as np  # noqa: PLC0415  as above

    found: Rows = np.log((len(rows) + 1) / (rows.sum(axis=0) + 1)).astype(np.float32)
    return found


def features(texts: Sequence[str], tells: Rows, vectors: Rows | None) -> Rows:
    """Return the numbers of each text, a row each; without vectors there are only words and letters."""
    import numpy as np  # noqa: PLC0415  as above

    found = buckets(texts) * tells
    halves = found[:, :_BUCKETS], found[:, _BUCKETS:]
    lengths = (np.linalg.norm(half, axis=1, keepdims=True) for half in halves)
    evened = [half * _SHARE / np.maximum(length, _TINY) for half, length in zip(halves, lengths, strict=True)]
    constant = np.full((len(texts), 1), _CONSTANT, dtype=np.float32)
    parts = [*evened, constant] if vectors is None else [*evened, constant, vectors]
    return np.concatenate(parts, axis=1, dtype=np.float32)


def vectors(texts: Sequence[str], encoder: Encoder) -> Rows:
    """Return where the encoder places each text, in the spelling it is compared in.

    It is the piece that the screen for danger reads first, so that an encoder that remembers is asked once.
    """
    import numpy as np  # noqa: PLC0415  as above

    found: Rows = np.asarray(encoder.encode([_first_words(text) for text in texts]))
    return found


def _first_words(text: str) -> str:
    return " ".join(normalise(text[:LONGEST]).split()[:SHORT])


def _words(text: str) -> list[str]:
    return spelled(_WORD.findall(normalise(text[:LONGEST]).replace("'", ""))[:_MOST_WORDS])


def _phrases(words: Sequence[str]) -> Iterator[str]:
    """Give each word, and each two in a row."""
    yield from words
    yield from (f"{one} {two}" for one, two in zip(("<", *words), (*words, ">"), strict=True))


def _letters(words: Sequence[str]) -> Iterator[str]:
    for word in words:
        edged = f" {word[:30]} "
        for size in _RUNS:
            yield from (edged[first : first + size] for first in range(len(edged) - size + 1))


def _bucket(text: str) -> int:
    return crc32(text.encode("utf-8", "replace")) % _BUCKETS
