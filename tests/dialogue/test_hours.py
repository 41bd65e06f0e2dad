"""Times of day in a person's own zone, right across clock changes and at the edges of the night."""

from datetime import UTC, datetime, timedelta, tzinfo

import pytest

from bot.dialogue.hours import awake, is_quiet, later, next_local
from tests.dialogue.talk import BERLIN, MONDAY


@pytest.mark.parametrize(
    ("clock", "quiet", "expected"),
    [
        ("21:59", ("22:00", "08:00"), False),
        ("22:00", ("22:00", "08:00"), True),
        ("07:59", ("22:00", "08:00"), True),
        ("08:00", ("22:00", "08:00"), False),
        ("13:00", ("12:00", "14:00"), True),
        ("14:00", ("12:00", "14:00"), False),
        ("03:00", ("00:00", "00:00"), False),
    ],
)
def test_quiet_hours_begin_inclusive_and_end_exclusive(
    clock: str, quiet: tuple[str, str], expected: bool
) -> None:
    moment = MONDAY.replace(hour=int(clock[:2]), minute=int(clock[3:]))

    assert is_quiet(moment, quiet) is expected
    assert (awake(moment, quiet) == moment) is not expected


@pytest.mark.parametrize(
    ("now", "clock", "utc"),
    [
        ("2026-03-28T20:00", "02:30", "2026-03-29T01:30"),  # 02:30 does not exist: clocks go to 03:00
        ("2026-10-24T20:00", "02:30", "2026-10-25T00:30"),  # 02:30 comes twice: the first one
        ("2026-10-25T01:00", "09:00", "2026-10-25T08:00"),
        ("2026-01-05T18:30", "18:30", "2026-01-06T17:30"),  # now is not later
    ],
)
def test_a_local_hour_is_right_across_clock_changes(now: str, clock: str, utc: str) -> None:
    moment = next_local(datetime.fromisoformat(now).replace(tzinfo=BERLIN), clock)

    assert moment.astimezone(UTC).replace(tzinfo=None) == datetime.fromisoformat(utc)


def test_a_wait_is_counted_in_real_hours_across_a_clock_change() -> None:
    before = datetime(2026, 3, 28, 20, 0, tzinfo=BERLIN)

    assert later(before, 12 * 3600).hour == 9


@pytest.mark.parametrize("zone", [UTC, BERLIN])
def test_a_wait_on_a_plain_day_is_as_long_on_every_clock(zone: tzinfo) -> None:
    now = MONDAY.astimezone(zone)

    moment = later(now, 3 * 3600)

    assert moment.tzinfo is zone
    assert moment.replace(tzinfo=None) == now.replace(tzinfo=None) + timedelta(hours=3)
