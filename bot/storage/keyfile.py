"""The operator's keys: given in the environment, or in a private file beside the database.

The file holds whole keys one after the other, the newest first; what older ones wrapped can still be read.
"""

from __future__ import annotations

import os
import secrets
from dataclasses import dataclass, field
from pathlib import Path

from bot.errors import StoreError, reason
from bot.storage.sealing import KEY, derive

MOST = 8
"""Keys in a file at most: more is no file of ours."""


@dataclass(frozen=True, slots=True)
class Keyring:
    """Hold the operator's keys, newest first, and the file they came from."""

    keys: tuple[bytes, ...] = field(repr=False)
    path: Path | None = None

    @property
    def signing(self) -> bytes:
        """Make the key that signs buttons."""
        return derive(self.keys[0], "buttons")

    def again(self) -> tuple[bytes, ...]:
        """Read the keys once more: another process may have added one."""
        return read_keys(self.path) if self.path else self.keys


def keyring(database: Path, given: tuple[bytes, ...] = (), made: bool = False) -> Keyring:
    """Return the keys of a database: those given, or those of the file beside it, which is made at need.

    `made` says that the database is there and sealed already: then no other key will do, and none is made.

    Raises:
        StoreError: the file cannot be read or made, is not there, or does not hold keys.
    """
    if given:
        return Keyring(given)
    path = key_path(database)
    try:
        if not path.exists():
            if made:
                raise _missing(path, database)
            write_keys(path, (secrets.token_bytes(KEY),))
        path.chmod(0o600)
        return Keyring(read_keys(path), path)
    except OSError as error:
        raise _unusable(path, error) from None


def key_path(database: Path) -> Path:
    """Name the file that holds the keys of a database."""
    return database.with_name(f"{database.name}.key")


def write_keys(path: Path, keys: tuple[bytes, ...], instead: bool = False) -> None:
    """Write keys to a private file; those that are there stay, unless the new ones come `instead`."""
    write_private(path, b"".join(keys), instead)  # another start may be first, and its key is as good


def write_private(path: Path, content: bytes, instead: bool = False) -> bool:
    """Write a file for this user alone aside and then name it, so that a crash never leaves half of one.

    A file that is there stays, unless the new one comes `instead`; return whether it was written.
    """
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    aside = path.with_name(f"{path.name}.{os.getpid()}.{secrets.token_hex(4)}")
    descriptor = os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        if instead:
            aside.replace(path)
        else:
            os.link(aside, path)
    except FileExistsError:
        return False
    finally:
        aside.unlink(missing_ok=True)
    return True


def read_keys(path: Path) -> tuple[bytes, ...]:
    """Read the keys of a file.

    Raises:
        StoreError: it holds something else.
        OSError: it cannot be read.
    """
    text = path.read_bytes()
    if not text or len(text) % KEY or len(text) > MOST * KEY:
        raise StoreError(f"{path}: this is no key; put it back from a backup")
    return tuple(text[start : start + KEY] for start in range(0, len(text), KEY))


def _missing(path: Path, database: Path) -> StoreError:
    return StoreError(
        f"{path}: the key of {database} is missing; put it back from a backup, or set LOWTIDE_KEY: without "
        "it nobody can read what is kept (nothing was changed)"
    )


def _unusable(path: Path, error: OSError) -> StoreError:
    return StoreError(
        f"{path}: the key cannot be read or made ({reason(error)}); give this user the right to"
    )
