"""A look into a database that another process may hold: it reads, and changes nothing."""

from __future__ import annotations

import sqlite3
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from urllib.parse import quote

import aiosqlite

from bot.errors import StoreError
from bot.runtime.ports import Entry
from bot.runtime.standing import Standing
from bot.storage import logs, releases
from bot.storage.custody import backup, visiting
from bot.storage.faults import explain, too_new
from bot.storage.keyfile import Keyring
from bot.storage.locking import holder
from bot.storage.opening import migrations, version_of
from bot.storage.sealing import Vault


class Peek:
    """Read where everybody stands, what went live last, and what happened."""

    def __init__(self, connection: aiosqlite.Connection, vault: Vault) -> None:
        self._connection = connection
        self._vault = vault

    async def sessions(self, after: str = "", limit: int = 500) -> Standing:
        """Read the sessions of the next persons."""
        return await releases.sessions(self._connection, self._vault, after, limit)

    async def live(self) -> Mapping[str, str]:
        """Read what went live last."""
        return await releases.live(self._connection)

    async def whose(self, after: str = "", limit: int = 500) -> Sequence[str]:
        """Read the next persons that there is an event log of."""
        return await logs.whose(self._connection, after, limit)

    async def entries(self, person: str) -> Sequence[Entry]:
        """Read the event log of one person."""
        return await logs.entries(self._connection, person)

    async def known_as(self, who: str) -> str | None:
        """Read the id of a person named by it, or by `platform:chat`."""
        return await logs.known_as(self._connection, self._vault, who)


@asynccontextmanager
async def peek(path: Path, keys: Keyring) -> AsyncIterator[Peek]:
    """Open a database for reading alone.

    Raises:
        StoreError: it is of another release, no key fits, or it cannot be read.
    """
    uri = f"file:{quote(str(path))}?mode=ro"
    try:
        async with aiosqlite.connect(uri, uri=True) as connection:
            ((version,),) = await connection.execute_fetchall("PRAGMA user_version")
            _same_release(path, version)
            ((root,),) = await connection.execute_fetchall("SELECT sealed FROM vault WHERE name = 'root'")
            vault = Vault(keys.keys, keys.again)
            vault.unlock(root)
            yield Peek(connection, vault)
    except sqlite3.Error as error:
        raise explain(error, path) from error


@asynccontextmanager
async def peek_upgraded(path: Path, keys: Keyring) -> AsyncIterator[Peek]:
    """Open a database for reading alone; one of an older release is copied, and the copy upgraded.

    Raises:
        StoreError: it is newer, no key fits, it cannot be copied, or the copy cannot be upgraded.
    """
    if version_of(path) == len(migrations()):
        async with peek(path, keys) as kept:
            yield kept
        return
    with TemporaryDirectory(prefix=".lowtide-", dir=path.parent) as folder:
        copy = Path(folder) / path.name
        backup(path, copy)
        with visiting(copy, keys):
            pass
        async with peek(copy, keys) as kept:
            yield kept


def _same_release(path: Path, version: int) -> None:
    known = len(migrations())
    if version > known:
        raise too_new(path, version, known)
    if version < known:
        raise StoreError(f"{path}: this database is of an older release; run `lowtide upgrade`")


def is_held(path: Path) -> bool:
    """Tell whether a process is using a database."""
    return bool(holder(path))
