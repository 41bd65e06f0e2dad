"""Long polling loses nothing: an update is confirmed after it was kept, and no fault ends the asking."""

from __future__ import annotations

import asyncio
import logging

import pytest

from bot.adapters.telegram_polling import BREATH
from bot.errors import SettingsError, StoreError
from bot.runtime.messages import Address, Command, Text, Update
from bot.runtime.ports import Verdict
from bot.runtime.rescue import MOST_TRIES
from tests.adapters.telegram_server import TOKEN, Refusal, TelegramServer
from tests.adapters.telegram_stage import FAST, MINA, NOOR, Stage, at, staged


def offsets(server: TelegramServer) -> list[int]:
    return [int(call.fields.get("offset", 0)) for call in server.called("getUpdates")]


async def test_a_door_is_open_until_polls_fail_again_and_again() -> None:
    async with staged() as stage:
        await stage.server.until(lambda: stage.telegram.opened)
        stage.server.fail("getUpdates", Refusal(502, "Bad Gateway"), 9)
        await stage.server.until(lambda: not stage.telegram.opened)
        await stage.server.until(lambda: stage.telegram.opened)

    assert len(stage.server.called("getUpdates")) > 9
    assert not stage.telegram.opened


async def test_an_update_is_confirmed_only_after_it_was_kept() -> None:
    async with staged() as stage:
        kept = asyncio.Event()

        async def wait(_: Update) -> Verdict:
            await kept.wait()
            return Verdict.COMMITTED

        stage.answer = wait
        id = stage.server.say(MINA, "hello")
        await asyncio.sleep(0.1)
        waiting, asked = len(stage.server.updates), max(offsets(stage.server))
        kept.set()
        await stage.drained()

    assert (waiting, asked) == (1, 0)
    assert offsets(stage.server)[-1] == id + 1


@pytest.mark.parametrize(
    "failure", [None, RuntimeError("with words of a person")], ids=["not kept", "broken"]
)
async def test_an_update_that_was_not_kept_comes_again_before_anything_behind_it(
    failure: Exception | None, caplog: pytest.LogCaptureFixture
) -> None:
    tries = 0

    async def third(update: Update) -> Verdict | None:
        nonlocal tries
        tries += update.what == Text("first")
        if tries < 3 and failure:
            raise failure
        return Verdict.COMMITTED if tries >= 3 else None

    async with staged() as stage:
        stage.answer = third
        stage.server.say(MINA, "first")
        stage.server.say(MINA, "second")
        await stage.drained()

    assert stage.whats() == [Text("first"), Text("second")]
    assert tries == 3
    assert "words of a person" not in caplog.text


async def test_a_person_whose_update_cannot_be_kept_yet_holds_nobody_up() -> None:
    mended = asyncio.Event()

    async def answer(update: Update) -> Verdict | None:
        return None if update.address == at(MINA) and not mended.is_set() else Verdict.COMMITTED

    async with staged() as stage:
        stage.answer = answer
        stage.server.say(MINA, "stuck")
        for number in range(5):
            stage.server.say(NOOR, f"{number}")
        await stage.server.until(lambda: len(stage.heard) == 5)
        mended.set()
        await stage.drained()

    assert stage.whats() == [*(Text(f"{number}") for number in range(5)), Text("stuck")]


async def test_an_update_at_which_something_breaks_every_time_is_let_go(
    caplog: pytest.LogCaptureFixture,
) -> None:
    async def answer(update: Update) -> Verdict:
        if update.address == at(MINA):
            raise LookupError("never")
        return Verdict.COMMITTED

    async with staged() as stage:
        stage.answer = answer
        stage.server.say(MINA, "never")
        stage.server.say(NOOR, "hello")
        await stage.drained()

    assert stage.whats() == [Text("hello")]
    assert caplog.text.count("LookupError") == MOST_TRIES
    assert "is let go" in caplog.text
    assert "never" not in caplog.text


async def test_while_nothing_can_be_kept_nothing_is_let_go() -> None:
    tries = 0

    async def answer(_: Update) -> Verdict | None:
        nonlocal tries
        tries += 1
        if tries < 10:
            raise StoreError("the disk is full")
        return Verdict.COMMITTED if tries > 20 else None

    async with staged() as stage:
        stage.answer = answer
        stage.server.say(MINA, "hello")
        await stage.drained()

    assert stage.whats() == [Text("hello")]


async def test_people_are_served_side_by_side_and_each_in_order() -> None:
    both, seen = asyncio.Event(), set[Address]()

    async def answer(update: Update) -> Verdict:
        seen.add(update.address)
        if len(seen) == 2:
            both.set()
        await both.wait()
        return Verdict.COMMITTED

    async with staged() as stage:
        for text in ["1", "2", "3"]:
            stage.server.say(MINA, text)
            stage.server.say(NOOR, text)
        stage.answer = answer
        await stage.drained()

    for chat in (MINA, NOOR):
        said = [update.what for update in stage.heard if update.address == at(chat)]
        assert said == [Text("1"), Text("2"), Text("3")]


FAULTS = {
    "bad gateway": Refusal(502, "Bad Gateway"),
    "unavailable": Refusal(503, "Service Unavailable"),
    "too many": Refusal(429, "Too Many Requests: retry after 0.05", retry_after=0.05),
    "too many, with no word of when": Refusal(500, "Internal Server Error"),
    "another poller": Refusal(409, "Conflict: terminated by other getUpdates request"),
    "a token revoked for a moment": Refusal(401, "Unauthorized"),
    "no JSON": "garbage",
    "a line cut": "cut",
}


@pytest.mark.parametrize("name", FAULTS)
async def test_asking_goes_on_after(name: str, caplog: pytest.LogCaptureFixture) -> None:
    async with staged() as stage:
        stage.server.fail("getUpdates", FAULTS[name], 3)
        stage.server.say(MINA, "hello")
        await stage.drained()

    assert stage.whats() == [Text("hello")]
    assert TOKEN not in caplog.text


async def test_a_server_that_holds_no_poll_is_not_overrun() -> None:
    async with staged() as stage:
        stage.server.holds = False
        stage.server.say(MINA, "hello")
        await stage.drained()
        before = len(stage.server.called("getUpdates"))
        await asyncio.sleep(3 * BREATH)
        asked = len(stage.server.called("getUpdates")) - before

    assert 1 <= asked <= 5
    assert stage.whats() == [Text("hello")]


async def test_of_two_pollers_one_is_told_and_both_serve_when_left_alone(
    caplog: pytest.LogCaptureFixture,
) -> None:
    async with TelegramServer() as server:
        one, two = Stage(server), Stage(server)
        one.telegram, two.telegram = one.make(), two.make()
        await one.telegram.start()
        await two.telegram.start()
        await server.until(lambda: "another process polls with this token" in caplog.text)
        await one.telegram.stop()
        server.say(MINA, "hello")
        await server.until(lambda: one.heard or two.heard)
        await two.telegram.stop()

    assert [update.what for update in two.heard or one.heard] == [Text("hello")]


async def test_a_webhook_left_by_an_earlier_run_is_taken_away() -> None:
    async with TelegramServer() as server:
        server.webhook = {"url": "http://127.0.0.1:9/", "secret": "s"}
        stage = Stage(server)
        stage.telegram = stage.make()
        await stage.telegram.start()
        server.say(MINA, "hello")
        await server.until(lambda: stage.heard)
        await stage.telegram.stop()

    assert stage.whats() == [Text("hello")]


async def test_a_server_that_knows_of_no_webhooks_and_no_menus_is_polled_all_the_same() -> None:
    async with TelegramServer() as server:
        server.fail("deleteWebhook", Refusal(404, "Not Found"))
        server.fail("setMyCommands", Refusal(404, "Not Found"))
        stage = Stage(server)
        stage.telegram = stage.make()
        await stage.telegram.start()
        server.say(MINA, "hello")
        await server.until(lambda: stage.heard)
        await stage.telegram.stop()

    assert stage.whats() == [Text("hello")]


async def test_a_server_that_tells_of_itself_no_more_than_a_name_is_good_enough() -> None:
    async with TelegramServer() as server:
        server.fail("getMe", "name", 9)
        stage = Stage(server)
        stage.telegram = stage.make()
        await stage.telegram.start()
        server.say(MINA, "/stop@short_bot")
        await server.until(lambda: stage.heard)
        await stage.telegram.stop()

    assert stage.whats() == [Command("stop")]


async def test_the_last_updates_are_confirmed_when_it_stops() -> None:
    async with TelegramServer() as server:
        stage = Stage(server)
        stage.telegram = stage.make()

        async def slow(_: Update) -> Verdict:
            await asyncio.sleep(0.1)
            return Verdict.COMMITTED

        stage.answer = slow
        await stage.telegram.start()
        server.say(MINA, "hello")
        await server.until(lambda: server.called("getUpdates"))
        await asyncio.sleep(0.05)
        await stage.telegram.stop()

        assert stage.whats() == [Text("hello")]
        assert not server.updates


async def test_an_unknown_token_is_told_at_start_without_the_token() -> None:
    async with TelegramServer() as server:
        server.fail("getMe", Refusal(401, "Unauthorized"))
        stage = Stage(server)
        telegram = stage.make()

        with pytest.raises(SettingsError, match="LOWTIDE_TELEGRAM_TOKEN") as caught:
            await telegram.start()
        await telegram.stop()

    assert TOKEN not in str(caught.value)
    assert caught.value.__suppress_context__


@pytest.mark.parametrize("status", [401, 404])
async def test_a_token_that_is_revoked_later_ends_it_with_what_to_mend(status: int) -> None:
    async with staged() as stage:
        for method in ("getUpdates", "getMe"):
            stage.server.fail(method, Refusal(status, "who?"), 100)

        with pytest.raises(SettingsError, match="LOWTIDE_TELEGRAM_TOKEN") as caught:
            await asyncio.wait_for(stage.telegram.ended(), 10)

    assert TOKEN not in str(caught.value)


async def test_it_starts_by_itself_when_telegram_comes_back() -> None:
    async with TelegramServer() as server:
        server.fail("getMe", Refusal(502, "Bad Gateway"), 3)
        server.fail("deleteWebhook", "garbage", 2)
        stage = Stage(server)
        stage.telegram = stage.make()
        await stage.telegram.start()
        server.say(MINA, "hello")
        await server.until(lambda: stage.heard)
        await stage.telegram.stop()

    assert stage.whats() == [Text("hello")]


async def test_not_even_the_loudest_log_holds_the_token_or_what_a_person_wrote(
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.DEBUG)
    asyncio.get_running_loop().set_debug(True)
    async with staged(FAST) as stage:
        stage.server.fail("getUpdates", "garbage")
        stage.server.fail("getUpdates", "cut")
        stage.server.say(MINA, "my secret words")
        stage.server.push(message={"chat": {"id": MINA}, "text": ["more secret words"]})
        await stage.drained()

    assert stage.whats() == [Text("my secret words")]
    assert "cannot be read" in caplog.text
    assert TOKEN not in caplog.text
    assert "secret words" not in caplog.text
    assert TOKEN not in repr(stage.telegram)
