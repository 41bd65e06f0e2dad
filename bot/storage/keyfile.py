"""The key that signs buttons: a private file beside the database, made at the first start and then kept."""

from __future__ import annotations

import contextlib
import os
import secrets
from pathlib import Path

from bot.errors import StoreError

LENGTH = 32
"""Bytes of a key."""


def key_beside(database: Path) -> bytes:
    """Read the key of a database, or make it; two that start at once get the same.

    Raises:
        StoreError: the file cannot be read or made, or does not hold a key.
    """
    path = database.with_name(f"{database.name}.key")
    try:
        if not path.exists():
            _make(path)
        key = path.read_bytes()
        path.chmod(0o600)
    except OSError as error:
        reason = (error.strerror or type(error).__name__).lower()
        raise StoreError(
            f"{path}: the key of the buttons cannot be read or made ({reason}); give this user the right to"
        ) from None
    if len(key) != LENGTH:
        raise StoreError(f"{path}: this is no key; put it back from a backup, or remove it to get another")
    return key


def _make(path: Path) -> None:
    """Write a whole key aside and then name it, so that a crash never leaves half of one."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    aside = path.with_name(f"{path.name}.{os.getpid()}.{secrets.token_hex(4)}")
    descriptor = os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(secrets.token_bytes(LENGTH))
            file.flush()
            os.fsync(file.fileno())
        with contextlib.suppress(FileExistsError):  # another start was first, and its key is as good
            os.link(aside, path)
    finally:
        aside.unlink()
