"""A new key of the operator: what an older one wrapped is wrapped again, a few rows at a time, in use."""

from __future__ import annotations

import secrets
from pathlib import Path

from bot.errors import StoreError
from bot.storage.custody import visiting
from bot.storage.keyfile import MOST, Keyring, write_keys
from bot.storage.locking import Lock
from bot.storage.pen import Pen
from bot.storage.sealing import KEY

TOGETHER = 500
"""Rows wrapped in one transaction, so that a running process never waits long."""


def rotate(path: Path, ring: Keyring) -> bool:
    """Make a new key where the keys are ours to write, and wrap everything under the newest.

    A running process finds the new key in the file when it meets what was wrapped with it. Return whether the
    older keys are gone: they stay while a process is running, which may still use one for somebody new.

    Raises:
        StoreError: the keys or the database cannot be used.
    """
    if ring.path:
        ring = _with_a_new_one(ring, ring.path)
    _wrap_all(path, ring)
    lock = Lock(path)
    try:
        lock.take(0)
    except StoreError:
        return False
    try:
        _wrap_all(path, ring)
        if ring.path:
            write_keys(ring.path, ring.keys[:1], instead=True)
    finally:
        lock.free()
    return True


def _with_a_new_one(ring: Keyring, path: Path) -> Keyring:
    if len(ring.keys) == MOST:
        raise StoreError(f"{path}: it holds {MOST} keys; stop lowtide and rotate once, which drops old ones")
    keys = (secrets.token_bytes(KEY), *ring.keys)
    write_keys(path, keys, instead=True)
    return Keyring(keys, path)


def _wrap_all(path: Path, ring: Keyring) -> None:
    after: str | None = ""
    with visiting(path, ring) as pen:
        _wrap_ours(pen)
    while after is not None:
        with visiting(path, ring) as pen:
            after = _wrap_some(pen, after)


def _wrap_ours(pen: Pen) -> None:
    """Wrap what belongs to no person: the root, farewells, places of chats."""
    for (root,) in pen.run("SELECT sealed FROM vault WHERE name = 'root'"):
        pen.run("UPDATE vault SET sealed = ? WHERE name = 'root'", (pen.vault.rewrap_root(root),))
    for number, sealed in pen.run("SELECT number, message FROM outbox WHERE person IS NULL"):
        again = pen.vault.seal("message", pen.vault.open("message", sealed))
        pen.run("UPDATE outbox SET message = ? WHERE number = ?", (again, number))
    for place, sealed in pen.run("SELECT place, chat FROM heard"):
        again = pen.vault.seal("heard", pen.vault.open("heard", sealed))
        pen.run("UPDATE heard SET chat = ? WHERE place = ?", (again, place))


def _wrap_some(pen: Pen, after: str) -> str | None:
    """Wrap the keys of the next persons; return the last of them, None at the end."""
    sql = "SELECT id, key FROM persons WHERE id > ? ORDER BY id LIMIT ?"
    rows = pen.run(sql, (after, TOGETHER))
    wrapped = [(pen.vault.rewrap(person, key), person) for person, key in rows]
    pen.each("UPDATE persons SET key = ? WHERE id = ?", [row for row in wrapped if row[0]])
    return rows[-1][0] if rows else None
