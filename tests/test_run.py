"""`lowtide run`: one process for every platform with a token, that starts, stops and tells no secret."""

from __future__ import annotations

import os
import signal
import stat
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest

from bot.errors import SettingsError
from bot.run import unwilling
from bot.settings import Secret, Settings
from tests.adapters.telegram_server import TOKEN, Json, Refusal, TelegramServer
from tests.running import PATIENCE, Running, environment, running, started
from tests.runtime.little import little_world

ANNA = 11
SECRET = TOKEN.partition(":")[2]


@pytest.fixture
async def server() -> AsyncIterator[TelegramServer]:
    async with TelegramServer() as one:
        yield one


async def answered(server: TelegramServer, chat: int, text: str) -> list[Json]:
    """Say something and wait for what is said to it."""
    before = len(server.shown(chat))
    server.say(chat, text)
    await server.until(lambda: len(server.shown(chat)) > before and not server.updates)
    return server.shown(chat)[before:]


def texts(messages: list[Json]) -> list[str]:
    return [message["text"] for message in messages]


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def command_line(one: Running) -> bytes:
    return Path(f"/proc/{one.process.pid}/cmdline").read_bytes()


async def test_a_person_is_answered_and_the_process_stops_when_told(
    server: TelegramServer, tmp_path: Path
) -> None:
    async with running(environment(tmp_path / "l.db", server)) as one:
        first = await answered(server, ANNA, "hello")
        code = await one.end(signal.SIGTERM)

    assert "Lowtide" in first[0]["text"]
    assert code == 0
    assert not server.broken


async def test_who_is_told_to_stop_while_it_reads_its_flows_ends_well(
    server: TelegramServer, tmp_path: Path
) -> None:
    little_world(tmp_path)
    (never := tmp_path / "flows/helplines.yaml").unlink()
    os.mkfifo(never)
    one = await started(
        environment(
            *(tmp_path / "l.db", server),
            LOWTIDE_FLOWS=str(tmp_path / "flows"),
            LOWTIDE_PROMPTS=str(tmp_path / "prompts"),
        )
    )
    with reading(never) as read:
        await server.until(read, PATIENCE)
        code = await one.end(signal.SIGTERM)

    assert (code, one.log) == (0, b"")
    assert not (tmp_path / "l.db").exists()


@contextmanager
def reading(pipe: Path) -> Iterator[Callable[[], bool]]:
    """Give what tells whether somebody reads a pipe, which then gives nothing and does not end."""
    with ExitStack() as held:

        def read() -> bool:
            try:
                held.callback(os.close, os.open(pipe, os.O_WRONLY | os.O_NONBLOCK))
            except OSError:
                return False
            return True

        yield read


async def test_who_is_told_to_stop_before_it_serves_ends_well_and_the_next_one_serves(
    server: TelegramServer, tmp_path: Path
) -> None:
    server.fail("getMe", "hang")
    first = await started(environment(tmp_path / "l.db", server))
    await server.until(lambda: server.called("getMe"), PATIENCE)

    code = await first.end(signal.SIGTERM)

    assert code == 0
    assert b"told to stop before anybody was served" in first.log
    assert b"Traceback" not in first.log
    async with running(environment(tmp_path / "l.db", server)):
        assert await answered(server, ANNA, "hello")


async def test_ctrl_c_stops_it_as_kindly(server: TelegramServer, tmp_path: Path) -> None:
    async with running(environment(tmp_path / "l.db", server)) as one:
        code = await one.end(signal.SIGINT)

    assert code == 0
    assert b"Traceback" not in one.log


async def test_the_next_process_goes_on_at_the_same_question(server: TelegramServer, tmp_path: Path) -> None:
    variables = environment(tmp_path / "l.db", server)
    async with running(variables) as one:
        await answered(server, ANNA, "hello")
        await one.end()
    async with running(variables) as two:
        question = server.shown(ANNA)[-1]
        server.press(ANNA, question, question["reply_markup"]["inline_keyboard"][0][0]["callback_data"])
        await server.until(lambda: server.shown(ANNA)[-1]["message_id"] != question["message_id"])
        await two.end()

    # the button shown by the first process was signed with the key that the second read
    assert (
        "›" in next(one for one in server.shown(ANNA) if one["message_id"] == question["message_id"])["text"]
    )


async def test_the_key_of_the_buttons_is_private_and_stays(server: TelegramServer, tmp_path: Path) -> None:
    variables, key = environment(tmp_path / "l.db", server), tmp_path / "l.db.key"
    found = []
    for _ in range(2):
        async with running(variables) as one:
            await one.end()
        found.append(key.read_bytes())

    assert found[0] == found[1]
    assert len(found[0]) == 32
    assert stat.S_IMODE(key.stat().st_mode) == 0o600
    assert names(tmp_path) == ["l.db", "l.db.key", "l.db.lock"]


async def test_no_log_and_no_list_of_processes_shows_a_token_or_what_was_said(
    server: TelegramServer, tmp_path: Path
) -> None:
    variables = environment(tmp_path / "l.db", server, LOWTIDE_LOG_LEVEL="DEBUG")
    server.fail("sendMessage", "garbage")
    async with running(variables) as one:
        listed = command_line(one)
        await answered(server, ANNA, "hello, my cat is Minoushka")
        await one.end()

    assert SECRET.encode() not in listed + one.log
    assert b"Minoushka" not in one.log
    assert b"message" in one.log  # the failed send was told


async def test_an_unknown_token_is_told_without_being_shown(server: TelegramServer, tmp_path: Path) -> None:
    variables = environment(tmp_path / "l.db", server, LOWTIDE_TELEGRAM_TOKEN="1000:hush")

    one = await started(variables)
    code = await one.ended()

    assert code == 2
    assert b"LOWTIDE_TELEGRAM_TOKEN" in one.log
    assert b"hush" not in one.log
    assert b"Traceback" not in one.log


async def test_a_token_that_is_revoked_ends_the_run_when_nobody_else_is_served(
    server: TelegramServer, tmp_path: Path
) -> None:
    async with running(environment(tmp_path / "l.db", server)) as one:
        for method in ("getUpdates", "getMe"):
            server.fail(method, Refusal(401, "Unauthorized"), 1000)
        server.say(ANNA, "hello")
        code = await one.ended()

    assert code == 2
    assert b"lowtide: LOWTIDE_TELEGRAM_TOKEN is not known to Telegram" in one.log
    assert b"Traceback" not in one.log


async def test_without_a_token_it_says_what_to_set(tmp_path: Path) -> None:
    one = await started(environment(tmp_path / "l.db"))
    code = await one.ended()

    assert code == 2
    assert one.log.startswith(b"lowtide: no platform has a token; set LOWTIDE_TELEGRAM_TOKEN")


def test_a_setting_that_nothing_would_use_is_refused(tmp_path: Path) -> None:
    settings = Settings(tmp_path / "l.db", telegram_webhook_secret=Secret("x"))

    with pytest.raises(SettingsError) as caught:
        unwilling(settings)

    assert len(caught.value.faults) == 2


async def test_a_server_that_is_down_at_the_start_is_waited_for(tmp_path: Path) -> None:
    async with TelegramServer() as gone:
        variables = environment(tmp_path / "l.db", gone)

    async with running(variables) as one:
        code = await one.end()

    assert code == 0


async def test_who_blocks_the_bot_hears_nothing_until_they_come_back(
    server: TelegramServer, tmp_path: Path
) -> None:
    async with running(environment(tmp_path / "l.db", server)) as one:
        await answered(server, ANNA, "hello")
        server.member(ANNA, "kicked")
        await server.until(lambda: not server.updates)
        server.member(ANNA, "member")
        await server.until(lambda: not server.updates)
        again = await answered(server, ANNA, "hello again")
        await one.end()

    assert again
    assert not server.broken
