"""A run without the encoder says so, and goes on."""

from __future__ import annotations

import logging
from dataclasses import replace
from pathlib import Path

import pytest

from bot.encoder import loading


def test_an_encoder_that_is_not_there_is_told_and_not_missed(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(loading, "ENGLISH", replace(loading.ENGLISH, package="no_such_weights"))

    with caplog.at_level(logging.WARNING):
        found = loading.encoder()

    assert found is None
    assert "no-such-weights is not installed" in caplog.text
    assert "words alone" in caplog.text


def test_a_file_that_was_not_measured_is_not_used(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, tmp_path: Path
) -> None:
    package = tmp_path / "other_weights"
    package.mkdir()
    (package / "__init__.py").touch()
    (package / loading.ENGLISH.file).write_bytes(b"other numbers")
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.setattr(loading, "ENGLISH", replace(loading.ENGLISH, package="other_weights"))

    with caplog.at_level(logging.WARNING):
        found = loading.encoder()

    assert found is None
    assert "not the file that was measured" in caplog.text


def test_it_is_loaded_once() -> None:
    assert loading.encoder() is loading.encoder("en")
    assert loading.encoder("es") is loading.encoder("de")
