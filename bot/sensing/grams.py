"""Words become places of a table: words, pairs and threes of them, and letters within a word, each hashed."""

from __future__ import annotations

from collections.abc import Sequence
from zlib import crc32

PLACES = 1 << 16
_MOST_WORDS = 64
_SHORTEST, _LONGEST = 3, 5
_LONGEST_WORD = 24


def grams(words: Sequence[str]) -> list[int]:
    """Return the places of what occurs in `words`, each once and in order."""
    some = [word[:_LONGEST_WORD] for word in words[:_MOST_WORDS]]
    found = {f"w{' '.join(some[at : at + size])}" for size in (1, 2, 3) for at in range(len(some) - size + 1)}
    found |= {f"s{one} {other}" for one, other in zip(some, some[2:], strict=False)}
    found |= {f"c{part}" for word in set(some) for part in _letters(f" {word} ")}
    return sorted({crc32(one.encode()) % PLACES for one in found})


def _letters(word: str) -> list[str]:
    return [
        word[at : at + size] for size in range(_SHORTEST, _LONGEST + 1) for at in range(len(word) - size + 1)
    ]
