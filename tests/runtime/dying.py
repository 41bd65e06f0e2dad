"""A process that takes a text and may die sending: `python -m tests.runtime.dying DB FLOWS WHEN TEXT`."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from pathlib import Path

from bot.app import build
from bot.content.library import load
from bot.runtime.clocks import VirtualClock
from bot.runtime.messages import Outgoing, Text, Update
from bot.settings import Settings
from bot.storage.sqlite import SqliteStore
from tests.runtime.worlds import ANNA, NOON


class Dying:
    """Print what is sent, and die at a send: `before 1` the first, `after 2` the second."""

    def __init__(self, when: str) -> None:
        self.when, self.sent = when, 0

    async def send(self, message: Outgoing) -> None:
        self.sent += 1
        self.maybe_die("before")
        sys.stdout.write(f"{message.key} {message.text}\n")
        sys.stdout.flush()
        self.maybe_die("after")

    def maybe_die(self, now: str) -> None:
        if self.when == f"{now} {self.sent}":
            os.kill(os.getpid(), signal.SIGKILL)


async def main(database: str, house: str, when: str, text: str) -> None:
    content = load(Path(house, "flows"), Path(house, "prompts"))
    store, platform = SqliteStore(Path(database)), Dying(when)
    app = build(Settings(Path(database)), content, store, {"test": platform}, clock=VirtualClock(NOON))
    async with app:
        await app.handle(Update(text, ANNA, None, Text(text)))
        await app.settle()


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
