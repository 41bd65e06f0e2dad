"""What an operator runs beside the service: copies, keys, and what is kept of one person."""

from __future__ import annotations

import asyncio
from argparse import Namespace
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from types import MappingProxyType

from bot.errors import OperatorError
from bot.run import chosen
from bot.runtime.handover import outline
from bot.runtime.messages import Address
from bot.runtime.ports import Store
from bot.settings import Settings
from bot.storage import custody, exports
from bot.storage.keyfile import Keyring, keyring
from bot.storage.opening import connect, operator_keys, standing
from bot.storage.rotation import rotate


def back_up(settings: Settings, target: Path) -> None:
    """Copy the database to a new file, and say what is in it and what is not."""
    _file_only(settings, "pg_dump")
    persons = custody.backup(settings.db, target)
    print(
        f"{target}: {persons} persons, sealed. Keep the key somewhere else: without it nobody can read this."
    )


def restore(settings: Settings, source: Path, replace: bool) -> None:
    """Put a copy back."""
    _file_only(settings, "pg_restore")
    keys = operator_keys(settings.db, settings.keys()) if settings.db.exists() else _keys_there(settings)
    custody.restore(settings.db, source, keys, replace)
    print(f"{settings.db}: restored from {source}. Whoever was forgotten since then is in it again.")


def rotate_key(settings: Settings) -> None:
    """Wrap everything under a new key."""
    _file_only(settings, "a list of keys in LOWTIDE_KEY")
    keys = _keys(settings)
    gone = rotate(settings.db, keys)
    if not keys.path:
        print("everything is under the first key of LOWTIDE_KEY; take out the others once all is restarted")
    elif gone:
        print(f"{keys.path}: a new key; the old ones are gone. Back it up.")
    else:
        print(f"{keys.path}: a new key; the old ones stay beside it while lowtide runs. Back it up.")


def forget(settings: Settings, who: str) -> None:
    """Forget the person with this id, or at this `platform:chat`."""
    keys = _keys(settings)
    if settings.db_url:
        found = asyncio.run(_forget(settings, keys, who))
    else:
        found = custody.forget(settings.db, keys, who)
    if not found:
        raise _nobody(who)
    print("forgotten: the key is destroyed, and every row is gone. Copies made before still hold them.")


def hand_over(settings: Settings, who: str) -> None:
    """Print everything kept of the person with this id, or at this `platform:chat`."""
    keys = _keys(settings)
    reading = (_export if settings.db_url else _export_file)(settings, keys, who)
    kept = asyncio.run(reading)
    if not kept:
        raise _nobody(who)
    print("\n".join(outline(kept)))


@asynccontextmanager
async def opened(settings: Settings, keys: Keyring) -> AsyncIterator[Store]:
    """Open the store that the settings name, for as long as an operator works in it."""
    store = chosen(settings, keys)
    await store.open()
    try:
        yield store
    finally:
        await store.close()


async def _forget(settings: Settings, keys: Keyring, who: str) -> bool:
    async with opened(settings, keys) as store:
        person = await _named(store, who)
        found = bool(await store.export(person))
        await store.forget(person)
    return found


async def _export(settings: Settings, keys: Keyring, who: str) -> object:
    async with opened(settings, keys) as store:
        return await store.export(await _named(store, who))


async def _named(store: Store, who: str) -> str:
    platform, _, chat = who.partition(":")
    return (await store.load(Address(platform, chat))).id if chat else who


async def _export_file(settings: Settings, keys: Keyring, who: str) -> object:
    """Read beside whoever uses the file."""
    with custody.visiting(settings.db, keys) as pen:
        person = custody.find(pen, who)
        vault = pen.vault
    connection = await connect(settings.db, custody.PATIENCE)
    try:
        return await exports.export(connection, vault, person) if person else {}
    finally:
        await connection.close()


def _keys(settings: Settings) -> Keyring:
    """Return the keys of a database that is there: none is made for one that is not."""
    if not settings.db_url:
        standing(settings.db)
    return operator_keys(settings.db, settings.keys())


def _keys_there(settings: Settings) -> Keyring:
    """Find the key for a database that is gone: none is made, for it would open nothing."""
    return keyring(settings.db, settings.keys(), made=True)


def _file_only(settings: Settings, instead: str) -> None:
    if settings.db_url:
        raise OperatorError(f"this is for the SQLite file; with LOWTIDE_DB_URL use {instead}")


def _nobody(who: str) -> OperatorError:
    kind = "at this address" if ":" in who else "with this id"
    return OperatorError(f"nobody is kept {kind}; give the id, or platform:chat such as telegram:12345")


ORDERS: Mapping[str, Callable[[Settings, Namespace], None]] = MappingProxyType(
    {
        "backup": lambda settings, given: back_up(settings, given.file),
        "restore": lambda settings, given: restore(settings, given.file, given.replace),
        "rotate-key": lambda settings, _: rotate_key(settings),
        "forget": lambda settings, given: forget(settings, given.who),
        "export": lambda settings, given: hand_over(settings, given.who),
    }
)
"""What is done, by the name of the command."""
