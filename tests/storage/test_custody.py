"""What an operator does with the file: each works while it is in use, and none loses or opens anything."""

from __future__ import annotations

import asyncio
import sqlite3
import stat
from collections.abc import AsyncIterator
from contextlib import closing
from pathlib import Path

import pytest

from bot.errors import StoreError
from bot.runtime.messages import Address
from bot.runtime.ports import Verdict
from bot.storage import custody
from bot.storage.keyfile import Keyring, key_path, keyring
from bot.storage.rotation import rotate
from bot.storage.sqlite import SqliteStore
from tests.storage.keeping import ANNA, BEN, NOON, arm, change, message


@pytest.fixture
async def path(tmp_path: Path) -> AsyncIterator[Path]:
    """Give a file that a running store uses, with Anna in it."""
    path = tmp_path / "lowtide.db"
    store = SqliteStore(path)
    await store.open()
    anna = await store.load(ANNA)
    await store.commit(change(anna, '"kept"', outbox=(message(anna),), timers=(arm("t", NOON),)))
    yield path
    await store.close()


async def kept(path: Path, *addresses: Address, keys: Keyring | None = None) -> list[str | None]:
    store = SqliteStore(path, keys, patience=0.01)
    await store.open()
    found = await store.load_all([(address, None) for address in addresses])
    await store.close()
    return [one.session for one in found]


# --- copies --------------------------------------------------------------------------------------------


async def test_a_copy_made_under_load_is_whole_and_of_one_moment(tmp_path: Path) -> None:
    path, copy = tmp_path / "lowtide.db", tmp_path / "copy.db"
    store = SqliteStore(path)
    await store.open()
    copied = asyncio.Event()

    async def write(chat: str) -> int:
        turns = 0
        while not copied.is_set():
            person = await store.load(Address("console", chat))
            await store.commit(change(person, str(turns), outbox=(message(person, turns + 1),)))
            turns += 1
        return turns

    writing = [asyncio.create_task(write(chat)) for chat in "abcdefgh"]
    await store.commit(change(await store.load(ANNA), '"first"'))
    await asyncio.to_thread(custody.backup, path, copy)
    copied.set()
    turns = [await task for task in writing]
    await store.close()

    assert min(turns) > 0
    assert stat.S_IMODE(copy.stat().st_mode) == 0o600
    with closing(sqlite3.connect(copy)) as file:
        assert file.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        behind = "SELECT count(*) FROM persons p WHERE revision > 1 AND p.id IN (SELECT person FROM outbox)"
        whole = (
            "SELECT count(*) FROM persons WHERE revision <> (SELECT count(*) FROM outbox WHERE person = id)"
        )
        assert file.execute(behind).fetchone()[0] <= 8
        assert file.execute(f"{whole} AND id IN (SELECT person FROM outbox)").fetchone() == (0,)
    assert await kept(copy, ANNA, keys=keyring(path)) == ['"first"']


async def test_under_load_a_copy_holds_what_was_confirmed_before_it_and_can_be_put_back(
    tmp_path: Path,
) -> None:
    path, copy = tmp_path / "lowtide.db", tmp_path / "copy.db"
    store = SqliteStore(path)
    await store.open()
    done, going, confirmed = asyncio.Event(), asyncio.Event(), dict.fromkeys("abcdefgh", 0)

    async def write(chat: str) -> None:
        while not done.is_set():
            person = await store.load(Address("console", chat))
            verdict = await store.commit(change(person, str(confirmed[chat] + 1), update=f"{chat}{person}"))
            confirmed[chat] += verdict is Verdict.COMMITTED
            if min(confirmed.values()) > 4:
                going.set()

    writing = [asyncio.create_task(write(chat)) for chat in confirmed]
    await going.wait()
    before = dict(confirmed)
    await asyncio.to_thread(custody.backup, path, copy)
    with pytest.raises(StoreError, match="is using this database"):
        await asyncio.to_thread(custody.restore, path, copy, keyring(path), replace=True)
    done.set()
    await asyncio.gather(*writing)
    last = await store.load_all([(Address("console", chat), None) for chat in confirmed])
    await store.close()

    custody.restore(path, copy, keyring(path), replace=True)

    found = await kept(path, *(Address("console", chat) for chat in confirmed))
    assert [int(one.session or 0) for one in last] == list(confirmed.values())
    for chat, session in zip(confirmed, found, strict=True):
        assert before[chat] <= int(session or 0) <= confirmed[chat]


async def test_a_copy_never_takes_the_place_of_another_file(path: Path, tmp_path: Path) -> None:
    (tmp_path / "copy.db").write_text("mine")

    with pytest.raises(StoreError, match="exists already; name a new file"):
        custody.backup(path, tmp_path / "copy.db")

    assert (tmp_path / "copy.db").read_text() == "mine"


def test_where_there_is_no_database_there_is_no_copy(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="there is no such database"):
        custody.backup(tmp_path / "nowhere.db", tmp_path / "copy.db")

    assert list(tmp_path.iterdir()) == []


async def test_a_copy_is_put_back_once_nobody_uses_the_file(path: Path, tmp_path: Path) -> None:
    custody.backup(path, tmp_path / "copy.db")
    with pytest.raises(StoreError, match=r"another lowtide \(process \d+\) is using this database"):
        custody.restore(path, tmp_path / "copy.db", keyring(path), replace=True)


async def test_a_copy_put_back_is_as_it_was(tmp_path: Path) -> None:
    path, copy = tmp_path / "lowtide.db", tmp_path / "copy.db"
    await _commit(path, ANNA, '"before"')
    custody.backup(path, copy)
    await _commit(path, BEN, '"after"')

    with pytest.raises(StoreError, match="a database is there; move it away, or say --replace"):
        custody.restore(path, copy, keyring(path))
    custody.restore(path, copy, keyring(path), replace=True)

    assert await kept(path, ANNA, BEN) == ['"before"', None]
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


async def test_a_copy_that_is_damaged_or_of_another_key_replaces_nothing(tmp_path: Path) -> None:
    path, copy = tmp_path / "lowtide.db", tmp_path / "copy.db"
    await _commit(path, ANNA, '"kept"')
    custody.backup(path, copy)
    with pytest.raises(StoreError, match="the key does not fit"):
        custody.restore(path, copy, Keyring((b"x" * 32,)), replace=True)
    with copy.open("r+b") as file:
        file.seek(4096)
        file.write(b"\xee" * 8192)

    with pytest.raises(StoreError, match="is damaged"):
        custody.restore(path, copy, keyring(path), replace=True)

    assert await kept(path, ANNA) == ['"kept"']


async def test_damage_is_told_at_the_start_with_the_way_to_put_a_copy_back(tmp_path: Path) -> None:
    path = tmp_path / "lowtide.db"
    for number in range(40):
        await _commit(path, Address("console", str(number)), '"kept"' * 200)
    size = path.stat().st_size
    with path.open("r+b") as file:
        file.seek(size // 8192 * 4096)
        file.write(b"\xee" * 4096)

    with pytest.raises(StoreError, match=r"is damaged.*lowtide restore COPY --replace"):
        await kept(path, ANNA)


# --- keys ----------------------------------------------------------------------------------------------


async def test_a_second_process_on_a_file_refuses_and_names_the_first(path: Path) -> None:
    with pytest.raises(StoreError, match=r"another lowtide \(process \d+\) is using this database; end that"):
        await SqliteStore(path, patience=0.01).open()


async def test_a_missing_or_wrong_key_is_told_and_nothing_is_overwritten(tmp_path: Path) -> None:
    path = tmp_path / "lowtide.db"
    await _commit(path, ANNA, '"kept"')
    key, before = key_path(path).read_bytes(), path.read_bytes()
    key_path(path).unlink()

    with pytest.raises(StoreError, match=r"the key of .*lowtide\.db is missing; put it back from a backup"):
        await kept(path, ANNA)
    with pytest.raises(StoreError, match="the key does not fit what is kept"):
        await kept(path, ANNA, keys=Keyring((b"x" * 32,)))

    assert path.read_bytes() == before
    assert not key_path(path).exists()
    key_path(path).write_bytes(key)
    assert await kept(path, ANNA) == ['"kept"']


async def test_the_key_is_changed_while_the_store_is_in_use(tmp_path: Path) -> None:
    path = tmp_path / "lowtide.db"
    store = SqliteStore(path)
    await store.open()
    await store.commit(change(await store.load(ANNA), '"kept"'))
    old = key_path(path).read_bytes()

    gone = await asyncio.to_thread(rotate, path, keyring(path))

    new = key_path(path).read_bytes()
    assert not gone
    assert new[32:] == old
    assert (await store.load(ANNA)).session == '"kept"'
    await store.commit(change(await store.load(BEN), '"new"'))
    await store.close()
    assert await kept(path, ANNA, BEN) == ['"kept"', '"new"']


async def test_once_nobody_uses_the_file_the_old_key_goes_and_opens_nothing(tmp_path: Path) -> None:
    path = tmp_path / "lowtide.db"
    await _commit(path, ANNA, '"kept"')
    old = keyring(path)

    assert rotate(path, old)

    assert len(key_path(path).read_bytes()) == 32
    assert await kept(path, ANNA) == ['"kept"']
    with pytest.raises(StoreError, match="the key does not fit"):
        await kept(path, ANNA, keys=Keyring(old.keys))


async def test_keys_from_the_environment_are_rotated_to_the_first_of_them(tmp_path: Path) -> None:
    path, old, new = tmp_path / "lowtide.db", b"o" * 32, b"n" * 32
    await _commit(path, ANNA, '"kept"', Keyring((old,)))

    assert rotate(path, Keyring((new, old)))

    assert await kept(path, ANNA, keys=Keyring((new,))) == ['"kept"']
    assert not key_path(path).exists()


# --- one person ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("named", ["id", "console:anna"])
async def test_a_person_is_forgotten_beside_the_running_store(path: Path, named: str) -> None:
    with custody.visiting(path, keyring(path)) as pen:
        person = custody.find(pen, "console:anna")
        ((key,),) = pen.run("SELECT key FROM persons")
    assert person

    assert custody.forget(path, keyring(path), person if named == "id" else named)

    assert key not in b"".join(one.read_bytes() for one in path.parent.iterdir())
    assert not custody.forget(path, keyring(path), "console:anna")


async def _commit(path: Path, address: Address, session: str, keys: Keyring | None = None) -> None:
    store = SqliteStore(path, keys)
    await store.open()
    await store.commit(change(await store.load(address), session))
    await store.close()


@pytest.mark.parametrize("content", [b"", b"root:x:0:0\n"])
async def test_what_is_no_copy_replaces_nothing(tmp_path: Path, content: bytes) -> None:
    path, other = tmp_path / "lowtide.db", tmp_path / "other"
    await _commit(path, ANNA, '"kept"')
    other.write_bytes(content)

    with pytest.raises(StoreError, match="it is no copy of a database"):
        custody.restore(path, other, keyring(path), replace=True)

    assert await kept(path, ANNA) == ['"kept"']


async def test_where_a_copy_cannot_be_made_another_place_is_asked_for(tmp_path: Path) -> None:
    path = tmp_path / "lowtide.db"
    await _commit(path, ANNA, '"kept"')

    with pytest.raises(StoreError, match="name another place for the copy"):
        custody.backup(path, tmp_path / "nowhere" / "copy.db")


def test_a_database_that_is_too_damaged_to_be_copied_is_named_itself(tmp_path: Path) -> None:
    path = tmp_path / "lowtide.db"
    path.write_bytes(b"no database at all" * 300)

    with pytest.raises(StoreError) as caught:
        custody.backup(path, tmp_path / "copy.db")

    assert str(caught.value).startswith(f"{path}: ")
    assert list(tmp_path.iterdir()) == [path]
