"""SIGKILL under load: how much is lost, and how much is said twice. `python -m tests.bench.kills [KILLS]`."""

from __future__ import annotations

import asyncio
import random
import signal
import sys
import tempfile
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from bot.app import build
from bot.content.library import Content, load
from bot.content.markup import plain
from bot.runtime.messages import Address, Command, Document, Outgoing, Update
from bot.settings import HOUSE, Settings
from bot.storage.memory import MemoryStore
from tests.adapters.telegram_server import TelegramServer
from tests.running import PATIENCE, environment, running, started

CHATS = range(100, 120)
QUIET = 3.0
"""Seconds without a send after which nothing more is expected: several times the pace of one chat."""


@dataclass(frozen=True)
class Toll:
    """What a number of kills cost, against the same conversation undisturbed."""

    kills: int
    updates: int
    expected: int
    lost: int
    twice: int

    def __str__(self) -> str:
        return (
            f"{self.kills} kills, {self.updates} updates, {self.expected} messages expected: "
            f"{self.lost} lost, {self.twice} said twice"
        )


async def undisturbed(content: Content, times: int) -> Counter[str]:
    """Return what one person is told who asks for help so often, through the real app."""
    told: list[str] = []

    class Recorder:
        async def send(self, message: Outgoing) -> None:
            told.append(message.name if isinstance(message, Document) else plain(message.text))

    anyone, settings = Address("telegram", "1"), Settings(Path("unused"))
    async with build(settings, content, MemoryStore(), {"telegram": Recorder()}) as app:
        app.courier.__init__(app.store, {"telegram": Recorder()}, app.clock, {})  # type: ignore[misc]
        await app.courier.start()
        for n in range(times):
            await app.handle(Update(str(n), anyone, None, Command("help")))
        await app.courier.settle()
    return Counter(told)


def told(server: TelegramServer, chat: int) -> Counter[str]:
    return Counter(message["text"] for message in server.shown(chat))


async def killed(database: Path, kills: int, seed: int = 1, chats: Sequence[int] = CHATS) -> Toll:
    """Let everybody write before each of so many starts, end each after a number of sends, and count."""
    chance = random.Random(seed)
    async with TelegramServer() as server:
        variables = environment(database, server)
        for _ in range(kills):
            for chat in chats:
                server.say(chat, "/help")
            await _one_life(server, variables, chance.randrange(1, len(chats)))
        async with running(variables) as last:
            await quiet(server)
            await last.end(signal.SIGTERM)
        expected = await undisturbed(load(HOUSE / "flows", HOUSE / "prompts"), kills)
        lost = sum((expected - told(server, chat)).total() for chat in chats)
        twice = sum((told(server, chat) - expected).total() for chat in chats)
        return Toll(kills, kills * len(chats), expected.total() * len(chats), lost, twice)


async def _one_life(server: TelegramServer, variables: dict[str, str], sends: int) -> None:
    one, enough = await started(variables), len(server.called("sendMessage")) + sends
    await server.until(lambda: len(server.called("sendMessage")) >= enough, PATIENCE)
    assert await one.end(signal.SIGKILL) == -signal.SIGKILL


async def quiet(server: TelegramServer) -> None:
    """Wait until all updates are confirmed and nothing is said any more."""
    before = -1
    while server.updates or len(server.called("sendMessage")) != before:
        before = len(server.called("sendMessage"))
        await asyncio.sleep(QUIET)


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as folder:
        print(asyncio.run(killed(Path(folder, "l.db"), int((sys.argv[1:] or ["100"])[0]))))
