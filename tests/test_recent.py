"""What was asked for a moment ago is at hand; no more than so many, and nothing that could be read."""

from __future__ import annotations

from array import array

import numpy as np

from bot.encoder.loading import encoder
from bot.encoder.minilm import MiniLm
from bot.encoder.wordpiece import pieces
from bot.recent import Recent


def test_the_one_not_asked_for_longest_goes_first() -> None:
    recent = Recent[str](2)
    one, two, three = map(recent.mark, (b"1", b"2", b"3"))
    recent.put(one, "one")
    recent.put(two, "two")
    recent.get(one)
    recent.put(three, "three")

    assert [recent.get(mark) for mark in (one, two, three)] == ["one", None, "three"]


def test_the_names_of_texts_mean_nothing_elsewhere() -> None:
    assert Recent[str](1).mark(b"a line") != Recent[str](1).mark(b"a line")


def test_a_text_is_placed_once_for_all_who_ask() -> None:
    found = encoder()
    assert isinstance(found, MiniLm)
    texts = ["a line nobody has said before", "and another", "a line nobody has said before"]

    first = found.encode(texts)
    kept = found._recent.get(found._recent.mark(array("H", pieces("and another")).tobytes()))

    assert np.array_equal(first[0], first[2])
    assert np.array_equal(kept, first[1])
    assert np.array_equal(found.encode(texts[:1])[0], first[0])
    assert found.encode([]).shape == (0, 384)
