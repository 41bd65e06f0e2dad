"""Settings: read once, every fault at once, and an unknown variable's value is never shown."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.errors import SettingsError
from bot.settings import HOUSE, Settings, read_settings


def test_without_any_variable_the_data_folder_of_the_user_is_used() -> None:
    settings = read_settings({"HOME": "/nowhere", "PATH": "/bin"})

    assert settings.db.name == "lowtide.db"
    assert settings.db.parent.name == "lowtide"
    assert (settings.flows, settings.prompts) == (HOUSE / "flows", HOUSE / "prompts")
    assert (settings.log_level, settings.lang) == ("WARNING", "en")


def test_every_variable_is_read(tmp_path: Path) -> None:
    environment = {
        "LOWTIDE_DB": str(tmp_path / "a.db"),
        "LOWTIDE_FLOWS": str(tmp_path),
        "LOWTIDE_PROMPTS": str(tmp_path),
        "LOWTIDE_LOG_LEVEL": " debug ",
        "LOWTIDE_LANG": "pt-BR",
    }

    settings = read_settings(environment)

    assert settings == Settings(tmp_path / "a.db", tmp_path, tmp_path, "DEBUG", "pt-BR")


def test_a_tilde_is_the_home_folder(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))

    assert read_settings({"LOWTIDE_DB": "~/tide.db"}).db == tmp_path / "tide.db"


def test_an_empty_variable_counts_as_not_set() -> None:
    assert read_settings({"LOWTIDE_LANG": "", "LOWTIDE_LOG_LEVEL": "  "}).lang == "en"


def test_everything_that_is_wrong_is_told_at_once(tmp_path: Path) -> None:
    environment = {
        "LOWTIDE_DB": str(tmp_path),
        "LOWTIDE_FLOWS": str(tmp_path / "none"),
        "LOWTIDE_LOG_LEVEL": "loud",
        "LOWTIDE_LANG": "English!",
        "LOWTIDE_PROMTS": str(tmp_path),
    }

    with pytest.raises(SettingsError) as caught:
        read_settings(environment)

    assert caught.value.faults == (
        "LOWTIDE_PROMTS is no setting; did you mean LOWTIDE_PROMPTS?",
        f"LOWTIDE_DB is a folder ({tmp_path}); name a file in it",
        f"LOWTIDE_FLOWS is no folder ({tmp_path / 'none'}); name one that exists",
        "LOWTIDE_LOG_LEVEL is 'loud'; choose one of DEBUG, INFO, WARNING, ERROR, CRITICAL",
        "LOWTIDE_LANG is 'English!'; give a language code such as en or pt-BR",
    )
    assert str(caught.value) == "\n".join(caught.value.faults)


def test_the_value_of_an_unknown_variable_is_not_shown() -> None:
    with pytest.raises(SettingsError) as caught:
        read_settings({"LOWTIDE_SECRET_TOKEN": "123:hush"})

    assert str(caught.value) == "LOWTIDE_SECRET_TOKEN is no setting; unset it"
