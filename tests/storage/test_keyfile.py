"""The key beside the database: made once, private, and never half."""

from __future__ import annotations

import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from bot.errors import StoreError
from bot.storage.keyfile import keyring
from bot.storage.sealing import KEY


def test_a_key_is_made_once_and_only_its_owner_may_read_it(tmp_path: Path) -> None:
    database = tmp_path / "new" / "l.db"

    key = keyring(database)

    assert [len(one) for one in key.keys] == [KEY]
    assert keyring(database) == key
    assert stat.S_IMODE((tmp_path / "new" / "l.db.key").stat().st_mode) == 0o600
    assert [path.name for path in (tmp_path / "new").iterdir()] == ["l.db.key"]


def test_those_that_start_at_once_get_the_same_key(tmp_path: Path) -> None:
    with ThreadPoolExecutor(8) as pool:
        keys = set(pool.map(keyring, [tmp_path / "l.db"] * 32))

    assert len(keys) == 1


def test_a_key_that_others_could_read_is_closed_to_them(tmp_path: Path) -> None:
    (tmp_path / "l.db.key").write_bytes(b"k" * KEY)
    (tmp_path / "l.db.key").chmod(0o644)

    keyring(tmp_path / "l.db")

    assert stat.S_IMODE((tmp_path / "l.db.key").stat().st_mode) == 0o600


@pytest.mark.parametrize("content", [b"", b"k" * (KEY - 1), b"k" * (KEY + 1)])
def test_a_file_that_holds_no_key_is_refused(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "l.db.key").write_bytes(content)

    with pytest.raises(StoreError, match="this is no key; put it back from a backup"):
        keyring(tmp_path / "l.db")


def test_a_folder_that_cannot_be_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").touch()

    with pytest.raises(StoreError, match="cannot be read or made"):
        keyring(tmp_path / "file" / "l.db")
