"""A community that nobody lives in: its log is invented, for the picture of the funnel in the docs.

`python -m tests.operating.invented` draws it anew.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random

from bot.operating.funnel import Funnel, Life
from bot.operating.funnel_svg import svg
from bot.operating.funnel_words import explained
from bot.runtime.ports import Entry

PICTURE = Path(__file__).parents[2] / "docs/pictures/funnel.svg"
START = datetime(2026, 10, 1, 18, tzinfo=UTC)
FLOWS = (("notice", 3, 5, 190), ("reflect", 7, 6, 150), ("reflect", 8, 6, 40), ("ladder", 4, 7, 85))
"""Flow, version, questions in it, and how many people come to it."""
CHANCES = (("answered", 0.82), ("reprompted", 0.06), ("nudged", 0.07), ("back", 0.03), ("gave_up", 0.02))


def life(chance: Random, flow: str, version: int, questions: int) -> Iterator[Entry]:
    """Invent one person's way through a flow."""
    at, turn = START + timedelta(hours=chance.randrange(700)), 1
    if (flow, version) == ("reflect", 8) and chance.random() < 0.4:
        yield Entry(at, turn, "migrated", "", flow, version, "q0")
    else:
        yield Entry(at, turn, "entered", "", flow, version, "q0")
    yield Entry(at, turn, "commanded", "start", lands=f"{flow}.q0", mark="other")
    question = 0
    while question < questions:
        turn += 1
        at += timedelta(seconds=chance.lognormvariate(3.8, 1.0))
        (mark,) = chance.choices([name for name, _ in CHANCES], [part for _, part in CHANCES])
        if mark == "nudged":
            at += timedelta(hours=20)
            if chance.random() < 0.4:
                mark = "lapsed"
        stays = mark in {"reprompted", "nudged"}
        after = question if stays else max(0, question - 1) if mark == "back" else question + 1
        ends = mark in {"lapsed", "gave_up"} or after == questions
        lands = "" if ends else f"{flow}.q{after}"
        yield Entry(at, turn, "answered", "", flow, version, f"q{question}", 0, lands, mark)
        question = questions if ends else after


def community() -> Funnel:
    """Invent everybody; always the same."""
    chance, funnel = Random(8), Funnel()
    for flow, version, questions, people in FLOWS:
        for _ in range(people):
            funnel.add(Life().lived(life(chance, flow, version, questions)))
    return funnel


def picture() -> str:
    """Draw the funnel of everybody."""
    funnel = community()
    return svg(funnel.flows(), f"invented; {next(explained(None, funnel.unmarked))}")


if __name__ == "__main__":
    PICTURE.parent.mkdir(exist_ok=True)
    PICTURE.write_text(picture(), encoding="utf-8")
    sys.stdout.write(f"{PICTURE} written\n")
