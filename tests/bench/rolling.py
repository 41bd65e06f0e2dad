"""Two replicas rolled to the next version of the flows, again and again under load, and what that cost.

`python -m tests.bench.rolling [ROLLS]`: real processes on one PostgreSQL, the usual lease, forty people who
go on without a pause and ten who wait in the middle of the first version until all is over.
"""

from __future__ import annotations

import asyncio
import sys
import tempfile
import time
from pathlib import Path

from bot.storage.postgres_leases import LEASE
from tests.adapters.telegram_server import TelegramServer
from tests.replicas.climbers import Climbers, house, settled
from tests.replicas.crowd import PATIENCE, Fleet, fleet
from tests.storage.postgres_server import cluster


async def roll(replicas: Fleet, crowd: Climbers, folder: Path, version: int) -> float:
    """Roll both replicas to a version, and return the seconds it took."""
    start = time.monotonic()
    replicas.house = house(settled(folder / f"v{version}", version))
    await replicas.stop(0)
    await replicas.start(0)
    await replicas.server.until(lambda: crowd.all_in(version), PATIENCE)
    await replicas.stop(1)
    await replicas.start(1)
    return time.monotonic() - start


async def soak(rolls: int) -> bool:
    with cluster(durable=True) as postgres, tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        first = house(settled(folder / "v1", 1))
        async with (
            postgres.database() as url,
            TelegramServer() as server,
            fleet(folder, server, url, webhook=True, count=2, lease=LEASE, house=first) as replicas,
        ):
            crowd = Climbers(server, range(100, 140), replicas.ports, {200 + n: n for n in range(10)})
            async with crowd.climbing():
                took = [await roll(replicas, crowd, folder, version) for version in range(2, rolls + 2)]
            wrong = crowd.wrong()
    print(f"{rolls} rolls of two replicas, {sum(crowd.said.values())} answers, {len(wrong)} people wrong")
    print(f"a roll took {max(took):.1f} s at most; the longest anybody waited was {crowd.longest:.1f} s")
    print("\n".join(wrong))
    return not wrong


if __name__ == "__main__":
    sys.exit(not asyncio.run(soak(int((sys.argv[1:] or ["5"])[0]))))
