"""The model is taught in closed form: kernel ridge regression, the same sentences giving the same weights.

A kernel is how like two sentences are, in their words and letters and in where an encoder places them. All
sentences are learnt from, by how like they are to some that are kept as landmarks (Nyström's method). Bars
are chosen with people who were not learnt from.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any, NamedTuple

from bot.safety.lexicon import Lexicon, Tier
from bot.safety.screen import screen
from bot.safety.units import GATES, units
from bot.sensing.corpus import Sentence
from bot.sensing.grams import PLACES, grams
from bot.sensing.leaning import OUTRIGHT
from bot.sensing.model import ALLAYED, LEANT, Bars, Voice, likeness

FOLDS = 5
RIDGE = {"words": 0.3, "both": 0.5}
"""How strongly weights are held down; chosen with the folds."""
WORDS = {"words": 1.0, "both": 0.5}
"""How much likeness of words counts beside that of meaning; chosen with the folds."""
GRAVE = 0.3
"""How much what is worth the card counts in what tells danger: it is the worst to miss."""
HELD = 0.01
"""What is added to the diagonal: landmarks that are nearly alike should do no harm to single precision."""
ORDINARY = ("cutting_off", "ordinary", "sadness")
FIGURES = ("idiom", "negated", "hyperbole", "media")


class Most(NamedTuple):
    """Say what shares of harmless sentences may be heard, and how far below a bar rules do not count."""

    soft: float
    hard: float
    figure: float
    allayed: Mapping[Tier, float] | None = None


MOST = Most(0.08, 0.015, 0.1)
"""What is promised."""
MOST_OF: Mapping[Voice, Most] = {
    "english": Most(0.077, 0.015, 0.1, ALLAYED["english"]),
    "others": Most(0.07, 0.015, 0.1, ALLAYED["others"]),
}
"""Chosen so that strangers’ ordinary talk is asked about as often as is promised, or nearly."""
_TINY = 1e-9
CAREFUL = 2
"""How many times as often harmless sentences are asked about, of a person who was in danger a moment ago."""


@dataclass(frozen=True)
class Lesson:
    """Hold what is taught.

    `plain` is what encoders read of each sentence, `places` are those of its words, `vectors` (sentences,
    coordinates), `wanted` is (sentences, heads), positive where a head should say yes. `landmarks` are the
    sentences that are kept, in order.
    """

    sentences: Sequence[Sentence]
    plain: Sequence[str]
    places: Sequence[Sequence[int]]
    vectors: Any
    wanted: Any
    calmed: Any
    ruled: Sequence[str]
    landmarks: Sequence[int]


def lesson(
    sentences: Sequence[Sentence],
    lexicon: Lexicon,
    encode: Callable[[Sequence[str]], Any],
    landmarks: Sequence[int],
    np: Any,
) -> Lesson:
    """Prepare sentences. Each is one piece, however long."""
    first = [next(units(one.text, lexicon)) for one in sentences]
    heard = [screen(one.text, lexicon) for one in sentences]
    plain = [unit.plain for unit in first]
    return Lesson(
        sentences,
        plain,
        [grams(unit.words) for unit in first],
        encode(plain),
        np.array([_wanted(one) for one in sentences], dtype=np.float32),
        np.array([unit.calmed for unit in first]),
        ["none" if one is None else one.tier for one in heard],
        landmarks,
    )


def _wanted(one: Sentence) -> list[float]:
    danger, outright, *gates = (
        1.0 if yes else -1.0
        for yes in (one.gate != "-", one.tier == "hard", *(one.gate == gate for gate in GATES))
    )
    graver = outright + OUTRIGHT * danger
    return [danger + GRAVE * graver, graver, *gates]


def teach(
    taught: Lesson, others: Sequence[int], leant: Mapping[Voice, Mapping[int, Any]], np: Any
) -> dict[str, Any]:
    """Return the arrays and the bars of the weights.

    Args:
        taught: all sentences, those of nobody (which are only ever learnt from) among them.
        others: the sentences in other languages than English, which choose the bars for these where no
            encoder leans.
        leant: for each encoder sentences of people from whom nothing was tuned, which choose its bars, each
            with what the encoder leans to: (heads,).
        np: numpy.
    """
    kept = [taught.places[at] for at in taught.landmarks]
    kernels = {"words": in_words(taught.places, kept, np)}
    kernels["both"] = likeness(taught.vectors, taught.vectors[taught.landmarks], np)
    for both, words in zip(kernels["both"], kernels["words"], strict=True):  # a copy would be 2 GB
        np.add(both, words * np.float32(WORDS["both"]), out=both)
    arrays: dict[str, Any] = {"known": _bytes(taught.vectors[taught.landmarks], np)}
    bars = {}
    for name, kernel in kernels.items():
        heard, bias, shares = _learnt(taught, kernel, RIDGE[name], np)
        some = others if name == "both" else [at for at, one in enumerate(taught.sentences) if one.persona]
        most = MOST_OF["others"]._replace(allayed=None) if name == "both" else MOST
        bars[name] = asdict(_bars(heard[some], some, taught, most, np))
        weights = WORDS[name] * _by_place(kept, shares, np)
        scale = (np.abs(weights).max(axis=0, initial=_TINY) / 127).astype(np.float32)
        arrays |= {f"{name}_places": np.rint(weights / scale).astype(np.int8), f"{name}_scale": scale}
        arrays[f"{name}_bias"] = bias.astype(np.float32)
        if name == "both":
            arrays["shares"] = shares.astype(np.float16)
            for voice, rows in leant.items():
                scores = heard[list(rows)] + LEANT[voice] * np.array(list(rows.values()))
                bars[voice] = asdict(_bars(scores, list(rows), taught, MOST_OF[voice], np))
    return {"arrays": arrays, "bars": bars}


def in_words(places: Sequence[Sequence[int]], kept: Sequence[Sequence[int]], np: Any) -> Any:
    """Return how many places sentences share with those kept, for their lengths: (sentences, kept)."""
    having, held = _having(places), _having(kept)
    shared = np.zeros((len(places), len(kept)), dtype=np.float32)
    for place, some in held.items():
        shared[np.ix_(having.get(place, ()), some)] += 1
    shared /= _size(places, np)[:, None]
    shared /= _size(kept, np)
    return shared


def _having(places: Sequence[Sequence[int]]) -> dict[int, list[int]]:
    """Return which sentences have a place: most places are rare."""
    having: dict[int, list[int]] = {}
    for number, at in enumerate(places):
        for place in at:
            having.setdefault(place, []).append(number)
    return having


def _size(places: Sequence[Sequence[int]], np: Any) -> Any:
    return np.sqrt([max(1, len(at)) for at in places]).astype(np.float32)


def _by_place(places: Sequence[Sequence[int]], shares: Any, np: Any) -> Any:
    """Return what each place of the table adds to each head."""
    found = np.zeros((PLACES, shares.shape[1]), dtype=np.float32)
    for at, share in zip(places, shares, strict=True):
        found[at] += share / np.sqrt(max(1, len(at)))
    return found


def _bytes(vectors: Any, np: Any) -> Any:
    return np.rint(vectors / np.abs(vectors).max() * 127).astype(np.int8)


def _learnt(taught: Lesson, kernel: Any, ridge: float, np: Any) -> tuple[Any, Any, Any]:
    """Return what each person was judged to say by a model that did not see them, and the model of all."""
    people = sorted({one.persona for one in taught.sentences} - {""})
    fold = {person: at % FOLDS for at, person in enumerate(people)} | {"": FOLDS}
    of = np.array([fold[one.persona] for one in taught.sentences])
    bias = taught.wanted.mean(axis=0)
    parts = []
    for at in range(FOLDS + 1):
        some = kernel[of == at]
        parts.append((some.T @ some, some.T @ (taught.wanted[of == at] - bias)))
    held = kernel[taught.landmarks] * np.float32(ridge)
    held[np.diag_indices_from(held)] += np.float32(HELD)
    heard = np.zeros(taught.wanted.shape)
    for at in range(FOLDS):
        shares = _solved([part for number, part in enumerate(parts) if number != at], held, np)
        heard[of == at] = bias + kernel[of == at] @ shares
    return heard, bias, _solved(parts, held, np)


def _solved(parts: Sequence[tuple[Any, Any]], held: Any, np: Any) -> Any:
    return np.linalg.solve(sum((one for one, _ in parts), held), sum(other for _, other in parts))


def _bars(
    scores: Any,
    which: Sequence[int],
    taught: Lesson,
    most: Most,
    np: Any,
) -> Bars:
    """Choose the bars on what was made of harmless sentences; the rules' own false alarms count too."""
    some = [taught.sentences[at] for at in which]
    plain = np.array([one.disguise in ORDINARY and one.gate == "-" for one in some])
    figure = np.array([one.disguise in FIGURES and one.gate == "-" for one in some])
    ruled = np.array([taught.ruled[at] != "none" for at in which])
    hard = np.array([taught.ruled[at] == "hard" for at in which])
    if most.allayed:
        ruled &= hard | (scores[:, 0] >= np.quantile(scores[plain, 0], 1 - most.soft) - most.allayed["soft"])
        hard &= scores[:, 1] >= np.quantile(scores[plain, 1], 1 - most.hard) - most.allayed["hard"]
    quiet = plain & ~ruled
    heard = max(0.0, most.soft - ruled[plain].mean())
    soft_bar = np.quantile(scores[quiet, 0], 1 - heard)
    careful = soft_bar - np.quantile(scores[quiet, 0], 1 - CAREFUL * heard)
    hard_bar = np.quantile(scores[quiet, 1], 1 - max(0.002, most.hard - hard[plain].mean()))
    calm = figure & taught.calmed[which] & ~ruled
    lift = 0.0
    if calm.any():
        lift = max(0.0, float(np.quantile(scores[calm, 0], 1 - most.figure / 2) - soft_bar))
    slope, middle = _calibrated(scores[:, 0], taught.wanted[which, 0] > 0, np)
    return Bars(
        *(round(float(one), 4) for one in (soft_bar, hard_bar, min(lift, 0.5), careful, slope, middle))
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
