"""The quick exit through the whole bot: what is left to see on each platform, whatever else goes on."""

from __future__ import annotations

import asyncio
import io
import time
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.adapters.console import CLEAR, HERE, Console, converse
from bot.app import build, listener
from bot.dialogue.flow import Value
from bot.errors import StoreError
from bot.exits import way_out
from bot.run import Service
from bot.runtime.leaving import AT_ONCE
from bot.runtime.messages import Address, Command, Text
from bot.runtime.ports import Change, Person, Verdict
from bot.settings import Settings
from bot.storage.memory import MemoryStore
from tests.adapters.discord_server import BOT, DiscordServer, reply
from tests.adapters.telegram_server import Refusal, TelegramServer
from tests.serving import content, serving, settings

ANNA = 11
NOON = datetime(2026, 1, 5, 12, tzinfo=UTC)
HERS = Address("telegram", str(ANNA))
KNOWN: dict[str, Value] = {"consented": True, "country": "US", "language": "en"}
WEATHER = ("Mostly dry", "Mild,", "Grey in", "Clouds and")


def weather(texts: list[str]) -> bool:
    """Tell whether a chat holds a line about the weather and nothing else."""
    return len(texts) == 1 and texts[0].startswith(WEATHER)


def seen(server: TelegramServer) -> list[str]:
    """List everything Anna's chat shows, hers and ours."""
    ours = [one.get("text", "") for one in server.shown(ANNA)]
    return [*(one.get("text", "") for one in server.written.get(ANNA, {}).values()), *ours]


@pytest.fixture
async def server() -> AsyncIterator[TelegramServer]:
    async with TelegramServer() as one:
        yield one


async def asked(server: TelegramServer, service: Service) -> None:
    """Let Anna be shown what nobody else should read."""
    server.person(ANNA)
    await service.app.begin(HERS, "unsafe", KNOWN)
    await server.until(lambda: len(server.shown(ANNA)) == 3)


async def talked(server: TelegramServer, service: Service) -> None:
    """Let her answer it as well."""
    await asked(server, service)
    server.say(ANNA, "he reads my phone")
    await server.until(lambda: not server.updates)
    await service.app.settle()


# --- Telegram --------------------------------------------------------------------------------------------


async def test_on_telegram_only_the_weather_is_left_of_what_both_wrote(
    server: TelegramServer, tmp_path: Path
) -> None:
    async with serving(settings(tmp_path, server)) as service:
        await talked(server, service)
        server.say(ANNA, "/x")

        await server.until(lambda: weather(seen(server)) and not server.updates)

        assert not server.broken
        assert "reply_markup" not in server.shown(ANNA)[0]


async def test_a_word_does_what_the_command_does(server: TelegramServer, tmp_path: Path) -> None:
    async with serving(settings(tmp_path, server)) as service:
        await talked(server, service)
        server.say(ANNA, "Hide this, please")

        await server.until(lambda: weather(seen(server)) and not server.updates)
        session = await service.app.session(HERS)

    assert session is not None
    assert session.away == 1


async def test_who_comes_back_sees_nothing_of_it_at_first_and_then_the_card_again(
    server: TelegramServer, tmp_path: Path
) -> None:
    async with serving(settings(tmp_path, server)) as service:
        await asked(server, service)
        server.say(ANNA, "/x")
        await server.until(lambda: weather(seen(server)) and not server.updates)

        server.say(ANNA, "/export")
        await server.until(lambda: len(server.shown(ANNA)) == 2 and not server.updates)
        greeted = server.shown(ANNA)[-1]["text"]
        server.say(ANNA, "it is me")
        await server.until(lambda: len(server.shown(ANNA)) == 5 and not server.updates)

    assert greeted.startswith(("Hello", "Back again"))
    assert any("800-799-7233" in one["text"] for one in server.shown(ANNA))


async def test_a_message_that_is_on_its_way_does_not_stay(server: TelegramServer, tmp_path: Path) -> None:
    async with serving(settings(tmp_path, server)) as service:
        await talked(server, service)
        server.fail("sendMessage", "wait")
        server.say(ANNA, "purple")
        await server.until(lambda: not server.faults)
        server.say(ANNA, "/x")
        await server.until(lambda: weather(seen(server)))
        server.gate.set()

        await server.until(lambda: len(server.called("deleteMessages")) > 1 and weather(seen(server)))

    assert all(call.status for call in server.called("sendMessage"))


async def test_what_is_too_old_for_telegram_to_remove_does_not_keep_the_rest(
    server: TelegramServer, tmp_path: Path
) -> None:
    async with serving(settings(tmp_path, server)) as service:
        await talked(server, service)
        server.shown(ANNA)[0]["date"] = int(time.time()) - 50 * 3600
        server.say(ANNA, "/x")

        await server.until(lambda: len(seen(server)) == 2 and not server.updates)

    assert server.shown(ANNA)[1]["text"].startswith(WEATHER)


async def test_a_platform_that_is_short_of_breath_clears_it_a_moment_later(
    server: TelegramServer, tmp_path: Path
) -> None:
    async with serving(settings(tmp_path, server)) as service:
        await talked(server, service)
        server.fail("deleteMessages", Refusal(429, "Too Many Requests: retry after 1", retry_after=1))
        server.say(ANNA, "/x")

        await server.until(lambda: weather(seen(server)) and not server.updates, 20)


class Failing(MemoryStore):
    """A store that can be made to fail, or to answer nobody."""

    broken = False
    stuck: asyncio.Event | None = None

    async def load(self, address: Address, at: object = None) -> Person:
        await self._suffer()
        return await super().load(address, at)  # type: ignore[arg-type]

    async def commit(self, change: Change) -> Verdict:
        await self._suffer()
        return await super().commit(change)

    async def _suffer(self) -> None:
        if self.broken:
            raise StoreError("the disk is gone; mount it again")
        if self.stuck:
            await self.stuck.wait()


async def test_it_works_while_the_store_is_down_even_behind_a_word_that_cannot_be_kept(
    server: TelegramServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = Failing()
    monkeypatch.setattr("bot.run.chosen", lambda *_: store)
    async with serving(settings(tmp_path, server)) as service:
        await talked(server, service)
        store.broken = True
        server.say(ANNA, "he is coming up the stairs")
        server.say(ANNA, "/x")
        await server.until(lambda: any(text.startswith(WEATHER) for text in seen(server)))
        store.broken = False
        await server.until(lambda: not server.updates)
        await service.app.settle()
        session = await service.app.session(HERS)

    assert session is not None
    assert session.away == 1
    assert sum(text.startswith(WEATHER) for text in seen(server)) == 1


async def test_it_does_not_wait_for_a_store_that_is_slow(tmp_path: Path) -> None:
    store, out, chosen = Failing(), io.StringIO(), Settings(tmp_path / "l.db")
    console, ear = Console(out, screen=True), listener(chosen, content(), patient=False)
    async with build(chosen, content(), store, {HERE.platform: console}, listening=ear) as app:
        await app.begin(HERE, "unsafe", KNOWN)
        store.stuck = asyncio.Event()
        before = asyncio.create_task(app.handle(console.update("he is here")))
        leaving = asyncio.create_task(app.handle(console.update("/x")))
        await app.leaving.settle()
        async with asyncio.timeout(10):
            while CLEAR not in out.getvalue():  # noqa: ASYNC110  a terminal tells nobody what it shows
                await asyncio.sleep(0.01)
        shown = out.getvalue().rpartition(CLEAR)[2]
        store.stuck.set()
        await asyncio.gather(before, leaving)
        await app.settle()

    assert shown.strip().startswith(WEATHER)
    assert out.getvalue().rpartition(CLEAR)[2] == shown


async def test_a_flood_does_not_keep_anybody_from_leaving_nor_make_us_flood_the_platform(
    server: TelegramServer, tmp_path: Path
) -> None:
    async with serving(settings(tmp_path, server)) as service:
        await talked(server, service)
        for _ in range(2 * AT_ONCE):
            server.say(ANNA, "/x")
        await server.until(lambda: not server.updates)
        await service.app.settle()
        session = await service.app.session(HERS)

    assert session is not None
    assert session.away == 1
    assert (
        len([call for call in server.called("sendMessage") if call.fields["text"].startswith(WEATHER)]) == 3
    )


# --- Discord ---------------------------------------------------------------------------------------------


async def test_on_discord_our_own_messages_go_and_theirs_are_not_ours_to_remove(tmp_path: Path) -> None:
    async with DiscordServer() as discord, serving(settings(tmp_path, discord=discord)):
        await discord.until(lambda: bool(discord.lines))
        await discord.say("hello")
        await discord.until(lambda: len(discord.shown) == 2)
        discord.delete_faults.append(lambda: reply({"retry_after": 0.05, "global": False}, 429))
        await discord.say("/x")

        await discord.until(lambda: weather(discord.shown))
        theirs = [one["content"] for one in discord.messages if one["author"]["id"] != BOT["id"]]

    assert theirs == ["hello", "/x"]


# --- the terminal ----------------------------------------------------------------------------------------


async def test_a_terminal_is_cleared_with_what_was_scrolled_away_and_the_arrow_keys_forget(
    tmp_path: Path,
) -> None:
    out = io.StringIO()
    console = Console(out, screen=True)

    async def lines() -> AsyncIterator[str]:
        yield "hide this"

    async with build(Settings(tmp_path / "l.db"), content(), MemoryStore(), {HERE.platform: console}) as app:
        await app.begin(HERE, "unsafe", KNOWN)
        await app.settle()
        await converse(console, lines(), app.handle, app.settle, {})

    before, _, after = out.getvalue().rpartition(CLEAR)
    assert "800-799-7233" in before
    assert after.strip().startswith(WEATHER)
    assert (console.buttons, console.wiped) == ((), 1)


async def test_a_pipe_gets_the_line_and_no_steering(tmp_path: Path) -> None:
    out = io.StringIO()
    console = Console(out)
    async with build(Settings(tmp_path / "l.db"), content(), MemoryStore(), {HERE.platform: console}) as app:
        await app.handle(console.update("/x"))
        await app.settle()

    assert out.getvalue().strip().startswith(WEATHER)


# --- its words -------------------------------------------------------------------------------------------


def test_its_line_tells_nothing_in_any_language_and_its_words_are_few() -> None:
    way = way_out(content(), "de")

    assert way.asked(Command("x", "…")) == Command("x", "…")
    assert way.asked(Text("X")) == Command("x")
    assert way.asked(Text("versteck das")) == Command("x")
    assert way.asked(Text("I want to hide this from everyone I know, and from myself too")) is None
    assert way.asked(Command("stop")) is None
    for language in ("en-GB", "es", "de", "fr", ""):
        assert not any(word in way.line(language, NOON).lower() for word in ("lowtide", "/", "you", "help"))
