"""What tests say is placed once and remembered; what it gives is exactly what the encoder gave."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from bot.remembering import Remembered


class Counting:
    """Place a text by its letters, and count how often that was asked."""

    name = "counting/1"

    def __init__(self) -> None:
        self.asked: list[str] = []

    def encode(self, texts: Sequence[str]) -> list[list[float]]:
        self.asked += texts
        return [[len(text) / 3, 0.1] for text in texts]


def test_a_text_is_placed_once_and_is_known_to_the_next_run(tmp_path: Path) -> None:
    encoder = Counting()
    first = Remembered(encoder, tmp_path)
    placed = [list(row) for row in first.encode(["one", "three", "one"])]
    first.keep()

    again = Remembered(encoder, tmp_path)
    later = [list(row) for row in again.encode(["three", "one"])]

    assert encoder.asked == ["one", "three"]
    assert placed == [[1.0, 0.1], [5 / 3, 0.1], [1.0, 0.1]]
    assert later == [[5 / 3, 0.1], [1.0, 0.1]]


def test_another_encoder_remembers_nothing_of_the_first(tmp_path: Path) -> None:
    first = Remembered(Counting(), tmp_path)
    first.encode(["one"])
    first.keep()
    other = Counting()
    other.name = "counting/2"

    Remembered(other, tmp_path).encode(["one"])

    assert other.asked == ["one"]
