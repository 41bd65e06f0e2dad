"""Everything a platform or the disk does to the whole bot: nothing lost, nothing twice, the others served."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from bot.settings import Secret, Settings
from tests.adapters import telegram_server
from tests.adapters.discord_server import DiscordServer, reply
from tests.adapters.telegram_server import Refusal, TelegramServer
from tests.serving import HELP, HURRIED, serving, settings

ANNA, BEN = 11, 12
ANN = 77
TROUBLE = [
    pytest.param(Refusal(429, "Too Many Requests: retry after 1", retry_after=1), id="429"),
    pytest.param(Refusal(500, "Internal Server Error"), id="500"),
    pytest.param(Refusal(502, "Bad Gateway"), id="502"),
    pytest.param(Refusal(401, "Unauthorized"), id="401"),
    pytest.param("cut", id="a line cut"),
    pytest.param("garbage", id="no JSON"),
]


@pytest.fixture
async def server() -> AsyncIterator[TelegramServer]:
    async with TelegramServer() as one:
        yield one


@pytest.fixture
def chosen(server: TelegramServer, tmp_path: Path) -> Settings:
    return settings(tmp_path, server)


def helped(server: TelegramServer, chat: int) -> int:
    return sum(HELP in one["text"] for one in server.shown(chat))


@pytest.mark.parametrize("trouble", TROUBLE)
async def test_a_send_that_fails_is_made_again_once(
    server: TelegramServer, chosen: Settings, trouble: Refusal | str
) -> None:
    async with serving(chosen):
        server.fail("sendMessage", trouble)
        server.say(ANNA, "/help")
        await server.until(lambda: helped(server, ANNA) and not server.updates)

    assert helped(server, ANNA) == 1


@pytest.mark.parametrize("trouble", TROUBLE)
async def test_a_poll_that_fails_loses_nothing(
    server: TelegramServer, chosen: Settings, trouble: Refusal | str
) -> None:
    server.fail("getUpdates", trouble, times=2)
    server.say(ANNA, "/help")

    async with serving(chosen):
        await server.until(lambda: helped(server, ANNA) and not server.updates)

    assert helped(server, ANNA) == 1


async def test_a_send_that_hangs_holds_up_nobody_else(server: TelegramServer, chosen: Settings) -> None:
    async with serving(chosen):
        server.fail("sendMessage", "hang")
        server.say(ANNA, "/help")
        await server.until(lambda: not server.updates)
        server.say(BEN, "/help")
        await server.until(lambda: helped(server, BEN))
        assert helped(server, ANNA) == 0

    async with serving(chosen):  # and what hung is said by the next process
        await server.until(lambda: helped(server, ANNA))

    assert (helped(server, ANNA), helped(server, BEN)) == (1, 1)


async def test_a_server_that_fails_at_one_send_for_long_holds_up_nobody_else(
    server: TelegramServer, chosen: Settings
) -> None:
    tries = 6  # a second apart and twice as long each time, that would be half a minute of trouble
    async with serving(chosen):
        server.person(ANNA)
        server.fail("sendMessage", Refusal(500, "Internal Server Error"), tries, ANNA)
        server.say(ANNA, "/help")
        await server.until(lambda: server.called("sendMessage"))
        server.say(BEN, "/help")
        await server.until(lambda: helped(server, BEN))
        before = helped(server, ANNA)
        await server.until(lambda: helped(server, ANNA))

    assert (before, helped(server, ANNA), helped(server, BEN)) == (0, 1, 1)
    assert len(server.called("sendMessage")) == tries + 2


async def test_someone_who_blocked_the_bot_takes_nobody_with_them(
    server: TelegramServer, chosen: Settings
) -> None:
    async with serving(chosen):
        server.person(ANNA)
        server.blocked.add(ANNA)
        server.say(ANNA, "/help")
        server.say(BEN, "/help")
        await server.until(lambda: helped(server, BEN) and not server.updates)
        server.member(ANNA, "member")
        server.say(ANNA, "/help")
        await server.until(lambda: helped(server, ANNA) and not server.updates)

    assert (helped(server, ANNA), helped(server, BEN)) == (1, 1)


async def test_while_the_database_is_locked_the_person_is_told_and_the_update_waits(
    server: TelegramServer, chosen: Settings
) -> None:
    async with serving(chosen):
        async with held(chosen.db):
            server.say(ANNA, "/help")
            await server.until(lambda: server.shown(ANNA), 20)
            told = server.shown(ANNA)[0]["text"]
            assert server.updates
        await server.until(lambda: helped(server, ANNA) and not server.updates, 30)

    assert HELP not in told
    assert helped(server, ANNA) == 1


@asynccontextmanager
async def held(database: Path) -> AsyncIterator[None]:
    """Hold the database as another process would."""
    other = sqlite3.connect(database, isolation_level=None, check_same_thread=False)
    await asyncio.to_thread(other.execute, "BEGIN IMMEDIATE")
    try:
        yield
    finally:
        other.execute("ROLLBACK")
        other.close()


async def test_a_platform_that_is_down_does_not_take_the_other_with_it(tmp_path: Path) -> None:
    async with DiscordServer() as discord:
        telegram = {"telegram_token": Secret(telegram_server.TOKEN), "telegram_url": "http://127.0.0.1:9"}
        async with serving(settings(tmp_path, discord=discord, **telegram)):
            await discord.until(lambda: bool(discord.lines))
            await discord.say("/help")
            await discord.until(lambda: any(HELP in text for text in discord.shown))


async def test_discord_failing_at_one_send_for_long_holds_up_nobody_else(tmp_path: Path) -> None:
    tries = 6
    async with DiscordServer(troubled={ANN: tries}) as discord, serving(settings(tmp_path, discord=discord)):
        await discord.until(lambda: bool(discord.lines))
        await discord.say("/help")
        await discord.until(lambda: bool(discord.posts))
        await discord.say("/help", person=BEN)
        await discord.until(lambda: bool(discord.shown_to(BEN)))
        before = len(discord.shown_to(ANN))
        await discord.until(lambda: bool(discord.shown_to(ANN)))

    assert (before, len(discord.shown_to(ANN)), len(discord.shown_to(BEN))) == (0, 1, 1)
    assert len({post["nonce"] for post in discord.posts}) == 2
    assert len(discord.posts) == tries + 2


@pytest.mark.parametrize("trouble", ["malformed", "dropped", "refused sends", "a resume unanswered"])
async def test_trouble_with_discord_loses_nothing_and_says_nothing_twice(
    tmp_path: Path, trouble: str
) -> None:
    tempo = replace(HURRIED, silence=2.0) if trouble == "a resume unanswered" else HURRIED
    async with DiscordServer() as discord, serving(settings(tmp_path, discord=discord), tempo):
        await discord.until(lambda: bool(discord.lines))
        await discord.say("hello")
        await discord.until(lambda: bool(discord.shown))
        await afflict(discord, trouble)
        await discord.until(lambda: any(HELP in text for text in discord.shown), 30)
        await asyncio.sleep(0.2)

    assert sum(HELP in text for text in discord.shown) == 1


async def afflict(discord: DiscordServer, trouble: str) -> None:
    """Let something go wrong, and let Ann ask for help meanwhile."""
    if trouble == "refused sends":
        discord.faults.extend([lambda: reply({"message": "oops", "code": 0}, 500)] * 2)
        await discord.say("/help")
        return
    lines = len(discord.lines) + (trouble == "a resume unanswered")  # one asks to resume, the next identifies
    if trouble == "malformed":
        await discord.lines[-1].send_str("{ this is no JSON")
    else:
        discord.on_resume = "INVALID_SESSION" if trouble == "dropped" else "silence"
        await discord.drop()
    await discord.say("/help", heard=False)
    await discord.until(lambda: len(discord.lines) > lines, 20)
