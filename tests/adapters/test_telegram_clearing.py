"""What is remembered of a chat on Telegram so that it can be removed: little, and not for long."""

import pytest

from bot.adapters import telegram_clearing
from bot.errors import PersonGone
from bot.runtime.messages import Message
from tests.adapters.telegram_server import Refusal
from tests.adapters.telegram_stage import MINA, at, staged


async def test_the_latest_go_first_a_hundred_at_a_time_and_no_more_than_two_hundred_are_known() -> None:
    async with staged() as stage:
        for number in range(230):
            stage.server.say(MINA, f"line {number}")
        await stage.drained()

        await stage.telegram.clear(str(MINA), "Mild, with some sun.")
        await stage.server.until(lambda: len(stage.server.called("deleteMessages")) == 2)
        await stage.server.until(lambda: len(stage.server.written[MINA]) == 30)

        sizes = [len(call.fields["message_ids"]) for call in stage.server.called("deleteMessages")]
        left = [message["text"] for message in stage.server.written[MINA].values()]
    assert sizes == [100, 100]
    assert left == [f"line {number}" for number in range(30)]


async def test_what_is_two_days_old_is_forgotten_and_not_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(telegram_clearing, "YOUNG", 0.0)
    async with staged() as stage:
        stage.server.say(MINA, "hello")
        await stage.drained()
        await stage.telegram.send(Message("s:1:0", at(MINA), "hi"))

        await stage.telegram.clear(str(MINA), "Grey in the morning.")

        assert stage.server.called("deleteMessages") == []


async def test_no_more_chats_are_known_than_a_bound(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(telegram_clearing, "MOST_WATCHED", 1)
    async with staged() as stage:
        stage.server.say(MINA, "first")
        await stage.drained()
        stage.server.say(12, "second")
        await stage.drained()

        await stage.telegram.clear("12", "Mild.")
        await stage.telegram.clear(str(MINA), "Mild.")

        assert len(stage.server.called("deleteMessages")) == 1


async def test_who_blocked_us_is_told_apart_from_a_line_that_is_down() -> None:
    async with staged() as stage:
        stage.server.person(MINA)
        stage.server.fail("sendMessage", Refusal(403, "Forbidden: bot was blocked by the user"))

        with pytest.raises(PersonGone):
            await stage.telegram.clear(str(MINA), "Mild.")


async def test_a_server_that_says_odd_things_of_what_it_shows_is_spoken_to_all_the_same() -> None:
    async with staged() as stage:
        stage.server.person(MINA)
        stage.server.fail("sendMessage", "odd")

        await stage.telegram.send(Message("s:1:0", at(MINA), "hi"))
        await stage.telegram.clear(str(MINA), "")

        assert stage.server.called("deleteMessages") == []
