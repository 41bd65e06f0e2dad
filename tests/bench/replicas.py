"""Three replicas on one PostgreSQL, killed in turn for as long as you like, and what that cost.

`python -m tests.bench.replicas [KILLS]`: real processes, the usual lease, everybody asking without a pause.
"""

from __future__ import annotations

import asyncio
import sys
import tempfile
import time
from pathlib import Path

from bot.storage.postgres_leases import LEASE
from tests.adapters.telegram_server import TelegramServer
from tests.replicas.crowd import Crowd, Fleet, fleet, questions
from tests.storage.postgres_server import cluster

REPLICAS = 3


async def owner_moves(replicas: Fleet, nth: int) -> float:
    """Kill one, start it again, and return the seconds until somebody sends."""
    sent, start = len(replicas.server.called("sendMessage")), time.monotonic()
    await replicas.kill(nth)
    await replicas.server.until(lambda: len(replicas.server.called("sendMessage")) > sent, 60)
    silence = time.monotonic() - start
    await replicas.start(nth)
    return silence


async def soak(kills: int) -> None:
    with cluster(durable=True) as postgres, tempfile.TemporaryDirectory() as folder:
        async with (
            postgres.database() as url,
            TelegramServer() as server,
            fleet(Path(folder), server, url, webhook=True, count=REPLICAS, lease=LEASE) as replicas,
        ):
            crowd = Crowd(server, range(100, 200), list(questions()), replicas.ports)
            asking, silences = asyncio.create_task(crowd.ask()), list[float]()
            for nth in range(kills):
                part = (nth + 1) / (kills + 1)
                await server.until(lambda part=part: crowd.part() >= part, 600)
                silences.append(await owner_moves(replicas, nth % REPLICAS))
            await asking
            await crowd.answered()
            print(f"{kills} kills, lease of {LEASE:g} s: {crowd.toll()}")
            print(f"longest silence after a kill: {max(silences):.1f} s")


if __name__ == "__main__":
    asyncio.run(soak(int((sys.argv[1:] or ["6"])[0])))
