"""What is kept: the settings file, the key, and the database, each looked at and left as it is."""

from __future__ import annotations

import os
import stat
from pathlib import Path

from bot.adapters.checkup import Finding
from bot.errors import StoreError, reason
from bot.operating.reports import parted
from bot.settings import Settings
from bot.settings.envfile import default_file
from bot.storage.keyfile import Keyring, key_path, read_keys
from bot.storage.locking import holder
from bot.storage.opening import check, fits, migrations, sealed_root

_ELSEWHERE = "put it back from where you keep it: without it nobody can ever read what is kept"


def file(settings: Settings) -> Finding:
    """Tell which settings file was read, and who else may read it."""
    path = settings.file
    if path is None:
        found = f"none at {default_file()}; the environment alone"
        return Finding("settings file", True, found, "`lowtide init` writes one, --settings FILE names yours")
    if settings.secrets() and path.stat().st_mode & stat.S_IRGRP:
        return Finding(
            "settings file", True, f"{path}; its group can read it", f"chmod 600 {path}, unless it has to"
        )
    return Finding("settings file", True, str(path))


def key(settings: Settings) -> Finding:
    """See that the key is there, closed to others, and opens the database."""
    path, given = key_path(settings.db), settings.keys()
    try:
        if not given and not path.exists():
            return _no_key(settings, path)
        if not given and path.stat().st_mode & (stat.S_IRWXG | stat.S_IRWXO):
            return Finding("key", False, f"{path} is open to others", f"chmod 600 {path}")
        ring = Keyring(given) if given else Keyring(read_keys(path), path)
        fits(settings.db, ring)
    except OSError as error:
        return Finding(
            "key", False, f"{path} cannot be read ({reason(error)})", "give this user the right to"
        )
    except StoreError as error:
        return Finding("key", False, *parted(str(error)))
    where = "it is in LOWTIDE_KEY" if given else f"{path}, for this user alone"
    return Finding("key", True, f"{where}. Is a copy of it somewhere else?")


def _no_key(settings: Settings, path: Path) -> Finding:
    if sealed_root(settings.db) is not None:
        return Finding("key", False, f"{path} is missing", f"{_ELSEWHERE}; or set LOWTIDE_KEY")
    if settings.db_url:
        mend = f"start one, then copy {path} to the others; or set the same LOWTIDE_KEY for all"
        return Finding("key", True, "none yet; the first replica makes one", mend)
    return Finding("key", True, f"none yet; the first start makes {path}")


def database(settings: Settings) -> Finding:
    """See that the file is sound, of a version we know, and can be written."""
    path = settings.db
    if settings.db_url:
        return Finding("database", True, "a PostgreSQL, and no file")
    if not path.exists():
        return _no_database(path)
    if not os.access(path, os.R_OK | os.W_OK) or not os.access(path.parent, os.W_OK):
        mend = "give this user the right to write the file and its folder"
        return Finding("database", False, f"{path} cannot be written", mend)
    try:
        version = check(path)
    except StoreError as error:
        return Finding("database", False, *parted(str(error)))
    known = len(migrations())
    if version < known:
        mend = f"`lowtide upgrade` makes a copy and brings it to version {known}"
        return Finding("database", True, f"{path} is sound, of version {version}", mend)
    return Finding("database", True, f"{path} is sound, of version {version}")


def _no_database(path: Path) -> Finding:
    place = next(one for one in path.absolute().parents if one.exists())
    if not os.access(place, os.W_OK | os.X_OK):
        mend = f"give this user the right to write {place}, or name another place with LOWTIDE_DB"
        return Finding("database", False, f"{path} cannot be made", mend)
    return Finding("database", True, f"none yet; the first start makes {path}")


def service(settings: Settings) -> Finding:
    """Tell whether a process of this machine serves with the database."""
    process = holder(settings.db)
    found = f"it runs (process {process})" if process else "it does not run"
    if settings.db_url:
        found = "which replicas run is not seen from here"
    return Finding("service", True, found)
