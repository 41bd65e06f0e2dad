"""A service whose flows are not live any more is silent, and goes on by itself when they are again."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.settings import Secret
from bot.storage.postgres import PostgresStore
from tests.adapters.telegram_server import TelegramServer
from tests.serving import serving, settings
from tests.storage.conftest import KEYS

CHAT = 100


@pytest.fixture
async def others(url: str) -> AsyncIterator[PostgresStore]:
    """Give the store as another replica holds it."""
    store = PostgresStore(url, KEYS)
    await store.open()
    yield store
    await store.close()


async def test_a_replica_retires_when_others_go_live_and_comes_back_with_its_own(
    url: str, others: PostgresStore, tmp_path: Path
) -> None:
    async with TelegramServer() as server:
        chosen = settings(tmp_path, server, db_url=Secret(url), lease=1.0)
        async with serving(chosen) as service:
            replica, ours = service.replica, await others.live()
            assert replica
            await server.until(lambda: replica.duties()["telegram"])
            await others.go_live({**ours, "start": "99 other"})
            await server.until(lambda: replica.retired and not any(replica.duties().values()))
            server.say(CHAT, "hello")
            ready = [(await service.health.look()).ready]
            silent = [*server.shown(CHAT)]

            await others.go_live(ours)
            await server.until(lambda: server.shown(CHAT), 30)
            ready.append((await service.health.look()).ready)

    assert (silent, replica.retired) == ([], False)
    assert ready == [False, True]
