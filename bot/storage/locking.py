"""One process a file: whoever comes second is told so, and changes nothing."""

from __future__ import annotations

import fcntl
import os
import time
from pathlib import Path

from bot.errors import StoreError
from bot.locks import locked
from bot.storage.faults import unusable

_PAUSE = 0.05


class Lock:
    """Hold a file beside the database locked; the system lets go of it when the process ends, however."""

    def __init__(self, database: Path) -> None:
        self._database = database
        self._descriptor: int | None = None

    def take(self, patience: float) -> None:
        """Lock, or wait so many seconds for the one before to end.

        Raises:
            StoreError: another process has it, or the file cannot be made.
        """
        path = self._database.with_name(f"{self._database.name}.lock")
        try:
            descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        except OSError as error:
            raise unusable(error, self._database) from error
        until = time.monotonic() + patience
        while not locked(descriptor):
            if time.monotonic() >= until:
                process = os.pread(descriptor, 20, 0).decode(errors="replace").strip()
                os.close(descriptor)
                raise _taken(self._database, process)
            time.sleep(_PAUSE)
        os.ftruncate(descriptor, 0)
        os.pwrite(descriptor, str(os.getpid()).encode(), 0)
        self._descriptor = descriptor

    def free(self) -> None:
        """Unlock; the file stays, so that nobody holds a lock on one that was removed."""
        if self._descriptor is not None:
            os.close(self._descriptor)
            self._descriptor = None


def holder(database: Path) -> str:
    """Return the number of the process that uses a database, or nothing; the lock is only looked at."""
    try:
        descriptor = os.open(database.with_name(f"{database.name}.lock"), os.O_RDONLY | os.O_CLOEXEC)
    except OSError:
        return ""
    try:
        fcntl.flock(descriptor, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return os.pread(descriptor, 20, 0).decode(errors="replace").strip() or "unknown"
    finally:
        os.close(descriptor)
    return ""


def _taken(database: Path, process: str) -> StoreError:
    return StoreError(
        f"{database}: another lowtide (process {process or 'unknown'}) is using this database; end that one "
        "first, or name another file with --db or LOWTIDE_DB (nothing was changed)"
    )
