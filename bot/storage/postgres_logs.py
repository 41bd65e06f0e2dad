"""The SQL of the event log, read by who looks at it as a whole, for PostgreSQL."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from bot.runtime.ports import Entry
from bot.storage.logs import ENTRIES
from bot.storage.rows import from_micros

if TYPE_CHECKING:
    import asyncpg


async def whose(line: asyncpg.Connection, after: str, limit: int) -> Sequence[str]:
    """Return the next persons that there is a log of, by id."""
    sql = "SELECT DISTINCT person FROM log WHERE person > $1 ORDER BY person LIMIT $2"
    return [row[0] for row in await line.fetch(sql, after, limit)]


async def entries(line: asyncpg.Connection, person: str) -> Sequence[Entry]:
    """Return what happened to one person, in order."""
    rows = await line.fetch(ENTRIES.replace("?", "$1"), person)
    return [Entry(from_micros(at), *rest) for at, *rest in rows]
