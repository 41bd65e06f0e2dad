"""How a text is judged: by what an encoder learnt of danger, by its words, by what it is like.

English has an encoder made for it, other languages share one that knows sixteen; likeness is told by the
latter. Where two ways agree they are surer than either, and what one has no sense of, the other may.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import exp, inf
from typing import TYPE_CHECKING, Any, Literal, TypeAlias

from bot.safety.encoding import Encoder
from bot.safety.lexicon import Tier
from bot.safety.units import GATES, Opinion, Unit
from bot.sensing.grams import grams

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from bot.sensing.leaning import Leaning

    Scores = NDArray[np.float32]

HEADS = ("any", "hard", *GATES)
"""What is scored: is there danger at all, was it said outright, and whom is it about."""
NARROW = 1.5
"""How fast likeness fades with distance: chosen with the folds of people, see `tests/bench/danger.py`."""
Voice: TypeAlias = Literal["english", "others"]
LEANT: Mapping[Voice, float] = {"english": 1.0, "others": 0.7}
"""How much what an encoder learnt counts beside the rest; chosen on the people who choose bars."""
ALLAYED: Mapping[Voice, Mapping[Tier, float]] = {
    "english": {"soft": 4.0, "hard": 5.5},
    "others": {"soft": 3.5, "hard": 4.0},
}
"""How far below a bar a text must be that the rule is mistaken which heard it: for the people who choose bars
`python -m tests.bench.leaning` counts which false alarms and which dangers lie there."""
MOST_ENCODED = 8
"""Pieces of one text that are encoded; of a longer text those whose words are most alarming."""
DOUBT: Mapping[Voice, float] = {"english": 1.5, "others": inf}
"""How far below the bar neither likeness nor a second opinion is asked any more: where MiniLM leans they
would hear one danger in three thousand there. For other languages they cost little, and are always asked."""


Piece: TypeAlias = tuple[Unit, Sequence[int]]
"""A piece of a text, with the places of its words."""
Pieces: TypeAlias = Sequence[Piece]


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
    """Hold where an encoder places some sentences that were taught: (sentences, its coordinates).

    `texts` are their words, and `gates` whom they are about.
    """

    encoder: Encoder
    known: Any
    texts: Sequence[str]
    gates: Any

    def likeness(self, text: str, np: Any) -> Any:
        """Return how like a text is to each sentence, from 0 to 1: (sentences,)."""
        return likeness(placed(self.encoder, [text], np), self.known, np)[0]

    def nearest(self, alike: Any, gate: str) -> str:
        """Return the sentence of a gate that a text is most like."""
        return self.texts[int((alike * (self.gates == gate)).argmax())]


@dataclass(frozen=True, slots=True)
class Leant:
    """Hold what an encoder learnt of danger, and the bars for its languages."""

    voice: Voice
    leaning: Leaning
    bars: Bars


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
    """Judge pieces of texts. Its arrays are loaded once; without `place` words alone speak.

    English is judged as other languages are where only they have learnt.
    """

    def __init__(
        self, heads: Mapping[str, Head], place: Place | None = None, leant: Iterable[Leant] = ()
    ) -> None:
        import numpy as np  # noqa: PLC0415  a start should not wait for it

        self._np: Any = np
        self._words, self._both = heads["words"], heads["both"]
        self._place = place
        self._leant: Mapping[Voice, Leant] = {one.voice: one for one in leant}

    def opinion(self, units: tuple[Unit, ...], careful: bool) -> Opinion | None:
        """Return the gravest sign of danger in the pieces of a text, or None."""
        pieces = [(unit, grams(unit.words)) for unit in units if unit.plain]
        if self._place is None:
            found = [self._judged(self._worded(at), unit, self._words.bars, careful) for unit, at in pieces]
        else:
            found = self._heard_closely(self._alarming(pieces), self._place, careful)
        heard = [one for one in found if one is not None]
        return min(heard, key=lambda one: (one.tier != "hard", GATES.index(one.gate)), default=None)

    def allays(self, units: tuple[Unit, ...], tier: Tier) -> bool:
        """Tell whether a rule of this tier is surely mistaken about a text: one of one piece."""
        pieces = [(unit, grams(unit.words)) for unit in units]
        leant = self._leant_for(pieces)
        if leant is None or len(pieces) != 1:
            return False
        scores, bars = self._leaning(pieces, leant)[0], leant.bars
        bar, score = (bars.soft, scores[0]) if tier == "soft" else (bars.hard, scores[1])
        return bool(score < bar - ALLAYED[leant.voice][tier])

    def _leant_for(self, pieces: Pieces) -> Leant | None:
        """Return what was learnt of the language of some pieces."""
        others = self._leant.get("others")
        return self._leant.get("english", others) if pieces and pieces[0][0].language == "en" else others

    def _leaning(self, pieces: Pieces, leant: Leant) -> list[Any]:
        """Score pieces by their words and by what an encoder learnt of danger."""
        share, rows = LEANT[leant.voice], leant.leaning.scores([unit.plain for unit, _ in pieces])
        return [
            self._both.by_words(at, self._np) + share * row for (_, at), row in zip(pieces, rows, strict=True)
        ]

    def _alarming(self, pieces: Pieces) -> Pieces:
        """Return the pieces that are encoded: those whose words are most alarming."""
        if len(pieces) <= MOST_ENCODED:
            return pieces
        return sorted(pieces, key=lambda one: -float(self._worded(one[1])[0]))[:MOST_ENCODED]

    def _worded(self, at: Sequence[int]) -> Any:
        return self._words.by_words(at, self._np)

    def _heard_closely(self, pieces: Pieces, place: Place, careful: bool) -> list[Opinion | None]:
        leant = self._leant_for(pieces)
        if leant is None:
            return [self._heard_alike(piece, place, None, careful) for piece in pieces]
        low = leant.bars.soft - DOUBT[leant.voice]
        return [
            self._heard_alike(piece, place, leant, careful)
            if scores[0] >= low + _lift(piece[0], leant.bars, careful)
            else None
            for scores, piece in zip(self._leaning(pieces, leant), pieces, strict=True)
        ]

    def _heard_alike(self, piece: Piece, place: Place, leant: Leant | None, careful: bool) -> Opinion | None:
        """Judge a piece by all there is: its words, what it is like, what was learnt, a second opinion."""
        unit, at = piece
        alike = place.likeness(unit.plain, self._np)
        scores, bars = self._both.by_words(at, self._np) + alike @ self._both.shares, self._both.bars
        if leant is not None:
            scores = scores + LEANT[leant.voice] * leant.leaning.considered([unit.plain])[0]
            bars = leant.bars
        return self._judged(scores, unit, bars, careful, lambda gate: f"like “{place.nearest(alike, gate)}”")

    def _judged(
        self,
        scores: Scores,
        unit: Unit,
        bars: Bars,
        careful: bool,
        why: Callable[[str], str] = lambda _: "its words",
    ) -> Opinion | None:
        lift = _lift(unit, bars, careful)
        if scores[0] < bars.soft + lift:
            return None
        gate = GATES[int(scores[2:].argmax())]
        tier: Tier = "hard" if scores[1] >= bars.hard + lift else "soft"
        return Opinion(gate, tier, f"model {bars.sure(float(scores[0])):.2f}: {why(gate)}")


def _lift(unit: Unit, bars: Bars, careful: bool) -> float:
    """Return what is added to the bars for a piece."""
    return (bars.calmed if unit.calmed else 0.0) - (bars.careful if careful else 0.0)
