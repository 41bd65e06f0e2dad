"""Copies of the database, and its key: made, put back, and changed."""

from __future__ import annotations

from pathlib import Path

from bot.errors import OperatorError, StoreError
from bot.operating.stores import file_only, keys_of
from bot.settings import Settings
from bot.storage import custody
from bot.storage.keyfile import Keyring, keyring
from bot.storage.opening import fits, operator_keys
from bot.storage.rotation import rotate


def back_up(settings: Settings, target: Path) -> None:
    """Copy the database to a new file, and say what is in it and what is not."""
    file_only(settings, "pg_dump")
    persons = copied(settings.db, target)
    print(f"{target}: {persons}, sealed. Keep the key somewhere else: without it nobody can read this.")


def copied(db: Path, target: Path) -> str:
    """Copy a database, and say how many persons are in it."""
    count = custody.backup(db, target)
    return f"{count} person{'s'[: count != 1]}"


def restore(settings: Settings, source: Path, replace: bool) -> None:
    """Put a copy back; for a database that is gone no key is made, for it would open nothing."""
    file_only(settings, "pg_restore")
    there, given = settings.db.exists(), settings.keys()
    keys = operator_keys(settings.db, given) if there else keyring(settings.db, given, made=True)
    _see_fits(source, keys)
    custody.restore(settings.db, source, keys, replace)
    print(f"{settings.db}: restored from {source}. Whoever was forgotten since then is in it again.")


def _see_fits(source: Path, keys: Keyring) -> None:
    """Tell a key of another database, such as `lowtide init` makes on a new machine, before it is tried."""
    try:
        fits(source, keys)
    except StoreError:
        place = keys.path or "LOWTIDE_KEY"
        raise OperatorError(
            f"{source}: it was made under another key than {place}; put the key of the machine it was made "
            "on in its place, then restore again (nothing was changed)"
        ) from None


def rotate_key(settings: Settings) -> None:
    """Wrap everything under a new key."""
    file_only(settings, "a list of keys in LOWTIDE_KEY")
    keys = keys_of(settings)
    gone = rotate(settings.db, keys)
    if not keys.path:
        print("everything is under the first key of LOWTIDE_KEY; take out the others once all is restarted")
    elif gone:
        print(f"{keys.path}: a new key; the old ones are gone. Back it up.")
    else:
        print(f"{keys.path}: a new key; the old ones stay beside it while lowtide runs. Back it up.")
