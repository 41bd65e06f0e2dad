"""The SQL of every question; one statement each, so that a reader never stands in a transaction."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from itertools import groupby
from secrets import token_hex

import aiosqlite

from bot.dialogue.events import Due
from bot.runtime.messages import Address
from bot.runtime.ports import Person, Posted, Waiting
from bot.storage.places import FIND
from bot.storage.rows import from_micros, to_micros, unpack

_SEEN = f"""
    SELECT id, revision, session, coalesce(
        (SELECT max(turn) FROM reached WHERE person = id AND at <= ?3 AND NOT EXISTS
            (SELECT 1 FROM outbox WHERE outbox.person = id AND outbox.turn = reached.turn)),
        (SELECT min(turn) - 1 FROM reached WHERE person = id),
        0)
    FROM persons WHERE id = {FIND}"""  # noqa: S608  what is put in is a constant of ours

_DUE = """
    WITH late AS (
        SELECT person, min(due) AS first FROM timers WHERE due <= ?1 GROUP BY person ORDER BY first LIMIT ?2)
    SELECT id, platform, chat, timer, since
    FROM late JOIN persons ON id = late.person JOIN timers ON timers.person = id
    WHERE due <= ?1 ORDER BY first, id, due, since, timer"""

_EXPORT = {
    "person": "SELECT platform, chat, session FROM persons WHERE id = ?",
    "addresses": "SELECT platform, chat FROM addresses WHERE person = ? ORDER BY platform, chat",
    "waiting to be sent": "SELECT turn, message FROM outbox WHERE person = ? ORDER BY number",
    "reached": "SELECT turn, at FROM reached WHERE person = ? ORDER BY turn",
    "timers": "SELECT since, timer, due FROM timers WHERE person = ? ORDER BY due",
    "resting timers": "SELECT since, timer, due FROM resting WHERE person = ? ORDER BY due",
    "handled updates": "SELECT fingerprint, at FROM updates WHERE person = ? ORDER BY at",
}


async def load(connection: aiosqlite.Connection, address: Address, at: datetime | None) -> Person:
    """Read the person at an address, or make up a new one."""
    seen_at = to_micros(at) if at else None
    rows = await connection.execute_fetchall(_SEEN, (address.platform, address.chat, seen_at))
    for person, revision, session, seen in rows:
        return Person(person, address, revision, session, seen if at else None)
    return Person(token_hex(8), address)


async def undelivered(connection: aiosqlite.Connection, after: int, limit: int) -> Sequence[Posted]:
    """Read what waits to be sent, in order."""
    sql = (
        "SELECT number, key, platform, chat, turn, message FROM outbox"
        " WHERE number > ? ORDER BY number LIMIT ?"
    )
    rows = await connection.execute_fetchall(sql, (after, limit))
    return [
        Posted(number, unpack(key, Address(platform, chat), turn, message))
        for number, key, platform, chat, turn, message in rows
    ]


async def due(connection: aiosqlite.Connection, now: datetime, limit: int) -> Sequence[Waiting]:
    """Read who has timers due, and all that are."""
    rows = await connection.execute_fetchall(_DUE, (to_micros(now), limit))
    return [
        Waiting(person, Address(platform, chat), tuple(Due(row[3], row[4]) for row in group))
        for (person, platform, chat), group in groupby(rows, key=lambda row: (row[0], row[1], row[2]))
    ]


async def next_due(connection: aiosqlite.Connection) -> datetime | None:
    """Read the earliest due time."""
    (row,) = await connection.execute_fetchall("SELECT min(due) FROM timers")
    return None if row[0] is None else from_micros(row[0])


async def export(connection: aiosqlite.Connection, person: str) -> Mapping[str, object]:
    """Read every row of a person, by table, in words."""
    tables: dict[str, object] = {}
    for table, sql in _EXPORT.items():
        cursor = await connection.execute(sql, (person,))
        names = [column[0] for column in cursor.description]
        rows = [_readable(dict(zip(names, row, strict=True))) for row in await cursor.fetchall()]
        if rows:
            tables[table] = rows
    return tables


def _readable(row: dict[str, object]) -> dict[str, object]:
    for name, value in row.items():
        if name in ("session", "message"):
            row[name] = json.loads(str(value))
        elif name in ("at", "due") and isinstance(value, int):
            row[name] = from_micros(value).isoformat()
    return row


async def counters(connection: aiosqlite.Connection) -> Mapping[str, int]:
    """Read how often what happened."""
    rows = await connection.execute_fetchall("SELECT name, count FROM counters")
    return {name: count for name, count in rows}  # noqa: C416  a row is no pair to the type checker
