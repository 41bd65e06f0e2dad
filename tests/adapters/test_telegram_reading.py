"""Whatever Telegram may come to send, reading it neither fails for ever nor lets text act as control."""

from __future__ import annotations

import asyncio
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from bot.adapters.telegram import Telegram
from bot.adapters.telegram_reading import Called, Pressing, Reading
from bot.runtime.messages import Command, Press, Text, Update, legible
from bot.runtime.ports import Verdict
from tests.adapters.telegram_server import TOKEN
from tests.adapters.telegram_stage import KEY, words

READING = Reading("lowtide_bot", KEY)
CHAT = {"id": 7, "type": "private"}
KEYS = st.sampled_from(
    "message edited_message callback_query my_chat_member pre_checkout_query shipping_query chat from id type"
    " text caption date data message_id new_chat_member status photo forward_origin media_group_id".split()
)
LEAVES = st.none() | st.booleans() | st.integers(-(2**40), 2**40) | st.text(max_size=9) | st.just("private")
JSON = st.recursive(
    LEAVES,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=5),
    max_leaves=25,
)


async def kept(_: Update) -> Verdict:
    return Verdict.COMMITTED


@given(st.dictionaries(KEYS, JSON, max_size=4))
def test_no_update_however_odd_has_to_come_again(parts: dict[str, Any]) -> None:
    telegram = Telegram(TOKEN, "http://127.0.0.1:9", kept, words, KEY)

    assert asyncio.run(telegram.received({"update_id": 1, **parts}))


@given(st.text(min_size=1))
def test_what_is_typed_is_a_text_or_a_command_and_never_a_press(text: str) -> None:
    heard = READING.heard({"update_id": 1, "message": {"chat": CHAT, "date": 1, "text": text}})

    assert isinstance(heard, Update)
    assert isinstance(heard.what, Text | Command)
    assert isinstance(heard.what, Command) is bool(heard.what.text != legible(text))


@given(st.text(max_size=64))
def test_no_text_of_a_button_can_be_guessed(data: str) -> None:
    query = {"id": "1", "from": {"id": 7}, "data": data, "message": {"chat": CHAT}}
    heard = READING.heard({"update_id": 1, "callback_query": query})

    assert isinstance(heard, Pressing)
    assert heard.update.what == Press("")


def test_a_command_in_a_topic_is_answered_in_the_topic() -> None:
    group = {"id": -7, "type": "supergroup"}
    person = {"id": 7, "is_bot": False, "language_code": "pt-BR"}
    message = {
        "chat": group,
        "from": person,
        "text": "/start",
        "message_thread_id": 3,
        "is_topic_message": True,
    }

    assert READING.heard({"update_id": 1, "message": message}) == Called(-7, 3, 7, "pt-BR")


def test_the_language_of_their_app_comes_with_a_message() -> None:
    person = {"id": 7, "is_bot": False, "language_code": "de"}
    message = {"chat": {"id": 7, "type": "private"}, "from": person, "text": "hallo", "date": 1_700_000_000}

    told = READING.heard({"update_id": 1, "message": message})
    untold = READING.heard({"update_id": 1, "message": message | {"from": {"id": 7, "is_bot": False}}})

    assert isinstance(told, Update)
    assert isinstance(untold, Update)
    assert (told.speaks, untold.speaks) == ("de", "")
