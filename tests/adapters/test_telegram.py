"""What people do on Telegram reaches the core in our own types, and every kind has its way."""

from __future__ import annotations

import asyncio
import time
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from bot.adapters import telegram_asides
from bot.adapters.signing import sign
from bot.runtime.messages import Command, Press, Text, Unsupported, Update, What
from bot.runtime.ports import Verdict
from tests.adapters.telegram_server import NAME, Json
from tests.adapters.telegram_stage import FAST, KEY, MINA, NOOR, Stage, asked, at, staged

FILE = {"file_id": "f", "file_unique_id": "u", "file_size": 3}
PICTURE = {**FILE, "width": 9, "height": 9}
PERSON = {"id": 5, "is_bot": False, "first_name": "X"}
FORWARDED = {"forward_origin": {"type": "user", "date": 1700000000, "sender_user": PERSON}}
POLL = {
    "id": "1",
    "question": "?",
    "options": [{"text": "a", "voter_count": 0, "persistent_id": "1"}],
    "total_voter_count": 0,
    **dict.fromkeys(("is_closed", "is_anonymous", "allows_multiple_answers"), False),
    "type": "regular",
}
PAID = {
    "currency": "XTR",
    "total_amount": 1,
    "invoice_payload": "p",
    "telegram_payment_charge_id": "1",
    "provider_payment_charge_id": "2",
}

SAID: list[tuple[str, Json, What]] = [
    ("a text", {"text": "I want to cut her off"}, Text("I want to cut her off")),
    ("a command", {"text": "/why"}, Command("why")),
    (
        "a command with words",
        {"text": "/Why ghosting\nfeels easier"},
        Command("why", "ghosting\nfeels easier"),
    ),
    ("a command to us by name", {"text": f"/stop@{NAME.upper()}"}, Command("stop")),
    ("a command to another bot", {"text": "/stop@other_bot"}, Text("/stop@other_bot")),
    ("a path", {"text": "/usr/bin"}, Text("/usr/bin")),
    ("a deep link", {"text": "/start why-ghosting"}, Command("start", about="ghosting")),
    ("a longer deep link", {"text": "/start why-leave_first"}, Command("start", about="leave first")),
    ("another payload", {"text": "/start friend"}, Command("start")),
    ("a beginning in words", {"text": "/start mum is angry"}, Command("start", "mum is angry")),
    ("a caption", {"photo": [PICTURE], "caption": "look"}, Text("look")),
    ("a caption like a command", {"photo": [PICTURE], "caption": "/delete"}, Text("/delete")),
    ("a photo", {"photo": [PICTURE]}, Unsupported("photo")),
    (
        "a sticker",
        {"sticker": {**PICTURE, "is_animated": False, "is_video": False, "type": "regular"}},
        Unsupported("sticker"),
    ),
    ("a voice", {"voice": {**FILE, "duration": 2}}, Unsupported("voice")),
    ("a video note", {"video_note": {**FILE, "duration": 2, "length": 9}}, Unsupported("video_note")),
    ("a location", {"location": {"longitude": 1.0, "latitude": 2.0}}, Unsupported("location")),
    ("a contact", {"contact": {"phone_number": "1", "first_name": "X"}}, Unsupported("contact")),
    ("a die", {"dice": {"emoji": "🎲", "value": 3}}, Unsupported("dice")),
    ("a poll", {"poll": POLL}, Unsupported("poll")),
    (
        "an animation, which is a document too",
        {"animation": {**PICTURE, "duration": 1}, "document": FILE},
        Unsupported("animation"),
    ),
    ("a payment", {"successful_payment": PAID}, Unsupported("successful_payment")),
    ("a forwarded text", {"text": "you are nothing", **FORWARDED}, Text("you are nothing")),
    ("a forwarded command", {"text": "/delete", **FORWARDED}, Text("/delete")),
    ("a forwarded photo", {"photo": [PICTURE], **FORWARDED}, Unsupported("forward")),
    ("a kind nobody knows yet", {"hologram": {"depth": 3}}, Unsupported("message")),
]


@pytest.mark.parametrize(("fields", "what"), [row[1:] for row in SAID], ids=[row[0] for row in SAID])
async def test_what_a_person_sends_is_heard_as(fields: Json, what: What) -> None:
    async with staged() as stage:
        id = stage.server.push(message=stage.server.message(MINA, **fields))
        await stage.drained()

    assert [(update.id, update.address, update.what) for update in stage.heard] == [(str(id), at(MINA), what)]


PASSED: list[tuple[str, Json]] = [
    ("a pinned message", {"message": {"pinned_message": "it"}}),
    ("a new timer", {"message": {"message_auto_delete_timer_changed": {"message_auto_delete_time": 5}}}),
    ("nothing at all", {"message": {}}),
    ("a reaction", {"message_reaction": {"chat": {"id": MINA, "type": "private"}, "message_id": 1}}),
    ("a poll's tally", {"poll": POLL}),
    ("a kind nobody knows yet", {"telepathy": {"from": PERSON, "thought": "?"}}),
    ("no update", {}),
    ("what cannot be read", {"message": {"chat": 7}}),
    ("a press without a sender", {"callback_query": {"id": "1"}}),
]


@pytest.mark.parametrize("fields", [row[1] for row in PASSED], ids=[row[0] for row in PASSED])
async def test_what_says_nothing_passes_and_holds_nobody_up(fields: Json) -> None:
    async with staged() as stage:
        if fields.get("message", {}).get("chat") is None and "message" in fields:
            inner = fields["message"]
            pinned = (
                {"pinned_message": stage.server.message(MINA, text="old")}
                if "pinned_message" in inner
                else {}
            )
            fields = {"message": stage.server.message(MINA, **{**inner, **pinned})}
        stage.server.push(**fields)
        stage.server.say(NOOR, "hello")
        await stage.drained()

    assert stage.whats() == [Text("hello")]
    assert not stage.server.called("sendMessage")


async def test_an_album_is_answered_once_and_its_words_are_heard() -> None:
    async with staged() as stage:
        for caption in ({}, {}, {"caption": "all of us"}):
            stage.server.push(
                message=stage.server.message(MINA, photo=[PICTURE], media_group_id="7", **caption)
            )
        await stage.drained()

    assert stage.whats() == [Unsupported("photo"), Text("all of us")]


async def test_a_location_shared_live_is_answered_once() -> None:
    async with staged() as stage:
        place = {"location": {"longitude": 1.0, "latitude": 2.0, "live_period": 60}}
        stage.server.push(message=stage.server.message(MINA, **place))
        stage.server.push(edited_message=stage.server.message(MINA, **place))
        await stage.drained()

    assert stage.whats() == [Unsupported("location")]


async def test_a_text_is_from_the_end_of_its_second() -> None:
    now = int(time.time())
    async with staged() as stage:
        stage.server.say(MINA, "hello", date=now)
        await stage.drained()

    assert stage.heard[0].sent_at == datetime.fromtimestamp(now, UTC) + timedelta(microseconds=999_999)


async def test_a_time_that_cannot_be_true_is_not_believed() -> None:
    async with staged() as stage:
        stage.server.say(MINA, "hello", date=1_700_000_000)  # Telegram keeps what waits for a day
        for date in (0, 10**20, "soon", None):
            stage.server.say(MINA, "hello", date=date)
        await stage.drained()

    assert [update.sent_at for update in stage.heard] == [None] * 5


async def test_a_chat_whose_kind_is_not_told_is_told_by_its_number() -> None:
    async with staged() as stage:
        stage.server.push(message={"message_id": 1, "chat": {"id": MINA}, "text": "hello"})
        stage.server.push(message={"message_id": 2, "chat": {"id": -MINA}, "text": "hello"})
        data = sign("4:2", at(MINA), KEY)
        stage.server.press(MINA, {"message_id": 3, "chat": {"id": MINA}}, data)
        await stage.drained()

    assert stage.whats() == [Text("hello"), Press("4:2")]


async def test_an_edited_text_is_heard_as_of_when_it_was_first_written() -> None:
    async with staged() as stage:
        edited = stage.server.message(MINA, text="I meant her", date=1_700_000_000, edit_date=1_800_000_000)
        stage.server.push(edited_message=edited)
        await stage.drained()

    assert stage.whats() == [Text("I meant her")]
    assert stage.heard[0].sent_at == datetime(2023, 11, 14, 22, 13, 20, 999_999, UTC)


# --- presses ---------------------------------------------------------------------------------------------


async def pressed(stage: Stage, chat: int, label: str, message: Json | None = None) -> None:
    message = message or stage.server.shown(chat)[-1]
    rows = message["reply_markup"]["inline_keyboard"]
    data = next(one["callback_data"] for row in rows for one in row if one["text"] == label)
    stage.server.press(chat, message, data)
    await stage.drained()


async def test_a_press_is_heard_answered_and_shown_in_place_of_the_keyboard() -> None:
    async with staged() as stage:
        stage.server.person(MINA)
        await stage.telegram.send(asked(MINA, 7, "*Which* one, a < b?"))
        await pressed(stage, MINA, "Two")
        await stage.server.until(lambda: "reply_markup" not in stage.server.shown(MINA)[0])

    assert stage.whats() == [Press("7:1")]
    assert stage.heard[0].sent_at is None
    assert stage.server.shown(MINA)[0]["text"] == "Which one, a < b?\n\n› Two"
    assert {"type": "bold", "offset": 0, "length": 5} in stage.server.shown(MINA)[0]["entities"]
    assert len(stage.server.answered) == 1
    assert not stage.server.broken


async def test_two_taps_are_both_answered_and_the_choice_is_shown_once() -> None:
    async with staged() as stage:
        stage.server.person(MINA)
        await stage.telegram.send(asked(MINA))
        before = stage.server.shown(MINA)[0]
        await pressed(stage, MINA, "One", before)
        await pressed(stage, MINA, "One", before)
        await stage.server.until(lambda: len(stage.server.answered) == 2)

    assert stage.whats() == [Press("1:0"), Press("1:0")]
    assert stage.server.shown(MINA)[0]["text"] == "Which one?\n\n› One"


async def test_a_press_on_an_older_question_closes_it_without_showing_a_choice() -> None:
    async with staged() as stage:
        stage.server.person(MINA)
        await stage.telegram.send(asked(MINA, 1))
        await stage.telegram.send(asked(MINA, 2, "And now?"))
        await pressed(stage, MINA, "One", stage.server.shown(MINA)[0])
        await stage.server.until(lambda: "reply_markup" not in stage.server.shown(MINA)[0])

    assert stage.whats() == [Press("1:0")]
    assert [one["text"] for one in stage.server.shown(MINA)] == ["Which one?", "And now?"]
    assert "reply_markup" in stage.server.shown(MINA)[1]


@pytest.mark.parametrize("data", [sign("1:0", at(NOOR), KEY), "1:0", "1:0:AAAA", "x" * 64])
async def test_a_button_that_was_never_shown_to_this_person_is_a_press_of_nothing(data: str) -> None:
    async with staged() as stage:
        stage.server.person(MINA)
        await stage.telegram.send(asked(MINA))
        stage.server.press(MINA, stage.server.shown(MINA)[0], data)
        await stage.drained()
        await stage.server.until(lambda: stage.server.answered)

    assert stage.whats() == [Press("")]
    assert stage.server.shown(MINA)[0]["text"] == "Which one?"


async def test_a_press_on_a_message_telegram_no_longer_has_is_still_heard() -> None:
    async with staged() as stage:
        gone = {"chat": {"id": MINA, "type": "private"}, "message_id": 3, "date": 0}
        stage.server.press(MINA, gone, sign("4:2", at(MINA), KEY))
        await stage.drained()
        await stage.server.until(lambda: stage.server.answered)

    assert stage.whats() == [Press("4:2")]


async def test_a_press_that_tells_little_of_its_message_still_closes_the_question() -> None:
    async with staged() as stage:
        stage.server.person(MINA)
        await stage.telegram.send(asked(MINA))
        shown = stage.server.shown(MINA)[0]
        data = shown["reply_markup"]["inline_keyboard"][0][0]["callback_data"]
        stage.server.press(MINA, {"message_id": shown["message_id"], "chat": shown["chat"]}, data)
        await stage.server.until(lambda: "reply_markup" not in stage.server.shown(MINA)[0])

    assert stage.whats() == [Press("1:0")]


async def test_a_choice_that_does_not_fit_below_its_question_only_takes_the_keyboard_away() -> None:
    text, label = "a" * 3900, "o" * 200
    async with staged() as stage:
        stage.server.person(MINA)
        await stage.telegram.send(asked(MINA, text=text, labels=(label, "Two")))
        await pressed(stage, MINA, label)
        await stage.server.until(lambda: "reply_markup" not in stage.server.shown(MINA)[0])

    assert stage.server.shown(MINA)[0]["text"] == text
    assert not stage.server.broken


# --- who is there ----------------------------------------------------------------------------------------


async def test_blocking_and_coming_back_are_told() -> None:
    async with staged() as stage:
        stage.server.member(MINA, "kicked")
        stage.server.member(MINA, "member")
        await stage.drained()

    assert stage.present == [(at(MINA), False), (at(MINA), True)]
    assert stage.heard == []


async def test_a_group_is_shown_the_way_to_a_private_chat_once_a_person_and_nothing_else() -> None:
    async with staged() as stage:
        group = -100500
        for text in ["hello", "/start", f"/why@{NAME}", "/stop@other_bot", "bye"]:
            stage.server.say(group, text, kind="supergroup")
        stage.server.push(message=stage.server.message(group, "supergroup", photo=[PICTURE]))
        stage.server.say(MINA, "I am here")
        await stage.drained()
        await stage.server.until(lambda: stage.server.shown(group))

    assert [one["text"] for one in stage.server.shown(group)] == [
        f"platform/pointer in en\nhttps://t.me/{NAME}"
    ]
    assert stage.whats() == [Text("I am here")]


async def test_the_pointer_follows_a_group_that_moved() -> None:
    async with staged() as stage:
        stage.server.person(-200)
        stage.server.migrated[-100] = -200
        stage.server.say(-100, "/start", kind="group")
        await stage.server.until(lambda: stage.server.shown(-200))

    assert len(stage.server.shown(-200)) == 1


async def test_a_press_in_a_group_and_another_bots_words_are_not_heard() -> None:
    async with staged() as stage:
        stage.server.press(-100, stage.server.message(-100, "group", text="x"), sign("1:0", at(-100), KEY))
        robot = {"id": MINA, "is_bot": True, "first_name": "R"}
        stage.server.push(message=stage.server.message(MINA, text="beep", **{"from": robot}))
        await stage.drained()
        await stage.server.until(lambda: stage.server.answered)

    assert stage.heard == []


@pytest.mark.parametrize(
    ("kind", "extra"),
    [
        ("pre_checkout_query", {"currency": "XTR", "total_amount": 1}),
        (
            "shipping_query",
            {
                "shipping_address": dict.fromkeys(
                    ("country_code", "state", "city", "street_line1", "street_line2", "post_code"), "x"
                )
            },
        ),
    ],
)
async def test_nothing_is_sold(kind: str, extra: Json) -> None:
    async with staged() as stage:
        query: dict[str, Any] = {"id": "p1", "from": PERSON, "invoice_payload": "p", **extra}
        stage.server.push(**{kind: query})
        await stage.server.until(lambda: stage.server.answered)

    assert stage.server.answered == ["p1 False platform/nothing_for_sale in en"]


# --- around the conversation -----------------------------------------------------------------------------


async def test_typing_is_shown_when_an_answer_takes_its_time_and_only_then() -> None:
    async with staged(replace(FAST, patience=0.05)) as stage:
        stage.server.person(NOOR)

        async def slow(update: Update) -> Verdict:
            if update.address == at(MINA):
                await stage.server.until(lambda: stage.server.called("sendChatAction"))
            else:
                await stage.telegram.send(asked(NOOR))
            return Verdict.COMMITTED

        stage.answer = slow
        stage.server.say(MINA, "hello")
        stage.server.say(NOOR, "hello")
        await stage.drained()
        await asyncio.sleep(0.1)

    assert [call.fields["chat_id"] for call in stage.server.called("sendChatAction")] == [MINA]


async def test_typing_is_shown_on_while_an_answer_waits_to_be_sent_and_not_where_none_is_coming(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(telegram_asides, "LASTS", 0.05)
    async with staged(replace(FAST, patience=0.05)) as stage:
        stage.server.person(MINA)
        stage.server.person(NOOR)

        async def answer(update: Update) -> Verdict:
            if update.address == at(MINA):
                stage.telegram.foresee(asked(MINA))
            return Verdict.COMMITTED

        stage.answer = answer
        stage.server.say(MINA, "hello")
        stage.server.say(NOOR, "hello")
        await stage.server.until(lambda: len(stage.server.called("sendChatAction")) == 3)
        await stage.telegram.send(asked(MINA))
        shown = len(stage.server.called("sendChatAction"))
        await asyncio.sleep(0.15)

    assert {call.fields["chat_id"] for call in stage.server.called("sendChatAction")} == {MINA}
    assert len(stage.server.called("sendChatAction")) <= shown + 1  # one may have been on its way


async def test_the_commands_are_registered_in_every_language() -> None:
    async with staged() as stage:
        await stage.server.until(lambda: "de" in stage.server.menus)

    assert stage.server.menus[""][1] == {"command": "why", "description": "platform/command_why in en"}
    assert stage.server.menus["de"][2] == {"command": "stop", "description": "platform/command_stop in de"}
