"""Values in rows come back exactly as they went in."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

from hypothesis import given
from hypothesis import strategies as st

from bot.runtime.messages import Address, Button, Document, Message, Picture, Wording
from bot.storage.rows import from_micros, pack, to_micros, unpack

_words = st.text(max_size=40)
_address = st.builds(Address, _words, _words)
_lane = st.sampled_from(["reply", "nudge"])
_buttons = st.lists(st.builds(Button, _words, _words), max_size=3).map(tuple)
_until = st.none() | st.datetimes(timezones=st.just(UTC))
_edits = st.none() | st.builds(Wording, _words, st.integers(1, 9999))
_turn, _language = st.integers(0, 9**9), st.sampled_from(["en", "es"])
_message = st.builds(Message, _words, _address, _words, _buttons, _lane, _turn, _until, _edits, _language)
_document = st.builds(Document, _words, _address, _words, _words, _lane, st.integers(0, 9**9), _until)

_picture = st.builds(
    Picture,
    *(_words, _address, _words, _words, _words),
    st.binary(max_size=40),
    _words,
    _lane,
    st.integers(0, 9**9),
    _until,
)


@given(st.one_of(_message, _document, _picture))
def test_every_message_comes_back_as_it_was(message: Message | Document | Picture) -> None:
    assert unpack(message.key, message.turn, pack(message)) == message


@given(st.datetimes(timezones=st.just(UTC)))
def test_every_time_comes_back_to_the_microsecond(when: datetime) -> None:
    assert from_micros(to_micros(when)) == when


def test_a_time_in_any_zone_is_the_same_moment() -> None:
    berlin = datetime(2026, 1, 5, 13, tzinfo=timezone(timedelta(hours=1)))

    assert from_micros(to_micros(berlin)) == datetime(2026, 1, 5, 12, tzinfo=UTC)
    assert from_micros(to_micros(berlin)).tzinfo is UTC
