"""What comes again comes once for every date, in any zone, over years of clock changes, and spreads out."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from dateutil.rrule import DAILY, WEEKLY, rrule
from dateutil.tz import resolve_imaginary

from bot.dialogue.hours import is_quiet, local_moment, next_local
from bot.dialogue.recurring import Again, next_due, spread_out
from tests.dialogue.talk import BERLIN

NEVER_QUIET = ("00:00", "00:00")
NIGHT = ("22:00", "08:00")
ZONES = {
    "UTC": "02:30",
    "Europe/Berlin": "02:30",  # out of 02:00–03:00, and 02:00–03:00 twice
    "Europe/London": "01:30",
    "Europe/Chisinau": "02:15",
    "Atlantic/Azores": "00:30",  # both changes at midnight
    "Africa/Casablanca": "02:30",  # two changes around every Ramadan
    "Africa/Cairo": "00:30",  # none for years, and again from 2023
    "America/New_York": "01:30",
    "America/Havana": "00:30",
    "America/Santiago": "23:45",  # the hour before midnight twice, the one after left out
    "America/Sao_Paulo": "00:15",  # ended in 2019
    "America/Asuncion": "00:00",
    "America/Nuuk": "22:30",  # changes the day before everybody else
    "America/Scoresbysund": "23:59",  # another zone altogether since 2024
    "Asia/Tehran": "00:10",  # ended in 2022
    "Asia/Beirut": "00:20",
    "Asia/Kathmandu": "02:30",  # never changes, at a quarter past everybody else
    "Australia/Lord_Howe": "02:15",  # moves by half an hour
    "Australia/Sydney": "02:30",
    "Pacific/Chatham": "03:00",
}


def daily(clock: str, **more: int) -> Again:
    return Again("day", clock, 0, more.get("spread", 0), 3600)


def weekly(clock: str, weekday: int) -> Again:
    return Again("week", clock, weekday, 0, 3600)


def wall(text: str) -> datetime:
    """Read a time as a wall calendar has it."""
    return datetime.fromisoformat(text)


def between(again: Again, first: datetime, last: datetime, zone: str) -> list[datetime]:
    """Follow a recurrence from one to the next, in UTC; both ends are local."""
    now = first.replace(tzinfo=ZoneInfo(zone)) - timedelta(microseconds=1)
    found = []
    while (now := next_due(again, now, NEVER_QUIET, "anna")).replace(tzinfo=None) <= last:
        found.append(now.astimezone(UTC))
    return found


FIRST, LAST = wall("2017-01-01"), wall("2026-12-31")


def by_rrule(zone: str, clock: str, rule: int, **more: int) -> list[datetime]:
    """Ask dateutil for the same: its rule on the wall calendar, what does not exist moved on."""
    start = datetime.combine(FIRST, time.fromisoformat(clock))
    wall = rrule(rule, dtstart=start, until=LAST + timedelta(days=1), **more)
    moments = {resolve_imaginary(one.replace(tzinfo=ZoneInfo(zone))).astimezone(UTC) for one in wall}
    end = (LAST + timedelta(days=1)).replace(tzinfo=ZoneInfo(zone)).astimezone(UTC)
    return sorted(one for one in moments if one < end)


@pytest.mark.parametrize(("zone", "clock"), ZONES.items())
def test_ten_years_in_any_zone_are_as_dateutil_has_them(zone: str, clock: str) -> None:
    found = between(daily(clock), FIRST, LAST + timedelta(hours=23, minutes=59, seconds=59), zone)

    assert found == by_rrule(zone, clock, DAILY)
    assert len(found) == 3652


@pytest.mark.parametrize("zone", ["Europe/Berlin", "America/Santiago", "Asia/Beirut", "Australia/Lord_Howe"])
def test_every_sunday_of_ten_years_is_as_dateutil_has_it(zone: str) -> None:
    clock = ZONES[zone]  # all of them change their clocks on a Sunday, or in the night before

    found = between(weekly(clock, 6), FIRST, LAST + timedelta(hours=23, minutes=59), zone)

    assert found == by_rrule(zone, clock, WEEKLY, byweekday=6)
    assert len(found) == 522


@pytest.mark.parametrize("year", range(2020, 2030))
def test_half_past_two_in_berlin_comes_once_a_day(year: int) -> None:
    found = between(daily("02:30"), wall(f"{year}-01-01"), wall(f"{year}-12-31T23:59"), "Europe/Berlin")

    assert len(found) == (366 if year % 4 == 0 else 365)


@pytest.mark.parametrize(
    ("zone", "date", "clock", "utc"),
    [
        ("Europe/Berlin", "2026-03-29", "02:30", "2026-03-29T01:30"),  # left out: 03:30 in summer time
        ("Europe/Berlin", "2026-10-25", "02:30", "2026-10-25T00:30"),  # twice: the first, still summer time
        ("America/Santiago", "2026-09-06", "00:30", "2026-09-06T04:30"),  # left out at midnight: 01:30
        ("Australia/Lord_Howe", "2026-10-04", "02:15", "2026-10-03T15:45"),  # half an hour: 02:45
        ("Pacific/Apia", "2011-12-30", "20:00", "2011-12-31T06:00"),  # a day that never was
    ],
)
def test_every_date_has_one_moment_for_an_hour(zone: str, date: str, clock: str, utc: str) -> None:
    moment = local_moment(datetime.fromisoformat(date).date(), clock, ZoneInfo(zone))

    assert moment.astimezone(UTC).replace(tzinfo=None) == datetime.fromisoformat(utc)


def test_a_day_that_never_was_gives_nothing_of_its_own() -> None:
    found = between(daily("20:00"), wall("2011-12-28"), wall("2012-01-02"), "Pacific/Apia")

    assert [one.astimezone(ZoneInfo("Pacific/Apia")).day for one in found] == [28, 29, 31, 1]


def test_what_a_change_at_midnight_left_out_is_found_on_the_day_after() -> None:
    toronto = ZoneInfo("America/Toronto")  # on 30 March 1919 clocks went from 23:30 to 00:30
    now = datetime(1919, 3, 31, 0, 35, tzinfo=toronto)

    assert next_local(now, "23:45") == datetime(1919, 3, 31, 0, 45, tzinfo=toronto)


def test_in_the_second_of_two_equal_hours_it_is_over_for_that_day() -> None:
    second = datetime(2026, 10, 25, 2, 10, tzinfo=BERLIN, fold=1)

    assert next_due(daily("02:30"), second, NEVER_QUIET, "a") == datetime(2026, 10, 26, 2, 30, tzinfo=BERLIN)


def test_what_lies_in_quiet_hours_comes_when_they_end_and_once_a_day() -> None:
    monday = datetime(2026, 1, 5, 12, tzinfo=BERLIN)
    dues = [monday]
    for _ in range(4):
        dues.append(next_due(daily("23:30"), dues[-1], NIGHT, "a"))

    assert [one.strftime("%d %H:%M") for one in dues[1:]] == ["06 08:00", "07 08:00", "08 08:00", "09 08:00"]


def test_everybody_has_a_place_of_their_own_in_the_spread_and_keeps_to_the_window() -> None:
    eight = datetime(2026, 1, 5, 20, tzinfo=BERLIN)
    places = [spread_out(eight, 600, NIGHT, f"{number:016x}:check_in:2026-01-05") for number in range(10_000)]

    minutes = Counter((place - eight).seconds // 60 for place in places)

    assert sorted(minutes) == list(range(10))
    assert all(800 < count < 1200 for count in minutes.values())
    assert max(Counter(places).values()) < 45


def test_the_place_in_the_spread_is_the_same_however_often_it_is_asked_and_another_each_day() -> None:
    now, rule = datetime(2026, 1, 5, 12, tzinfo=BERLIN), daily("20:00", spread=3600)
    dues = [next_due(rule, now + timedelta(days=days), NIGHT, "anna") for days in range(20)]

    assert dues == [next_due(rule, now + timedelta(days=days), NIGHT, "anna") for days in range(20)]
    assert len({one.time() for one in dues}) > 15
    assert {one.date() for one in dues} == {(now + timedelta(days=days)).date() for days in range(20)}


def test_between_two_of_a_spread_lies_a_day_and_none_is_given_twice() -> None:
    rule, now = daily("20:00", spread=3600), datetime(2026, 1, 5, 12, tzinfo=BERLIN)
    dues = [now]
    for _ in range(400):
        dues.append(next_due(rule, dues[-1], NIGHT, "anna"))

    assert all(before.date() < after.date() for before, after in pairwise(dues[1:]))


def test_a_spread_never_reaches_into_quiet_hours() -> None:
    late = datetime(2026, 1, 5, 21, 55, tzinfo=BERLIN)

    places = [spread_out(late, 3600, NIGHT, str(number)) for number in range(500)]

    assert not any(is_quiet(place, NIGHT) for place in places)
    assert max(places) > late + timedelta(minutes=4)
    assert spread_out(late, 3600, NEVER_QUIET, "7") < late + timedelta(hours=1)
