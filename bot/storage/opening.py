"""How the file is opened: private to its owner, durable, upgraded step by step and never downgraded."""

from __future__ import annotations

import logging
import os
from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path

import aiosqlite

from bot.storage.faults import foreign, too_new, unusable

APPLICATION = 0x4C6F7774
"""Marks a file as ours ("Lowt"), so that another program's database is never upgraded into one."""

# At level DEBUG aiosqlite logs every statement with its values: with what people wrote.
logging.getLogger("aiosqlite").addFilter(lambda record: False)

_PRAGMAS = (
    "PRAGMA journal_mode = WAL",
    "PRAGMA synchronous = FULL",
    "PRAGMA foreign_keys = ON",
    "PRAGMA secure_delete = ON",
)


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


async def connect(path: Path, patience: float) -> aiosqlite.Connection:
    """Open a connection that waits `patience` seconds for a lock."""
    connection = await aiosqlite.connect(path, timeout=patience, isolation_level=None)
    try:
        for pragma in _PRAGMAS:
            await connection.execute(pragma)
    except BaseException:
        await connection.close()
        raise
    return connection


async def upgrade(connection: aiosqlite.Connection, path: Path) -> None:
    """Bring the schema to our version in one transaction; refuse what is newer or not ours."""
    steps = migrations()
    await connection.execute("BEGIN IMMEDIATE")
    version, application, tables = await _identity(connection)
    if application != APPLICATION and (version or tables):
        raise foreign(path)
    if version > len(steps):
        raise too_new(path, version, len(steps))
    for step in steps[version:]:
        for statement in _statements(step):
            await connection.execute(statement)
    await connection.execute(f"PRAGMA application_id = {APPLICATION}")
    await connection.execute(f"PRAGMA user_version = {len(steps)}")
    await connection.execute("COMMIT")


def migrations() -> list[str]:
    """Read the migrations in order; the schema's version is their number."""
    folder = files("bot.storage") / "migrations"
    return [step.read_text("utf-8") for step in sorted(folder.iterdir(), key=lambda step: step.name)]


async def _identity(connection: aiosqlite.Connection) -> tuple[int, int, int]:
    (row,) = await connection.execute_fetchall(
        "SELECT user_version, application_id, (SELECT count(*) FROM sqlite_master)"
        " FROM pragma_user_version, pragma_application_id"
    )
    return row[0], row[1], row[2]


def _statements(script: str) -> Iterator[str]:
    return (part for part in script.split(";\n") if part.strip())
