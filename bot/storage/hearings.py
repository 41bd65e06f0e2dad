"""The SQL of how far chats were heard on platforms that send nothing again: what came since is read there."""

from __future__ import annotations

import json

import aiosqlite

from bot.runtime.messages import Address
from bot.storage.pen import Pen
from bot.storage.sealing import Vault

MOST = 10_000
"""Chats that are read on after a break, those who wrote last first."""


def note(pen: Pen, address: Address, channel: int, last: int, handled: bool) -> None:
    """Keep a place unless a later one is kept; once its message was handled, only of those we know."""
    sql = (
        "INSERT INTO heard (place, platform, last, chat) VALUES (?, ?, ?, ?) ON CONFLICT (place) DO UPDATE"
        " SET last = excluded.last, chat = excluded.chat WHERE excluded.last > last"
    )
    place = pen.vault.place(address)
    chat = pen.vault.seal("heard", json.dumps([address.chat, channel]).encode())
    pen.run(sql, (place, address.platform, last, chat))
    if handled:
        _forget_strangers(pen, place)


def _forget_strangers(pen: Pen, place: bytes) -> None:
    """Drop the place of a chat whose person has been forgotten."""
    sql = (
        "DELETE FROM heard WHERE place = ?1 AND NOT EXISTS (SELECT 1 FROM persons WHERE place = ?1)"
        " AND NOT EXISTS (SELECT 1 FROM addresses WHERE place = ?1)"
    )
    pen.run(sql, (place,))


async def recent(connection: aiosqlite.Connection, vault: Vault, platform: str) -> list[tuple[str, int, int]]:
    """Read chat, channel and place, the latest first."""
    sql = "SELECT chat, last FROM heard WHERE platform = ? ORDER BY last DESC LIMIT ?"
    rows = await connection.execute_fetchall(sql, (platform, MOST))
    return [(*_opened(vault, chat), last) for chat, last in rows]


def _opened(vault: Vault, sealed: bytes) -> tuple[str, int]:
    chat, channel = json.loads(vault.open("heard", sealed))
    return chat, channel


def drop(pen: Pen, person: str) -> None:
    """Drop the places of a person, wherever they are reached."""
    sql = (
        "DELETE FROM heard WHERE place IN (SELECT place FROM persons WHERE id = ?1"
        " UNION SELECT place FROM addresses WHERE person = ?1)"
    )
    pen.run(sql, (person,))
