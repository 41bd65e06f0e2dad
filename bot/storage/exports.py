"""The SQL of a copy of everything that is kept of a person, opened and in words."""

from __future__ import annotations

import json
from collections.abc import Mapping

import aiosqlite

from bot.storage.rows import disclose, from_micros
from bot.storage.sealing import Seal, Vault

TABLES = {
    "person": "SELECT address, session FROM persons WHERE id = ?",
    "addresses": "SELECT address FROM addresses WHERE person = ?",
    "waiting to be sent": "SELECT turn, message FROM outbox WHERE person = ? ORDER BY number",
    "reached": "SELECT turn, at FROM reached WHERE person = ? ORDER BY turn",
    "timers": "SELECT since, timer, due FROM timers WHERE person = ? ORDER BY due",
    "resting timers": "SELECT since, timer, due FROM resting WHERE person = ? ORDER BY due",
    "what happened": (
        "SELECT at, turn, kind, what, flow, version, state, tries, lands, mark FROM log WHERE person = ?"
        " ORDER BY number"
    ),
}
"""A question for each part of a copy; the one `?` is the person."""


async def export(connection: aiosqlite.Connection, vault: Vault, person: str) -> Mapping[str, object]:
    """Read every row of a person, by table, in words."""
    sql = "SELECT key FROM persons WHERE id = ?"
    tables: dict[str, object] = {}
    for (key,) in await connection.execute_fetchall(sql, (person,)):
        seal = vault.seal_of(person, key)
        for table, question in TABLES.items():
            rows = [readable(seal, row) for row in await _rows(connection, question, person)]
            if rows:  # a sealed address has no order of its own
                tables[table] = sorted(rows, key=str) if table == "addresses" else rows
    return tables


async def _rows(connection: aiosqlite.Connection, sql: str, person: str) -> list[dict[str, object]]:
    cursor = await connection.execute(sql, (person,))
    names = [column[0] for column in cursor.description]
    return [dict(zip(names, row, strict=True)) for row in await cursor.fetchall()]


def readable(seal: Seal, row: dict[str, object]) -> dict[str, object]:
    """Open what is sealed in a row, and write its times as words."""
    plain: dict[str, object] = {}
    for name, value in row.items():
        if isinstance(value, bytes):
            plain |= _opened(name, seal.open(name, value))
        elif name in ("at", "due") and isinstance(value, int):
            plain[name] = from_micros(value).isoformat()
        else:
            plain[name] = value
    return plain


def _opened(name: str, opened: bytes) -> dict[str, object]:
    if name == "address":
        where = disclose(opened)
        return {"platform": where.platform, "chat": where.chat}
    plain = json.loads(opened)
    if name == "message":
        del plain["platform"], plain["chat"]
    return {name: plain}
