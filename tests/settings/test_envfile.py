"""The settings file: each line means what systemd and compose take it for, or is refused with its place."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from bot.errors import SettingsError
from bot.settings import Secret, Settings, read_settings
from bot.settings.envfile import default_file, read_file, settings_file
from bot.settings.given import NOTHING

TOKEN = "123456:AAH-hush_hush"


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """Give a private file to write lines to."""
    path = tmp_path / "lowtide.env"
    path.touch(0o600)
    return path


def read(file: Path, text: str, **environment: str) -> Settings:
    """Read settings out of a file with this text."""
    file.write_text(text, encoding="utf-8")
    return read_settings(environment, read_file(file))


def faults(file: Path, text: str, **environment: str) -> tuple[str, ...]:
    """Return what is told of a file with this text, after its name."""
    with pytest.raises(SettingsError) as caught:
        read(file, text, **environment)
    return tuple(one.removeprefix(f"{file}:") for one in caught.value.faults)


def test_lines_are_settings_and_all_else_is_let_be(file: Path) -> None:
    text = (
        "\ufeff# of our own\n\nLOWTIDE_LANG=de\r\nLOWTIDE_DB='/srv/low tide/l.db'\n"
        'LOWTIDE_LOG_LEVEL="INFO"\nLOWTIDE_COUNTRY=gb\nLOWTIDE_LEASE=\nTZ=Europe/Berlin\n'
        f"LOWTIDE_TELEGRAM_TOKEN={TOKEN}\nHTTPS_PROXY=http://proxy:1"
    )

    settings = read(file, text)

    assert (settings.lang, settings.log_level, settings.country) == ("de", "INFO", "GB")
    assert settings.db == Path("/srv/low tide/l.db")
    assert settings.telegram_token == Secret(TOKEN)
    assert (settings.lease, settings.file) == (8.0, file)


def test_the_environment_wins_over_the_file_and_an_empty_variable_does_not(file: Path) -> None:
    text = "LOWTIDE_LANG=de\nLOWTIDE_LOG_LEVEL=INFO\nLOWTIDE_TELEGRAM_URL=http://file\n"

    settings = read(
        file, text, LOWTIDE_LANG="es", LOWTIDE_LOG_LEVEL="", LOWTIDE_TELEGRAM_BASE_URL="http://environment"
    )

    assert (settings.lang, settings.log_level) == ("es", "INFO")
    assert settings.telegram_url == "http://environment"


def test_what_is_wrong_with_a_value_is_told_with_its_line_and_never_with_a_secret(file: Path) -> None:
    text = f"# mine\n\nLOWTIDE_LANG=English!\nLOWTIDE_TELEGRAM_TOKEN='{TOKEN} copied'\nLOWTIDE_LNAG=en\n"

    told = faults(file, text, LOWTIDE_LEASE="0")

    assert told == (
        "5: LOWTIDE_LNAG is no setting; did you mean LOWTIDE_LANG?",
        "LOWTIDE_LEASE is '0'; give seconds from 1 to 60, such as 8",
        "3: LOWTIDE_LANG is 'English!'; give a language code such as en or pt-BR",
        "4: LOWTIDE_TELEGRAM_TOKEN does not look like a bot token; copy it again, without quotes or spaces",
    )


@pytest.mark.parametrize(
    ("line", "why"),
    [
        ("export LOWTIDE_KEY=hush", "LOWTIDE_KEY begins with `export`"),
        ("'LOWTIDE_KEY'=hush", "LOWTIDE_KEY has its name between quotes"),
        ("LOWTIDE_KEY=hush # mine", "LOWTIDE_KEY has a comment behind it"),
        ("LOWTIDE_KEY='hush' # mine", "LOWTIDE_KEY has a comment behind it"),
        ("LOWTIDE_KEY= # mine", "LOWTIDE_KEY has a comment behind it"),
        (r"LOWTIDE_KEY='hu\\sh'", "LOWTIDE_KEY holds a backslash"),
        ("LOWTIDE_KEY=hu$sh", "LOWTIDE_KEY holds a $"),
        ('LOWTIDE_KEY="hu${sh}"', "LOWTIDE_KEY holds a $"),
        ("LOWTIDE_KEY='hu\nsh'", "LOWTIDE_KEY goes on in the next line"),
        ("LOWTIDE_KEY", "LOWTIDE_KEY has no value"),
        ("LOWTIDE_KEY='hush", "this is no line of KEY=VALUE"),
        ("LOWTIDE_KEY: hush", "this is no line of KEY=VALUE"),
        ("TELEGRAM_TOKEN=hush", "TELEGRAM_TOKEN is no setting; did you mean LOWTIDE_TELEGRAM_TOKEN?"),
        ("LOWTDE_LANG=hush", "LOWTDE_LANG is no setting; did you mean LOWTIDE_LANG?"),
        ("lowtide_lang=hush", "lowtide_lang is no setting; did you mean LOWTIDE_LANG?"),
        ("LOWTIDE_LANG=en\nLOWTIDE_LANG=hush", "LOWTIDE_LANG stands in line 2 already; keep one"),
        ("LOWTIDE_SETTINGS=/hush", "LOWTIDE_SETTINGS is for the environment"),
        ("LOWTIDE_DB=hush.db", "LOWTIDE_DB is no whole path"),
    ],
)
def test_a_line_that_others_would_read_otherwise_is_refused(file: Path, line: str, why: str) -> None:
    (told,) = faults(file, f"# first\n{line}\n")

    place, _, words = told.partition(": ")
    assert words.startswith(why)
    assert place == ("3" if "already" in why else "2")
    assert "hush" not in told


def test_a_secret_that_everybody_can_read_is_refused_and_other_settings_are_not(file: Path) -> None:
    file.chmod(0o644)

    told = faults(file, f"LOWTIDE_LANG=en\nLOWTIDE_TELEGRAM_TOKEN={TOKEN}\n")

    assert told == (
        f"2: LOWTIDE_TELEGRAM_TOKEN is a secret, and everybody on this machine can read it; chmod 600 {file}",
    )
    assert read(file, "LOWTIDE_LANG=de\n").lang == "de"


def test_a_file_that_everybody_can_write_is_refused(file: Path) -> None:
    file.chmod(0o602)

    told = faults(file, "LOWTIDE_LANG=en\n")

    assert told == (f" everybody on this machine can write it; chmod 600 {file}",)


def test_a_secret_may_be_read_by_a_group(file: Path) -> None:
    file.chmod(0o640)

    assert read(file, f"LOWTIDE_TELEGRAM_TOKEN={TOKEN}\n").telegram_token == Secret(TOKEN)


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"LOWTIDE_LANG=en\nLOWTIDE_DB=/\xff\n", "2: this is no UTF-8"),
        (b"LOWTIDE_LANG=en\n\0\n", "2: this is no text"),
        (b"#" * (1 << 19), " this is too large"),
    ],
)
def test_what_is_no_text_is_no_settings_file(file: Path, content: bytes, why: str) -> None:
    file.write_bytes(content)

    with pytest.raises(SettingsError) as caught:
        read_file(file)

    assert str(caught.value).startswith(f"{file}:{why}")


def test_a_file_that_was_named_must_be_there_and_another_need_not(tmp_path: Path) -> None:
    missing = tmp_path / "none.env"

    assert read_file(missing) == NOTHING
    assert read_file(Path(os.devnull), must=True).given == ()
    with pytest.raises(SettingsError, match="there is no such file; `lowtide init` writes one"):
        read_file(missing, must=True)
    with pytest.raises(SettingsError, match=r"cannot be read \(is a directory\)"):
        read_file(tmp_path)


def test_the_command_line_names_the_file_else_the_environment_else_it_is_the_users_own() -> None:
    environment = {"LOWTIDE_SETTINGS": "~/tide.env"}

    assert settings_file(environment, Path("a.env")) == (Path("a.env"), True)
    assert settings_file(environment) == (Path("~/tide.env").expanduser(), True)
    assert settings_file({"LOWTIDE_SETTINGS": " "}) == (default_file(), False)
    assert default_file().parts[-2:] == ("lowtide", "lowtide.env")


def test_a_content_is_a_folder_of_both_and_wins_over_the_folders_of_a_file(
    file: Path, tmp_path: Path
) -> None:
    for name in ("flows", "prompts"):
        (tmp_path / "own" / name).mkdir(parents=True)
    text = f"LOWTIDE_FLOWS={tmp_path}\n"

    settings = read(file, text, LOWTIDE_CONTENT=str(tmp_path / "own"))

    assert settings.flows == tmp_path / "own" / "flows"
    assert settings.prompts == tmp_path / "own" / "prompts"
    assert faults(file, f"LOWTIDE_CONTENT={tmp_path}") == (
        f"1: LOWTIDE_CONTENT has no flows/ in it ({tmp_path}); `lowtide content new DIR` makes such a folder",
    )
