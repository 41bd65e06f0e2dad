"""`lowtide doctor`, as a command: everything is told, nothing is changed, and no secret leaves."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from bot.cli import main
from bot.operating.doctor import kept, machine
from bot.orders.asking import FAULTS
from bot.settings import Settings
from tests.operating.small import small_world

KEY = "ab" * 32
EVERYTHING = {
    *("Python", "packages", "time zones", "disk", "cache", "settings file", "service", "key", "database"),
    *("settings", "clock", "flows", "language", "quiet hours", "helplines", "country"),
}


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """Give a settings file for a small content that is whole."""
    small_world(tmp_path)
    path = tmp_path / "lowtide.env"
    path.touch(0o600)
    path.write_text(
        f"LOWTIDE_DB={tmp_path}/l.db\nLOWTIDE_CONTENT={tmp_path}\nLOWTIDE_KEY={KEY}\n"
        "LOWTIDE_DISCORD_TOKEN=a.b.hush\nLOWTIDE_DISCORD_URL=http://127.0.0.1:9\n",
        encoding="utf-8",
    )
    return path


def test_everything_is_told_as_json_with_a_mend_for_each_fault_and_no_secret(
    file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = sorted(path.name for path in file.parent.rglob("*"))

    code = main(["doctor", "--json", "--settings", str(file)])

    out = capsys.readouterr().out
    told = json.loads(out)
    assert (code, told["good"]) == (FAULTS, False)
    assert {one["what"] for one in told["findings"]} == EVERYTHING | {"discord"}
    assert {one["what"] for one in told["findings"] if one["kind"] == "fault"} == {"discord"}
    assert all(one["mend"] for one in told["findings"] if one["kind"] == "fault")
    assert "hush" not in out
    assert KEY not in out
    assert sorted(path.name for path in file.parent.rglob("*")) == before


def test_settings_that_cannot_be_read_are_faults_like_others(
    file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file.write_text("LOWTIDE_LANG=English!\nLOWTIDE_LOG_LEVEL=loud\n", encoding="utf-8")

    code = main(["doctor", "--settings", str(file)])

    told = capsys.readouterr().out
    assert code == FAULTS
    assert f"FAULT  settings: {file}:1: LOWTIDE_LANG is 'English!'\n       mend: give a language code" in told
    assert told.endswith("2 faults: mend them, and ask again\n")


def test_what_fails_in_the_looking_is_told_and_hides_nothing_else(
    file: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(_: Settings) -> None:
        raise ZeroDivisionError("canary-9f31")

    def closed(_: Settings) -> None:
        raise PermissionError(13, "Permission denied", "canary-9f31")

    monkeypatch.setattr(kept, "key", broken)
    monkeypatch.setattr(kept, "service", closed)
    monkeypatch.setattr(machine, "disk", broken)

    main(["doctor", "--settings", str(file)])

    told = capsys.readouterr().out
    assert told.count("it could not be looked at (") == 2
    assert "service: it cannot be looked at (permission denied)\n       mend: run this as the user" in told
    assert "canary" not in told
    assert "ok     database" in told
