"""What SQLite complains of, told to an operator: where, what, and how to mend it."""

from __future__ import annotations

import sqlite3
from pathlib import Path

from bot.errors import StoreError, reason

_BACKUP = "put a backup in its place: lowtide restore COPY --replace"
_MENDS = {
    sqlite3.SQLITE_BUSY: ("is locked by another process", "end the other lowtide that uses this file"),
    sqlite3.SQLITE_LOCKED: ("is locked by another process", "end the other lowtide that uses this file"),
    sqlite3.SQLITE_READONLY: ("cannot be written", "give this user the right to write the file and folder"),
    sqlite3.SQLITE_CANTOPEN: ("cannot be opened", "check that the folder exists and belongs to this user"),
    sqlite3.SQLITE_PERM: ("may not be opened", "give this user the right to read and write the file"),
    sqlite3.SQLITE_NOTADB: ("is not a database", "point LOWTIDE_DB at another path, or move that file away"),
    sqlite3.SQLITE_CORRUPT: ("is damaged", _BACKUP),
    sqlite3.SQLITE_FULL: ("has no room to grow", "free some space on its disk"),
    sqlite3.SQLITE_IOERR: ("could not be read or written", "check its disk"),
}


def is_damage(error: sqlite3.Error) -> bool:
    """Tell whether the file that was read is at fault, and not the one that was to be written."""
    code = getattr(error, "sqlite_errorcode", None) or 0
    return code & 0xFF in {sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB}


def explain(error: sqlite3.Error, path: Path) -> StoreError:
    """Turn an error of SQLite into one that says what to do. It never quotes a value."""
    code = getattr(error, "sqlite_errorcode", None)
    what, mend = _MENDS.get((code or 0) & 0xFF, ("refused an order", "tell the authors of Lowtide"))
    name = getattr(error, "sqlite_errorname", type(error).__name__)
    return StoreError(f"{path}: the database {what} ({name}); {mend}")


def unusable(error: OSError, path: Path, mend: str = "point LOWTIDE_DB elsewhere") -> StoreError:
    """Say why the file system would not let us have the file."""
    return StoreError(f"{path}: the database cannot be made or opened ({reason(error)}); {mend}")


def foreign(path: Path) -> StoreError:
    """Refuse a database that another program made."""
    return StoreError(
        f"{path}: it belongs to another program; point LOWTIDE_DB at another path (nothing was changed)"
    )


def too_new(path: Path, found: int, known: int) -> StoreError:
    """Refuse a database that a later release has upgraded."""
    return StoreError(
        f"{path}: the database has version {found}, this lowtide knows {known}; "
        "install the newer lowtide again, or go back to the copy that was made before the upgrade: "
        "lowtide restore COPY --replace (nothing was changed)"
    )


def damaged(path: Path) -> StoreError:
    """Refuse a database whose pages do not hold together."""
    return StoreError(f"{path}: the database is damaged; {_BACKUP} (nothing was changed)")
