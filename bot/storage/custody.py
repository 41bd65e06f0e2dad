"""What an operator does with the file: copy it while it is in use, put a copy back, find somebody.

Nothing here takes the lock of a running process but `restore`: SQLite lets others read, and write in turn.
"""

from __future__ import annotations

import os
import secrets
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from bot.errors import StoreError
from bot.runtime.messages import Address
from bot.storage import statements
from bot.storage.faults import explain, is_damage, unusable
from bot.storage.keyfile import Keyring
from bot.storage.locking import Lock
from bot.storage.opening import check, standing, take_pen
from bot.storage.pen import Pen
from bot.storage.places import person_at

PATIENCE = 10.0
"""Seconds to wait for a running process to finish what it writes."""
_HEAD = b"SQLite format 3\0"
"""How every SQLite file begins that is not empty."""


@contextmanager
def visiting(path: Path, keys: Keyring) -> Iterator[Pen]:
    """Open a database that is there beside whoever uses it; everything inside is one transaction."""
    standing(path)
    try:
        pen = take_pen(path, PATIENCE, keys)
        try:
            pen.run("BEGIN IMMEDIATE")
            yield pen
            pen.run("COMMIT")
            pen.run("PRAGMA wal_checkpoint(TRUNCATE)")
        finally:
            pen.close()
    except sqlite3.Error as error:
        raise explain(error, path) from error


def backup(path: Path, target: Path) -> int:
    """Copy a database to a new private file, sealed as it is, and return how many persons it holds.

    The copy is of one moment: it is made in one go, from which writers are not kept.

    Raises:
        StoreError: there is no database, the target exists or cannot be written, or the copy is not sound.
    """
    standing(path)
    if target.exists():
        raise StoreError(f"{target}: it exists already; name a new file")
    aside = target.with_name(f"{target.name}.{secrets.token_hex(4)}")
    try:
        os.close(os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
        with (
            closing(sqlite3.connect(path, timeout=PATIENCE)) as source,
            closing(sqlite3.connect(aside)) as copy,
        ):
            source.backup(copy)
            copy.execute("PRAGMA journal_mode = DELETE")  # one file, and none beside it
            ((persons,),) = copy.execute("SELECT count(*) FROM persons").fetchall()
        check(aside)
        _settle(aside, target)
    except sqlite3.Error as error:
        whose = path if is_damage(error) else target
        raise explain(error, whose) from error
    except OSError as error:
        raise unusable(error, target, "name another place for the copy") from error
    finally:
        aside.unlink(missing_ok=True)
    return int(persons)


def _is_copy(source: Path) -> None:
    """Refuse what is no database, were it empty: SQLite would take an empty file for an empty database."""
    try:
        with source.open("rb") as file:
            head = file.read(len(_HEAD))
    except OSError as error:
        raise unusable(error, source, "give this user the right to read it") from error
    if head != _HEAD:
        raise StoreError(
            f"{source}: it is no copy of a database; name one of `lowtide backup` (nothing was changed)"
        )


def restore(path: Path, source: Path, keys: Keyring, replace: bool = False) -> None:
    """Put a copy in the place of a database that nobody is using.

    Raises:
        StoreError: a process uses it, one stands there and `replace` is not given, the copy is not sound, or
            the key does not open it.
    """
    standing(source)
    _is_copy(source)
    check(source)
    lock = Lock(path)
    lock.take(0)
    try:
        if path.exists() and path.stat().st_size and not replace:
            raise StoreError(f"{path}: a database is there; move it away, or say --replace to lose it")
        aside = path.with_name(f"{path.name}.{secrets.token_hex(4)}")
        try:
            shutil.copyfile(source, aside)
            aside.chmod(0o600)
            take_pen(aside, 0, keys).close()  # upgraded if it is old, and opened with the key
            check(aside)
            for beside in ("-wal", "-shm"):
                path.with_name(path.name + beside).unlink(missing_ok=True)
            _settle(aside, path)
        finally:
            for name in ("", "-wal", "-shm"):
                aside.with_name(aside.name + name).unlink(missing_ok=True)
    except sqlite3.Error as error:
        raise explain(error, source) from error
    except OSError as error:
        raise unusable(error, path) from error
    finally:
        lock.free()


def _settle(aside: Path, path: Path) -> None:
    """Name a whole file, once it is on the disk."""
    with aside.open("rb+") as file:
        os.fsync(file.fileno())
    aside.replace(path)
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def find(pen: Pen, who: str) -> str | None:
    """Return the id of a person named by it, or by `platform:chat`; None if nobody is there."""
    platform, _, chat = who.partition(":")
    if chat:
        return person_at(pen, pen.vault.place(Address(platform, chat)))
    rows = pen.run("SELECT id FROM persons WHERE id = ?", (who,))
    return rows[0][0] if rows else None


def forget(path: Path, keys: Keyring, who: str) -> bool:
    """Forget a person, beside whoever uses the file; False if nobody is there."""
    with visiting(path, keys) as pen:
        person = find(pen, who)
        if person:
            statements.forget(pen, person)
        return person is not None
