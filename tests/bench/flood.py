"""One person sends 1,000 messages a second beside 100 others. `python -m tests.bench.flood [SECONDS]`.

The real content over a real file, with the model of danger; times are from an update's arrival to its commit.
The others are measured alone and beside the flood, in turn. No text comes twice: nothing is remembered.
"""

from __future__ import annotations

import asyncio
import logging
import statistics
import sys
import tempfile
import time
from collections import Counter
from functools import partial
from itertools import count
from pathlib import Path

from bot.app import App, build, listener
from bot.content.library import Content, load
from bot.runtime.limits import Limits
from bot.runtime.messages import Address, Outgoing, Text, Update
from bot.sensing.loading import sense
from bot.settings import HOUSE, Settings
from bot.storage.sqlite import SqliteStore

PEOPLE, NORMAL, FLOOD = 100, 20, 1_000
"""How many there are; messages a second of all of them, each writing every five seconds, and of the one."""
ROUNDS = 3
LINES = (
    "it is my sister",
    "i do not feel like answering him",
    "we wrote every day and now i only look at it and put the phone away",
    "she would be better off with other friends",
    "i said i would call",
    "it is easier when nobody expects anything of me, and i know how that sounds",
)


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
        number = next(numbers)
        text = f"{LINES[number % len(LINES)]}, number {number}"
        await app.handle(Update(str(number), Address("test", chat), None, Text(text)))
        if chat != "flooder":
            waited.append(time.perf_counter() - began)

    async def at_pace(chats: list[str], rate: int) -> None:
        began, tasks = time.perf_counter(), set[asyncio.Task[None]]()
        for number in range(int(rate * seconds)):
            await asyncio.sleep(max(0.0, began + number / rate - time.perf_counter()))
            tasks.add(task := asyncio.create_task(write(chats[number % len(chats)])))
            task.add_done_callback(tasks.discard)
        await asyncio.gather(*tasks)

    people = [f"p{number}" for number in range(PEOPLE)]
    crowd = [at_pace(people, NORMAL)] + ([at_pace(["flooder"], FLOOD)] if flood else [])
    await asyncio.gather(*crowd)
    return waited


def p99(waited: list[float]) -> float:
    return statistics.quantiles(waited, n=100)[98] * 1000


async def welcome(app: App, numbers: count[int]) -> None:
    """Let everybody say hello, and that they are grown up: else nothing they say is kept."""
    for chat in [*(f"p{number}" for number in range(PEOPLE)), "flooder"]:
        for text in ("hello", "yes, i am over 18"):
            await app.handle(Update(str(next(numbers)), Address("test", chat), None, Text(text)))


async def measured(content: Content, seconds: float) -> None:
    logging.basicConfig(level=logging.ERROR)
    with tempfile.TemporaryDirectory() as folder:
        settings, platform, numbers = Settings(Path(folder, "l.db")), Nowhere(), count()
        store, limits = SqliteStore(settings.db), {"test": Limits()}
        ear = listener(settings, content)
        ear.warm()
        make = partial(build, settings, content, store, {"test": platform}, limits=limits)
        async with make(sense=sense(), listening=ear) as app:
            await welcome(app, numbers)
            await second_by_second(app, numbers, 1.0, flood=True)
            ratios = []
            for number in range(ROUNDS):
                alone = p99(await second_by_second(app, numbers, seconds, flood=False))
                beside = p99(await second_by_second(app, numbers, seconds, flood=True))
                ratios.append(beside / alone)
                print(f"round {number + 1}: p99 alone {alone:.1f} ms, beside the flood {beside:.1f} ms")
            print(
                f"the others' p99 is {statistics.median(ratios):.2f} times as long beside the flood (aim: 2)"
            )
            await app.courier.settle()
        told, others = platform.slowed.pop("flooder", 0), platform.slowed.total()
        print(f"the flooder was told {told} times to slow down, the others {others} times")


if __name__ == "__main__":
    asyncio.run(measured(load(HOUSE / "flows", HOUSE / "prompts"), float((sys.argv[1:] or ["15"])[0])))
