"""The store that the settings name, opened for as long as an operator works in it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from bot.errors import OperatorError
from bot.run import chosen
from bot.runtime.ports import Store
from bot.settings import Settings
from bot.storage.keyfile import Keyring
from bot.storage.opening import operator_keys, standing


@asynccontextmanager
async def opened(settings: Settings, keys: Keyring) -> AsyncIterator[Store]:
    """Open the store that the settings name, for as long as an operator works in it."""
    store = chosen(settings, keys)
    await store.open()
    try:
        yield store
    finally:
        await store.close()


def keys_of(settings: Settings) -> Keyring:
    """Return the keys of a database that is there: none is made for one that is not."""
    if not settings.db_url:
        standing(settings.db)
    return operator_keys(settings.db, settings.keys())


def file_only(settings: Settings, instead: str) -> None:
    """Refuse what is done to a file where a PostgreSQL is in use, and name what to use `instead`."""
    if settings.db_url:
        raise OperatorError(f"this is for the SQLite file; with LOWTIDE_DB_URL use {instead}")
