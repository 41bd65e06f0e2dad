"""The encoder gives the vectors that the makers' own runtime gives, and takes any text there is."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.encoder.loading import encoder
from bot.encoder.onnx import read_network
from bot.encoder.wordpiece import LONGEST, pieces
from bot.errors import EncoderError

FIRST_THREE = {
    "i cant face my phone": [-0.098905, 0.005184, 0.115943],
    "We HAVE not talked since 2019…": [-0.023542, 0.01075, 0.039538],
    "naïve ghosting, 😀!": [-0.044528, -0.006226, 0.076737],
}
"""As onnxruntime 1.32 computes them from the same file, with the tokenizer the weights were made with."""


def vectors(*texts: str) -> np.ndarray:
    found = encoder()
    assert found is not None
    return np.asarray(found.encode(texts))


def test_the_vectors_are_those_of_the_makers_runtime() -> None:
    found = vectors(*FIRST_THREE)

    assert found[:, :3] == pytest.approx(np.array(list(FIRST_THREE.values())), abs=1e-4)
    assert np.linalg.norm(found, axis=1) == pytest.approx(1, abs=1e-5)


def test_texts_that_mean_alike_lie_closer_than_texts_that_do_not() -> None:
    one, alike, other = vectors("i cant face my phone", "answering messages is too much", "pizza is good")

    assert one @ alike > one @ other + 0.2


def test_the_company_of_other_texts_changes_no_vector() -> None:
    texts = ["a", "two words", "three words here", "b", "and a rather longer text among them"]

    together, alone = vectors(*texts), np.concatenate([vectors(text) for text in texts])

    assert together == pytest.approx(alone, abs=1e-5)


def test_words_are_cut_as_the_weights_were_taught() -> None:
    assert pieces("Ghosting naïve, 2am!") == [101, 5745, 2075, 15743, 1010, 23409, 2213, 999, 102]
    assert pieces("") == [101, 102]
    assert pieces("x" * 101) == [101, 100, 102]


@pytest.mark.parametrize("text", ["word " * 10_000, "😀" * 10_000, "\u200b" * 50_000, "a\u0301" * 50_000])
def test_however_long_a_text_is_only_so_many_pieces_are_read(text: str) -> None:
    assert len(pieces(text)) <= LONGEST


@given(st.text(max_size=300))
@settings(max_examples=50, deadline=None)
def test_any_text_at_all_has_a_vector(text: str) -> None:
    assert np.isfinite(vectors(text)).all()


def test_a_file_that_is_no_network_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "model.onnx"
    path.write_bytes(b"not a network at all")

    with pytest.raises(EncoderError, match="no network"):
        read_network(path)
