"""How long a person who writes waits while everybody else is nudged: ours beside what the libraries bring.

Each takes part in a process of its own, against a platform of its own on the loopback, all at the same time.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import logging
import random
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable, Coroutine, Sequence
from contextlib import asynccontextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import aiohttp

from bot.errors import Unreachable
from bot.runtime.clocks import SystemClock
from bot.runtime.courier import Courier
from bot.runtime.limits import LIMITS
from bot.runtime.messages import Address, Message, Outgoing
from bot.runtime.ports import Change
from bot.storage.sqlite import SqliteStore

ROOT = Path(__file__).parent.parent.parent
TALKERS = 20
PAUSES = 1.0, 4.0
"""Seconds between two things one of the twenty writes."""
MOST_TRIES = 1000

Say = Callable[[str, str], Awaitable[None]]
"""Send a text to a chat, and come back when it has arrived; an error says that it never will."""


@dataclass
class Score:
    """Hold what one contender achieved. `waits` are the seconds each person waited for their reply."""

    name: str
    nudges: int
    delivered: int = 0
    seconds: float = 0.0
    used: float = 0.0
    refused: int = 0
    waits: list[float] = field(default_factory=list)

    def row(self) -> str:
        """Show it as a row of the table."""
        waits = sorted(self.waits) or [0.0]
        p99 = waits[min(len(waits) - 1, int(len(waits) * 0.99))]
        return (
            f"{self.name:38}{statistics.median(waits):9.3f}{p99:9.3f}{waits[-1]:9.3f}{len(self.waits):9}"
            f"{self.used:9.1%}{self.refused:8}{self.delivered / self.nudges:11.1%}{self.seconds:9.1f}"
        )


HEAD = (
    f"{'':38}{'p50 s':>9}{'p99 s':>9}{'max s':>9}{'replies':>9}{'used':>9}{'429':>8}{'delivered':>11}{'s':>9}"
)


# --- the contenders --------------------------------------------------------------------------------------


@dataclass
class Poster:
    """Speak to the platform as our adapters do: one session, an error that says when to come back."""

    session: aiohttp.ClientSession
    url: str
    arrived: dict[str, asyncio.Event] = field(default_factory=dict)

    async def send(self, message: Outgoing) -> None:
        """Send a message and tell whoever waits for it."""
        body = {"chat_id": message.address.chat, "text": message.text}
        async with self.session.post(f"{self.url}/bot1:x/sendMessage", json=body) as answer:
            told = await answer.json()
        if answer.status != 200:
            raise Unreachable("slow down", told["parameters"]["retry_after"])
        self.arrived[message.key].set()


@asynccontextmanager
async def ours(url: str, platform: str, nudges: int) -> Any:
    """Send with the courier, through the file: a message is committed before it is sent, and marked after."""
    with tempfile.TemporaryDirectory() as folder:
        store = SqliteStore(Path(folder) / "lowtide.db")
        await store.open()
        async with aiohttp.ClientSession() as session:
            poster = Poster(session, url)
            courier = Courier(store, {platform: poster}, SystemClock())
            chats = [f"n{number}" for number in range(nudges)]
            await keep(store, [posted(platform, chat, "nudge", poster) for chat in chats])
            numbers = iter(range(1, 10**9))

            async def say(chat: str, text: str) -> None:
                if text == "nudge":  # kept above, as a night's timers would have
                    await poster.arrived[f"{chat}:0"].wait()
                    return
                message = posted(platform, chat, "reply", poster, next(numbers))
                await keep(store, [message])
                courier.post([message])
                await poster.arrived[message.key].wait()

            await courier.start()
            yield say
            await courier.stop()
        await store.close()


def posted(platform: str, chat: str, lane: Any, poster: Poster, number: int = 0) -> Message:
    """Make a message whose arrival can be waited for."""
    key = f"{chat}:{number}"
    poster.arrived[key] = asyncio.Event()
    return Message(key, Address(platform, chat), lane, lane=lane)


async def keep(store: SqliteStore, messages: Sequence[Message]) -> None:
    """Commit messages to the outbox."""
    person = await store.load(messages[0].address)
    now = SystemClock().now()
    await store.commit(Change(person.id, person.address, person.revision, now, "{}", outbox=tuple(messages)))


@asynccontextmanager
async def telegram_library(url: str, platform: str, nudges: int) -> Any:
    """Send with python-telegram-bot and its AIORateLimiter, which tries again after a 429."""
    from telegram.ext import AIORateLimiter, ExtBot  # noqa: PLC0415  only its own process pays for it
    from telegram.request import HTTPXRequest  # noqa: PLC0415  as above

    patient = HTTPXRequest(connection_pool_size=256, pool_timeout=600, read_timeout=60, connect_timeout=60)
    bot = ExtBot(
        "1:x",
        base_url=f"{url}/bot",
        request=patient,
        rate_limiter=AIORateLimiter(max_retries=MOST_TRIES),
    )

    async def say(chat: str, text: str) -> None:
        await bot.send_message(chat, text)

    await patient.initialize()
    yield say
    await patient.shutdown()


@asynccontextmanager
async def discord_library(url: str, platform: str, nudges: int) -> Any:
    """Send with discord.py's own HTTP client, which learns of a limit by running into it."""
    from discord.http import HTTPClient, Route  # noqa: PLC0415  only its own process pays for it

    Route.BASE = url
    client = HTTPClient(asyncio.get_running_loop())
    await client.static_login("x")

    async def say(chat: str, text: str) -> None:
        route = Route("POST", "/channels/{channel_id}/messages", channel_id=chat)
        await client.request(route, json={"content": text})

    yield say
    await client.close()


@dataclass(frozen=True, slots=True)
class Contender:
    """Name who takes part, on which platform."""

    name: str
    platform: str
    begin: Callable[[str, str, int], Any]


CONTENDERS = {
    "telegram": (
        Contender("lowtide", "telegram", ours),
        Contender("python-telegram-bot, AIORateLimiter", "telegram", telegram_library),
    ),
    "discord": (Contender("lowtide", "discord", ours), Contender("discord.py", "discord", discord_library)),
}


# --- one of them takes part ------------------------------------------------------------------------------


async def compete(contender: Contender, url: str, nudges: int, seed: int = 1) -> Score:
    """Nudge everybody while twenty people write, and ask the platform what it saw."""
    score = Score(contender.name, nudges)
    async with contender.begin(url, contender.platform, nudges) as say:
        crowd = asyncio.ensure_future(
            asyncio.gather(*(say(f"n{number}", "nudge") for number in range(nudges)), return_exceptions=True)
        )
        chance = random.Random(seed)
        talkers = [
            asyncio.create_task(talk(say, f"t{number}", crowd, random.Random(chance.random()), score.waits))
            for number in range(TALKERS)
        ]
        score.delivered = sum(not isinstance(result, BaseException) for result in await crowd)
        await asyncio.gather(*talkers)
    async with aiohttp.ClientSession() as session, session.get(f"{url}/seen") as answer:
        seen = await answer.json()
    score.seconds, score.used, score.refused = seen["seconds"], seen["used"], seen["refused"]
    return score


async def talk(
    say: Say, chat: str, crowd: asyncio.Future[Any], chance: random.Random, waits: list[float]
) -> None:
    """Write now and then until the crowd has been nudged; note how long each reply took."""
    while not crowd.done():
        await asyncio.wait([crowd], timeout=chance.uniform(*PAUSES))
        if crowd.done():
            return
        began = time.perf_counter()
        try:
            await say(chat, "reply")
        except Exception:
            continue  # a library gave up: the platform counted its refusals
        waits.append(time.perf_counter() - began)


# --- all of them -----------------------------------------------------------------------------------------


async def side_by_side(platform: str, nudges: int, latency: float) -> list[Score]:
    """Let each take part in a process of its own."""
    scores = [alone(platform, number, nudges, latency) for number in range(len(CONTENDERS[platform]))]
    return await asyncio.gather(*scores)


async def alone(platform: str, number: int, nudges: int, latency: float) -> Score:
    """Start a platform and a contender, and return its score."""
    most = LIMITS[platform].most
    serve = await process("tests.bench.limited_platform", "--most", most, "--latency", latency)
    assert serve.stdout
    url = (await serve.stdout.readline()).decode().strip()
    try:
        run = await process(
            "tests.bench.broadcast", "--one", f"{platform}:{number}", "--url", url, "--nudges", nudges
        )
        printed, _ = await run.communicate()
    finally:
        serve.terminate()
        await serve.wait()
    if run.returncode:
        raise SystemExit(f"{CONTENDERS[platform][number].name} failed")
    return Score(**json.loads(printed))


def process(module: str, *arguments: object) -> Coroutine[Any, Any, asyncio.subprocess.Process]:
    """Start a module of ours."""
    words = (sys.executable, "-m", module, *map(str, arguments))
    return asyncio.create_subprocess_exec(*words, cwd=ROOT, stdout=subprocess.PIPE)


def show(platform: str, scores: Sequence[Score], nudges: int) -> None:
    """Print one platform's table."""
    most = LIMITS[platform].most
    print(f"{nudges} nudges while {TALKERS} people write; the platform takes {most} in a sliding second")
    print(HEAD)
    for score in scores:
        print(score.row(), flush=True)


def main(arguments: Sequence[str] | None = None) -> list[Score]:
    """Print the tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--short", action="store_true", help="a few seconds of it")
    parser.add_argument("--nudges", type=int, help="how many, on either platform")
    parser.add_argument("--latency", type=float, default=0.06, help="seconds the platform takes to answer")
    parser.add_argument("--one", help=argparse.SUPPRESS)
    parser.add_argument("--url", help=argparse.SUPPRESS)
    chosen = parser.parse_args(arguments)
    if chosen.one:
        logging.disable(logging.CRITICAL)
        platform, number = chosen.one.split(":")
        score = asyncio.run(compete(CONTENDERS[platform][int(number)], chosen.url, chosen.nudges))
        print(json.dumps(asdict(score)))
        return [score]
    scores: list[Score] = []
    for platform, usual in {"telegram": 10_000, "discord": 2_000}.items():
        nudges = chosen.nudges or (75 if chosen.short else usual)
        found = asyncio.run(side_by_side(platform, nudges, chosen.latency))
        show(platform, found, nudges)
        scores.extend(found)
    print(
        "aimed at, of ours: replies in 0.1 s in the middle and 0.25 s in 99 of 100, 98.5 % used, none refused"
    )
    return scores


if __name__ == "__main__":
    main()
