"""The file itself: who may read it, what its faults are called, and that nothing lives on in it."""

from __future__ import annotations

import os
import sqlite3
import stat
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.errors import StoreError
from bot.runtime.messages import Address, Button, Message
from bot.runtime.ports import Person, Verdict
from bot.storage.opening import migrations
from bot.storage.pen import Pen
from bot.storage.rows import to_micros
from bot.storage.sqlite import SqliteStore
from tests.storage.keeping import ANNA, BEN, NOON, after, arm, change, message

CANARY = "canary-9f31-zirpt"


async def test_the_file_is_for_its_owner_alone_and_so_is_the_folder_made_for_it(tmp_path: Path) -> None:
    path = tmp_path / "new" / "deep" / "lowtide.db"
    store = SqliteStore(path)

    await store.open()
    await store.commit(change(await store.load(ANNA)))

    files = {one.name: stat.S_IMODE(one.stat().st_mode) for one in path.parent.iterdir()}
    await store.close()
    names = ("", "-wal", "-shm", ".key", ".lock")
    assert files == {f"lowtide.db{name}": 0o600 for name in names}
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700


async def test_a_file_left_open_to_others_is_closed_to_them(tmp_path: Path) -> None:
    path = tmp_path / "lowtide.db"
    path.touch(mode=0o644)

    await _open_and_close(path)

    assert stat.S_IMODE(path.stat().st_mode) == 0o600


async def test_the_file_is_durable_and_checked(tmp_path: Path) -> None:
    store = SqliteStore(tmp_path / "lowtide.db")
    await store.open()

    def pragmas(pen: Pen) -> list[object]:
        names = ("journal_mode", "synchronous", "foreign_keys", "secure_delete")
        return [pen.run(f"PRAGMA {name}")[0][0] for name in names]

    assert store._writer
    found = await store._writer.do(pragmas)
    await store.close()
    assert found == ["wal", 2, 1, 1]


async def test_what_was_said_is_on_the_disk_but_nobody_can_read_it_there(tmp_path: Path) -> None:
    path = tmp_path / "lowtide.db"
    store = SqliteStore(path)
    await store.open()
    anna = await store.load(Address("telegram", CANARY))
    said = Message(f"{anna.id}:1:0", anna.address, CANARY, (Button(CANARY, "1:0"),), turn=1)

    await store.commit(change(anna, f'"{CANARY * 900}"', update=CANARY, outbox=(said,)))
    await store.offer(anna.id, CANARY, after(minutes=10))
    await store.note(anna.address, 17, 18, True)

    assert (await store.load(anna.address)).session == f'"{CANARY * 900}"'
    assert CANARY.encode() not in _bytes(path)
    await store.close()
    assert CANARY.encode() not in _bytes(path)


async def test_with_the_person_goes_their_key_from_the_file_and_from_its_log(tmp_path: Path) -> None:
    path = tmp_path / "lowtide.db"
    store = SqliteStore(path)
    await store.open()
    anna = await store.load(ANNA)
    await store.commit(change(anna, "1", outbox=(message(anna),), timers=(arm("t", NOON),)))
    key = await _key(store, anna.id)
    there = _bytes(path)

    await store.commit(change(await store.load(ANNA), "2", forget=True))

    assert key in there
    assert key not in _bytes(path)
    await store.close()
    assert key not in _bytes(path)


async def test_the_operator_s_forgetting_reaches_the_disk_too(tmp_path: Path) -> None:
    path = tmp_path / "lowtide.db"
    store = SqliteStore(path)
    await store.open()
    anna = await store.load(ANNA)
    await store.commit(change(anna, "1"))
    key = await _key(store, anna.id)

    await store.forget(anna.id)

    assert key not in _bytes(path)
    await store.close()


async def _key(store: SqliteStore, person: str) -> bytes:
    assert store._writer
    ((key,),) = await store._writer.do(lambda pen: pen.run("SELECT key FROM persons WHERE id = ?", (person,)))
    assert isinstance(key, bytes)
    return key


# --- faults --------------------------------------------------------------------------------------------


async def test_a_file_that_is_no_database_is_named_and_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "letter.txt"
    path.write_text("Dear Sam, " * 100)

    error = await _refused(path)

    assert error == f"{path}: the database is not a database (SQLITE_NOTADB); " + (
        "point LOWTIDE_DB at another path, or move that file away"
    )
    assert path.read_text() == "Dear Sam, " * 100


async def test_another_program_s_database_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "places.sqlite"
    with closing(sqlite3.connect(path)) as other:
        other.execute("CREATE TABLE bookmarks (url TEXT)")
        other.commit()

    error = await _refused(path)

    assert "belongs to another program; point LOWTIDE_DB at another path" in error
    with closing(sqlite3.connect(path)) as other:
        assert [row[0] for row in other.execute("SELECT name FROM sqlite_master")] == ["bookmarks"]


async def test_a_database_of_a_later_release_is_refused_and_says_which(tmp_path: Path) -> None:
    path = tmp_path / "lowtide.db"
    await _open_and_close(path)
    with closing(sqlite3.connect(path)) as newer:
        newer.execute("PRAGMA user_version = 99")

    error = await _refused(path)

    assert f"has version 99, this lowtide knows {len(migrations())}; install the newer lowtide again" in error
    with closing(sqlite3.connect(path)) as newer:
        assert newer.execute("PRAGMA user_version").fetchone() == (99,)


async def test_a_locked_file_says_who_to_end(tmp_path: Path) -> None:
    path = tmp_path / "lowtide.db"
    await _open_and_close(path)
    with _locked(path):
        error = await _refused(path)

    assert "is locked by another process (SQLITE_BUSY); end the other lowtide that uses this file" in error
    await _open_and_close(path)


async def test_a_lock_met_later_fails_that_commit_and_not_the_next(tmp_path: Path) -> None:
    path = tmp_path / "lowtide.db"
    store = SqliteStore(path, patience=0.01)
    await store.open()
    anna = await store.load(ANNA)

    with _locked(path), pytest.raises(StoreError, match="locked by another process"):
        await store.commit(change(anna, "1", update="u"))
    await store.commit(change(anna, "2", update="u"))

    assert (await store.load(ANNA)).session == "2"
    await store.close()


async def test_a_full_disk_is_told_and_loses_nothing_of_what_was_kept(tmp_path: Path) -> None:
    path = tmp_path / "lowtide.db"
    store = SqliteStore(path)
    await store.open()
    await store.commit(change(await store.load(ANNA), '"kept"'))
    assert store._writer
    await store._writer.do(lambda pen: pen.run("PRAGMA max_page_count = 1"))  # as much as there is, no more
    big = change(await store.load(BEN), f'"{"x" * 100_000}"', update="u", outbox=(message(Person("b", BEN)),))

    with pytest.raises(StoreError, match=r"has no room to grow .*; free some space on its disk"):
        await store.commit(big)

    assert (await store.load(ANNA)).session == '"kept"'
    assert (await store.load(BEN)).revision == 0
    assert not await store.undelivered()
    await store._writer.do(lambda pen: pen.run("PRAGMA max_page_count = 1000000"))
    assert await store.commit(big) is Verdict.COMMITTED
    await store.close()


async def test_a_damaged_file_asks_for_a_backup(tmp_path: Path) -> None:
    path = tmp_path / "lowtide.db"
    store = SqliteStore(path)
    await store.open()
    await store.commit(change(await store.load(ANNA)))
    await store.close()
    with path.open("r+b") as file:
        file.seek(100)
        file.write(b"\xee" * (path.stat().st_size - 100))

    error = await _refused(path)

    assert "is damaged (SQLITE_CORRUPT); put a backup in its place" in error


async def test_a_path_that_is_a_folder_is_refused(tmp_path: Path) -> None:
    error = await _refused(tmp_path)

    assert error == (
        f"{tmp_path}: the database cannot be made or opened (is a directory); point LOWTIDE_DB elsewhere"
    )


async def test_a_folder_that_may_not_be_written_is_refused(open_folder: Path) -> None:
    folder = _locked_away(open_folder)
    with _as_nobody():
        error = await _refused(folder / "lowtide.db")

    assert "cannot be made or opened (permission denied); point LOWTIDE_DB elsewhere" in error


async def test_a_read_only_file_is_refused(open_folder: Path) -> None:
    path = open_folder / "lowtide.db"
    with _as_nobody():
        await _open_and_close(path)
        _locked_away(path)
        error = await _refused(path)

    assert "cannot be made or opened (permission denied); point LOWTIDE_DB elsewhere" in error


async def test_no_fault_of_the_store_quotes_what_it_was_given(tmp_path: Path) -> None:
    path = tmp_path / "lowtide.db"
    store = SqliteStore(path, patience=0.01)
    await store.open()
    ben = await store.load(BEN)

    with _locked(path), pytest.raises(StoreError) as caught:
        await store.commit(change(ben, CANARY, outbox=(message(ben, text=CANARY),)))

    await store.close()
    assert CANARY not in f"{caught.value}{caught.value.__cause__!r}"


@pytest.fixture
def open_folder() -> Iterator[Path]:
    """Make a folder that everybody may write."""
    with tempfile.TemporaryDirectory() as name:
        Path(name).chmod(0o777)
        yield Path(name)


def _locked_away(path: Path) -> Path:
    path.chmod(0o555 if path.is_dir() else 0o400)
    return path


async def _refused(path: Path) -> str:
    store = SqliteStore(path, patience=0.01)
    with pytest.raises(StoreError) as caught:
        await store.open()
    return str(caught.value)


async def _open_and_close(path: Path) -> None:
    store = SqliteStore(path)
    await store.open()
    await store.close()


def _bytes(path: Path) -> bytes:
    return b"".join(one.read_bytes() for one in path.parent.iterdir() if one.name.startswith(path.name))


@contextmanager
def _locked(path: Path) -> Iterator[None]:
    """Hold the file as another process would in the middle of a write."""
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN EXCLUSIVE")
        yield
        other.execute("ROLLBACK")


@contextmanager
def _as_nobody() -> Iterator[None]:
    """Give up the right to write anywhere for a while, where the tests run as root."""
    if os.geteuid():
        yield
        return
    os.seteuid(65534)
    try:
        yield
    finally:
        os.seteuid(0)


async def test_a_file_of_a_release_that_ended_nothing_ends_everybody_within_a_day(tmp_path: Path) -> None:
    store = SqliteStore(tmp_path / "lowtide.db")
    await store.open()
    await store.commit(change(await store.load(ANNA)))
    await store.close()
    with closing(sqlite3.connect(store.path)) as file:
        file.execute("DELETE FROM timers")
        file.executescript(next(step for step in migrations() if "0, 'keep:'" in step))

    await store.open()
    found = await store.next_due()
    await store.close()

    assert found is not None
    assert found - datetime.now(UTC) < timedelta(days=1)


async def test_of_a_handled_update_no_person_and_no_hour_is_kept(tmp_path: Path) -> None:
    store = SqliteStore(tmp_path / "lowtide.db")
    await store.open()
    await store.commit(change(await store.load(ANNA), update="u1"))
    await store.close()

    with closing(sqlite3.connect(store.path)) as file:
        columns = [row[1] for row in file.execute("PRAGMA table_info(updates)")]
        rows = file.execute("SELECT at FROM updates").fetchall()

    assert columns == ["fingerprint", "at"]
    assert rows == [(to_micros(NOON.replace(hour=0)),)]
