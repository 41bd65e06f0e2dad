"""What the doctor says of the machine: each thing that is wrong is named with its mend."""

from __future__ import annotations

import shutil
from datetime import UTC, date, datetime
from importlib import metadata
from pathlib import Path
from types import SimpleNamespace

import pytest

from bot.operating.doctor import machine
from bot.settings import HOUSE, Settings


def test_packages_that_are_missing_or_too_old_are_named(tmp_path: Path) -> None:
    asked = ["aiohttp>=99", "no-such-thing>=1", "jinja2", 'no-other-thing; python_version < "3"']

    found = machine.packages(asked, tmp_path / "no.lock")

    assert not found.good
    assert (
        found.found == f"aiohttp is {metadata.version('aiohttp')}, >=99 is needed; no-such-thing is missing"
    )
    assert "pip install --upgrade --force-reinstall lowtide" in found.mend


def test_packages_of_another_version_than_was_tested_are_a_note(tmp_path: Path) -> None:
    lock = tmp_path / "requirements.lock"
    lock.write_text(
        "jinja2==0.1 \\\n    --hash=sha256:00\n    # via lowtide\n"
        f"aiohttp=={metadata.version('aiohttp')} \\\n    --hash=sha256:00\n"
        "colorama==0.4 ; sys_platform == 'win32' \\\n    --hash=sha256:00\n",
        encoding="utf-8",
    )

    found = machine.packages(["jinja2"], lock)

    assert (found.kind, found.mend) == ("note", "`make setup` takes those that were tested")
    assert found.found.startswith("1 are of another version than was tested: jinja2 is ")


def test_every_line_of_our_own_lock_is_read() -> None:
    assert machine.packages().good
    assert "Requires" not in machine.packages(["jinja2"], HOUSE / machine.LOCK).found


def test_time_zones_are_known_and_right(monkeypatch: pytest.MonkeyPatch) -> None:
    well = machine.zones()
    monkeypatch.setattr(machine, "_KNOWN_ZONES", {"Mars/Olympus": 0})
    unknown = machine.zones()
    monkeypatch.setattr(machine, "_KNOWN_ZONES", {"Europe/Berlin": 1})
    wrong = machine.zones()

    assert well.good
    assert (unknown.kind, unknown.found) == ("fault", "Mars/Olympus is not known")
    assert (wrong.kind, wrong.found) == ("fault", "Europe/Berlin is wrong")


def test_a_clock_behind_the_days_in_the_files_is_wrong() -> None:
    written, before = date(2026, 11, 23), datetime(2026, 1, 1, tzinfo=UTC)

    assert machine.clock(written, datetime(2026, 11, 23, tzinfo=UTC)).good
    assert machine.clock(None, before).good
    assert machine.clock(written, before).found == "it says 2026-01-01, and these files are of 2026-11-23"


def test_a_disk_has_room_for_a_copy_of_the_database(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "l.db").write_bytes(b"x" * 5000)
    settings = Settings(tmp_path / "l.db")
    roomy = machine.disk(Settings(tmp_path / "not" / "yet" / "l.db"))
    monkeypatch.setattr(shutil, "disk_usage", lambda _: SimpleNamespace(free=machine.LEAST_FREE + 9999))

    full = machine.disk(settings)

    assert roomy.good
    assert not full.good
    assert full.found == f"200 MB are free at {tmp_path}, the database takes 4 kB"


def test_a_cache_that_cannot_be_written_is_a_note(tmp_path: Path) -> None:
    blocked = tmp_path / "file"
    blocked.touch()

    assert machine.cache(Settings(tmp_path / "l.db", cache=tmp_path / "cache")).kind == "ok"
    assert machine.cache(Settings(tmp_path / "l.db", cache=blocked / "cache")).kind == "note"
