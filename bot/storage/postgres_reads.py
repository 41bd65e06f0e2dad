"""The SQL of every question and every claim; one statement each, for many at once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from itertools import groupby
from secrets import token_hex
from typing import TYPE_CHECKING

from bot.dialogue.events import Due
from bot.runtime.ports import Asked, Claim, Person, Posted, Waiting
from bot.storage.rows import disclose, from_micros, to_micros, unpack
from bot.storage.sealing import Vault

if TYPE_CHECKING:
    import asyncpg

FIND = """coalesce(
        (SELECT id FROM persons WHERE place = {0}), (SELECT person FROM addresses WHERE place = {0}))"""
"""The id of the person at an address, as a term of SQL with a hole for its keyed hash."""

_LOAD = f"""
    SELECT asked.nth, persons.id, revision, key, session, CASE WHEN asked.at IS NOT NULL THEN coalesce(
        (SELECT max(turn) FROM reached WHERE person = persons.id AND reached.at <= asked.at AND NOT EXISTS
            (SELECT 1 FROM outbox WHERE outbox.person = persons.id AND outbox.turn = reached.turn)),
        (SELECT min(turn) - 1 FROM reached WHERE person = persons.id),
        0) END AS seen
    FROM unnest($1::bytea[], $2::bigint[]) WITH ORDINALITY AS asked (place, at, nth)
    JOIN persons ON persons.id = {FIND.format("asked.place")}"""  # noqa: S608  what is put in is a constant of ours

_OUTBOX = """
    SELECT number, outbox.key, turn, person, persons.key AS wrapped, message
    FROM outbox LEFT JOIN persons ON persons.id = person"""

_UNDELIVERED = f"{_OUTBOX} WHERE number > $1 ORDER BY number LIMIT $2"

# Nobody claims who is not the owner: a lease that was lost is known here first. It waits for rows that others
# hold instead of skipping them: what it left out would be sent too late.
_CLAIM_OUTBOX = """
    WITH mine AS (
        UPDATE outbox SET owner = $2
        WHERE number IN (
            SELECT number FROM outbox WHERE platform = $1 AND owner IS DISTINCT FROM $2
            ORDER BY number LIMIT $3 FOR UPDATE)
            AND NOT EXISTS (
                SELECT 1 FROM leases WHERE name = $1 AND epoch > 0 AND $2 <> name || '/' || epoch)
        RETURNING number, key, turn, person, message)
    SELECT number, mine.key, turn, person, persons.key AS wrapped, message
    FROM mine LEFT JOIN persons ON persons.id = person ORDER BY number"""

# The rows of timers are locked as well as those of persons: what another replica took a moment ago is seen
# only when a row that it changed is looked at again.
_CLAIM = """
    WITH found AS (
        SELECT persons.id, persons.address, persons.revision, persons.key, persons.session, timers.due
        FROM timers JOIN persons ON persons.id = timers.person
        WHERE timers.due <= $1 AND (timers.held <= $1 OR timers.revision <> persons.revision)
        ORDER BY timers.due LIMIT $2 FOR NO KEY UPDATE OF persons, timers SKIP LOCKED),
    late AS (SELECT DISTINCT ON (id) * FROM found ORDER BY id, due),
    taken AS (
        UPDATE timers SET held = $3, revision = late.revision FROM late
        WHERE timers.person = late.id AND timers.due <= $1
        RETURNING timers.person, timers.timer, timers.since, timers.due)
    SELECT late.id, address, revision, key, session, timer, since, late.due
    FROM late JOIN taken ON taken.person = late.id ORDER BY late.due, late.id, taken.due, since, timer"""


async def load_all(connection: asyncpg.Connection, vault: Vault, asked: Sequence[Asked]) -> list[Person]:
    """Read the persons at addresses, or make up new ones."""
    places = [vault.place(address) for address, _ in asked]
    times = [None if at is None else to_micros(at) for _, at in asked]
    found = {row["nth"]: row for row in await connection.fetch(_LOAD, places, times)}
    return [_person(vault, one, found.get(nth)) for nth, one in enumerate(asked, 1)]


def _person(vault: Vault, asked: Asked, row: asyncpg.Record | None) -> Person:
    if row is None:
        return Person(token_hex(8), asked[0])
    session = vault.seal_of(row["id"], row["key"]).open("session", row["session"]).decode()
    return Person(row["id"], asked[0], row["revision"], session, row["seen"])


async def undelivered(connection: asyncpg.Connection, vault: Vault, after: int, limit: int) -> list[Posted]:
    """Read what waits to be sent, in order."""
    return [_posted(vault, row) for row in await connection.fetch(_UNDELIVERED, after, limit)]


async def claim_outbox(
    connection: asyncpg.Connection, vault: Vault, platform: str, owner: str, limit: int
) -> list[Posted]:
    """Take what waits to be sent and is not in the hands of this owner, in order."""
    return [_posted(vault, row) for row in await connection.fetch(_CLAIM_OUTBOX, platform, owner, limit)]


def _posted(vault: Vault, row: asyncpg.Record) -> Posted:
    person, sealed = row["person"], row["message"]
    opened = (
        vault.seal_of(person, row["wrapped"]).open("message", sealed)
        if person
        else vault.open("message", sealed)
    )
    return Posted(row["number"], unpack(row["key"], row["turn"], opened))


async def claim(
    connection: asyncpg.Connection, vault: Vault, now: datetime, claim: Claim, limit: int
) -> list[Waiting]:
    """Take who has timers due and is not taken, with all that are."""
    rows = await connection.fetch(_CLAIM, to_micros(now), limit, to_micros(claim.until))
    groups = (list(group) for _, group in groupby(rows, key=lambda row: row["id"]))
    return [_waiting(vault, group) for group in groups]


def _waiting(vault: Vault, rows: Sequence[asyncpg.Record]) -> Waiting:
    first = rows[0]
    seal = vault.seal_of(first["id"], first["key"])
    where, session = disclose(seal.open("address", first["address"])), seal.open("session", first["session"])
    person = Person(first["id"], where, first["revision"], session.decode())
    timers = tuple(Due(row["timer"], row["since"]) for row in rows)
    return Waiting(person, timers, from_micros(first["due"]))


async def next_due(connection: asyncpg.Connection) -> datetime | None:
    """Read the earliest due time."""
    due = await connection.fetchval("SELECT min(due) FROM timers")
    return None if due is None else from_micros(due)


async def counters(connection: asyncpg.Connection) -> Mapping[str, int]:
    """Read how often what happened."""
    rows = await connection.fetch("SELECT name, count FROM counters")
    return {row["name"]: row["count"] for row in rows}
