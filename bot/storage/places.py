"""The SQL of where people are reached: who left, who is back, and who joins a second chat to themselves."""

from __future__ import annotations

from datetime import datetime
from hashlib import blake2b

import aiosqlite

from bot.runtime.messages import Address
from bot.runtime.ports import Joined
from bot.storage.rows import to_micros

FIND = """coalesce(
        (SELECT id FROM persons WHERE platform = ?1 AND chat = ?2),
        (SELECT person FROM addresses WHERE platform = ?1 AND chat = ?2))"""
"""The id of the person at an address, as a term of SQL."""


def fingerprint(code: str) -> str:
    """Return what is kept of a code: enough to recognise it, not to enter it."""
    return blake2b(code.encode(), digest_size=16, person=b"lowtide code").hexdigest()


async def person_at(connection: aiosqlite.Connection, address: Address) -> str | None:
    """Return the id of the person at an address."""
    rows = list(await connection.execute_fetchall(f"SELECT {FIND}", (address.platform, address.chat)))
    return rows[0][0] if rows else None


async def rest(connection: aiosqlite.Connection, address: Address) -> None:
    """Put the timers of the person who was last at this address to rest."""
    sql = (
        "DELETE FROM timers WHERE person IN (SELECT id FROM persons WHERE platform = ? AND chat = ?)"
        " RETURNING person, since, timer, due"
    )
    for row in await connection.execute_fetchall(sql, (address.platform, address.chat)):
        await connection.execute("INSERT OR REPLACE INTO resting VALUES (?, ?, ?, ?)", tuple(row))


async def rouse(connection: aiosqlite.Connection, person: str) -> None:
    """Let the timers of a person go on."""
    sql = "DELETE FROM resting WHERE person = ? RETURNING person, since, timer, due"
    rows = await connection.execute_fetchall(sql, (person,))
    for row in rows:
        await connection.execute("INSERT OR REPLACE INTO timers VALUES (?, ?, ?, ?)", tuple(row))


async def returned(connection: aiosqlite.Connection, address: Address) -> None:
    """Let the timers of the person at an address go on."""
    person = await person_at(connection, address)
    if person:
        await rouse(connection, person)


async def offer(connection: aiosqlite.Connection, person: str, code: str, until: datetime) -> bool:
    """Keep a code in place of an older one of the same person; False for a stranger."""
    await connection.execute("DELETE FROM codes WHERE person = ?", (person,))
    sql = "INSERT INTO codes (code, person, until) SELECT ?, id, ? FROM persons WHERE id = ?"
    cursor = await connection.execute(sql, (fingerprint(code), to_micros(until), person))
    return cursor.rowcount == 1


async def join(connection: aiosqlite.Connection, code: str, address: Address, at: datetime) -> Joined:
    """Give an address to the person who was shown a code; whoever was there before is forgotten."""
    sql = (
        "SELECT codes.person, used, platform, chat FROM codes JOIN persons ON id = codes.person"
        " WHERE code = ? AND until > ?"
    )
    rows = list(await connection.execute_fetchall(sql, (fingerprint(code), to_micros(at))))
    if not rows:
        return Joined.UNKNOWN
    person, used, platform, chat = rows[0]
    there = await person_at(connection, address)
    if there == person:
        return Joined.YES if used else Joined.SAME
    if used:
        return Joined.UNKNOWN
    if there:
        await connection.execute("DELETE FROM persons WHERE id = ?", (there,))
    for where in ((platform, chat), (address.platform, address.chat)):
        await connection.execute("INSERT OR REPLACE INTO addresses VALUES (?, ?, ?)", (*where, person))
    await connection.execute("UPDATE codes SET used = 1 WHERE person = ?", (person,))
    sql = "UPDATE persons SET platform = ?, chat = ? WHERE id = ?"
    await connection.execute(sql, (address.platform, address.chat, person))
    return Joined.YES
