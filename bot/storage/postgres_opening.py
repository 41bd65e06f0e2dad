"""How PostgreSQL is reached, and its schema upgraded step by step, by one replica at a time."""

from __future__ import annotations

from importlib.resources import files
from typing import TYPE_CHECKING

from bot.storage.keyfile import Keyring
from bot.storage.postgres_faults import explain, foreign, too_new, too_old
from bot.storage.postgres_sealing import Remembering

if TYPE_CHECKING:
    import asyncpg

LEAST = 14
"""The oldest PostgreSQL that ends silent sessions, on which leases rest."""
PATIENCE = 10.0
"""Seconds for a connection to be made."""
SLOWEST = 30.0
"""Seconds an order may take."""
_HABITS = """
    SET application_name = 'lowtide'; SET jit = off; SET plan_cache_mode = force_generic_plan;
    SET enable_seqscan = off; SET enable_hashjoin = off; SET enable_mergejoin = off"""
_LOCK = "SELECT pg_advisory_xact_lock(hashtextextended('lowtide upgrade ' || current_schema(), 0))"
_FOUND = "SELECT to_regclass('lowtide'), (SELECT count(*) FROM pg_tables WHERE schemaname = current_schema())"


async def connect(url: str) -> asyncpg.Connection:
    """Open a connection, for ours is never a question that has to read a whole table.

    Plans are made while tables are small and used when they are not, so they are held to the indexes.
    """
    import asyncpg  # noqa: PLC0415  only who has chosen PostgreSQL pays for it

    connection = await asyncpg.connect(url, timeout=PATIENCE, command_timeout=SLOWEST)
    try:
        await connection.execute(_HABITS)
    except BaseException:
        connection.terminate()
        raise
    return connection


async def version_of(url: str) -> int:
    """Tell which PostgreSQL answers at an address, and change nothing there.

    Raises:
        StoreError: none does, or it is older than we need.
    """
    try:
        connection = await connect(url)
    except Exception as error:
        raise explain(error, url) from error
    version = connection.get_server_version().major
    await connection.close()
    if version < LEAST:
        raise too_old(url, version, LEAST)
    return version


async def opened(connection: asyncpg.Connection, url: str, keys: Keyring) -> Remembering:
    """Upgrade what is there in one transaction, and unlock it; a second replica waits till that is done.

    Raises:
        StoreError: the database is newer or not ours, or no key fits.
    """
    async with connection.transaction():
        await _upgrade(connection, url)
        return await _unlocked(connection, keys)


async def tried(connection: asyncpg.Connection, url: str, keys: Keyring) -> tuple[int, int]:
    """Upgrade on trial, and take it back; return which version there is and which there would be.

    It holds up whoever writes for the moment it takes, and gives up where somebody holds it up.

    Raises:
        StoreError: the database is newer or not ours, or no key fits.
    """
    before = await schema_of(connection)
    trial = connection.transaction()
    await trial.start()
    try:
        await connection.execute(f"SET LOCAL lock_timeout = {int(PATIENCE * 1000)}")
        await _upgrade(connection, url)
        await _unlocked(connection, keys)
    finally:
        await trial.rollback()
    return before, len(migrations())


async def schema_of(connection: asyncpg.Connection) -> int:
    """Tell the version of the schema that is there, 0 where there is none, and change nothing."""
    there = await connection.fetchval("SELECT to_regclass('lowtide') IS NOT NULL")
    return int(await connection.fetchval("SELECT version FROM lowtide")) if there else 0


async def unlocked(connection: asyncpg.Connection, keys: Keyring) -> Remembering:
    """Unlock what is there, and change nothing.

    Raises:
        StoreError: no key fits.
    """
    vault = Remembering(keys.keys, keys.again)
    vault.unlock(await connection.fetchval("SELECT sealed FROM vault WHERE name = 'root'"))
    return vault


async def _unlocked(connection: asyncpg.Connection, keys: Keyring) -> Remembering:
    vault = Remembering(keys.keys, keys.again)
    root = await connection.fetchval("SELECT sealed FROM vault WHERE name = 'root'")
    if root:
        vault.unlock(root)
    else:
        await connection.execute("INSERT INTO vault VALUES ('root', $1)", vault.found())
    return vault


async def _upgrade(connection: asyncpg.Connection, url: str) -> None:
    steps, server = migrations(), connection.get_server_version().major
    if server < LEAST:
        raise too_old(url, server, LEAST)
    await connection.execute(_LOCK)
    version = await _version(connection, url)
    if version > len(steps):
        raise too_new(url, version, len(steps))
    for step in steps[version:]:
        await connection.execute(step)
    await connection.execute("UPDATE lowtide SET version = $1", len(steps))


def migrations() -> list[str]:
    """Read the migrations in order; the schema's version is their number."""
    folder = files("bot.storage") / "postgres_migrations"
    steps = (step for step in folder.iterdir() if step.name.endswith(".sql"))
    return [step.read_text("utf-8") for step in sorted(steps, key=lambda step: step.name)]


async def _version(connection: asyncpg.Connection, url: str) -> int:
    row = await connection.fetchrow(_FOUND)
    ours, tables = row or (None, 0)
    if ours:
        return int(await connection.fetchval("SELECT version FROM lowtide"))
    if tables:
        raise foreign(url)
    await connection.execute("CREATE TABLE lowtide (version integer NOT NULL)")
    await connection.execute("INSERT INTO lowtide VALUES (0)")
    return 0
