"""The model is taught in closed form: kernel ridge regression, the same sentences giving the same weights.

A kernel is how like each two sentences are, in their words and letters and in where encoders place them. Bars
are chosen with folds of people: each person's sentences are judged by a model that never saw them.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from bot.safety.lexicon import Lexicon
from bot.safety.screen import screen
from bot.safety.units import GATES, units
from bot.sensing.corpus import Sentence
from bot.sensing.grams import PLACES, grams
from bot.sensing.model import Bars, likeness

FOLDS = 5
RIDGE = {"words": 0.3, "both": 0.5}
"""How strongly weights are held down; chosen with the folds."""
WORDS = {"words": 1.0, "both": 0.5}
"""How much likeness of words counts beside that of meaning; chosen with the folds."""
OUTRIGHT = 0.5
"""How much danger at all counts in what tells the card: ordinary talk should lie the farthest from it."""
GRAVE = 0.3
"""How much what is worth the card counts in what tells danger: it is the worst to miss."""
ORDINARY = ("cutting_off", "ordinary", "sadness")
FIGURES = ("idiom", "negated", "hyperbole", "media")
MOST = {"soft": 0.072, "hard": 0.011, "figure": 0.085}
"""Shares of the folds' harmless sentences that may be heard as danger: a little below what is promised."""
_TINY = 1e-9
CAREFUL = 0.25
"""How far the bars sink for a person who was in danger a moment ago."""


@dataclass(frozen=True)
class Lesson:
    """Hold what is taught.

    `places` are those of each sentence's words, `vectors` (sentences, coordinates) for each encoder, `wanted`
    is (sentences, heads), positive where a head should say yes.
    """

    sentences: Sequence[Sentence]
    places: Sequence[Sequence[int]]
    vectors: Sequence[Any]
    wanted: Any
    calmed: Any
    ruled: Sequence[str]


def lesson(
    sentences: Sequence[Sentence],
    lexicon: Lexicon,
    encoders: Sequence[Callable[[Sequence[str]], Any]],
    np: Any,
) -> Lesson:
    """Prepare sentences. Each is one piece, however long."""
    first = [next(units(one.text, lexicon)) for one in sentences]
    plain = [unit.plain for unit in first]
    heard = [screen(one.text, lexicon) for one in sentences]
    return Lesson(
        sentences,
        [grams(unit.words) for unit in first],
        [encode(plain) for encode in encoders],
        np.array([_wanted(one) for one in sentences], dtype=np.float32),
        np.array([unit.calmed for unit in first]),
        ["none" if one is None else one.tier for one in heard],
    )


def _wanted(one: Sentence) -> list[float]:
    danger, outright, *gates = (
        1.0 if yes else -1.0
        for yes in (one.gate != "-", one.tier == "hard", *(one.gate == gate for gate in GATES))
    )
    graver = outright + OUTRIGHT * danger
    return [danger + GRAVE * graver, graver, *gates]


def teach(taught: Lesson, folded: int, np: Any) -> dict[str, Any]:
    """Return the arrays and the description of the weights.

    Args:
        taught: all sentences; the first `folded` have people, the others are only ever learned from.
        folded: how many sentences take part in choosing the bars.
        np: numpy.
    """
    worded = in_words(taught.places, np)
    alike = sum(likeness(vectors, vectors, np) for vectors in taught.vectors)
    arrays: dict[str, Any] = {}
    bars = {}
    for name, kernel in {"words": worded, "both": worded * np.float32(WORDS["both"]) + alike}.items():
        bars[name] = asdict(_bars(_folds(taught, kernel, RIDGE[name], folded, np), taught, np))
        bias, shares = _solved(kernel, taught.wanted, RIDGE[name], np)
        weights = WORDS[name] * _by_place(taught.places, shares, np)
        scale = (np.abs(weights).max(axis=0, initial=_TINY) / 127).astype(np.float32)
        arrays |= {f"{name}_places": np.rint(weights / scale).astype(np.int8), f"{name}_scale": scale}
        arrays[f"{name}_bias"] = bias.astype(np.float32)
        if name == "both":
            arrays["shares"] = shares.astype(np.float16)
    for at, vectors in enumerate(taught.vectors):
        arrays[f"known_{at}"] = np.rint(vectors / np.abs(vectors).max() * 127).astype(np.int8)
    return {"arrays": arrays, "bars": bars}


def in_words(places: Sequence[Sequence[int]], np: Any) -> Any:
    """Return how many places each two sentences share, for their lengths: most places are rare."""
    having: dict[int, list[int]] = {}
    for number, at in enumerate(places):
        for place in at:
            having.setdefault(place, []).append(number)
    shared = np.zeros((len(places), len(places)), dtype=np.float32)
    for some in having.values():
        shared[np.ix_(some, some)] += 1
    size = np.sqrt([max(1, len(at)) for at in places]).astype(np.float32)
    return shared / size / size[:, None]


def _by_place(places: Sequence[Sequence[int]], shares: Any, np: Any) -> Any:
    """Return what each place of the table adds to each head."""
    found = np.zeros((PLACES, shares.shape[1]), dtype=np.float32)
    for at, share in zip(places, shares, strict=True):
        found[at] += share / np.sqrt(max(1, len(at)))
    return found


def _solved(kernel: Any, wanted: Any, ridge: float, np: Any) -> tuple[Any, Any]:
    held = kernel.copy()
    held[np.diag_indices_from(held)] += np.float32(ridge)
    bias = wanted.mean(axis=0)
    return bias, np.linalg.solve(held, wanted - bias)


def _folds(taught: Lesson, kernel: Any, ridge: float, folded: int, np: Any) -> Any:
    """Judge the sentences of each person by a model that did not see them: (folded, heads)."""
    people = sorted({one.persona for one in taught.sentences[:folded]})
    fold = {person: at % FOLDS for at, person in enumerate(people)}
    of = np.array([fold[one.persona] for one in taught.sentences[:folded]] + [-1] * (len(kernel) - folded))
    scores = np.zeros((folded, taught.wanted.shape[1]))
    for number in range(FOLDS):
        left, seen = np.flatnonzero(of == number), np.flatnonzero(of != number)
        bias, shares = _solved(kernel[np.ix_(seen, seen)], taught.wanted[seen], ridge, np)
        scores[left] = bias + kernel[np.ix_(left, seen)] @ shares
    return scores


def _bars(scores: Any, taught: Lesson, np: Any) -> Bars:
    """Choose the bars on what the folds made of harmless sentences; the rules' own false alarms count too."""
    some = taught.sentences[: len(scores)]
    plain = np.array([one.disguise in ORDINARY and one.gate == "-" for one in some])
    figure = np.array([one.disguise in FIGURES and one.gate == "-" for one in some])
    ruled = np.array([one != "none" for one in taught.ruled[: len(scores)]])
    hard = np.array([one == "hard" for one in taught.ruled[: len(scores)]])
    quiet = plain & ~ruled
    soft_bar = np.quantile(scores[quiet, 0], 1 - max(0.0, MOST["soft"] - ruled[plain].mean()))
    hard_bar = np.quantile(scores[quiet, 1], 1 - max(0.002, MOST["hard"] - hard[plain].mean()))
    calm = figure & taught.calmed[: len(scores)] & ~ruled
    lift = 0.0
    if calm.any():
        lift = max(0.0, float(np.quantile(scores[calm, 0], 1 - MOST["figure"] / 2) - soft_bar))
    slope, middle = _calibrated(scores[:, 0], taught.wanted[: len(scores), 0] > 0, np)
    return Bars(
        *(round(float(one), 4) for one in (soft_bar, hard_bar, min(lift, 0.5), CAREFUL, slope, middle))
    )


def _calibrated(scores: Any, danger: Any, np: Any) -> tuple[float, float]:
    """Fit how sure a score is (Platt): twenty Newton steps on slope and offset."""
    at = np.array([1.0, 0.0])
    rows = np.stack([scores, np.ones_like(scores)], axis=1)
    for _ in range(20):
        sure = 1 / (1 + np.exp(-rows @ at))
        slope = rows.T @ (danger - sure)
        bend = (rows * (sure * (1 - sure))[:, None]).T @ rows
        at = at + np.linalg.solve(bend + 1e-6 * np.eye(2), slope)
    return float(at[0]), float(-at[1] / at[0])
