"""What one update costs the whole bot, beside a bare echo of python-telegram-bot, on the loopback.

Each bot is a process of its own that polls the strict server of the tests, which runs in this one. Ours
screens, understands, steps, commits durably and sends; the echo sends. Ours runs without Telegram's limits,
which would hold it at 30 a second. People say a few lines again and again, as many do; with `--fresh`
no line comes twice, so that each is encoded. CPU is the whole process's, over the time of the load. The two
take turns, and each figure is the median of its turns: what else the machine does falls on both.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import signal
import statistics
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from aiohttp import ClientError, ClientSession

from tests.adapters.telegram_server import TOKEN, TelegramServer

LINES = (
    "hello",
    "yes, i am over 18",
    "i keep leaving them on read",
    "my sister, i think",
    "i cancel plans",
    "no",
    "since a few weeks",
    "it is easier to be alone",
    "i do not know",
    "yes",
)
NAMES = {
    "ours": "lowtide, whole",
    "postgres": "lowtide on PostgreSQL",
    "watched": "lowtide, watched",
    "echo": "python-telegram-bot echo",
}
USUAL = ("ours", "echo")
BUSY = 0.1
"""Seconds of CPU in a second of a bot that is not at rest yet."""
WATCHED_AT = "127.0.0.1:19464"
"""Where the one that is watched tells its numbers, which are read all the time."""
WARM = 40
"""Updates before anything is measured: templates compile and connections open."""


@dataclass(frozen=True)
class Figures:
    """Milliseconds of CPU an update, updates a second flat out, and milliseconds to the first answer."""

    cpu: float
    flat_out: float
    p50: float
    p99: float


async def measure(kind: str, folder: Path, args: argparse.Namespace) -> Figures:
    """Run one bot through a steady load and a flood."""
    rate, seconds, flood = args.rate, args.seconds, args.flood
    async with TelegramServer() as server, _database(kind) as database:
        place = database or str(folder)
        command = [sys.executable, "-m", "tests.bench.end_to_end", "--serve", kind, server.url, place]
        process = await asyncio.create_subprocess_exec(*command)
        watching = asyncio.create_task(_watch() if kind == "watched" else asyncio.sleep(0))
        try:
            await _steady(server, WARM, rate / 2)
            await _at_rest(process.pid, args.settle)
            before = _cpu(process.pid)
            updates = int(rate * seconds)
            waits = await _steady(server, updates, rate, args.fresh)
            cpu = 1000 * (_cpu(process.pid) - before) / updates
            flat_out = flood / await _flood(server, flood)
        finally:
            watching.cancel()
            with suppress(ProcessLookupError):
                process.send_signal(signal.SIGTERM)
            await process.wait()
    ranked = statistics.quantiles(waits, n=100, method="inclusive")
    return Figures(cpu, flat_out, 1000 * ranked[49], 1000 * ranked[98])


async def _steady(server: TelegramServer, updates: int, rate: float, fresh: bool = False) -> list[float]:
    """Let new and old people write at a rate; return how long each waited for the first answer."""
    chats = max(50, int(3 * rate))
    began, said, seen = time.monotonic(), list[tuple[int, float]](), len(server.calls)
    for n in range(updates):
        chat = 1000 + n % chats
        await asyncio.sleep(max(0.0, began + n / rate - time.monotonic()))
        line = LINES[n // chats % len(LINES)]
        server.say(chat, f"{line}, {n}" if fresh else line)
        said.append((chat, time.monotonic()))
    await _answered(server, {chat for chat, _ in said}, said[-1][1] - 1)
    sends = [call for call in server.calls[seen:] if call.method == "sendMessage"]
    waits = []
    for chat, when in said:
        waits.append(min(c.at for c in sends if c.fields["chat_id"] == chat and c.at >= when) - when)
    return waits


async def _answered(server: TelegramServer, chats: set[int], since: float) -> None:
    """Wait until everything was taken and nothing is said any more."""
    del chats, since
    count = -1
    async with asyncio.timeout(120):
        while server.updates or len(server.calls) != count:
            count = len(server.calls)
            await asyncio.sleep(1.2)


async def _flood(server: TelegramServer, updates: int) -> float:
    """Let many write at once; return the seconds until the last of them has an answer."""
    began, seen = time.monotonic(), len(server.calls)
    waiting = {100_000 + n for n in range(updates)}
    for chat in sorted(waiting):
        server.say(chat, LINES[0])
    async with asyncio.timeout(120):
        while waiting:
            await asyncio.sleep(0.02)
            fresh, seen = server.calls[seen:], len(server.calls)
            waiting -= {call.fields["chat_id"] for call in fresh if call.method == "sendMessage"}
    return time.monotonic() - began


async def _watch() -> None:
    """Read the numbers every five seconds, three times as often as most do."""
    async with ClientSession() as web:
        while True:
            with suppress(ClientError):
                async with web.get(f"http://{WATCHED_AT}/metrics") as answer:
                    await answer.read()
            await asyncio.sleep(5)


@asynccontextmanager
async def _database(kind: str) -> AsyncIterator[str]:
    """Give the address of a database to who keeps things in one, and nothing to the others."""
    if kind != "postgres":
        yield ""
        return
    from tests.storage.postgres_server import cluster  # noqa: PLC0415  only who asks for it pays for it

    with cluster(durable=True) as server:
        async with server.database() as address:
            yield address


async def _at_rest(process: int, seconds: float) -> None:
    """Wait until a bot has read what its ear learnt before: that is no part of an update."""
    end, spent = time.monotonic() + seconds, 0.0
    while time.monotonic() < end and _cpu(process) - spent > BUSY:
        spent = _cpu(process)
        await asyncio.sleep(1)


def _cpu(process: int) -> float:
    fields = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


# --- the bots ----------------------------------------------------------------------------------------------


def serve(kind: str, url: str, place: str) -> None:
    """Be one of the bots until told to stop; ours keeps things in a folder, or in a database."""
    if kind == "echo":
        _echo(url)
    else:
        asyncio.run(_ours(url, place, shared=kind == "postgres", watched=kind == "watched"))


def _echo(url: str) -> None:
    from telegram import Update  # noqa: PLC0415  one bot does not pay for the other's imports
    from telegram.ext import Application, ContextTypes, MessageHandler, filters  # noqa: PLC0415  as above

    async def echo(update: Update, _: ContextTypes.DEFAULT_TYPE) -> None:
        if update.effective_chat and update.message:
            await update.effective_chat.send_message(update.message.text or "")

    application = Application.builder().token(TOKEN).base_url(f"{url}/bot").build()
    application.add_handler(MessageHandler(filters.TEXT, echo))
    application.run_polling()


async def _ours(url: str, place: str, *, shared: bool, watched: bool = False) -> None:
    from bot.content.library import load  # noqa: PLC0415  as above
    from bot.run import Service  # noqa: PLC0415  as above
    from bot.settings import HOUSE, Secret, Settings  # noqa: PLC0415  as above
    from bot.storage.keyfile import Keyring  # noqa: PLC0415  as above

    path, database = (Path("unused"), Secret(place)) if shared else (Path(place) / "l.db", None)
    settings = Settings(
        path,
        db_url=database,
        telegram_token=Secret(TOKEN),
        telegram_url=url,
        cache=_cache(),
        health_listen=WATCHED_AT if watched else None,
    )
    content = load(HOUSE / "flows", HOUSE / "prompts")
    service = Service(settings, content, Keyring((b"k" * 32,)), limits={})
    told = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, told.set)
    await service.start()
    await told.wait()
    await service.stop()


def _cache() -> Path | None:
    return Path(os.environ["LOWTIDE_CACHE"]) if "LOWTIDE_CACHE" in os.environ else None


def learn() -> None:
    """Let the ear learn once what every turn will read."""
    from bot.app import listener  # noqa: PLC0415  as above
    from bot.content.library import load  # noqa: PLC0415  as above
    from bot.settings import HOUSE, Settings  # noqa: PLC0415  as above

    listener(Settings(Path("unused"), cache=_cache()), load(HOUSE / "flows", HOUSE / "prompts")).warm()


def main(argv: Sequence[str] | None = None) -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--serve", nargs=3, help=argparse.SUPPRESS)
    parser.add_argument("--rate", type=int, default=100, help="updates a second")
    parser.add_argument("--seconds", type=float, default=10.0, help="how long the steady load lasts")
    parser.add_argument("--flood", type=int, default=1000, help="updates at once")
    parser.add_argument("--rounds", type=int, default=5, help="turns that each of them takes")
    parser.add_argument("--settle", type=float, default=60.0, help="seconds to wait for a bot to be at rest")
    parser.add_argument("--fresh", action="store_true", help="let nobody say what was said before")
    parser.add_argument("--watched", action="store_true", help="ours with its numbers read, too")
    parser.add_argument("--postgres", action="store_true", help="ours on PostgreSQL as well")
    args = parser.parse_args(argv)
    if args.serve:
        serve(*args.serve)
        return
    if args.settle:
        learn()
    more = [kind for kind in ("postgres", "watched") if getattr(args, kind)]
    found: dict[str, list[Figures]] = {kind: [] for kind in (*USUAL, *more)}
    for _ in range(args.rounds):
        for kind, turns in found.items():
            with tempfile.TemporaryDirectory() as folder:
                turns.append(asyncio.run(measure(kind, Path(folder), args)))
    show(found)


def show(found: Mapping[str, Sequence[Figures]]) -> None:
    """Print the medians, and each turn's ratio of ours to the echo."""
    print(f"{'':24}{'CPU ms/update':>15}{'updates/s':>12}{'p50 ms':>9}{'p99 ms':>9}")
    for kind, turns in found.items():
        cpu, flat_out, p50, p99 = (
            statistics.median(getattr(one, name) for one in turns)
            for name in ("cpu", "flat_out", "p50", "p99")
        )
        print(f"{NAMES[kind]:24}{cpu:15.2f}{flat_out:12.0f}{p50:9.1f}{p99:9.1f}")
    ratios = sorted(a.cpu / b.cpu for a, b in zip(found["ours"], found["echo"], strict=True))
    each = ", ".join(f"{ratio:.2f}" for ratio in ratios)
    if "watched" in found:
        costs = sorted(a.cpu / b.cpu for a, b in zip(found["watched"], found["ours"], strict=True))
        told = ", ".join(f"{cost:.2f}" for cost in costs)
        print(f"CPU watched to not: {statistics.median(costs):.2f} in the middle of {told}")
    print(f"CPU of ours to the echo's: {statistics.median(ratios):.2f} in the middle of {each}")
    print("aimed at: 1.50, and a p99 of 50 ms at 100 updates a second")


if __name__ == "__main__":
    main()
