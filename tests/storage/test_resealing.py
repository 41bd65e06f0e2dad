"""A file of a release before sealing: everything in it goes on, and nothing of it can be read any more."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.dialogue.events import Due
from bot.errors import StoreError
from bot.runtime.messages import Address, Button, Message
from bot.runtime.ports import Verdict
from bot.storage.opening import APPLICATION, migrations
from bot.storage.rows import to_micros
from bot.storage.sqlite import SqliteStore
from tests.storage.keeping import ANNA, NOON, change, due

CANARY = "canary-9f31-zirpt"
ROWS = f"""
    INSERT INTO persons VALUES ('a1', 'console', 'anna', 3, '{{"said": "{CANARY}"}}');
    INSERT INTO persons VALUES ('b1', 'telegram', '{CANARY}', 1, '{{}}');
    INSERT INTO addresses VALUES ('discord', '77', 'a1'), ('console', 'anna', 'a1');
    INSERT INTO updates VALUES ('u1', 'a1', {to_micros(NOON)}), ('u2', NULL, {to_micros(NOON)});
    INSERT INTO outbox VALUES (5, 'a1:4:0', 'a1', 'console', 'anna', 4,
        '{{"text":"{CANARY}","lane":"reply","buttons":[["Yes","4:0"]]}}');
    INSERT INTO outbox VALUES (6, 'c1:1:0', NULL, 'console', 'cleo', 1,
        '{{"text":"bye","lane":"reply","buttons":[]}}');
    INSERT INTO reached VALUES ('a1', 3, {to_micros(NOON)});
    INSERT INTO timers VALUES ('a1', 4, 'lapse', {to_micros(NOON)});
    INSERT INTO resting VALUES ('b1', 1, 'nudge', {to_micros(NOON)});
    INSERT INTO heard VALUES ('discord', '77', 770, 9);
    INSERT INTO codes VALUES ('c0de', 'a1', {to_micros(NOON)}, 0);
    INSERT INTO counters VALUES ('card', 4);
"""


@pytest.fixture
def old(tmp_path: Path) -> Path:
    """Make a file as the release before left it, in the middle of a conversation."""
    path = tmp_path / "lowtide.db"
    with closing(sqlite3.connect(path)) as file:
        file.execute("PRAGMA journal_mode = WAL")
        for script in (*migrations()[:2], ROWS, f"PRAGMA application_id = {APPLICATION}"):
            file.executescript(script)
        file.execute("PRAGMA user_version = 2")
        file.commit()
    return path


async def test_everybody_goes_on_where_they_were(old: Path) -> None:
    store = SqliteStore(old)
    await store.open()

    anna = await store.load(ANNA, NOON)
    assert (anna.id, anna.revision, anna.session, anna.seen) == ("a1", 3, f'{{"said": "{CANARY}"}}', 3)
    assert (await store.load(Address("discord", "77"))).id == "a1"
    assert (await store.load(Address("telegram", CANARY))).id == "b1"
    waiting = [posted.message for posted in await store.undelivered()]
    said = Message("a1:4:0", ANNA, CANARY, (Button("Yes", "4:0"),), turn=4)
    assert waiting == [said, Message("c1:1:0", Address("console", "cleo"), "bye", turn=1)]
    assert [(one.person.id, one.due) for one in await due(store, NOON)] == [("a1", (Due("lapse", 4),))]
    assert await store.heard("discord") == [("77", 770, 9)]
    assert await store.counters() == {"card": 4}
    assert await store.commit(change(anna, update="u1")) is Verdict.DUPLICATE
    assert await store.commit(change(anna, update="u2")) is Verdict.DUPLICATE
    assert await store.commit(change(anna, "{}", update="u3")) is Verdict.COMMITTED
    await store.close()


async def test_everybody_has_the_row_by_which_things_end(old: Path) -> None:
    await (store := SqliteStore(old)).open()

    soon = datetime.now(UTC) + timedelta(minutes=1)
    found = {one.person.id: one.due for one in await due(store, soon)}

    await store.close()
    assert found.keys() == {"a1", "b1"}
    assert all(dues[-1] == Due("keep:", 0) for dues in found.values())


async def test_nothing_of_it_can_be_read_any_more(old: Path) -> None:
    before = _everything(old)

    await (store := SqliteStore(old)).open()
    running = _everything(old)
    await store.close()

    after = _everything(old)
    for word in (CANARY.encode(), b"cleo", b"anna"):
        assert word in before
        assert word not in running + after


async def test_a_file_that_was_sealed_and_not_yet_wiped_is_wiped_at_the_next_start(
    old: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as cut:
        cut.setattr("bot.storage.opening.wipe", _killed)
        with pytest.raises(KeyboardInterrupt):
            await SqliteStore(old).open()

    await (store := SqliteStore(old)).open()

    (vault,) = [await store._writer.do(lambda pen: pen.run("SELECT name FROM vault"))]  # type: ignore[union-attr]
    await store.close()
    assert vault == [("root",)]
    assert CANARY.encode() not in _everything(old)


async def test_where_no_key_can_be_made_nothing_is_changed(old: Path) -> None:
    before = _bytes(old)
    (old.parent / "lowtide.db.key").write_bytes(b"too short")

    with pytest.raises(StoreError, match="this is no key; put it back"):
        await SqliteStore(old).open()

    assert _bytes(old) == before


def _killed(_: object) -> None:
    raise KeyboardInterrupt


def _bytes(path: Path) -> bytes:
    return path.read_bytes()


def _everything(path: Path) -> bytes:
    return b"".join(one.read_bytes() for one in path.parent.iterdir())
