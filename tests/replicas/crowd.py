"""Many people who write to several replicas at once, and what they were told in the end.

Everybody asks why for one thing after the other, each with an answer of its own: so what was lost, said twice
or out of order shows in what they read.
"""

from __future__ import annotations

import asyncio
import random
import signal
import socket
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from functools import cache
from itertools import pairwise
from pathlib import Path
from types import MappingProxyType

from aiohttp import ClientError, ClientSession, ClientTimeout

from bot.content.markup import plain
from tests.adapters.telegram_server import TelegramServer
from tests.running import Running, environment, started
from tests.serving import content

SECRET = "hush"
PATIENCE = 120.0


ASKED = (
    *("ghosting feels easier", "so hard to press send", "small steps", "if then", "repair", "space is ok"),
    *("reach out", "a script", "growing apart is allowed", "is it them", "leave first", "fights"),
)
"""Plain questions: what sounds like danger is answered with a card."""


@cache
def questions() -> dict[str, str]:
    """Return what can be asked after /why, with the first line of each answer."""
    found = content().why.find
    return {asked: first_line(plain(content().why[str(found(asked))].title)) for asked in ASKED}


def first_line(text: str) -> str:
    return text.partition("\n")[0]


@dataclass(frozen=True)
class Toll:
    """What it cost: answers that were lost, said twice, or said before an earlier one."""

    answers: int
    lost: int
    twice: int
    disordered: int

    def __str__(self) -> str:
        wrong = f"{self.lost} lost, {self.twice} said twice, {self.disordered} out of order"
        return f"{self.answers} answers: {wrong}"


@dataclass
class Crowd:
    """Let `chats` ask `each` question after the other, of whichever replica takes it."""

    server: TelegramServer
    chats: Sequence[int]
    asked: Sequence[str]
    ports: Sequence[int] = ()
    chance: random.Random = field(default_factory=lambda: random.Random(1))

    async def ask(self) -> None:
        """Ask everything as Telegram's webhook would: an update comes again until somebody says 200."""
        async with ClientSession(timeout=ClientTimeout(10)) as session:
            await asyncio.gather(*(self._talk(session, chat) for chat in self.chats))

    def poll(self) -> None:
        """Ask everything, to be polled."""
        for question in self.asked:
            for chat in self.chats:
                self.server.say(chat, f"/why {question}")

    async def _talk(self, session: ClientSession, chat: int) -> None:
        for question in self.asked:
            self.server.say(chat, f"/why {question}")
            update = self.server.updates.pop()
            while not await self._taken(session, update):  # noqa: ASYNC110  as Telegram does
                await asyncio.sleep(0.05)

    async def _taken(self, session: ClientSession, update: object) -> bool:
        return await taken(session, self.chance.choice(self.ports), update)

    async def answered(self) -> None:
        """Wait until everybody has read every answer."""
        due = set(self._due())
        await self.server.until(lambda: all(set(self._read(chat)) == due for chat in self.chats), PATIENCE)

    def part(self) -> float:
        """Tell which part of all answers has been read."""
        return sum(len(set(self._read(chat))) for chat in self.chats) / (len(self.asked) * len(self.chats))

    def toll(self) -> Toll:
        """Count what went wrong."""
        reads = [self._read(chat) for chat in self.chats]
        due = self._due()
        lost = sum(len(set(due) - set(read)) for read in reads)
        twice = sum(len(read) - len(set(read)) for read in reads)
        disordered = sum(_inversions([due.index(one) for one in dict.fromkeys(read)]) for read in reads)
        return Toll(len(due) * len(self.chats), lost, twice, disordered)

    def _due(self) -> list[str]:
        return [questions()[question] for question in self.asked]

    def _read(self, chat: int) -> list[str]:
        titles = set(self._due())
        lines = (first_line(message["text"]) for message in self.server.shown(chat))
        return [line for line in lines if line in titles]


async def taken(session: ClientSession, port: int, update: object) -> bool:
    """Bring an update to a replica, and tell whether it said 200."""
    headers = {"X-Telegram-Bot-Api-Secret-Token": SECRET}
    try:
        async with session.post(f"http://127.0.0.1:{port}/hook", json=update, headers=headers) as answer:
            return answer.status == 200
    except (ClientError, TimeoutError):
        return False


def _inversions(places: list[int]) -> int:
    return sum(later < before for before, later in pairwise(places))


@dataclass
class Fleet:
    """Replicas on one database, each a process with a port of its own."""

    folder: Path
    server: TelegramServer
    url: str
    webhook: bool
    lease: float
    ports: list[int]
    running: list[Running] = field(default_factory=list)
    house: Mapping[str, str] = field(default_factory=dict)
    """Settings of those that are started from now on."""

    async def start(self, nth: int) -> Running:
        """Start one of them, or start it again."""
        hook = {
            "LOWTIDE_TELEGRAM_WEBHOOK_URL": f"http://127.0.0.1:{self.ports[nth]}/hook",
            "LOWTIDE_TELEGRAM_WEBHOOK_SECRET": SECRET,
            "LOWTIDE_TELEGRAM_LISTEN": f"127.0.0.1:{self.ports[nth]}",
        }
        more = {
            "LOWTIDE_DB_URL": self.url,
            "LOWTIDE_LEASE": str(self.lease),
            **(hook if self.webhook else {}),
            **self.house,
        }
        one = await started(environment(self.folder / "l.db", self.server, **more))
        await one.until_serving()
        asyncio.get_running_loop().create_task(_drain(one))
        self.running[nth : nth + 1] = [one]
        return one

    async def kill(self, nth: int) -> None:
        """Kill one of them: no farewell, nothing finished."""
        self.running[nth].process.kill()
        await self.running[nth].process.wait()

    async def stop(self, nth: int) -> None:
        """Tell one of them to end, and wait until it has; it ends well."""
        self.running[nth].process.terminate()
        assert await self.running[nth].process.wait() == 0

    def hang(self, nth: int) -> None:
        """Let one of them hang, its sockets open."""
        self.running[nth].process.send_signal(signal.SIGSTOP)

    def wake(self, nth: int) -> None:
        """Let one that hangs go on."""
        self.running[nth].process.send_signal(signal.SIGCONT)

    async def until_told(self, nth: int, words: bytes) -> None:
        """Wait until one of them says something in its log."""
        await self.server.until(lambda: words in self.running[nth].log, PATIENCE)


async def _drain(one: Running) -> None:
    """Read what a replica says, so that it never waits for us."""
    assert one.process.stderr
    while line := await one.process.stderr.readline():
        one.log += line


@asynccontextmanager
async def fleet(
    folder: Path,
    server: TelegramServer,
    url: str,
    *,
    webhook: bool,
    count: int = 3,
    lease: float = 2.0,
    house: Mapping[str, str] = MappingProxyType({}),
) -> AsyncIterator[Fleet]:
    """Start so many replicas, and end those that are left."""
    one = Fleet(folder, server, url, webhook, lease, free_ports(count), house=house)
    one.running = [None] * count  # type: ignore[list-item]  # filled below
    try:
        await one.start(0)  # who is first has every lease
        await asyncio.gather(*map(one.start, range(1, count)))
        yield one
    finally:
        for running in one.running:
            if running and running.process.returncode is None:
                running.process.kill()
                await running.process.wait()


def free_ports(count: int) -> list[int]:
    """Find ports nobody listens at."""
    sockets = [socket.socket() for _ in range(count)]
    for one in sockets:
        one.bind(("127.0.0.1", 0))
    ports = [one.getsockname()[1] for one in sockets]
    for one in sockets:
        one.close()
    return ports
