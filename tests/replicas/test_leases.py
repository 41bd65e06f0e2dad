"""One replica at a time: a lease moves when its owner goes, and never belongs to two."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager

import asyncpg
import pytest

from bot.storage.postgres_leases import PostgresLeases
from bot.storage.postgres_opening import migrations
from tests.storage.postgres_server import Cluster

LEASE = 1.2
POST = frozenset({"telegram"})


@pytest.fixture
async def ready(url: str) -> AsyncIterator[str]:
    """Give a database that has our tables."""
    connection = await asyncpg.connect(url)
    await connection.execute(migrations()[0])
    yield url
    await connection.close()


@asynccontextmanager
async def replicas(url: str, count: int) -> AsyncIterator[list[PostgresLeases]]:
    """Let so many replicas try for one lease, the first of them first."""
    async with AsyncExitStack() as stack:
        found = []
        for _ in range(count):
            one = PostgresLeases(url, LEASE)
            await one.start(POST)
            stack.push_async_callback(one.stop)
            found.append(one)
        yield found


async def until(true: Callable[[], object]) -> None:
    async with asyncio.timeout(30):
        while not true():  # noqa: ASYNC110  a test may wait for anything
            await asyncio.sleep(0.005)


def epochs(found: list[PostgresLeases]) -> list[int | None]:
    return [one.epoch("telegram") for one in found]


async def cut(url: str) -> None:
    """End every session on a database but this one, as a failing network does."""
    connection = await asyncpg.connect(url)
    sql = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database()"
    await connection.fetch(f"{sql} AND pid <> pg_backend_pid()")
    await connection.close()


async def test_of_several_replicas_one_has_the_lease(ready: str) -> None:
    async with replicas(ready, 3) as found:
        assert epochs(found) == [1, None, None]


async def test_a_lease_that_is_given_back_is_taken_by_another_with_a_higher_epoch(ready: str) -> None:
    async with replicas(ready, 2) as (first, second):
        await first.stop()
        await until(lambda: second.epoch("telegram"))

        assert epochs([first, second]) == [None, 2]


async def test_a_lease_nobody_tries_for_is_nobodys(ready: str) -> None:
    async with replicas(ready, 1) as (one,):
        assert one.epoch("discord") is None


async def test_an_owner_that_falls_silent_loses_the_lease_before_another_gets_it(ready: str) -> None:
    async with replicas(ready, 2) as found:
        first, second = found
        together: list[list[int | None]] = []
        hang(first)

        await until(lambda: together.append(epochs(found)) or second.epoch("telegram"))

        assert [1, 2] not in together
        assert together[-1] == [None, 2]


def is_past(moment: list[int | None], least: int) -> bool:
    return any(one is not None and one >= least for one in moment)


def hang(one: PostgresLeases) -> None:
    """Let a replica beat no more and keep its connection, as a process that hangs does."""
    assert one._task
    one._task.cancel()


async def test_an_owner_whose_line_is_cut_knows_at_once_and_goes_on_under_a_new_epoch(ready: str) -> None:
    async with replicas(ready, 1) as found:
        seen = [found[0].epoch("telegram")]
        await cut(ready)
        await until(lambda: seen.append(found[0].epoch("telegram")) or seen[-1] == 2)

        assert seen[0] == 1
        assert None in seen


async def test_no_two_trust_themselves_while_all_lines_are_cut_again_and_again(ready: str) -> None:
    together: list[list[int | None]] = []
    async with replicas(ready, 3) as found:
        for number in range(1, 4):
            await until(lambda least=number: together.append(epochs(found)) or is_past(together[-1], least))
            await cut(ready)

    assert all(sum(one is not None for one in moment) <= 1 for moment in together)


async def test_the_lease_is_taken_up_again_when_the_server_is_back(ready: str, postgres: Cluster) -> None:
    if postgres.ours is None:
        pytest.skip("a real server is not ours to stop")
    async with replicas(ready, 1) as (one,):
        await postgres.crash()
        await until(lambda: one.epoch("telegram") is None)
        await postgres.start()
        await until(lambda: one.epoch("telegram"))

        assert one.epoch("telegram") == 2
