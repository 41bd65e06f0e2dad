"""The SQL of a copy of everything that is kept of a person."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from bot.storage.exports import TABLES, readable
from bot.storage.sealing import Vault

if TYPE_CHECKING:
    import asyncpg


async def export(connection: asyncpg.Connection, vault: Vault, person: str) -> Mapping[str, object]:
    """Read every row of a person, by table, in words."""
    tables: dict[str, object] = {}
    async with connection.transaction(isolation="repeatable_read", readonly=True):
        key = await connection.fetchval("SELECT key FROM persons WHERE id = $1", person)
        if key is None:
            return {}
        seal = vault.seal_of(person, key)
        for table, sql in TABLES.items():
            found = await connection.fetch(sql.replace("?", "$1"), person)
            rows = [readable(seal, dict(row)) for row in found]
            if rows:  # a sealed address has no order of its own
                tables[table] = sorted(rows, key=str) if table == "addresses" else rows
    return tables
