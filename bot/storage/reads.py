"""The SQL of every question; one statement each, so that a reader never stands in a transaction."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from itertools import groupby
from secrets import token_hex

import aiosqlite

from bot.dialogue.events import Due
from bot.runtime.ports import Asked, Person, Posted, Waiting
from bot.storage.pen import Row
from bot.storage.places import FIND
from bot.storage.rows import disclose, from_micros, to_micros, unpack
from bot.storage.sealing import Vault

_LOAD = """
    WITH asked (nth, place, at) AS (VALUES {rows})
    SELECT nth, id, revision, key, session, iif(asked.at IS NULL, NULL, coalesce(
        (SELECT max(turn) FROM reached WHERE person = id AND at <= asked.at AND NOT EXISTS
            (SELECT 1 FROM outbox WHERE outbox.person = id AND outbox.turn = reached.turn)),
        (SELECT min(turn) - 1 FROM reached WHERE person = id),
        0))
    FROM asked JOIN persons ON id = {find}"""
_SIZES = (1, 8, 64)
"""How many are asked for in one statement: few texts of it, so that each is parsed once."""

OPENED = 32
"""Persons that are opened before everybody else has a turn."""

_OUTBOX = """
    SELECT number, outbox.key, turn, person, persons.key, message
    FROM outbox LEFT JOIN persons ON persons.id = person"""

_DUE = """
    WITH late AS (
        SELECT person, min(due) AS first FROM timers
        WHERE due <= ?1 AND person NOT IN (SELECT value FROM json_each(?3))
        GROUP BY person ORDER BY first LIMIT ?2)
    SELECT id, address, revision, key, session, timer, since, first
    FROM late JOIN persons ON id = late.person JOIN timers ON timers.person = id
    WHERE due <= ?1 ORDER BY first, id, due, since, timer"""


async def load_all(
    connection: aiosqlite.Connection, vault: Vault, asked: Sequence[Asked]
) -> Sequence[Person]:
    """Read the persons at addresses, or make up new ones."""
    found: dict[int, Row] = {}
    rows = [
        (nth, vault.place(address), None if at is None else to_micros(at))
        for nth, (address, at) in enumerate(asked)
    ]
    while rows:
        size = next(size for size in reversed(_SIZES) if size <= max(len(rows), 1))
        page, rows = rows[:size], rows[size:]
        values = [value for row in page for value in row]
        for nth, *row in await connection.execute_fetchall(_load_sql(size), values):
            found[nth] = tuple(row)
    return [
        _person(vault, one, found[nth]) if nth in found else Person(token_hex(8), one[0])
        for nth, one in enumerate(asked)
    ]


def _load_sql(size: int) -> str:
    return _LOAD.format(rows=", ".join(["(?, ?, ?)"] * size), find=FIND.format("asked.place"))


def _person(vault: Vault, asked: Asked, row: Row) -> Person:
    person, revision, key, session, seen = row
    opened = vault.seal_of(person, key).open("session", session)
    return Person(person, asked[0], revision, opened.decode(), seen)


async def undelivered(
    connection: aiosqlite.Connection, vault: Vault, after: int, limit: int
) -> Sequence[Posted]:
    """Read what waits to be sent, in order."""
    sql = f"{_OUTBOX} WHERE number > ? ORDER BY number LIMIT ?"
    rows = await connection.execute_fetchall(sql, (after, limit))
    return [_posted(vault, tuple(row)) for row in rows]


async def unowned(
    connection: aiosqlite.Connection, vault: Vault, place: tuple[str, str], after: int, limit: int
) -> Sequence[Posted]:
    """Read what waits to be sent; `place` is a platform, and an owner who has their own in hand already."""
    sql = f"{_OUTBOX} WHERE platform = ? AND owner IS NOT ? AND number > ? ORDER BY number LIMIT ?"
    rows = await connection.execute_fetchall(sql, (*place, after, limit))
    return [_posted(vault, tuple(row)) for row in rows]


def _posted(vault: Vault, row: Row) -> Posted:
    number, name, turn, person, key, message = row
    seal = vault if person is None else vault.seal_of(person, key)
    return Posted(number, unpack(name, turn, seal.open("message", message)))


async def due(
    connection: aiosqlite.Connection, vault: Vault, now: datetime, limit: int, taken: Collection[str]
) -> Sequence[Waiting]:
    """Read who has timers due and is not taken, and all that are."""
    rows = await connection.execute_fetchall(_DUE, (to_micros(now), limit, json.dumps(list(taken))))
    found: list[Waiting] = []
    for (*columns, first), group in groupby(map(tuple, rows), lambda row: (*row[:5], row[7])):
        timers = tuple(Due(timer, since) for *_, timer, since, _ in group)
        found.append(Waiting(_whole(vault, tuple(columns)), timers, from_micros(first)))
        if len(found) % OPENED == 0:
            await asyncio.sleep(0)
    return found


def _whole(vault: Vault, row: Row) -> Person:
    person, address, revision, key, session = row
    seal = vault.seal_of(person, key)
    where = disclose(seal.open("address", address))
    return Person(person, where, revision, seal.open("session", session).decode())


async def next_due(connection: aiosqlite.Connection) -> datetime | None:
    """Read the earliest due time."""
    (row,) = await connection.execute_fetchall("SELECT min(due) FROM timers")
    return None if row[0] is None else from_micros(row[0])


async def counters(connection: aiosqlite.Connection) -> Mapping[str, int]:
    """Read how often what happened."""
    rows = await connection.execute_fetchall("SELECT name, count FROM counters")
    return {name: count for name, count in rows}  # noqa: C416  a row is no pair to the type checker
