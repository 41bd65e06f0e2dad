"""Times of day in the person's own zone: pure arithmetic on aware datetimes, right across clock changes."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, tzinfo
from functools import lru_cache

QUIET = ("22:00", "08:00")
"""Quiet hours of a person who has chosen none."""
SMALL_HOURS = 4
"""Until this hour a day may hold a moment of the day before: clocks are put on by less, or by whole days."""
_DAY = 86400


def later(now: datetime, seconds: int) -> datetime:
    """Return the moment this many real seconds from now, in the same zone."""
    if now.tzinfo is UTC:
        return now + _span(seconds)
    return (now.astimezone(UTC) + _span(seconds)).astimezone(now.tzinfo)


@lru_cache(maxsize=1024)
def _span(seconds: int) -> timedelta:
    """Return a span of time; flows know few, and to make one costs more than to add it."""
    return timedelta(seconds=seconds)


def local_moment(day: date, clock: str, zone: tzinfo | None) -> datetime:
    """Return the moment of a date at which clocks in a zone show `clock` ("HH:MM"); each date has one.

    A time that a clock change leaves out is moved on by as much as the clocks are (02:30 becomes 03:30);
    of a time that comes twice it is the first.
    """
    local = datetime(day.year, day.month, day.day, int(clock[:2]), int(clock[3:]), tzinfo=zone)
    # Through UTC and back: a local time that does not exist is moved to one that does.
    return local.astimezone(UTC).astimezone(zone)


def next_local(now: datetime, clock: str) -> datetime:
    """Return the next moment, after now, at which local clocks show `clock`, as `local_moment` has it."""
    today, moment = now.date(), now.astimezone(UTC)
    # Small hours begin with yesterday: what a change at midnight left out comes on the day after.
    for days in range(-1 if now.hour < SMALL_HOURS else 0, 3):  # pragma: no branch  one of them lies ahead
        found = local_moment(today + _span(days * _DAY), clock, now.tzinfo)
        # In UTC: Python compares two times of one zone by what their clocks show.
        if found.astimezone(UTC) > moment:
            break
    return found


def is_quiet(moment: datetime, quiet: tuple[str, str]) -> bool:
    """Tell whether a moment lies in quiet hours; equal ends mean that there are none."""
    return _within(moment.hour * 60 + moment.minute, quiet)


def is_quiet_at(clock: str, quiet: tuple[str, str]) -> bool:
    """Tell whether a time of day lies in quiet hours."""
    return _within(int(clock[:2]) * 60 + int(clock[3:]), quiet)


def _within(clock: int, quiet: tuple[str, str]) -> bool:
    start, end = _minutes(quiet)
    if start <= end:
        return start <= clock < end
    return clock >= start or clock < end


@lru_cache(maxsize=4096)
def _minutes(clocks: tuple[str, str]) -> tuple[int, int]:
    """Return two times of day as minutes since midnight."""
    start, end = (int(clock[:2]) * 60 + int(clock[3:]) for clock in clocks)
    return start, end


def until_quiet(moment: datetime, quiet: tuple[str, str]) -> int:
    """Return how many seconds are left of being awake; a week where there are no quiet hours."""
    start, end = _minutes(quiet)
    if start == end:
        return 7 * _DAY
    return (start - moment.hour * 60 - moment.minute) * 60 % _DAY - moment.second


def awake(moment: datetime, quiet: tuple[str, str]) -> datetime:
    """Return the moment itself, or the end of the quiet hours it lies in."""
    return next_local(moment, quiet[1]) if is_quiet(moment, quiet) else moment
