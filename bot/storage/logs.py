"""The SQL of the event log, read by who looks at it as a whole: ids and numbers, and no word of anybody."""

from __future__ import annotations

from collections.abc import Sequence

import aiosqlite

from bot.runtime.messages import Address
from bot.runtime.ports import Entry
from bot.storage.places import FIND
from bot.storage.rows import from_micros
from bot.storage.sealing import Vault

ENTRIES = (
    "SELECT at, turn, kind, what, flow, version, state, tries, lands, mark FROM log WHERE person = ?"
    " ORDER BY number"
)
"""The entries of one person, in the order of the fields of one."""


async def whose(connection: aiosqlite.Connection, after: str, limit: int) -> Sequence[str]:
    """Return the next persons that there is a log of, by id."""
    sql = "SELECT DISTINCT person FROM log WHERE person > ? ORDER BY person LIMIT ?"
    return [row[0] for row in await connection.execute_fetchall(sql, (after, limit))]


async def entries(connection: aiosqlite.Connection, person: str) -> Sequence[Entry]:
    """Return what happened to one person, in order."""
    rows = await connection.execute_fetchall(ENTRIES, (person,))
    return [Entry(from_micros(at), *rest) for at, *rest in rows]


async def known_as(connection: aiosqlite.Connection, vault: Vault, who: str) -> str | None:
    """Return the id of a person named by it, or by `platform:chat`; None if nobody is there."""
    platform, _, chat = who.partition(":")
    if not chat:
        rows = await connection.execute_fetchall("SELECT id FROM persons WHERE id = ?", (who,))
    else:
        place = vault.place(Address(platform, chat))
        rows = await connection.execute_fetchall(f"SELECT {FIND.format('?1')}", (place,))
    found = [row[0] for row in rows if row[0]]
    return found[0] if found else None
