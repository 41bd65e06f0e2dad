"""Times of day in the person's own zone: pure arithmetic on aware datetimes, right across clock changes."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

QUIET = ("22:00", "08:00")
"""Quiet hours of a person who has chosen none."""


def later(now: datetime, seconds: int) -> datetime:
    """Return the moment this many real seconds from now, in the same zone."""
    if now.tzinfo is UTC:
        return now + timedelta(seconds=seconds)
    return (now.astimezone(UTC) + timedelta(seconds=seconds)).astimezone(now.tzinfo)


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
    start, end = quiet
    clock = f"{moment.hour:02}:{moment.minute:02}"
    if start <= end:
        return start <= clock < end
    return clock >= start or clock < end


def awake(moment: datetime, quiet: tuple[str, str]) -> datetime:
    """Return the moment itself, or the end of the quiet hours it lies in."""
    return next_local(moment, quiet[1]) if is_quiet(moment, quiet) else moment
