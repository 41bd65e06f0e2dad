"""How a text is judged: by its likeness to the sentences that were taught, and by its words and letters."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import exp
from typing import TYPE_CHECKING, Any

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

    def by_words(self, words: Sequence[str], np: Any) -> Any:
        """Score the words of a piece: (heads,)."""
        at = grams(words)
        if not at:
            return self.bias
        return self.bias + self.places[at].sum(axis=0, dtype=np.float32) / np.sqrt(np.float32(len(at)))


class Model:
    """Judge pieces of texts. Its arrays are loaded once; `encoder` may be None, then words alone speak."""

    def __init__(
        self, heads: Mapping[str, Head], known: Any, texts: Sequence[str], encoder: Encoder | None
    ) -> None:
        import numpy as np  # noqa: PLC0415  a start should not wait for it

        self._np: Any = np
        self._words, self._both = heads["words"], heads["both"]
        self._known, self._texts, self._encoder = known, texts, encoder

    def opinion(self, units: tuple[Unit, ...], careful: bool) -> Opinion | None:
        """Return the gravest sign of danger in the pieces of a text, or None."""
        first = [(self._words.by_words(unit.words, self._np), unit) for unit in units if unit.plain]
        found = [self._judged(scores, unit, self._words.bars, careful) for scores, unit in first]
        if self._encoder is not None and first:
            first.sort(key=lambda one: -float(one[0][0]))
            found = self._heard_closely([unit for _, unit in first[:MOST_ENCODED]], careful)
        heard = [one for one in found if one is not None]
        return min(heard, key=lambda one: (one.tier != "hard", GATES.index(one.gate)), default=None)

    def _heard_closely(self, units: list[Unit], careful: bool) -> list[Opinion | None]:
        vectors = self.vectors([unit.plain for unit in units])
        likeness = self._np.exp(NARROW * 2 * (vectors @ self._known.T - 1))
        found: list[Opinion | None] = []
        for row, unit in zip(likeness, units, strict=True):
            scores = self._both.by_words(unit.words, self._np) + row @ self._both.shares
            why = f"like “{self._texts[int(row.argmax())]}”"
            found.append(self._judged(scores, unit, self._both.bars, careful, why))
        return found

    def vectors(self, texts: Sequence[str]) -> Any:
        """Encode texts: (texts, coordinates)."""
        encoded = [] if self._encoder is None else self._encoder.encode(texts)
        return self._np.asarray([list(one) for one in encoded], dtype=self._np.float32)

    def _judged(
        self, scores: Scores, unit: Unit, bars: Bars, careful: bool, why: str = "its words"
    ) -> Opinion | None:
        lift = (bars.calmed if unit.calmed else 0.0) - (bars.careful if careful else 0.0)
        if scores[0] < bars.soft + lift:
            return None
        gate = GATES[int(scores[2:].argmax())]
        tier: Tier = "hard" if scores[1] >= bars.hard + lift else "soft"
        return Opinion(gate, tier, f"model {bars.sure(float(scores[0])):.2f}: {why}")
