"""`lowtide run --check` finds what would keep people from being served, and says how to mend it."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web

from bot.adapters.checkup import Answer, Finding, clock
from bot.operating.readiness import look
from bot.operating.reports import Report
from bot.runtime.discretion import Discreet
from bot.settings import Secret, Settings
from tests.adapters.telegram_server import TOKEN, TelegramServer
from tests.running import environment, started


@pytest.fixture
async def server() -> AsyncIterator[TelegramServer]:
    async with TelegramServer() as one:
        yield one


@pytest.fixture
def settings(tmp_path: Path, server: TelegramServer) -> Settings:
    return Settings(tmp_path / "l.db", telegram_token=Secret(TOKEN), telegram_url=server.url)


def faults(report: Report) -> dict[str, str]:
    """Return how to mend each thing that is wrong."""
    return {finding.what: finding.mend for finding in report.findings if not finding.good}


async def test_all_is_well_with_a_good_token(settings: Settings, server: TelegramServer) -> None:
    report = await look(settings)

    assert report.good
    shown = report.written(Discreet(settings.secrets(), ""))
    assert "telegram token: it is @lowtide_test_bot's" in shown
    assert "telegram clock: ours agrees with theirs" in shown
    assert [call.method for call in server.calls] == ["getMe", "getWebhookInfo"]


async def test_an_unknown_token_is_to_be_copied_again(settings: Settings) -> None:
    report = await look(replace(settings, telegram_token=Secret("1:other")))

    assert "@BotFather" in faults(report)["telegram token"]
    assert "1:other" not in report.written(Discreet((), ""))


async def test_a_server_that_is_not_there_is_told_with_its_address(settings: Settings) -> None:
    report = await look(replace(settings, telegram_url="http://127.0.0.1:9"))

    assert "http://127.0.0.1:9" in faults(report)["telegram"]
    assert TOKEN not in report.written(Discreet((), ""))


async def test_a_webhook_that_stands_in_the_way_and_one_that_is_not_https_are_told(
    settings: Settings, server: TelegramServer
) -> None:
    server.webhook = {"url": "https://old.example/"}

    polling = await look(settings)
    calling = await look(replace(settings, telegram_webhook_url="http://tide.example/hook"))

    assert polling.good
    assert "will be removed" in polling.written(Discreet((), ""))
    assert "proxy with a certificate" in faults(calling)["telegram webhook"]


@pytest.mark.parametrize(
    ("address", "wanted"),
    [
        ("http://127.0.0.1:8443/hook", False),
        ("http://localhost/hook", False),
        ("http://[::1]:8443/hook", False),
        ("https://tide.example/hook", False),
        ("http://127.0.0.1.tide.example/hook", True),
        ("http://tide.example/127.0.0.1", True),
        ("http://10.0.0.7/hook", True),
    ],
)
async def test_no_certificate_is_asked_for_on_this_very_machine(
    settings: Settings, address: str, wanted: bool
) -> None:
    report = await look(replace(settings, telegram_webhook_url=address))

    assert ("telegram webhook" in faults(report)) is wanted


async def test_without_flows_or_a_token_or_a_folder_everything_is_told_at_once(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    settings = Settings(tmp_path / "file" / "l.db", flows=tmp_path, prompts=tmp_path)

    assert set(faults(await look(settings))) == {"settings", "flows", "database"}


@pytest.mark.parametrize(("ahead", "said"), [(90.0, "90 seconds ahead of"), (-45.0, "45 seconds behind")])
def test_a_clock_that_is_wrong_is_to_be_set(ahead: float, said: str) -> None:
    (finding,) = clock("telegram", Answer(200, {}, ahead=ahead))

    assert not finding.good
    assert said in finding.found
    assert "timedatectl" in finding.mend
    assert clock("telegram", Answer(200, {}, ahead=3.0))[0].good
    assert clock("telegram", Answer(200, {})) == []


# --- Discord -----------------------------------------------------------------------------------------------


@asynccontextmanager
async def discord(flags: int = 0, remaining: int = 5) -> AsyncIterator[str]:
    """Answer what is asked of Discord."""
    answers: dict[str, Any] = {
        "users/@me": {"id": "1", "username": "lowtide"},
        "applications/@me": {"id": "1", "flags": flags},
        "gateway/bot": {
            "shards": 2,
            "session_start_limit": {"remaining": remaining, "reset_after": 7_200_000},
        },
    }

    async def answer(request: web.Request) -> web.Response:
        known = request.headers["Authorization"] == "Bot right"
        body = answers[request.match_info["path"]] if known else {"message": "401: Unauthorized"}
        return web.Response(
            text=json.dumps(body), status=200 if known else 401, content_type="application/json"
        )

    app = web.Application()
    app.router.add_get("/api/v10/{path:.*}", answer)
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    try:
        yield f"http://127.0.0.1:{runner.addresses[0][1]}"
    finally:
        await runner.cleanup()


def on_discord(tmp_path: Path, url: str, token: str = "right") -> Settings:
    return Settings(tmp_path / "l.db", discord_token=Secret(token), discord_url=url)


async def test_discord_is_well_with_no_intent_beyond_messages(tmp_path: Path) -> None:
    async with discord() as url:
        report = await look(on_discord(tmp_path, url))

    shown = report.written(Discreet((), ""))
    assert report.good
    assert "none is needed beyond direct messages" in shown
    assert "2 shards, starts are left" in shown


async def test_intents_that_are_not_used_are_to_be_switched_off(tmp_path: Path) -> None:
    async with discord(flags=1 << 13 | 1 << 18) as url:
        report = await look(on_discord(tmp_path, url))

    assert report.good
    assert "presence, message content" in report.written(Discreet((), ""))


async def test_an_unknown_token_and_used_up_starts_are_told(tmp_path: Path) -> None:
    async with discord(remaining=1) as url:
        worn = await look(on_discord(tmp_path, url))
        unknown = await look(on_discord(tmp_path, url, "wrong"))

    assert faults(worn) == {"discord gateway": "wait 2 hours"}
    assert "Reset Token" in faults(unknown)["discord token"]


# --- as a command ------------------------------------------------------------------------------------------


async def test_the_command_exits_with_what_it_found(server: TelegramServer, tmp_path: Path) -> None:
    variables = environment(tmp_path / "l.db", server)
    good = await started(variables, "--check")
    bad = await started({**variables, "LOWTIDE_TELEGRAM_TOKEN": "1:hush"}, "--check")

    assert [await good.ended(), await bad.ended()] == [0, 1]


def test_what_is_to_be_mended_stands_under_what_was_found() -> None:
    assert str(Finding("clock", False, "slow", "set it")) == "FAULT  clock: slow\n       mend: set it"
    assert str(Finding("clock", True, "right")) == "ok     clock: right"
