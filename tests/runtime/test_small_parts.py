"""The small parts of the runtime: addresses, tokens, clocks, doors, zones, and errors told without words."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.dialogue.events import Concern
from bot.errors import StoreError
from bot.runtime.blame import describe
from bot.runtime.clocks import SystemClock, VirtualClock
from bot.runtime.doors import Doors
from bot.runtime.messages import (
    Address,
    Button,
    Command,
    Document,
    Message,
    Picture,
    Press,
    Text,
    Update,
    legible,
    parse_token,
    token,
)  # fmt: skip
from bot.runtime.places import FRESH, country_of, language_of, local_time, too_late
from bot.runtime.ports import Change, Person
from tests.runtime.worlds import ANNA, BEN, NOON

CANARY = "canary-9f31-zirpt"

# --- messages ------------------------------------------------------------------------------------------


@given(st.integers(0, 999_999_999), st.integers(0, 999))
def test_a_token_reads_back(turn: int, index: int) -> None:
    assert parse_token(token(turn, index)) == (turn, index)


@given(st.text())
def test_no_text_makes_reading_a_token_fail(text: str) -> None:
    found = parse_token(text)

    assert found is None or [int(part) for part in text.split(":")] == list(found)


@pytest.mark.parametrize(
    "text", ["", ":", "1:", ":1", "-1:0", "1:2:3", "1:0\n", "¹:0", "٣:0", "9999999999:0"]
)
def test_what_is_not_ours_is_no_token(text: str) -> None:
    assert parse_token(text) is None


def test_a_repeated_update_has_the_same_fingerprint_and_another_platform_s_has_not() -> None:
    first = Update("7", ANNA, NOON, Text("hi"))

    assert Update("7", BEN, None, Press("1:0")).fingerprint == first.fingerprint
    assert Update("8", ANNA, NOON, Text("hi")).fingerprint != first.fingerprint
    assert Update("7", Address("other", "anna"), NOON, Text("hi")).fingerprint != first.fingerprint


@pytest.mark.parametrize(
    "value",
    [
        Text(CANARY),
        Command("why", CANARY),
        Button(CANARY, "1:0"),
        Message("k", ANNA, CANARY, (Button(CANARY, "1:0"),)),
        Document("k", ANNA, "name", CANARY),
        Picture("k", ANNA, "name", CANARY, CANARY, CANARY.encode(), CANARY),
        Person("p", ANNA, 1, CANARY),
        Change("p", ANNA, 1, NOON, CANARY, outbox=(Message("k", ANNA, CANARY),)),
        Update("1", ANNA, NOON, Text(CANARY)),
    ],
)
def test_nothing_a_person_wrote_shows_when_a_value_is_printed(value: object) -> None:
    assert CANARY not in repr(value)
    assert CANARY not in str(value)


@given(st.text(st.characters(codec=None)))
def test_every_text_is_made_legible_and_a_legible_one_stays(text: str) -> None:
    found = legible(text)

    assert legible(found) == found
    assert found.encode().decode() == found
    assert "\0" not in found


def test_a_sign_in_two_halves_is_whole_again_and_a_lone_half_is_shown_as_such() -> None:
    assert legible("\0") == "�"
    assert legible("\ud83c\udf0a \ud83c \0done") == "🌊 � done"


# --- clocks --------------------------------------------------------------------------------------------


def test_the_clock_on_the_wall_tells_utc() -> None:
    assert SystemClock().now().tzinfo is UTC


def test_a_turned_clock_stands_where_it_was_turned_to_and_never_goes_back() -> None:
    berlin = datetime.fromisoformat("2026-01-05T13:00:00+01:00")
    clock = VirtualClock(berlin)

    assert clock.now() == NOON
    assert clock.now().tzinfo is UTC
    clock.turn_to(NOON + timedelta(hours=20))
    clock.turn_to(NOON)
    assert clock.now() == NOON + timedelta(hours=20)


def test_a_clock_without_a_start_runs_on_from_where_it_was_turned_to() -> None:
    clock, target = VirtualClock(), datetime.now(UTC) + timedelta(days=3)

    clock.turn_to(target)

    assert target <= clock.now() < target + timedelta(minutes=1)


# --- places --------------------------------------------------------------------------------------------


def test_now_is_told_in_the_person_s_own_zone() -> None:
    assert local_time(NOON, {"zone": "Asia/Kolkata"}).isoformat() == "2026-01-05T17:30:00+05:30"


@pytest.mark.parametrize(
    "zone", [None, "", "Mars/Olympus", "../etc/passwd", "Europe", "/etc", "a\0b", 7, True]
)
def test_a_zone_that_is_none_is_utc(zone: str | int | None) -> None:
    memory = {} if zone is None else {"zone": zone}

    assert local_time(NOON, memory) == NOON
    assert local_time(NOON, memory).utcoffset() == timedelta()


@pytest.mark.parametrize(
    ("typed", "hours"),
    [
        ("berlin", 1),
        ("New York", -5),
        ("america/new_york", -5),
        ("UTC+2", 2),
        ("gmt-3:30", -3.5),
        ("+05:45", 5.75),
    ],
)
def test_a_zone_may_be_called_by_its_city_or_its_distance(typed: str, hours: float) -> None:
    assert local_time(NOON, {"zone": typed}).utcoffset() == timedelta(hours=hours)


def test_language_and_country_fall_back_when_unknown() -> None:
    assert (language_of({}, "en"), country_of({})) == ("en", "other")
    assert (language_of({"language": "de"}, "en"), country_of({"country": "GB"})) == ("de", "GB")


def test_a_nudge_comes_too_late_when_it_is_stale_or_the_person_s_own_night_begins() -> None:
    assert too_late(NOON, {}) == NOON + FRESH
    assert too_late(NOON, {"zone": "Asia/Kolkata"}) == datetime(2026, 1, 5, 16, 30, tzinfo=UTC)
    assert too_late(NOON, {"quiet_from": "13:00", "quiet_to": "15:00"}) == NOON + timedelta(hours=1)


def test_who_has_no_quiet_hours_is_nudged_until_the_nudge_is_stale() -> None:
    assert too_late(NOON, {"quiet_from": "13:00", "quiet_to": "13:00"}) == NOON + FRESH


# --- doors ---------------------------------------------------------------------------------------------


async def test_one_address_is_entered_by_one_at_a_time_in_order_and_others_pass() -> None:
    doors, trail = Doors(), list[str]()

    async def visit(address: Address, name: str) -> None:
        async with doors.through(address):
            trail.append(f"{name} in")
            for _ in range(3):
                await asyncio.sleep(0)
            trail.append(f"{name} out")

    await asyncio.gather(visit(ANNA, "a1"), visit(ANNA, "a2"), visit(BEN, "b"), visit(ANNA, "a3"))

    of_anna = [step for step in trail if step.startswith("a")]
    assert of_anna == ["a1 in", "a1 out", "a2 in", "a2 out", "a3 in", "a3 out"]
    assert trail.index("b in") < trail.index("a1 out")


async def test_no_door_is_kept_for_whoever_has_gone() -> None:
    doors = Doors()

    async with doors.through(ANNA), doors.through(BEN):
        assert len(doors) == 2
        waiting = asyncio.create_task(_enter(doors))
        await asyncio.sleep(0)
        waiting.cancel()
        await asyncio.gather(waiting, return_exceptions=True)

    assert len(doors) == 0


async def test_a_fault_inside_leaves_the_door_open_for_the_next() -> None:
    doors = Doors()
    with pytest.raises(LookupError):
        async with doors.through(ANNA):
            raise LookupError

    async with asyncio.timeout(1), doors.through(ANNA):
        assert len(doors) == 1


async def _enter(doors: Doors) -> None:
    async with doors.through(ANNA):
        raise AssertionError("the door was open")


# --- blame ---------------------------------------------------------------------------------------------


def test_an_error_of_ours_is_told_with_its_words_and_its_place() -> None:
    try:
        raise StoreError("the disk is full; free some space")
    except StoreError as error:
        told = describe(error)

    assert told.startswith("StoreError at test_small_parts.py:")
    assert told.endswith(": the disk is full; free some space")


def test_an_error_of_others_is_told_without_its_words() -> None:
    try:
        int(CANARY)
    except ValueError as error:
        told = describe(error)

    assert told.startswith("ValueError at test_small_parts.py:")
    assert CANARY not in told


def test_an_error_that_was_never_raised_can_be_told_too() -> None:
    assert describe(ValueError(CANARY)) == "ValueError at nowhere"


def test_a_concern_names_gate_and_tier_only() -> None:
    assert repr(Concern("self", "hard")) == "Concern(gate='self', tier='hard')"
