"""Text cut into the pieces of words that MiniLM knows, as its makers cut it.

The vocabulary is BERT's (uncased, Apache-2.0); its order is its numbering.
"""

from __future__ import annotations

import re
import unicodedata
from functools import cache
from pathlib import Path

_VOCABULARY = Path(__file__).parent / "vocabulary.txt"
_WORD = re.compile(r"[^\W_]+|[^\w\s]|_")
_UNKNOWN, _BEGIN, _END = 100, 101, 102
_LONGEST_WORD = 100
LONGEST = 64
"""Pieces of a text that are read, some forty words; the time of an encoding grows with them."""
_LONGEST_TEXT = 12 * LONGEST
"""Characters that are looked at for so many pieces."""


@cache
def _vocabulary() -> dict[str, int]:
    return {piece: number for number, piece in enumerate(_VOCABULARY.read_text(encoding="utf-8").split("\n"))}


def pieces(text: str) -> list[int]:
    """Return the numbers of a text's pieces, with a begin and an end; what nobody knows is one unknown."""
    found = [_BEGIN]
    for word in _WORD.findall(_plain(text[:_LONGEST_TEXT])):
        found += _cut(word)
        if len(found) >= LONGEST:
            break
    return [*found[: LONGEST - 1], _END]


def _plain(text: str) -> str:
    """Return a text in small letters without accents."""
    apart = unicodedata.normalize("NFD", text.lower())
    return "".join(sign for sign in apart if unicodedata.category(sign) not in {"Mn", "Cf"})


def _cut(word: str) -> list[int]:
    """Cut a word into the longest pieces there are, from its beginning on."""
    known = _vocabulary()
    found: list[int] = []
    start = 0
    while start < len(word) <= _LONGEST_WORD:
        ends = range(len(word), start, -1)
        mark = "##" if start else ""
        end = next((end for end in ends if mark + word[start:end] in known), None)
        if end is None:
            return [_UNKNOWN]
        found.append(known[mark + word[start:end]])
        start = end
    return found or [_UNKNOWN]
