"""Both stores, opened; every promise of the port is kept by each of them."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path

import pytest

from bot.runtime.ports import Store
from bot.storage.memory import MemoryStore
from bot.storage.sqlite import SqliteStore

Reopen = Callable[[Store], Awaitable[Store]]


@pytest.fixture(params=["memory", "sqlite"])
async def store(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Store]:
    """Give an open, empty store of each kind."""
    opened: Store = MemoryStore() if request.param == "memory" else SqliteStore(tmp_path / "lowtide.db")
    await opened.open()
    yield opened
    await opened.close()


@pytest.fixture
async def reopened(store: Store) -> AsyncIterator[Reopen]:
    """Close a store and open what it kept, as a new process would."""
    fresh: list[Store] = []

    async def again(old: Store) -> Store:
        await old.close()
        new = SqliteStore(old.path) if isinstance(old, SqliteStore) else old
        await new.open()
        fresh.append(new)
        return new

    yield again
    for one in fresh:
        await one.close()
