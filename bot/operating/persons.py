"""What an operator does for one person: hand over what is kept of them, and forget them."""

from __future__ import annotations

import asyncio

from bot.errors import OperatorError
from bot.operating.stores import keys_of, opened
from bot.runtime.handover import outline
from bot.runtime.messages import Address
from bot.runtime.ports import Store
from bot.settings import Settings
from bot.storage import custody, exports
from bot.storage.keyfile import Keyring
from bot.storage.opening import connect


def forget(settings: Settings, who: str) -> None:
    """Forget the person with this id, or at this `platform:chat`."""
    keys = keys_of(settings)
    if settings.db_url:
        found = asyncio.run(_forget(settings, keys, who))
    else:
        found = custody.forget(settings.db, keys, who)
    if not found:
        raise _nobody(who)
    print("forgotten: the key is destroyed, and every row is gone. Copies made before still hold them.")


def hand_over(settings: Settings, who: str) -> None:
    """Print everything kept of the person with this id, or at this `platform:chat`."""
    keys = keys_of(settings)
    reading = (_export if settings.db_url else _export_file)(settings, keys, who)
    kept = asyncio.run(reading)
    if not kept:
        raise _nobody(who)
    print("\n".join(outline(kept)))


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


def _nobody(who: str) -> OperatorError:
    kind = "at this address" if ":" in who else "with this id"
    return OperatorError(f"nobody is kept {kind}; give the id, or platform:chat such as telegram:12345")
