"""How the file is opened: private to its owner, durable, upgraded step by step and never downgraded."""

from __future__ import annotations

import logging
import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from importlib.resources import files
from pathlib import Path

import aiosqlite

from bot.errors import StoreError
from bot.storage.faults import damaged, explain, foreign, too_new, unusable
from bot.storage.keyfile import Keyring, keyring
from bot.storage.pen import Pen
from bot.storage.resealing import seal_plain, wipe
from bot.storage.sealing import Vault

APPLICATION = 0x4C6F7774
"""Marks a file as ours ("Lowt"), so that another program's database is never upgraded into one."""

# At level DEBUG aiosqlite logs every statement with its values: with what people wrote.
logging.getLogger("aiosqlite").addFilter(lambda record: False)

_PRAGMAS = (
    "PRAGMA journal_mode = WAL",
    "PRAGMA synchronous = FULL",
    "PRAGMA foreign_keys = ON",
    "PRAGMA secure_delete = ON",
    "PRAGMA temp_store = MEMORY",
    "PRAGMA wal_autocheckpoint = 8000",  # pages: one that changes often goes to the file once
)
_KEPT_STATEMENTS = 512
"""Statements that stay parsed."""


def make_private(path: Path) -> None:
    """Make the file (0600) and its folder (0700) where they are missing, and close the file to others."""
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
        try:
            os.fchmod(descriptor, 0o600)
        finally:
            os.close(descriptor)
    except OSError as error:
        raise unusable(error, path) from error


def operator_keys(path: Path, given: tuple[bytes, ...] = ()) -> Keyring:
    """Return the keys that open a database, made where it is new.

    Raises:
        StoreError: they are missing or cannot be read.
    """
    return keyring(path, given, made=sealed_root(path) is not None)


def sealed_root(path: Path) -> bytes | None:
    """Read what only the key of a database opens; None where nothing is sealed yet."""
    if not path.exists():
        return None
    try:
        with closing(sqlite3.connect(_to_read(path), uri=True)) as peek:
            found = peek.execute("SELECT sealed FROM vault WHERE name = 'root'").fetchone()
    except sqlite3.Error:  # no such table, or no database: opening says which
        return None
    return found[0] if found else None


def fits(path: Path, keys: Keyring) -> None:
    """See that a key opens what is sealed in a database.

    Raises:
        StoreError: it does not.
    """
    root = sealed_root(path)
    if root is not None:
        Vault(keys.keys, keys.again).unlock(root)


def _to_read(path: Path) -> str:
    """Return the address that reads a file: one that nobody has open is read without leaving files beside."""
    still = not path.with_name(f"{path.name}-wal").exists()
    return f"{path.resolve().as_uri()}?mode=ro{'&immutable=1' if still else ''}"


def standing(path: Path) -> None:
    """See that a file is there.

    Raises:
        StoreError: there is none.
    """
    if not path.is_file():
        raise StoreError(f"{path}: there is no such database; name one with --db or LOWTIDE_DB")


def check(path: Path, patience: float = 5.0) -> int:
    """See that a file is ours, of a version we know, and sound; return the version.

    Raises:
        StoreError: it is not, with what to do.
    """
    try:
        with closing(sqlite3.connect(_to_read(path), uri=True, timeout=patience)) as file:
            version = _version(file, path)
            _check_pages(file, path)
    except sqlite3.Error as error:
        raise explain(error, path) from error
    return version


def _check_pages(connection: sqlite3.Connection, path: Path) -> None:
    """Read every page once: damage is told at the start, not in the middle of somebody's sentence."""
    found = connection.execute("PRAGMA quick_check(1)").fetchall()
    if found != [("ok",)]:
        raise damaged(path)


def version_of(path: Path, patience: float = 5.0) -> int:
    """Tell the version of a file's schema, and change nothing.

    Raises:
        StoreError: it is newer or not ours, or cannot be read.
    """
    try:
        with closing(sqlite3.connect(_to_read(path), uri=True, timeout=patience)) as file:
            return _version(file, path)
    except sqlite3.Error as error:
        raise explain(error, path) from error


def take_pen(path: Path, patience: float, keys: Keyring | None) -> Pen:
    """Open the connection that writes, upgrade what is there, and unlock it.

    Raises:
        StoreError: the file is newer or not ours, or no key fits.
        sqlite3.Error: anything else.
    """
    connection = sqlite3.connect(
        path,
        timeout=patience,
        isolation_level=None,
        check_same_thread=False,  # it is made here and used on the writer's thread alone
        cached_statements=_KEPT_STATEMENTS,
    )
    try:
        for pragma in _PRAGMAS:
            connection.execute(pragma)
        return _upgraded(connection, path, keys)
    except BaseException:
        connection.close()
        raise


async def connect(path: Path, patience: float) -> aiosqlite.Connection:
    """Open a connection that reads, and waits `patience` seconds for a lock."""
    connection = await aiosqlite.connect(
        path, timeout=patience, isolation_level=None, cached_statements=_KEPT_STATEMENTS
    )
    try:
        for pragma in (*_PRAGMAS, "PRAGMA query_only = ON"):
            await connection.execute(pragma)
    except BaseException:
        await connection.close()
        raise
    return connection


def _upgraded(connection: sqlite3.Connection, path: Path, keys: Keyring | None) -> Pen:
    """Bring the schema to our version in one transaction; refuse what is newer or not ours."""
    connection.execute("BEGIN IMMEDIATE")
    _upgrade(connection, path)
    pen = Pen(connection, _unlocked(connection, path, keys))
    seal_plain(pen)
    connection.execute("COMMIT")
    wipe(pen)
    ((pen.number,),) = pen.run("SELECT coalesce(max(number), 0) FROM outbox")
    return pen


def _upgrade(connection: sqlite3.Connection, path: Path) -> None:
    steps, version = migrations(), _version(connection, path)
    for step in steps[version:]:
        for statement in _statements(step):
            connection.execute(statement)
    connection.execute(f"PRAGMA application_id = {APPLICATION}")
    connection.execute(f"PRAGMA user_version = {len(steps)}")


def _unlocked(connection: sqlite3.Connection, path: Path, keys: Keyring | None) -> Vault:
    roots = connection.execute("SELECT sealed FROM vault WHERE name = 'root'").fetchall()
    ring = keys or keyring(path, made=bool(roots))
    vault = Vault(ring.keys, ring.again)
    if roots:
        vault.unlock(roots[0][0])
    else:
        connection.execute("INSERT INTO vault VALUES ('root', ?)", (vault.found(),))
    return vault


def migrations() -> list[str]:
    """Read the migrations in order; the schema's version is their number."""
    folder = files("bot.storage") / "migrations"
    steps = (step for step in folder.iterdir() if step.name.endswith(".sql"))
    return [step.read_text("utf-8") for step in sorted(steps, key=lambda step: step.name)]


def _version(connection: sqlite3.Connection, path: Path) -> int:
    """Return the version of a schema; refuse what is newer or not ours."""
    ((version, application, tables),) = connection.execute(
        "SELECT user_version, application_id, (SELECT count(*) FROM sqlite_master)"
        " FROM pragma_user_version, pragma_application_id"
    ).fetchall()
    if application != APPLICATION and (version or tables):
        raise foreign(path)
    if version > len(migrations()):
        raise too_new(path, version, len(migrations()))
    return int(version)


def _statements(script: str) -> Iterator[str]:
    return (part for part in script.split(";\n") if part.strip())
