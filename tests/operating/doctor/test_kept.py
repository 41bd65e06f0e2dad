"""What the doctor says of the settings file, the key and the database: it looks, and leaves all as it is."""

from __future__ import annotations

import asyncio
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from bot.operating.doctor import kept
from bot.settings import Secret, Settings
from bot.storage.keyfile import Keyring
from bot.storage.locking import Lock, holder
from bot.storage.sqlite import SqliteStore
from tests.storage.keeping import ANNA, BEN, change


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """Give a database with its key."""
    path = tmp_path / "l.db"
    asyncio.run(_made(path))
    return Settings(path)


async def _made(path: Path, keys: Keyring | None = None) -> None:
    store = SqliteStore(path, keys)
    await store.open()
    await store.close()


def state(folder: Path) -> dict[str, tuple[bytes, int, int]]:
    """Return everything that can change in a folder."""
    return {
        path.name: (path.read_bytes(), path.stat().st_mode, path.stat().st_mtime_ns)
        for path in folder.iterdir()
    }


def test_a_sound_database_and_its_key_are_well_and_stay_as_they_are(settings: Settings) -> None:
    folder = settings.db.parent
    before = state(folder)

    found = [kept.key(settings), kept.database(settings), kept.service(settings), kept.file(settings)]

    assert [one.kind for one in found] == ["ok", "ok", "ok", "note"]
    assert "is sound, of version" in found[1].found
    assert state(folder) == before


async def test_beside_a_service_that_runs_all_is_looked_at_and_nothing_of_it_is_touched(
    tmp_path: Path,
) -> None:
    settings, store = Settings(tmp_path / "l.db"), SqliteStore(tmp_path / "l.db")
    await store.open()
    try:
        await store.commit(change(await store.load(ANNA), "{}"))
        before = {name: one for name, one in state(tmp_path).items() if not name.endswith("-shm")}

        found = [kept.key(settings), kept.database(settings), kept.service(settings)]

        after = {name: one for name, one in state(tmp_path).items() if not name.endswith("-shm")}
        await store.commit(change(await store.load(BEN), "{}"))
    finally:
        await store.close()
    assert [one.kind for one in found] == ["ok", "ok", "ok"]
    assert found[2].found.startswith("it runs")
    assert after == before


def test_before_the_first_start_there_is_nothing_and_nothing_is_made(tmp_path: Path) -> None:
    settings = Settings(tmp_path / "later" / "l.db")

    found = [kept.key(settings), kept.database(settings), kept.service(settings)]

    assert [one.found.partition(";")[0] for one in found] == ["none yet", "none yet", "it does not run"]
    assert list(tmp_path.iterdir()) == []


def test_a_key_that_is_gone_open_wrong_or_none_is_told(settings: Settings) -> None:
    path = settings.db.with_name("l.db.key")
    own = path.read_bytes()
    told = []
    for content, mode in ((own, 0o644), (b"w" * 32, 0o600), (b"short", 0o600)):
        path.write_bytes(content)
        path.chmod(mode)
        told.append(kept.key(settings))
    path.unlink()
    told.append(kept.key(settings))
    told.append(kept.key(Settings(settings.db, key=Secret("ab" * 32))))

    assert {one.kind for one in told} == {"fault"}
    assert [one.found.removeprefix(f"{path}") for one in told] == [
        " is open to others",
        "the key does not fit what is kept",
        ": this is no key",
        " is missing",
        "the key does not fit what is kept",
    ]
    assert told[0].mend == f"chmod 600 {path}"
    assert not path.exists()


def test_a_database_that_is_foreign_newer_damaged_or_older_is_told(settings: Settings) -> None:
    path, found = settings.db, list[str]()
    for order in ("PRAGMA user_version = 1", "PRAGMA user_version = 99", "PRAGMA application_id = 7"):
        with closing(sqlite3.connect(path)) as file:
            file.execute(order)
            file.execute("PRAGMA journal_mode = DELETE")
        found.append(f"{kept.database(settings)}")
    path.write_bytes(b"SQLite format 3\0" + b"x" * 5000)
    found.append(f"{kept.database(settings)}")

    assert "note" in found[0]
    assert "`lowtide upgrade` makes a copy" in found[0]
    assert "install the newer lowtide again" in found[1]
    assert "it belongs to another program" in found[2]
    assert "FAULT" in found[3]


def test_a_process_that_uses_the_database_is_named_and_not_disturbed(settings: Settings) -> None:
    lock = Lock(settings.db)
    lock.take(0)
    held = holder(settings.db)

    told = kept.service(settings)
    lock.free()

    assert held.isdigit()
    assert told.found == f"it runs (process {held})"
    assert holder(settings.db) == ""


def test_a_settings_file_that_its_group_reads_is_a_note_where_it_holds_a_secret(tmp_path: Path) -> None:
    file = tmp_path / "lowtide.env"
    file.touch(0o640)
    file.chmod(0o640)
    plain = Settings(tmp_path / "l.db", file=file)

    assert kept.file(plain).kind == "ok"
    assert kept.file(Settings(tmp_path / "l.db", key=Secret("ab" * 32), file=file)).kind == "note"


def test_where_a_postgresql_keeps_what_is_said_no_file_is_looked_for(tmp_path: Path) -> None:
    settings = Settings(tmp_path / "l.db", db_url=Secret("postgresql://u:hush@h/l"))

    found = [kept.database(settings), kept.service(settings), kept.key(settings)]

    assert [one.kind for one in found] == ["ok", "ok", "note"]
    assert "copy" in found[2].mend
    assert "the first start makes" not in "".join(map(str, found))
