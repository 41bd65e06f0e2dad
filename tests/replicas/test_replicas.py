"""Three real processes on one PostgreSQL, killed in turn: nothing is lost, doubled or out of order."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.adapters.telegram_server import TelegramServer
from tests.replicas.crowd import Crowd, Fleet, fleet, questions
from tests.storage.postgres_server import Cluster

HANDS = 8
"""Messages that may be on their way at once; each of them may have arrived without our knowing."""


@pytest.fixture
async def server() -> AsyncIterator[TelegramServer]:
    async with TelegramServer() as one:
        yield one


async def kill_in_turn(replicas: Fleet, crowd: Crowd, kills: int) -> None:
    """Kill one after the other while messages go out, and start each again."""
    for nth in range(kills):
        part = (nth + 1) / (kills + 1)
        await replicas.server.until(lambda part=part: crowd.part() >= part, 60)
        await replicas.kill(nth % 3)
        await replicas.start(nth % 3)


async def test_three_replicas_killed_in_turn_lose_double_and_disorder_nothing(
    server: TelegramServer, url: str, tmp_path: Path
) -> None:
    async with fleet(tmp_path, server, url, webhook=True) as replicas:
        crowd = Crowd(server, range(100, 112), list(questions())[:6], replicas.ports)
        asking = asyncio.create_task(crowd.ask())
        await kill_in_turn(replicas, crowd, kills=3)
        await asking
        await crowd.answered()
        toll = crowd.toll()

    assert (toll.lost, toll.disordered) == (0, 0)
    assert toll.twice <= 3 * HANDS


async def test_the_replica_that_polls_is_killed_and_another_polls_on(
    server: TelegramServer, url: str, tmp_path: Path
) -> None:
    async with fleet(tmp_path, server, url, webhook=False, count=2) as replicas:
        crowd = Crowd(server, range(100, 110), list(questions())[:3])
        crowd.poll()
        await server.until(lambda: crowd.part() >= 0.3, 60)
        await replicas.kill(0)
        await crowd.answered()
        toll = crowd.toll()

    assert (toll.lost, toll.disordered) == (0, 0)
    assert toll.twice <= HANDS


async def test_a_replica_that_hangs_is_replaced_and_sends_nothing_when_it_wakes(
    server: TelegramServer, url: str, tmp_path: Path
) -> None:
    async with fleet(tmp_path, server, url, webhook=True, count=2) as replicas:
        crowd = Crowd(server, range(100, 106), list(questions())[:3], replicas.ports[1:])
        asking = asyncio.create_task(crowd.ask())
        await server.until(lambda: crowd.part() >= 0.3, 60)
        replicas.hang(0)
        await asking
        await crowd.answered()
        sent = len(server.called("sendMessage"))
        replicas.wake(0)
        await replicas.until_told(0, b"not ours any more")
        toll = crowd.toll()

    assert (toll.lost, toll.disordered) == (0, 0)
    assert toll.twice <= HANDS
    assert len(server.called("sendMessage")) <= sent + HANDS


async def test_postgresql_falls_over_under_load_and_nothing_is_lost(
    server: TelegramServer, url: str, tmp_path: Path, postgres: Cluster
) -> None:
    if postgres.ours is None:
        pytest.skip("a real server is not ours to stop")
    async with fleet(tmp_path, server, url, webhook=True, count=2) as replicas:
        crowd = Crowd(server, range(100, 106), list(questions())[:4], replicas.ports)
        asking = asyncio.create_task(crowd.ask())
        await server.until(lambda: crowd.part() >= 0.3, 60)
        await postgres.crash()
        await postgres.start()
        await asking
        await crowd.answered()
        toll = crowd.toll()

    assert (toll.lost, toll.disordered) == (0, 0)
    assert toll.twice <= HANDS
