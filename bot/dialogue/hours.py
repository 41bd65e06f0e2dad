"""Times of day in the person's own zone: pure arithmetic on aware datetimes, right across clock changes."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from functools import lru_cache

QUIET = ("22:00", "08:00")
"""Quiet hours of a person who has chosen none."""


def later(now: datetime, seconds: int) -> datetime:
    """Return the moment this many real seconds from now, in the same zone."""
    if now.tzinfo is UTC:
        return now + _span(seconds)
    return (now.astimezone(UTC) + _span(seconds)).astimezone(now.tzinfo)


@lru_cache(maxsize=1024)
def _span(seconds: int) -> timedelta:
    """Return a span of time; flows know few, and to make one costs more than to add it."""
    return timedelta(seconds=seconds)


def next_local(now: datetime, clock: str) -> datetime:
    """Return the next moment, after now, at which local clocks show `clock` ("HH:MM").

    A time that a clock change leaves out becomes the moment just after the gap by the same offset.
    """
    hour, minute = int(clock[:2]), int(clock[3:])
    local = now.replace(hour=hour, minute=minute, second=0, microsecond=0, fold=0)
    if local.astimezone(UTC) <= now.astimezone(UTC):
        local += timedelta(days=1)
    # Through UTC and back: a local time that does not exist is moved to one that does.
    return local.astimezone(UTC).astimezone(now.tzinfo)


def is_quiet(moment: datetime, quiet: tuple[str, str]) -> bool:
    """Tell whether a moment lies in quiet hours; equal ends mean that there are none."""
    start, end = _minutes(quiet)
    clock = moment.hour * 60 + moment.minute
    if start <= end:
        return start <= clock < end
    return clock >= start or clock < end


@lru_cache(maxsize=4096)
def _minutes(clocks: tuple[str, str]) -> tuple[int, int]:
    """Return two times of day as minutes since midnight."""
    start, end = (int(clock[:2]) * 60 + int(clock[3:]) for clock in clocks)
    return start, end


def awake(moment: datetime, quiet: tuple[str, str]) -> datetime:
    """Return the moment itself, or the end of the quiet hours it lies in."""
    return next_local(moment, quiet[1]) if is_quiet(moment, quiet) else moment
