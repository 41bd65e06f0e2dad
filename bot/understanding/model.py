"""A judge for each question, learnt from the phrases of its options and from all that answers something else.

It is a weighted least-squares classifier: one solution of linear equations and no chance, so that the same
phrases always make the same judge. What belongs to none of the options is a class of its own.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from bot.understanding.features import Rows

VERSION = 1
"""Raise it when the same phrases come to make another judge."""
_PULL = 1.0
"""How strongly a judge is held to simple answers."""
_ELSEWHERE, _NOWHERE = 0.3, 0.6
"""What all other phrases together, and all texts that answer nothing, weigh beside the options' own."""
SHARPNESS = 5.0
"""How a lead becomes a confidence; fitted to phrases that were left out, see docs/listening.md."""


@dataclass(frozen=True, slots=True)
class Corpus:
    """Hold the features of everything that was written: phrases by key, and texts that answer nothing.

    `whole` and `sums` hold, for the phrases and for the texts, the sum of the products of each row with
    itself, and the sum of the rows.
    """

    phrases: Rows
    owners: Rows
    nothing: Rows
    whole: tuple[Rows, Rows]
    sums: tuple[Rows, Rows]


def corpus(phrases: Rows, owners: Sequence[int], nothing: Rows) -> Corpus:
    """Prepare what every judge is made from; `owners` numbers the key each phrase belongs to."""
    import numpy as np  # noqa: PLC0415  slow to import

    whole = phrases.T @ phrases, nothing.T @ nothing
    sums = phrases.sum(axis=0), nothing.sum(axis=0)
    return Corpus(phrases, np.array(owners), nothing, whole, sums)


def judge(texts: Corpus, keys: Sequence[int]) -> Rows:
    """Learn to tell the options with these keys apart, and from nothing; a column each, `nothing` last."""
    rows, marks, weights = _own(texts, keys)
    elsewhere = _ELSEWHERE * weights.sum() / max(1, len(texts.phrases) - len(rows))
    nowhere = _NOWHERE * weights.sum() / max(1, len(texts.nothing))
    if len(texts.phrases) + len(texts.nothing) < texts.phrases.shape[1]:
        return _solved_by_rows(texts, keys, weights, (elsewhere, nowhere))
    return _solved(texts, (rows, marks, weights), elsewhere, nowhere)


def _solved(texts: Corpus, own: tuple[Any, Any, Any], elsewhere: float, nowhere: float) -> Rows:
    """Solve for the features: what all questions share was summed up once, a judge adds its own rows."""
    import numpy as np  # noqa: PLC0415  as above

    rows, marks, weights = own
    left = (rows * (weights - elsewhere)[:, None]).T @ rows
    left += elsewhere * texts.whole[0] + nowhere * texts.whole[1]
    left[np.diag_indices_from(left)] += _PULL
    other = elsewhere * (texts.sums[0] - rows.sum(axis=0)) + nowhere * texts.sums[1]
    right = (rows * weights[:, None]).T @ marks
    right[:, :-1] -= other[:, None]
    right[:, -1] += other
    found: Rows = np.linalg.solve(left, right).astype(np.float32)
    return found


def _solved_by_rows(texts: Corpus, keys: Sequence[int], weights: Any, others: tuple[float, float]) -> Rows:
    """Solve the same for the rows, which is quicker where they are fewer than the features."""
    import numpy as np  # noqa: PLC0415  as above

    rows = np.concatenate([texts.phrases, texts.nothing])
    weigh = np.concatenate(
        [np.full(len(texts.phrases), others[0]), np.full(len(texts.nothing), others[1])], dtype=np.float32
    )
    marks = np.full((len(rows), len(keys) + 1), -1, dtype=np.float32)
    marks[:, -1] = 1
    first = 0
    for place, key in enumerate(keys):
        own = np.flatnonzero(texts.owners == key)
        weigh[own], marks[own] = weights[first : first + len(own)], -1
        marks[own, place] = 1
        first += len(own)
    half = np.sqrt(weigh)[:, None]
    alike = (rows * half) @ (rows * half).T
    alike[np.diag_indices_from(alike)] += _PULL
    found: Rows = ((rows * half).T @ np.linalg.solve(alike, marks * half)).astype(np.float32)
    return found


def _own(texts: Corpus, keys: Sequence[int]) -> tuple[Any, Any, Any]:
    """Return the rows of the options, what each is (1 in its column, else -1), and what each weighs.

    An option with many phrases weighs more than one with few, and less than by their number.
    """
    import numpy as np  # noqa: PLC0415  as above

    places = [np.flatnonzero(texts.owners == key) for key in keys]
    rows = texts.phrases[np.concatenate(places)]
    marks = np.full((len(rows), len(keys) + 1), -1, dtype=np.float32)
    marks[np.arange(len(rows)), np.repeat(np.arange(len(keys)), [len(one) for one in places])] = 1
    weights = np.concatenate([np.full(len(one), max(1, len(one)) ** -0.5) for one in places])
    return rows, marks, (weights * len(rows) / weights.sum()).astype(np.float32)


def confidences(scores: Any, shown: Sequence[int]) -> tuple[list[float], float]:
    """Return how likely each option that is shown is meant, and how likely none is; together they are 1."""
    import numpy as np  # noqa: PLC0415  as above

    chosen = np.append(scores[list(shown)], scores[-1]) * SHARPNESS
    likely = np.exp(chosen - chosen.max())
    *options, nothing = (likely / likely.sum()).tolist()
    return options, nothing
