"""What is read as an answer is what was screened for danger, so that a text is placed once for both."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from bot.safety.units import units
from bot.understanding.features import vectors
from tests.safety.sentences import lexicon


class Placing:
    """An encoder that places everything at the same point, and keeps what it was asked for."""

    name = "one point"

    def __init__(self) -> None:
        self.asked: list[str] = []

    def encode(self, texts: Sequence[str]) -> list[list[float]]:
        self.asked += texts
        return [[1.0, 0.0] for _ in texts]


@pytest.mark.parametrize(
    "text",
    ["  My SISTER,\n\ni think ", "soooo  t i r e d", "", "naïve 😂", "we talked " * 19, "i cannot say " * 60],
)
def test_the_ear_reads_the_piece_that_the_screen_reads_first(text: str) -> None:
    encoder = Placing()

    vectors([text], encoder)

    assert encoder.asked == [next(units(text, lexicon())).plain]
