"""What means the same lies together, in whichever of the languages it is said."""

from __future__ import annotations

import tempfile
from pathlib import Path

import numpy as np
import pytest

from bot.encoder.loading import encoder
from bot.encoder.tongues import ManyTongues, filed


def test_what_means_the_same_lies_nearer_than_what_does_not() -> None:
    found = encoder("es")
    assert isinstance(found, ManyTongues)

    tired, worn, key = found.encode(
        ["estoy muy cansada hoy", "ich bin heute sehr müde", "wo ist hier der bahnhof"]
    )

    assert tired @ worn > tired @ key + 0.2
    assert abs(float(tired @ tired) - 1) < 1e-3


def test_one_text_is_placed_as_it_is_among_others_and_only_once() -> None:
    found = encoder("de")
    assert isinstance(found, ManyTongues)
    among = found.encode(["mir ist alles zu viel", "niemand da"])

    alone = found.encode(["mir ist alles zu viel"])

    assert np.allclose(alone[0], among[0], atol=1e-4)
    assert found.encode(["mir ist alles zu viel"]) is alone


def test_half_a_character_is_read_as_a_mark_and_never_a_fault() -> None:
    found = encoder("es")
    assert isinstance(found, ManyTongues)

    alone, among = found.encode(["hola \udcff"]), found.encode(["hola \udcff", "hola ?"])

    assert np.allclose(alone[0], among[1], atol=1e-4)


def test_it_is_read_only_when_it_is_first_asked() -> None:
    assert "_model" not in vars(ManyTongues())


def test_its_table_of_words_lies_in_a_file_and_not_in_memory() -> None:
    found = encoder("es")
    assert isinstance(found, ManyTongues)

    assert isinstance(found._model._model.table, np.memmap)


def test_without_room_for_a_file_it_stays_in_memory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    table = np.arange(6, dtype=np.uint8).reshape(2, 3)
    moved = filed(table)
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "nowhere"))

    assert filed(table) is table
    assert isinstance(moved, np.memmap)
    assert moved.tolist() == table.tolist()
