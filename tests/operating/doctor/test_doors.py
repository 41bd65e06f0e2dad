"""What the doctor says of the doors: an address that leads elsewhere is found before Telegram finds it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from aiohttp import web

from bot.adapters.telegram_webhook import Webhook
from bot.operating.doctor.doors import doors, served
from bot.settings import Secret, Settings
from bot.storage.locking import Lock


@asynccontextmanager
async def answering(status: int) -> AsyncIterator[str]:
    """Be somebody who answers everything in one way."""

    async def answer(_: web.Request) -> web.Response:
        unready = '{"ready": false, "parts": {"store": "does not answer"}}'
        return web.Response(text=unready, status=status, headers={"Location": "http://127.0.0.1:9/"})

    app = web.Application()
    app.router.add_route("*", "/{all:.*}", answer)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    try:
        yield f"127.0.0.1:{runner.addresses[0][1]}"
    finally:
        await runner.cleanup()


def called(folder: Path, address: str) -> Settings:
    return Settings(folder / "l.db", telegram_token=Secret("1:x"), telegram_webhook_url=address)


async def test_our_own_door_is_known_by_what_it_does_not_take(tmp_path: Path) -> None:
    async def receive(_: object) -> bool:
        return True

    webhook = Webhook("127.0.0.1:0", "/hook", "secret", receive)
    port = await webhook.start()
    try:
        here = await doors(called(tmp_path, f"http://127.0.0.1:{port}/hook"))
        beside = await doors(called(tmp_path, f"http://127.0.0.1:{port}/other"))
    finally:
        await webhook.stop()

    assert [one.good for one in (*here, *beside)] == [True, False]
    assert "answers 404, which is not us" in beside[0].found
    assert beside[0].mend == "let the proxy pass it on to 127.0.0.1:8443"


@pytest.mark.parametrize(("status", "good"), [(502, True), (302, False), (200, False)])
async def test_what_another_answers_is_told(tmp_path: Path, status: int, good: bool) -> None:
    async with answering(status) as host:
        (found,) = await doors(called(tmp_path, f"http://{host}/hook"))

    assert found.good is good


async def test_a_proxy_with_nobody_behind_it_is_a_fault_while_the_service_runs(tmp_path: Path) -> None:
    lock = Lock(tmp_path / "l.db")
    lock.take(0)
    async with answering(502) as host:
        (found,) = await doors(called(tmp_path, f"http://{host}/hook"))
    lock.free()

    assert not found.good


async def test_an_address_where_nobody_is_is_a_fault(tmp_path: Path) -> None:
    (found,) = await doors(called(tmp_path, "http://127.0.0.1:9/hook"))

    assert not found.good
    assert "is the proxy up" in found.mend


async def test_a_service_that_does_not_run_need_not_answer(tmp_path: Path) -> None:
    settings, lock = Settings(tmp_path / "l.db", health_listen="127.0.0.1:9"), Lock(tmp_path / "l.db")

    (still,) = await doors(settings)
    lock.take(0)
    (runs,) = await doors(settings)
    lock.free()

    assert (still.good, runs.good) == (True, False)
    assert "it does not run here" in still.found


async def test_a_service_that_runs_is_asked_whether_it_is_ready(tmp_path: Path) -> None:
    async with answering(200) as host:
        (ready,) = await doors(Settings(tmp_path / "l.db", health_listen=host))
    async with answering(503) as host:
        (unready,) = await doors(Settings(tmp_path / "l.db", health_listen=host))

    assert ready.good
    assert not unready.good
    assert unready.found.endswith("/readyz: it answers 503: store does not answer")


def test_each_setting_that_does_not_fit_is_told_with_its_mend(tmp_path: Path) -> None:
    none, webhook = served(Settings(tmp_path / "l.db", telegram_webhook_secret=Secret("x")))

    assert none.found == "no platform has a token"
    assert none.mend.startswith("set LOWTIDE_TELEGRAM_TOKEN")
    assert none.mend.endswith("`lowtide init` asks for them")
    assert not webhook.good
    assert served(Settings(tmp_path / "l.db", telegram_token=Secret("1:x")))[0].found == "to serve telegram"
