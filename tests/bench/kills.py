"""SIGKILL under load: how much is lost, how much is said twice. `python -m tests.bench.kills [--kills N]`.

Telegram has no key against a message that is sent again, Discord has: its server here keeps `enforce_nonce`.
"""

from __future__ import annotations

import argparse
import asyncio
import random
import signal
import tempfile
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from bot.app import build
from bot.content.library import load
from bot.content.markup import parse, plain
from bot.runtime.messages import Address, Command, Message, Outgoing, Update
from bot.settings import HOUSE, Settings
from bot.storage.memory import MemoryStore
from tests.adapters import discord_server
from tests.adapters.discord_server import DiscordServer
from tests.adapters.telegram_server import TelegramServer
from tests.running import PATIENCE, environment, running, started

CHATS = range(100, 120)
QUIET = 3.0
"""Seconds without a send after which nothing more is expected: several times the pace of one chat."""


@dataclass(frozen=True)
class Toll:
    """What a number of kills cost, against the same conversation undisturbed.

    `again` is how many messages were sent once more under their key, `twice` how many were seen twice.
    """

    platform: str
    kills: int
    updates: int
    expected: int
    lost: int
    twice: int
    again: int = 0

    def __str__(self) -> str:
        return (
            f"{self.platform}: {self.kills} kills, {self.updates} updates, {self.expected} messages expected:"
            f" {self.lost} lost, {self.twice} shown twice"
            + (f", {self.again} sent again under their nonce" if self.again else "")
        )


async def undisturbed(times: int, drawn: Callable[[str], Sequence[str]]) -> Counter[str]:
    """Return what one person is told who asks for help so often, through the real app."""
    told: list[str] = []

    class Recorder:
        async def send(self, message: Outgoing) -> None:
            assert isinstance(message, Message)
            told.extend(drawn(message.text))

    anyone, content = Address("telegram", "1"), load(HOUSE / "flows", HOUSE / "prompts")
    app = build(Settings(Path("unused")), content, MemoryStore(), {anyone.platform: Recorder()}, limits={})
    async with app:
        for n in range(times):
            await app.handle(Update(str(n), anyone, None, Command("help")))
        await app.courier.settle()
    return Counter(told)


def toll(
    platform: str, kills: int, expected: Counter[str], told: Sequence[Counter[str]], again: int = 0
) -> Toll:
    """Count what each was told against what they should have been."""
    lost = sum((expected - one).total() for one in told)
    twice = sum((one - expected).total() for one in told)
    people = len(told)
    return Toll(platform, kills, kills * people, expected.total() * people, lost, twice, again)


# --- Telegram ----------------------------------------------------------------------------------------------


async def on_telegram(database: Path, kills: int, seed: int = 1, chats: Sequence[int] = CHATS) -> Toll:
    """Let everybody write before each of so many starts, end each after a number of sends, and count."""
    chance = random.Random(seed)
    async with TelegramServer() as server:
        variables = environment(database, server)
        for _ in range(kills):
            for chat in chats:
                server.say(chat, "/help")
            sends = lambda: len(server.called("sendMessage"))  # noqa: E731  what a life is measured by
            await _one_life(server.until, variables, sends, chance.randrange(1, len(chats)))
        async with running(variables) as last:
            await quiet(lambda: (len(server.called("sendMessage")), len(server.updates)))
            await last.end(signal.SIGTERM)
        told = [Counter(message["text"] for message in server.shown(chat)) for chat in chats]
        return toll("Telegram", kills, await undisturbed(kills, lambda text: [plain(text)]), told)


# --- Discord -----------------------------------------------------------------------------------------------


async def on_discord(database: Path, kills: int, seed: int = 1, people: Sequence[int] = CHATS) -> Toll:
    """Let half of them write before each start and half while it runs, end each, and count.

    All have written once before: who never did is known to nobody after a crash.
    """
    from bot.adapters.rendering_discord import pieces  # noqa: PLC0415  discord.py is slow to import

    chance = random.Random(seed)
    async with DiscordServer() as server:
        variables = environment(
            database,
            LOWTIDE_DISCORD_TOKEN=discord_server.TOKEN,
            LOWTIDE_DISCORD_URL=server.url,
            LOWTIDE_DISCORD_GATEWAY=server.gateway,
        )
        await _meet(server, variables, people)
        for _ in range(kills):
            await _one_life_on_discord(server, variables, list(people), chance)
        async with running(variables) as last:
            await quiet(lambda: len(server.posts))
            await last.end(signal.SIGTERM)
        told = [Counter(server.shown_to(person)) for person in people]
        expected = await undisturbed(kills + 1, lambda text: pieces(parse(text)))
        again = len(server.posts) - len({post["nonce"] for post in server.posts})
        return toll("Discord", kills, expected, told, again)


async def _meet(server: DiscordServer, variables: dict[str, str], people: Sequence[int]) -> None:
    async with running(variables) as first:
        await server.until(lambda: bool(server.lines), PATIENCE)
        for person in people:
            await server.say("/help", person=person)
        await server.until(lambda: all(server.shown_to(person) for person in people), PATIENCE)
        await first.end(signal.SIGTERM)


async def _one_life_on_discord(
    server: DiscordServer, variables: dict[str, str], people: list[int], chance: random.Random
) -> None:
    chance.shuffle(people)
    early, late = people[::2], people[1::2]
    for person in early:
        await server.say("/help", heard=False, person=person)
    lines, seen = len(server.lines), len(server.posts)
    one = await started(variables)
    await server.until(lambda: len(server.lines) > lines, PATIENCE)
    for person in late:
        await server.say("/help", person=person)
    enough = seen + chance.randrange(1, len(people))
    await server.until(lambda: len(server.posts) >= enough, PATIENCE)
    assert await one.end(signal.SIGKILL) == -signal.SIGKILL


# --- both --------------------------------------------------------------------------------------------------


async def _one_life(
    until: Callable[..., object], variables: dict[str, str], sends: Callable[[], int], more: int
) -> None:
    one, enough = await started(variables), sends() + more
    await until(lambda: sends() >= enough, PATIENCE)  # type: ignore[misc]  # each server's own
    assert await one.end(signal.SIGKILL) == -signal.SIGKILL


async def quiet(seen: Callable[[], object]) -> None:
    """Wait until nothing changes any more."""
    before = None
    while seen() != before:
        before = seen()
        await asyncio.sleep(QUIET)


SOAKS = {"telegram": on_telegram, "discord": on_discord}


def main(arguments: Sequence[str] | None = None) -> None:
    """Print a line for each platform."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kills", type=int, default=100, help="how many, on each platform")
    parser.add_argument("--only", choices=SOAKS, help="one platform")
    chosen = parser.parse_args(arguments)
    for platform, soak in SOAKS.items():
        if chosen.only in (None, platform):
            with tempfile.TemporaryDirectory() as folder:
                print(asyncio.run(soak(Path(folder, "l.db"), chosen.kills)), flush=True)
    print(
        "aimed at: nothing lost, nobody unanswered; twice only what was sent when we died and not yet marked"
    )


if __name__ == "__main__":
    main()
