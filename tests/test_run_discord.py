"""`lowtide run` on Discord, in a process of its own: Discord sends nothing again, and nothing is lost."""

from __future__ import annotations

import signal
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.adapters.discord_server import TOKEN, DiscordServer
from tests.running import environment, running, started

HELP = "/back one question back"


@pytest.fixture
async def server() -> AsyncIterator[DiscordServer]:
    async with DiscordServer() as one:
        yield one


def variables(server: DiscordServer, folder: Path) -> dict[str, str]:
    return environment(
        folder / "l.db",
        LOWTIDE_DISCORD_TOKEN=TOKEN,
        LOWTIDE_DISCORD_URL=server.url,
        LOWTIDE_DISCORD_GATEWAY=server.gateway,
    )


def helped(server: DiscordServer) -> int:
    return sum(HELP in text for text in server.shown)


async def test_a_person_is_answered_and_no_log_shows_the_token_or_their_words(
    server: DiscordServer, tmp_path: Path
) -> None:
    async with running({**variables(server, tmp_path), "LOWTIDE_LOG_LEVEL": "DEBUG"}) as one:
        await server.until(lambda: bool(server.lines))
        await server.say("hello, my cat is Minoushka")
        await server.until(lambda: bool(server.shown))
        code = await one.end()

    assert code == 0
    assert b"Minoushka" not in one.log
    assert f"Bot {TOKEN}".encode() not in one.log
    assert "Lowtide" in server.shown[0]


async def test_what_is_said_while_killed_processes_come_and_go_is_answered_once(
    server: DiscordServer, tmp_path: Path
) -> None:
    kills, each = 4, 3
    async with running(variables(server, tmp_path)) as one:
        await server.until(lambda: bool(server.lines))
        await server.say("hello")
        await server.until(lambda: bool(server.shown))
        await one.end(signal.SIGKILL)
    for n in range(kills):
        for _ in range(each):
            await server.say("/help", heard=False)
        async with running(variables(server, tmp_path)) as one:
            await server.until(lambda n=n: helped(server) > n * 2, 30)  # type: ignore[misc]
            await one.end(signal.SIGKILL)

    async with running(variables(server, tmp_path)) as last:
        await server.until(lambda: helped(server) >= kills * each, 30)
        await last.end()

    assert helped(server) == kills * each


async def test_an_unknown_token_ends_the_run_and_is_not_shown(server: DiscordServer, tmp_path: Path) -> None:
    wrong = {**variables(server, tmp_path), "LOWTIDE_DISCORD_TOKEN": "hush.hush"}

    one = await started(wrong)
    code = await one.ended()

    assert code == 2
    assert b"LOWTIDE_DISCORD_TOKEN is not known to Discord; make a new one" in one.log
    assert b"hush" not in one.log
    assert b"Traceback" not in one.log
