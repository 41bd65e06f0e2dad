"""What a release before sealing kept in clear is sealed once, at the first start after it, and wiped."""

from __future__ import annotations

import json

from bot.dialogue.retention import KEEP
from bot.runtime.messages import Address, Outgoing
from bot.storage.pen import Pen, Row
from bot.storage.rows import DAY, enclose, unpack

_CHILDREN = ("updates", "outbox", "reached", "timers", "resting", "addresses", "heard")
_WIPE = "wipe"
"""A row of the vault: what was readable is dropped, and its pages are still to be written over."""


def seal_plain(pen: Pen) -> None:
    """Move all rows that are kept in clear to where they are sealed, and drop where they were."""
    if not pen.run("SELECT 1 FROM sqlite_master WHERE name = 'plain_persons'"):
        return
    for row in pen.run("SELECT id, platform, chat, revision, session FROM plain_persons"):
        _person(pen, row)
    for row in pen.run("SELECT platform, chat, person FROM plain_addresses"):
        address = Address(*row[:2])
        sealed = (pen.vault.place(address), row[2], pen.address(row[2], address))
        pen.run("INSERT INTO addresses VALUES (?, ?, ?)", sealed)
    for fingerprint, at in pen.run("SELECT fingerprint, at FROM plain_updates"):
        pen.run("INSERT INTO updates VALUES (?, ?)", (pen.vault.farewell(fingerprint), at - at % DAY))
    _messages(pen)
    for table in ("reached", "timers", "resting"):
        pen.run(f"INSERT INTO {table} SELECT * FROM plain_{table}")  # noqa: S608  names of ours
    pen.run(
        "INSERT OR IGNORE INTO timers SELECT id, 0, ?, CAST(strftime('%s', 'now') AS INTEGER) * 1000000"
        " FROM persons",
        (KEEP,),
    )
    for platform, chat, channel, last in pen.run("SELECT platform, chat, channel, last FROM plain_heard"):
        place, where = pen.vault.place(Address(platform, chat)), json.dumps([chat, channel]).encode()
        pen.run(
            "INSERT INTO heard VALUES (?, ?, ?, ?)", (place, platform, last, pen.vault.seal("heard", where))
        )
    for table in (*_CHILDREN, "persons"):
        pen.run(f"DROP TABLE plain_{table}")
    pen.run("INSERT INTO vault VALUES (?, x'')", (_WIPE,))


def _person(pen: Pen, row: Row) -> None:
    person, platform, chat, revision, session = row
    address, (key, seal) = Address(platform, chat), pen.vault.new_key(person)
    sealed = (key, seal.seal("address", enclose(address)), seal.seal("session", session.encode()))
    sql = "INSERT INTO persons (id, place, revision, key, address, session) VALUES (?, ?, ?, ?, ?, ?)"
    pen.run(sql, (person, pen.vault.place(address), revision, *sealed))
    pen.vault.remember(person, seal)


def _messages(pen: Pen) -> None:
    sql = "SELECT number, key, person, platform, chat, turn, message FROM plain_outbox ORDER BY number"
    for number, key, person, platform, chat, turn, plain in pen.run(sql):
        where = {"platform": platform, "chat": chat}
        message: Outgoing = unpack(key, turn, json.dumps(json.loads(plain) | where).encode())
        place, sealed = pen.vault.place(message.address), pen.sealed(person, message)
        row = (number, key, person, platform, place, turn, None, sealed)
        pen.run("INSERT INTO outbox VALUES (?, ?, ?, ?, ?, ?, ?, ?)", row)


def wipe(pen: Pen) -> None:
    """Write over what was readable, in the file and its log, if that has not been done."""
    if pen.run("SELECT 1 FROM vault WHERE name = ?", (_WIPE,)):
        pen.run("VACUUM")
        pen.run("DELETE FROM vault WHERE name = ?", (_WIPE,))
        pen.run("PRAGMA wal_checkpoint(TRUNCATE)")
