"""The SQL of every change, in one place; each function runs inside the writer's transaction."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection
from datetime import datetime

import aiosqlite

from bot.dialogue.effects import Arm, Disarm
from bot.runtime.messages import Address
from bot.runtime.ports import Change, Verdict
from bot.storage.hearings import drop
from bot.storage.places import rest, rouse
from bot.storage.rows import REACHED_KEPT, pack, to_micros


async def commit(connection: aiosqlite.Connection, change: Change) -> Verdict:
    """Keep a whole change, or say why not and keep nothing."""
    if change.update and await _known(connection, change.update):
        return Verdict.DUPLICATE
    if not await (_forget(connection, change) if change.forget else _move(connection, change)):
        return Verdict.CONFLICT
    owner = None if change.forget else change.person
    await _remember(connection, change, owner)
    await _post(connection, change, owner)
    if owner:
        if change.update:
            await rouse(connection, owner)
        await _set_timers(connection, change)
    await _count(connection, change)
    return Verdict.COMMITTED


async def _known(connection: aiosqlite.Connection, update: str) -> bool:
    sql = "SELECT 1 FROM updates WHERE fingerprint = ?"
    return bool(await connection.execute_fetchall(sql, (update,)))


async def _move(connection: aiosqlite.Connection, change: Change) -> bool:
    if change.expected:
        written = change.update is not None  # what they are written to first goes where they last wrote
        sql = (
            "UPDATE persons SET session = ?1, revision = revision + 1,"
            " platform = iif(?2, ?3, platform), chat = iif(?2, ?4, chat) WHERE id = ?5 AND revision = ?6"
        )
        where = change.address
        values = (change.session, written, where.platform, where.chat, change.person, change.expected)
        cursor = await connection.execute(sql, values)
        return cursor.rowcount == 1
    sql = "INSERT INTO persons (id, platform, chat, revision, session) VALUES (?, ?, ?, 1, ?)"
    row = (change.person, change.address.platform, change.address.chat, change.session)
    cursor = await connection.execute(f"{sql} ON CONFLICT DO NOTHING", row)
    return cursor.rowcount == 1


async def _forget(connection: aiosqlite.Connection, change: Change) -> bool:
    await drop(connection, change.person)
    sql = "DELETE FROM persons WHERE id = ? AND revision = ?"
    cursor = await connection.execute(sql, (change.person, change.expected))
    return cursor.rowcount == 1 or change.expected == 0


async def _remember(connection: aiosqlite.Connection, change: Change, owner: str | None) -> None:
    if change.update:
        sql = "INSERT INTO updates (fingerprint, person, at) VALUES (?, ?, ?)"
        await connection.execute(sql, (change.update, owner, to_micros(change.at)))


async def _post(connection: aiosqlite.Connection, change: Change, owner: str | None) -> None:
    sql = "INSERT INTO outbox (key, person, platform, chat, turn, message) VALUES (?, ?, ?, ?, ?, ?)"
    for message in change.outbox:
        where = message.address
        row = (message.key, owner, where.platform, where.chat, message.turn, pack(message))
        await connection.execute(sql, row)


async def _set_timers(connection: aiosqlite.Connection, change: Change) -> None:
    for due in change.fired:
        await _drop_timer(connection, change.person, due.turn, due.timer)
    for order in change.timers:
        if isinstance(order, Disarm):
            await _drop_timer(connection, change.person, order.since, order.timer)
        else:
            await _arm(connection, change.person, order)


async def _drop_timer(connection: aiosqlite.Connection, person: str, since: int, timer: str | None) -> None:
    sql = "DELETE FROM timers WHERE person = ?1 AND since = ?2 AND (?3 IS NULL OR timer = ?3)"
    await connection.execute(sql, (person, since, timer))


async def _arm(connection: aiosqlite.Connection, person: str, order: Arm) -> None:
    sql = "INSERT OR REPLACE INTO timers (person, since, timer, due) VALUES (?, ?, ?, ?)"
    await connection.execute(sql, (person, order.since, order.timer, to_micros(order.due)))


async def _count(connection: aiosqlite.Connection, change: Change) -> None:
    sql = (
        "INSERT INTO counters (name, count) VALUES (?, ?)"
        " ON CONFLICT (name) DO UPDATE SET count = count + excluded.count"
    )
    for name, times in Counter(change.counts).items():
        await connection.execute(sql, (name, times))


async def delivered(connection: aiosqlite.Connection, keys: Collection[str], at: datetime) -> None:
    """Drop messages that have reached their person, and note when their turns did."""
    for key in keys:
        sql = "DELETE FROM outbox WHERE key = ? RETURNING person, turn"
        for person, turn in await connection.execute_fetchall(sql, (key,)):
            if person and turn:
                await _reach(connection, person, turn, at)


async def _reach(connection: aiosqlite.Connection, person: str, turn: int, at: datetime) -> None:
    sql = "INSERT OR REPLACE INTO reached (person, turn, at) VALUES (?, ?, ?)"
    await connection.execute(sql, (person, turn, to_micros(at)))
    sql = "DELETE FROM reached WHERE person = ? AND turn <= ?"
    await connection.execute(sql, (person, turn - REACHED_KEPT))


async def left(connection: aiosqlite.Connection, address: Address, at: datetime) -> None:
    """Rest the timers of the person at an address and treat what waited for them as sent."""
    await rest(connection, address)
    where = (address.platform, address.chat)
    sql = "SELECT key FROM outbox WHERE platform = ? AND chat = ?"
    await delivered(connection, [row[0] for row in await connection.execute_fetchall(sql, where)], at)


async def forget(connection: aiosqlite.Connection, person: str) -> None:
    """Remove a person; every row of theirs goes with them."""
    await drop(connection, person)
    await connection.execute("DELETE FROM persons WHERE id = ?", (person,))


async def tidy(connection: aiosqlite.Connection, before: datetime) -> None:
    """Drop fingerprints older than a time, and codes that have lapsed by then."""
    await connection.execute("DELETE FROM codes WHERE until < ?", (to_micros(before),))
    await connection.execute("DELETE FROM updates WHERE at < ?", (to_micros(before),))
