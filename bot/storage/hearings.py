"""The SQL of how far chats were heard on platforms that send nothing again: what came since is read there."""

from __future__ import annotations

from collections.abc import Sequence

import aiosqlite

from bot.runtime.messages import Address

MOST = 10_000
"""Chats that are read on after a break, those who wrote last first."""


async def note(
    connection: aiosqlite.Connection, address: Address, channel: int, last: int, handled: bool
) -> None:
    """Keep a place unless a later one is kept; once its message was handled, only of those we know."""
    sql = (
        "INSERT INTO heard VALUES (?, ?, ?, ?) ON CONFLICT (platform, chat) DO UPDATE"
        " SET channel = excluded.channel, last = excluded.last WHERE excluded.last > last"
    )
    await connection.execute(sql, (address.platform, address.chat, channel, last))
    if handled:
        await forget_strangers(connection, address)


async def forget_strangers(connection: aiosqlite.Connection, address: Address) -> None:
    """Drop the place of a chat whose person has been forgotten."""
    sql = (
        "DELETE FROM heard WHERE platform = ?1 AND chat = ?2"
        " AND NOT EXISTS (SELECT 1 FROM persons WHERE platform = ?1 AND chat = ?2)"
        " AND NOT EXISTS (SELECT 1 FROM addresses WHERE platform = ?1 AND chat = ?2)"
    )
    await connection.execute(sql, (address.platform, address.chat))


async def recent(connection: aiosqlite.Connection, platform: str) -> Sequence[tuple[str, int, int]]:
    """Read chat, channel and place, the latest first."""
    sql = "SELECT chat, channel, last FROM heard WHERE platform = ? ORDER BY last DESC LIMIT ?"
    return [(row[0], row[1], row[2]) for row in await connection.execute_fetchall(sql, (platform, MOST))]


async def drop(connection: aiosqlite.Connection, person: str) -> None:
    """Drop the places of a person, wherever they are reached."""
    sql = (
        "DELETE FROM heard WHERE (platform, chat) IN (SELECT platform, chat FROM persons WHERE id = ?1"
        " UNION SELECT platform, chat FROM addresses WHERE person = ?1)"
    )
    await connection.execute(sql, (person,))
