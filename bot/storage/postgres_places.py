"""The SQL of where people are reached, and of forgetting them: rare orders, each a transaction."""

from __future__ import annotations

import json
from datetime import datetime
from typing import TYPE_CHECKING

from bot.runtime.messages import Address
from bot.runtime.ports import Joined
from bot.storage.hearings import MOST
from bot.storage.postgres_reads import FIND
from bot.storage.rows import REACHED_KEPT, enclose, to_micros
from bot.storage.sealing import Vault

if TYPE_CHECKING:
    import asyncpg

_ADD = """
    INSERT INTO addresses (place, person, address) SELECT place, id, address FROM persons WHERE id = $1
    ON CONFLICT (place) DO UPDATE SET person = excluded.person, address = excluded.address"""
_NOTE = """
    INSERT INTO heard (place, platform, last, chat) VALUES ($1, $2, $3, $4)
    ON CONFLICT (place) DO UPDATE SET last = excluded.last, chat = excluded.chat
    WHERE excluded.last > heard.last"""
_FORGET_STRANGER = """
    DELETE FROM heard WHERE place = $1 AND NOT EXISTS (SELECT 1 FROM persons WHERE place = $1)
    AND NOT EXISTS (SELECT 1 FROM addresses WHERE place = $1)"""


async def left(connection: asyncpg.Connection, place: bytes, at: datetime) -> None:
    """Rest the timers of the person at an address and treat what waited for them as sent."""
    await connection.execute("SELECT lowtide_left_2($1, $2, $3)", place, to_micros(at), REACHED_KEPT)


async def returned(connection: asyncpg.Connection, place: bytes) -> None:
    """Let the timers of the person at an address go on."""
    await connection.execute(f"SELECT lowtide_rouse(ARRAY[{FIND.format('$1')}])", place)


async def offer(connection: asyncpg.Connection, person: str, code: bytes, until: datetime) -> bool:
    """Keep a code in place of an older one of the same person; False for a stranger."""
    async with connection.transaction():
        known = await connection.fetchval("SELECT 1 FROM persons WHERE id = $1 FOR KEY SHARE", person)
        await connection.execute("DELETE FROM codes WHERE person = $1", person)
        if known:
            sql = "INSERT INTO codes (code, person, until) VALUES ($1, $2, $3)"
            await connection.execute(sql, code, person, to_micros(until))
    return bool(known)


async def join(
    connection: asyncpg.Connection, vault: Vault, code: str, address: Address, at: datetime
) -> Joined:
    """Give an address to the person who was shown a code; whoever was there before is forgotten."""
    place, shown = vault.place(address), vault.lookup("code", code)
    sql = (
        "SELECT person, used, key FROM codes JOIN persons ON persons.id = person"
        " WHERE code = $1 AND until > $2 FOR UPDATE"
    )
    async with connection.transaction():
        row = await connection.fetchrow(sql, shown, to_micros(at))
        there = await connection.fetchval(f"SELECT {FIND.format('$1')}", place)
        if row is None or (row["used"] and there != row["person"]):
            return Joined.UNKNOWN
        person = row["person"]
        if there == person:
            return Joined.YES if row["used"] else Joined.SAME
        if there:
            await connection.execute("SELECT lowtide_drop(ARRAY[$1])", there)
            vault.forget(there)
        sealed = vault.seal_of(person, row["key"]).seal("address", enclose(address))
        await _add(connection, person, place, sealed)
    return Joined.YES


async def _add(connection: asyncpg.Connection, person: str, place: bytes, sealed: bytes) -> None:
    """Put an address beside those a person has, and write to them there from now on."""
    await connection.execute(_ADD, person)
    await connection.execute(
        "UPDATE persons SET place = $2, address = $3 WHERE id = $1", person, place, sealed
    )
    await connection.execute(_ADD, person)
    await connection.execute("UPDATE codes SET used = true WHERE person = $1", person)


async def note(  # noqa: PLR0913, PLR0917  the columns of a row
    connection: asyncpg.Connection, vault: Vault, address: Address, channel: int, last: int, handled: bool
) -> None:
    """Keep a place unless a later one is kept; once its message was handled, only of those we know."""
    place = vault.place(address)
    chat = vault.seal("heard", json.dumps([address.chat, channel]).encode())
    await connection.execute(_NOTE, place, address.platform, last, chat)
    if handled:
        await connection.execute(_FORGET_STRANGER, place)


async def heard(connection: asyncpg.Connection, vault: Vault, platform: str) -> list[tuple[str, int, int]]:
    """Read chat, channel and place, the latest first."""
    sql = "SELECT chat, last FROM heard WHERE platform = $1 ORDER BY last DESC LIMIT $2"
    found = []
    for row in await connection.fetch(sql, platform, MOST):
        chat, channel = json.loads(vault.open("heard", row["chat"]))
        found.append((chat, channel, row["last"]))
    return found


async def forget(connection: asyncpg.Connection, vault: Vault, person: str) -> None:
    """Destroy a person's key and remove every row of theirs."""
    await connection.execute("SELECT lowtide_drop(ARRAY[$1])", person)
    vault.forget(person)


async def tidy(connection: asyncpg.Connection, before: datetime, logged_before: datetime | None) -> None:
    """Drop codes that have lapsed by a time, and log older than another."""
    await connection.execute("DELETE FROM codes WHERE until < $1", to_micros(before))
    if logged_before:
        await connection.execute(_SHORTEN, to_micros(logged_before))


async def tidy_updates(connection: asyncpg.Connection, part: tuple[bytes, bytes], before: datetime) -> None:
    """Drop marks of updates older than a time from a part of them."""
    sql = "DELETE FROM updates WHERE fingerprint >= $1 AND fingerprint < $2 AND at < $3"
    await connection.execute(sql, *part, to_micros(before))


_SHORTEN = """
    DELETE FROM log WHERE number <= (
        SELECT coalesce((SELECT number FROM log WHERE at >= $1 ORDER BY number LIMIT 1) - 1,
            (SELECT max(number) FROM log)))
    AND at < $1"""
