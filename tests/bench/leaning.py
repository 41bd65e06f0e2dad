"""What each encoder learnt of danger, alone, on the people who choose bars, and how rules and it disagree.

Run it as `python -m tests.bench.leaning`. Nobody was tuned on these people; they were written by the same
hands as those who were, so strangers are heard worse. Bars are set on themselves here.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence

import numpy as np

from bot.safety.screen import screen
from bot.safety.units import units
from bot.sensing.__main__ import ENGLISH, choosers, in_turns, tables
from bot.sensing.corpus import Sentence
from bot.sensing.leaning import Leaning
from bot.sensing.loading import leanings, sense
from tests.bench.unseen import FIGURES, HARMLESS
from tests.safety.sentences import lexicon

SOFT, HARD = 0.08, 0.015
"""Shares of ordinary sentences that may be asked about and given the card."""


def chosen() -> dict[str, list[Sentence]]:
    """Return the sentences of those who choose bars, by language."""
    found: dict[str, list[Sentence]] = {}
    people = choosers()
    for language, some in tables():
        found.setdefault(language, []).extend(one for one in some if one.persona in people)
    return found


def area(scores: np.ndarray, yes: np.ndarray) -> float:
    """Return how often one that is meant scores above one that is not (the area under the ROC curve)."""
    ranks = np.empty(len(scores))
    ranks[np.argsort(scores)] = np.arange(1, len(scores) + 1)
    count = int(yes.sum())
    return float((ranks[yes].sum() - count * (count + 1) / 2) / (count * (len(yes) - count)))


def heard(leaning: Leaning, some: Sequence[Sentence]) -> np.ndarray:
    """Score sentences, each as the screen reads it when it is short: (sentences, heads)."""
    return in_turns(leaning.considered, [next(units(one.text, lexicon())).plain for one in some])


def show(language: str, leaning: Leaning, some: Sequence[Sentence]) -> None:
    scores = heard(leaning, some)
    danger = np.array([one.gate != "-" for one in some])
    hard = np.array([one.tier == "hard" for one in some])
    ordinary = ~danger & np.array([one.disguise in HARMLESS for one in some])
    soft_bar, hard_bar = (
        np.quantile(scores[ordinary, 0], 1 - SOFT),
        np.quantile(scores[ordinary, 1], 1 - HARD),
    )
    flagged, card = scores[:, 0] >= soft_bar, scores[:, 1] >= hard_bar
    shares = {
        "worth the card, flagged": (flagged | card)[hard],
        "worth the card, given it": card[hard],
        "veiled, flagged": flagged[[one.disguise == "veiled" for one in some]],
        "unsafe or coerced, flagged": flagged[[one.gate in ("unsafe", "coerced") for one in some]],
        "idioms and denials, flagged": flagged[~danger & [one.disguise in FIGURES for one in some]],
    }
    print(f"\n{language}: {len(some)} sentences, area {area(scores[:, 0], danger):.1%}, ", end="")
    print(f"of what is worth the card {area(scores[:, 1], hard):.1%}")
    for name, hits in shares.items():
        print(f"  {name:28} {hits.mean():6.1%} of {len(hits)}")


def allayed(some: Sequence[Sentence]) -> None:
    """Count what a rule hears and the model does not, of danger and of none."""
    model = sense()
    found = [(one, screen(one.text, lexicon())) for one in some]
    for tier in ("soft", "hard"):
        ruled = [one for one, rule in found if rule is not None and rule.tier == tier]
        lifted = [one for one in ruled if model and model.allays(tuple(units(one.text, lexicon())), tier)]
        mistaken = sum(one.gate == "-" for one in ruled), sum(one.gate == "-" for one in lifted)
        print(
            f"  of {mistaken[0]} false alarms of {tier} rules {mistaken[1]} are allayed, "
            f"of {len(ruled) - mistaken[0]} dangers {len(lifted) - mistaken[1]}"
        )


def main(argv: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--every", type=int, default=1, help="read one sentence of so many")
    every = parser.parse_args(argv).every
    leans = leanings()
    for language, whole in chosen().items():
        some = whole[::every]
        show(language, leans["english" if language == ENGLISH else "others"], some)
        allayed(some)


if __name__ == "__main__":
    main()
