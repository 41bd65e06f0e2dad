"""How a text is judged: by its likeness to the sentences that were taught, and by its words and letters.

Two encoders tell how like it is, one made for English and one for sixteen languages: where they agree they
are surer than either, and what one has no sense of, the other may.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import exp
from typing import TYPE_CHECKING, Any, TypeAlias

from bot.safety.encoding import Encoder
from bot.safety.lexicon import Tier
from bot.safety.units import GATES, Opinion, Unit
from bot.sensing.grams import grams

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Scores = NDArray[np.float32]

HEADS = ("any", "hard", *GATES)
"""What is scored: is there danger at all, was it said outright, and whom is it about."""
NARROW = 1.5
"""How fast likeness fades with distance: chosen with the folds of people, see `tests/bench/danger.py`."""
MOST_ENCODED = 8
"""Pieces of one text that are encoded; of a longer text those whose words are most alarming."""
DOUBT = 0.8
"""How far below the bar the first encoder ends it; the second would hear one danger in a thousand there."""


Pieces: TypeAlias = Sequence[tuple[Unit, Sequence[int]]]
"""Pieces of a text, each with the places of its words."""


@dataclass(frozen=True, slots=True)
class Bars:
    """Hold the scores from which danger is heard. `calmed` is what an idiom or a denial adds to both."""

    soft: float
    hard: float
    calmed: float
    careful: float
    slope: float
    middle: float

    def sure(self, score: float) -> float:
        """Return how often a text with such a score was danger, from 0 to 1."""
        return 1 / (1 + exp(-max(-30.0, min(30.0, self.slope * (score - self.middle)))))


@dataclass(frozen=True, slots=True)
class Head:
    """Hold the weights of one way of judging: by words, and by likeness where there is an encoder."""

    places: Any
    bias: Any
    bars: Bars
    shares: Any = None

    def by_words(self, at: Sequence[int], np: Any) -> Any:
        """Score the places of a piece's words: (heads,)."""
        if not at:
            return self.bias
        return self.bias + self.places[at].sum(axis=0, dtype=np.float32) / np.sqrt(np.float32(len(at)))


@dataclass(frozen=True, slots=True)
class Place:
    """Hold where one encoder places the sentences that were taught: (sentences, its coordinates)."""

    encoder: Encoder
    known: Any

    def likeness(self, texts: Sequence[str], np: Any) -> Any:
        """Return how like each text is to each sentence, from 0 to 1: (texts, sentences)."""
        return likeness(placed(self.encoder, texts, np), self.known, np)


def placed(encoder: Encoder, texts: Sequence[str], np: Any) -> Any:
    """Return vectors of length 1: (texts, coordinates)."""
    found = np.asarray(encoder.encode(texts), dtype=np.float32)
    return found / np.linalg.norm(found, axis=1, keepdims=True)


def likeness(some: Any, others: Any, np: Any) -> Any:
    """Return how like vectors are to others: (some, others)."""
    found = some @ others.T
    found -= 1
    found *= 2 * NARROW
    return np.exp(found, out=found)


class Model:
    """Judge pieces of texts. Its arrays are loaded once; without `places` words alone speak."""

    def __init__(self, heads: Mapping[str, Head], places: Sequence[Place], texts: Sequence[str]) -> None:
        import numpy as np  # noqa: PLC0415  a start should not wait for it

        self._np: Any = np
        self._words, self._both = heads["words"], heads["both"]
        self._places, self._texts = places, texts

    def opinion(self, units: tuple[Unit, ...], careful: bool) -> Opinion | None:
        """Return the gravest sign of danger in the pieces of a text, or None."""
        pieces = [(unit, grams(unit.words)) for unit in units if unit.plain]
        if not self._places:
            found = [self._judged(self._worded(at), unit, self._words.bars, careful) for unit, at in pieces]
        else:
            found = self._heard_closely(self._alarming(pieces), careful)
        heard = [one for one in found if one is not None]
        return min(heard, key=lambda one: (one.tier != "hard", GATES.index(one.gate)), default=None)

    def _alarming(self, pieces: Pieces) -> Pieces:
        """Return the pieces that are encoded: those whose words are most alarming."""
        if len(pieces) <= MOST_ENCODED:
            return pieces
        return sorted(pieces, key=lambda one: -float(self._worded(one[1])[0]))[:MOST_ENCODED]

    def _worded(self, at: Sequence[int]) -> Any:
        return self._words.by_words(at, self._np)

    def _heard_closely(self, pieces: Pieces, careful: bool) -> list[Opinion | None]:
        if not pieces:
            return []
        first = self._places[0].likeness([unit.plain for unit, _ in pieces], self._np)
        return [
            self._heard_twice(row, unit, at, careful) for row, (unit, at) in zip(first, pieces, strict=True)
        ]

    def _heard_twice(self, alike: Any, unit: Unit, at: Sequence[int], careful: bool) -> Opinion | None:
        """Judge by the first encoder; most texts are so far from danger that the others need not be asked."""
        bars, shares = self._both.bars, self._both.shares
        scores = self._both.by_words(at, self._np) + alike @ shares
        if scores[0] < bars.soft + _lift(unit, bars, careful) - DOUBT:
            return None
        more = sum(place.likeness([unit.plain], self._np)[0] for place in self._places[1:])
        why = f"like “{self._texts[int((alike + more).argmax())]}”"
        return self._judged(scores + more @ shares, unit, bars, careful, why)

    def _judged(
        self, scores: Scores, unit: Unit, bars: Bars, careful: bool, why: str = "its words"
    ) -> Opinion | None:
        lift = _lift(unit, bars, careful)
        if scores[0] < bars.soft + lift:
            return None
        gate = GATES[int(scores[2:].argmax())]
        tier: Tier = "hard" if scores[1] >= bars.hard + lift else "soft"
        return Opinion(gate, tier, f"model {bars.sure(float(scores[0])):.2f}: {why}")


def _lift(unit: Unit, bars: Bars, careful: bool) -> float:
    """Return what is added to the bars for a piece."""
    return (bars.calmed if unit.calmed else 0.0) - (bars.careful if careful else 0.0)
