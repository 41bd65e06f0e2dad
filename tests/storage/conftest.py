"""All stores, opened; every promise of the port is kept by each of them."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from bot.runtime.ports import Store
from bot.storage.keyfile import Keyring
from bot.storage.memory import MemoryStore
from bot.storage.postgres import PostgresStore
from bot.storage.sqlite import SqliteStore

Reopen = Callable[[Store], Awaitable[Store]]
KEYS = Keyring((b"k" * 32,))


@pytest.fixture(params=["memory", "sqlite", "postgres"])
async def store(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Store]:
    """Give an open, empty store of each kind."""
    async with _made(request, tmp_path) as made:
        await made.open()
        yield made
        await made.close()


@asynccontextmanager
async def _made(request: pytest.FixtureRequest, folder: Path) -> AsyncIterator[Store]:
    if request.param == "postgres":
        async with request.getfixturevalue("postgres").database() as url:
            yield PostgresStore(url, KEYS)
    else:
        yield MemoryStore() if request.param == "memory" else SqliteStore(folder / "lowtide.db")


@pytest.fixture
async def reopened(store: Store) -> AsyncIterator[Reopen]:
    """Close a store and open what it kept, as a new process would."""
    fresh: list[Store] = []

    async def again(old: Store) -> Store:
        await old.close()
        new = _twin(old)
        await new.open()
        fresh.append(new)
        return new

    yield again
    for one in fresh:
        await one.close()


def _twin(old: Store) -> Store:
    if isinstance(old, SqliteStore):
        return SqliteStore(old.path)
    return PostgresStore(old.url, KEYS) if isinstance(old, PostgresStore) else old
