"""What is shown on Telegram, and what each refusal means to the courier."""

from __future__ import annotations

import asyncio
import re
import time

import pytest

from bot.adapters import telegram_request
from bot.adapters.telegram_floods import wait
from bot.errors import DeliveryError, PersonGone, Refused, Unreachable
from bot.runtime.messages import Document, Message, Picture
from tests.adapters.telegram_server import TOKEN, Json, Refusal, TelegramServer, units
from tests.adapters.telegram_stage import MINA, Stage, asked, at, staged


async def test_markup_is_drawn_and_no_preview_is_shown() -> None:
    async with staged() as stage:
        stage.server.person(MINA)
        await stage.telegram.send(Message("k", at(MINA), "*one* & _two_ https://x.org"))

    [shown] = stage.server.shown(MINA)
    [call] = stage.server.called("sendMessage")
    assert shown["text"] == "one & two https://x.org"
    assert [entity["type"] for entity in shown["entities"]] == ["bold", "italic"]
    assert call.fields["link_preview_options"] == {"is_disabled": True}


async def test_what_a_person_typed_becomes_no_mention_and_no_command() -> None:
    async with staged() as stage:
        stage.server.person(MINA)
        await stage.telegram.send(Message("k", at(MINA), "“/stop @mina <b>”, or /why"))

    [shown] = stage.server.shown(MINA)
    assert [entity["type"] for entity in shown["entities"]] == ["bot_command"]
    assert shown["text"].endswith("or /why")


async def test_each_choice_has_a_row_of_its_own_and_carries_no_label() -> None:
    async with staged() as stage:
        stage.server.person(MINA)
        await stage.telegram.send(asked(MINA, 999_999_999, labels=["L" * 80] * 8))

    rows = stage.server.shown(MINA)[0]["reply_markup"]["inline_keyboard"]
    assert [len(row) for row in rows] == [1] * 8
    assert all(len(row[0]["callback_data"]) <= 36 for row in rows)


async def test_a_long_text_comes_in_pieces_with_the_keyboard_below_the_last() -> None:
    text = " ".join(f"This is sentence {number} 🌊." for number in range(500))
    async with staged() as stage:
        stage.server.person(MINA)
        await stage.telegram.send(asked(MINA, text=text))

    shown = stage.server.shown(MINA)
    assert len(shown) == 4
    assert all(units(one["text"]) <= 4096 and one["text"].endswith(".") for one in shown)
    assert ["reply_markup" in one for one in shown] == [False, False, False, True]
    assert " ".join(one["text"] for one in shown) == text


async def test_a_second_try_repeats_no_piece_that_was_shown() -> None:
    text = " ".join(f"This is sentence {number}." for number in range(400))
    async with staged(limited=True) as stage:
        stage.server.person(MINA)
        with pytest.raises(Unreachable):
            await stage.telegram.send(asked(MINA, text=text))
        await asyncio.sleep(1.05)
        with pytest.raises(Unreachable):
            await stage.telegram.send(asked(MINA, text=text))
        await asyncio.sleep(1.05)
        await stage.telegram.send(asked(MINA, text=text))

    assert " ".join(one["text"] for one in stage.server.shown(MINA)) == text


async def test_a_message_sent_again_under_its_key_is_shown_once() -> None:
    async with staged() as stage:
        stage.server.person(MINA)
        for _ in range(2):
            await stage.telegram.send(Message("rescue:1", at(MINA), "Something went wrong."))

    assert len(stage.server.shown(MINA)) == 1


async def test_a_document_arrives_whole_under_its_name() -> None:
    async with staged() as stage:
        stage.server.person(MINA)
        await stage.telegram.send(Document("k", at(MINA), "lowtide.json", '{"naïve": "🌊"}'))

    [shown] = stage.server.shown(MINA)
    assert shown["document"]["file_name"] == "lowtide.json"
    assert shown["_content"] == '{"naïve": "🌊"}'


PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108000000003a7e9b55"
    "0000000a49444154789c636800000082008177cd72b60000000049454e44ae426082"
)
"""One grey dot."""


async def test_a_picture_stands_above_its_words() -> None:
    picture = Picture("k", at(MINA), "weeks.png", "*Your weeks*\n5 Jan: closeness 2 of 3", "a picture", PNG)
    async with staged() as stage:
        stage.server.person(MINA)
        for _ in range(2):  # sent again, it is shown once
            await stage.telegram.send(picture)

    [shown] = stage.server.shown(MINA)
    [call] = stage.server.called("sendPhoto")
    assert shown["_content"] == PNG
    assert shown["caption"] == "Your weeks\n5 Jan: closeness 2 of 3"
    assert [one["type"] for one in shown["caption_entities"]] == ["bold"]
    assert (call.fields["photo"]["name"], call.fields["photo"]["type"]) == ("weeks.png", "image/png")
    assert stage.server.broken == []


async def test_words_that_are_too_many_for_a_caption_follow_the_picture() -> None:
    text = " ".join(f"Week {number} was so and so." for number in range(80))
    async with staged() as stage:
        stage.server.person(MINA)
        await stage.telegram.send(Picture("k", at(MINA), "weeks.png", text, "a picture", PNG))

    first, second = stage.server.shown(MINA)
    assert "caption" not in first
    assert second["text"] == text


async def test_a_picture_that_telegram_refuses_is_given_up() -> None:
    async with staged() as stage:
        stage.server.person(MINA)
        with pytest.raises(Refused):
            await stage.telegram.send(
                Picture("k", at(MINA), "weeks.png", "words", "a picture", b"no picture")
            )

    assert stage.server.broken == ["sendPhoto: Bad Request: IMAGE_PROCESS_FAILED"]


async def refusal(stage: Stage) -> DeliveryError:
    with pytest.raises(DeliveryError) as caught:
        await stage.telegram.send(asked(MINA, text="words of a person"))
    return caught.value


SORTS: list[tuple[str, Refusal | str, type[DeliveryError]]] = [
    ("blocked", Refusal(403, "Forbidden: bot was blocked by the user"), PersonGone),
    ("deactivated", Refusal(403, "Forbidden: user is deactivated"), PersonGone),
    ("never began", Refusal(403, "Forbidden: bot can't initiate conversation with a user"), PersonGone),
    ("no chat", Refusal(400, "Bad Request: chat not found"), PersonGone),
    ("no peer", Refusal(400, "Bad Request: PEER_ID_INVALID"), PersonGone),
    ("moved", Refusal(400, "Bad Request: upgraded", migrate_to_chat_id=-1009), PersonGone),
    ("too long", Refusal(400, "Bad Request: message is too long"), Refused),
    ("markup", Refusal(400, "Bad Request: can't parse entities: words of a person"), Refused),
    ("button", Refusal(400, "Bad Request: BUTTON_DATA_INVALID"), Refused),
    ("other", Refusal(400, "Bad Request: words of a person"), Refused),
    ("token", Refusal(401, "Unauthorized"), Unreachable),
    ("no method", Refusal(404, "Not Found"), Unreachable),
    ("conflict", Refusal(409, "Conflict"), Unreachable),
    ("trouble", Refusal(500, "Internal Server Error"), Unreachable),
    ("gateway", Refusal(502, "Bad Gateway"), Unreachable),
    ("teapot", Refusal(418, "I'm a teapot"), Unreachable),
    ("no JSON", "garbage", Unreachable),
    ("a refusal that calls itself 200", "blocked in disguise", PersonGone),
    ("half an answer", "half", Unreachable),
    ("a wall in between", "wall", Unreachable),
    ("cut", "cut", Unreachable),
]


@pytest.mark.parametrize(("answer", "sort"), [row[1:] for row in SORTS], ids=[row[0] for row in SORTS])
async def test_the_courier_is_told_what_to_do_and_never_what_was_said(
    answer: Refusal | str, sort: type[DeliveryError], caplog: pytest.LogCaptureFixture
) -> None:
    async with staged() as stage:
        stage.server.person(MINA)
        stage.server.fail("sendMessage", answer, 2 if sort is Refused else 1)  # once more without marks
        error = await refusal(stage)

        await stage.telegram.send(asked(MINA))

    assert type(error) is sort
    assert "words of a person" not in f"{error}{caplog.text}"
    assert TOKEN not in f"{error!r}{caplog.text}"
    assert error.__suppress_context__
    assert len(stage.server.shown(MINA)) == 1


async def test_what_was_taken_is_sent_whatever_the_answer_looks_like() -> None:
    async with staged() as stage:
        stage.server.person(MINA)
        stage.server.fail("sendMessage", "odd")
        await stage.telegram.send(asked(MINA))

    assert len(stage.server.called("sendMessage")) == 1


async def test_a_text_whose_marks_are_refused_is_shown_without_them() -> None:
    async with staged() as stage:
        stage.server.person(MINA)
        stage.server.fail("sendMessage", Refusal(400, "Bad Request: can't parse entities: at byte offset 7"))
        await stage.telegram.send(asked(MINA, text="*Which* one, a < b?"))

    [shown] = stage.server.shown(MINA)
    assert (shown["text"], shown["entities"]) == ("Which one, a < b?", [])
    assert len(shown["reply_markup"]["inline_keyboard"]) == 2


async def test_too_many_says_how_long_to_wait() -> None:
    async with staged() as stage:
        stage.server.person(MINA)
        stage.server.fail("sendMessage", Refusal(429, "Too Many Requests: retry after 17", retry_after=17))
        error = await refusal(stage)

    assert isinstance(error, Unreachable)
    assert error.retry_after == 17


@pytest.mark.parametrize(
    ("answer", "header", "seconds"),
    [
        ({"parameters": {"retry_after": 7}}, "9", 7.0),
        ({"description": "Too Many Requests: retry after 8"}, "9", 8.0),
        ({"parameters": None, "description": "slow"}, "9", 9.0),
        ({}, "Wed, 21 Oct 2026 07:28:00 GMT", 1.0),
        ({}, None, 1.0),
    ],
)
def test_the_seconds_of_silence_are_found_wherever_they_are_told(
    answer: Json, header: str | None, seconds: float
) -> None:
    assert wait(answer, header) == seconds


async def test_a_send_that_hangs_is_given_up_and_holds_no_other(monkeypatch: pytest.MonkeyPatch) -> None:
    async with TelegramServer() as server:
        stage = Stage(server)
        stage.telegram = stage.make()
        await stage.telegram.start()
        for request in stage.telegram._bot._request:
            monkeypatch.setattr(request, "_seconds", 0.2)
        server.person(MINA)
        server.fail("sendMessage", "hang")
        begun = time.monotonic()
        hanging = asyncio.create_task(refusal(stage))
        await server.until(lambda: server.called("sendMessage"))
        await stage.telegram.send(asked(MINA))
        other = hanging.done()
        error = await hanging
        await stage.telegram.stop()

    assert not other
    assert isinstance(error, Unreachable)
    assert time.monotonic() - begun < 10


def test_our_request_stays_as_small_as_was_promised() -> None:
    source = telegram_request.__file__

    with open(source) as file:  # noqa: PTH123  the module's own path
        lines = file.read().splitlines()

    assert len(lines) < 120
    assert not any(re.search(r"log\.|print\(", line) for line in lines)
