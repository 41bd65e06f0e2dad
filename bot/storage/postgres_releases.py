"""The SQL of what went live, and of where everybody stands when it does, for PostgreSQL."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from bot.runtime.standing import Standing, release_of
from bot.storage.postgres_news import CHANNEL, RELEASE
from bot.storage.sealing import Vault

if TYPE_CHECKING:
    import asyncpg


async def sessions(line: asyncpg.Connection, vault: Vault, after: str, limit: int) -> Standing:
    """Read the sessions of the next persons, by id."""
    sql = "SELECT id, key, session FROM persons WHERE id > $1 ORDER BY id LIMIT $2"
    rows = await line.fetch(sql, after, limit)
    return [(id, vault.seal_of(id, key).open("session", session).decode()) for id, key, session in rows]


async def live(line: asyncpg.Connection) -> Mapping[str, str]:
    """Read the version and structure of each flow that went live last."""
    return {row[0]: row[1] for row in await line.fetch("SELECT flow, version FROM live")}


_LOCK = "SELECT pg_advisory_xact_lock(hashtextextended('lowtide release ' || current_schema(), 0))"


async def named(line: asyncpg.Connection) -> str:
    """Read which set of flows is live, as one word; nothing where nobody said it yet."""
    return str(await line.fetchval("SELECT release FROM lowtide"))


async def go_live(line: asyncpg.Connection, versions: Mapping[str, str]) -> None:
    """Remember what is live now, in place of what was; of two replicas that start at once the last counts.

    What is being kept with other flows is waited for, and from then on nothing is kept with them.
    """
    async with line.transaction():
        await line.execute(_LOCK)
        await line.execute("UPDATE lowtide SET release = $1", release_of(versions))
        await line.execute("SELECT pg_notify($1, $2)", CHANNEL, RELEASE)
        await line.execute("DELETE FROM live")
        sql = (
            "INSERT INTO live (flow, version) SELECT * FROM unnest($1::text[], $2::text[])"
            " ON CONFLICT (flow) DO UPDATE SET version = excluded.version"
        )
        await line.execute(sql, list(versions), list(versions.values()))
