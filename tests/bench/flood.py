"""One person sends 1,000 messages a second beside 100 normal ones. `python -m tests.bench.flood [SECONDS]`.

The real content over a real file; times are from an update's arrival to its commit. The others are measured
alone and beside the flood, in turn.
"""

from __future__ import annotations

import asyncio
import logging
import statistics
import sys
import tempfile
import time
from collections import Counter
from itertools import count
from pathlib import Path

from bot.app import App, build
from bot.content.library import Content, load
from bot.runtime.limits import Limits
from bot.runtime.messages import Address, Outgoing, Text, Update
from bot.settings import HOUSE, Settings
from bot.storage.sqlite import SqliteStore

NORMAL, FLOOD = 100, 1_000
"""Messages a second: of a hundred people together, and of one."""
ROUNDS = 3


class Nowhere:
    """Take everything that is said, and count the calls to slow down."""

    def __init__(self) -> None:
        self.slowed: Counter[str] = Counter()

    async def send(self, message: Outgoing) -> None:
        self.slowed[message.address.chat] += message.key.startswith("slow:")


async def second_by_second(app: App, numbers: count[int], seconds: float, flood: bool) -> list[float]:
    """Let everybody write for some seconds; return how long each of the hundred waited, in seconds."""
    waited: list[float] = []

    async def write(chat: str) -> None:
        began = time.perf_counter()
        await app.handle(
            Update(str(next(numbers)), Address("test", chat), None, Text(f"it is my sister {chat}"))
        )
        if chat != "flooder":
            waited.append(time.perf_counter() - began)

    async def at_pace(chats: list[str], rate: int) -> None:
        began, tasks = time.perf_counter(), set[asyncio.Task[None]]()
        for number in range(int(rate * seconds)):
            await asyncio.sleep(max(0.0, began + number / rate - time.perf_counter()))
            tasks.add(task := asyncio.create_task(write(chats[number % len(chats)])))
            task.add_done_callback(tasks.discard)
        await asyncio.gather(*tasks)

    people = [f"p{number}" for number in range(NORMAL)]
    crowd = [at_pace(people, NORMAL)] + ([at_pace(["flooder"], FLOOD)] if flood else [])
    await asyncio.gather(*crowd)
    return waited


def p99(waited: list[float]) -> float:
    return statistics.quantiles(waited, n=100)[98] * 1000


async def measured(content: Content, seconds: float) -> None:
    logging.basicConfig(level=logging.ERROR)
    with tempfile.TemporaryDirectory() as folder:
        settings, platform, numbers = Settings(Path(folder, "l.db")), Nowhere(), count()
        store, limits = SqliteStore(settings.db), {"test": Limits()}
        async with build(settings, content, store, {"test": platform}, limits=limits) as app:
            await second_by_second(app, numbers, 1.0, flood=True)
            ratios = []
            for number in range(ROUNDS):
                alone = p99(await second_by_second(app, numbers, seconds, flood=False))
                beside = p99(await second_by_second(app, numbers, seconds, flood=True))
                ratios.append(beside / alone)
                print(f"round {number + 1}: p99 alone {alone:.1f} ms, beside the flood {beside:.1f} ms")
            print(f"the others' p99 is {statistics.median(ratios):.2f} times as long beside the flood")
            await app.courier.settle()
        told, others = platform.slowed.pop("flooder", 0), platform.slowed.total()
        print(f"the flooder was told {told} times to slow down, the others {others} times")


if __name__ == "__main__":
    asyncio.run(measured(load(HOUSE / "flows", HOUSE / "prompts"), float((sys.argv[1:] or ["5"])[0])))
