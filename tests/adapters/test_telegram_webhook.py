"""The webhook believes only who knows the secret, and says 200 only after an update was kept."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from io import BytesIO

import pytest
from aiohttp import ClientSession

from bot.adapters.telegram_opening import Ways
from bot.adapters.telegram_webhook import HEADER, LARGEST
from bot.runtime.messages import Text, Update
from bot.runtime.ports import Verdict
from tests.adapters.telegram_server import TelegramServer
from tests.adapters.telegram_stage import FAST, MINA, Stage

SECRET = "the_secret-1"


def free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


@asynccontextmanager
async def hooked(secret: str | None = SECRET) -> AsyncIterator[tuple[Stage, str]]:
    """Run an adapter behind a webhook; give it with the webhook's address."""
    base = f"http://127.0.0.1:{(port := free_port())}"
    ways = Ways(f"{base}/hook", secret, f"127.0.0.1:{port}", waits=FAST.waits, patience=30.0)
    async with TelegramServer() as server:
        stage = Stage(server)
        stage.telegram = stage.make(ways)
        await stage.telegram.start()
        await server.until(lambda: server.webhook)
        try:
            yield stage, base
        finally:
            await stage.telegram.stop()


async def test_a_door_is_open_once_telegram_knows_where_to_call() -> None:
    async with hooked() as (stage, _):
        assert not stage.make().opened
        await stage.server.until(lambda: stage.telegram.opened)


async def test_an_update_comes_in_once_and_polling_is_off() -> None:
    async with hooked() as (stage, _):
        stage.server.say(MINA, "hello")
        await stage.drained()

    assert stage.whats() == [Text("hello")]
    assert stage.server.called("getUpdates") == []


async def test_an_update_that_was_not_kept_is_sent_again_until_it_is() -> None:
    tries = 0

    async def third(_: Update) -> Verdict | None:
        nonlocal tries
        tries += 1
        return Verdict.COMMITTED if tries == 3 else None

    async with hooked() as (stage, _):
        stage.answer = third
        stage.server.say(MINA, "hello")
        await stage.drained()

    assert stage.whats() == [Text("hello")]
    assert tries == 3


async def test_200_is_said_after_the_commit() -> None:
    kept = asyncio.Event()

    async def wait(_: Update) -> Verdict:
        await kept.wait()
        return Verdict.COMMITTED

    async with hooked() as (stage, _):
        stage.answer = wait
        stage.server.say(MINA, "hello")
        await asyncio.sleep(0.1)
        waiting = len(stage.server.updates)
        kept.set()
        await stage.drained()

    assert waiting == 1


async def test_without_a_secret_of_the_operators_one_is_made_that_telegram_takes() -> None:
    async with hooked(None) as (stage, _):
        stage.server.say(MINA, "hello")
        await stage.drained()

    assert len(stage.server.webhook["secret"]) == 64


async def test_a_port_that_is_taken_is_told_and_waited_for(caplog: pytest.LogCaptureFixture) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        listen = f"127.0.0.1:{taken.getsockname()[1]}"
        ways = Ways(f"http://{listen}/hook", SECRET, listen, waits=FAST.waits)
        async with TelegramServer() as server:
            stage = Stage(server)
            stage.telegram = stage.make(ways)
            await stage.telegram.start()
            await server.until(lambda: f"{listen} cannot be listened at" in caplog.text)
            taken.close()
            server.say(MINA, "hello")
            await server.until(lambda: stage.heard)
            await stage.telegram.stop()

    assert stage.whats() == [Text("hello")]


UPDATE = b'{"update_id": 1, "message": {"date": 1, "text": "x", "chat": {"id": 1, "type": "private"}}}'


@pytest.mark.parametrize(
    ("headers", "body", "status"),
    [
        ({HEADER: SECRET}, UPDATE, 200),
        ({}, UPDATE, 403),
        ({HEADER: SECRET.upper()}, UPDATE, 403),
        ({HEADER: "ü"}, UPDATE, 403),
        ({}, b"x" * (LARGEST + 1), 403),
        ({HEADER: SECRET}, b"no json", 400),
        ({HEADER: SECRET}, b"\xff\xfe", 400),
        ({HEADER: SECRET}, b"[1]", 400),
        ({HEADER: SECRET}, b"[" * 100_000, 400),
        ({HEADER: SECRET}, b"{}", 400),
        ({HEADER: SECRET}, b"x" * (LARGEST + 1), 413),
    ],
)
async def test_a_call_is_answered(headers: dict[str, str], body: bytes, status: int) -> None:
    async with (
        hooked() as (stage, base),
        ClientSession() as session,
        session.post(f"{base}/hook", data=BytesIO(body), headers=headers) as answer,
    ):
        assert answer.status == status

    assert len(stage.heard) == (status == 200)


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [("GET", "/healthz", 200), ("GET", "/hook", 405), ("POST", "/other", 404), ("GET", "/", 404)],
)
async def test_nothing_else_is_served(method: str, path: str, status: int) -> None:
    async with (
        hooked() as (_, base),
        ClientSession() as session,
        session.request(method, f"{base}{path}") as answer,
    ):
        assert answer.status == status
