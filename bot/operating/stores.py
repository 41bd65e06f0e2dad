"""The store that the settings name, opened for as long as an operator works in it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from bot.errors import OperatorError
from bot.runtime.ports import Store
from bot.settings import Settings
from bot.storage import postgres_peeking
from bot.storage.keyfile import Keyring
from bot.storage.opening import operator_keys, standing
from bot.storage.peeking import Peek, peek
from bot.storage.postgres_peeking import PostgresPeek


@asynccontextmanager
async def opened(settings: Settings, keys: Keyring) -> AsyncIterator[Store]:
    """Open the store that the settings name, for as long as an operator works in it."""
    from bot.run import chosen  # noqa: PLC0415  a copy of a file needs no part of the service

    store = chosen(settings, keys)
    await store.open()
    try:
        yield store
    finally:
        await store.close()


@asynccontextmanager
async def peeked(settings: Settings) -> AsyncIterator[Peek | PostgresPeek]:
    """Look into the store that the settings name, beside whoever uses it; nothing is changed."""
    keys = keys_of(settings)
    url = settings.db_url
    async with postgres_peeking.peek(url.reveal(), keys) if url else peek(settings.db, keys) as kept:
        yield kept


def keys_of(settings: Settings) -> Keyring:
    """Return the keys of a database that is there: none is made for one that is not."""
    if not settings.db_url:
        standing(settings.db)
    return operator_keys(settings.db, settings.keys())


def file_only(settings: Settings, instead: str) -> None:
    """Refuse what is done to a file where a PostgreSQL is in use, and name what to use `instead`."""
    if settings.db_url:
        raise OperatorError(f"this is for the SQLite file; with LOWTIDE_DB_URL use {instead}")
