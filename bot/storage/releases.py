"""The SQL of what went live, and of where everybody stands when it does."""

from __future__ import annotations

from collections.abc import Mapping

import aiosqlite

from bot.runtime.standing import Standing
from bot.storage.pen import Pen
from bot.storage.sealing import Vault


async def sessions(connection: aiosqlite.Connection, vault: Vault, after: str, limit: int) -> Standing:
    """Read the sessions of the next persons, by id."""
    sql = "SELECT id, key, session FROM persons WHERE id > ? ORDER BY id LIMIT ?"
    rows = await connection.execute_fetchall(sql, (after, limit))
    return [(id, vault.seal_of(id, key).open("session", session).decode()) for id, key, session in rows]


async def live(connection: aiosqlite.Connection) -> Mapping[str, str]:
    """Read the version and structure of each flow that went live last."""
    rows = await connection.execute_fetchall("SELECT flow, version FROM live")
    return {row[0]: row[1] for row in rows}


def go_live(pen: Pen, versions: Mapping[str, str]) -> None:
    """Remember what is live now, in place of what was."""
    pen.run("DELETE FROM live")
    pen.each("INSERT INTO live (flow, version) VALUES (?, ?)", list(versions.items()))
