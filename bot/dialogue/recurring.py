"""Moments that come again: each day or week at a local hour, once for every date, whatever the clocks do.

They are worked out one at a time from the rule and the moment before, so that nothing but the next is kept.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Literal, TypeAlias
from zlib import crc32

from bot.dialogue.hours import SMALL_HOURS, awake, is_quiet_at, later, local_moment, until_quiet

Every: TypeAlias = Literal["day", "week"]
WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
PERIODS: dict[Every, int] = {"day": 86400, "week": 7 * 86400}
"""Seconds from one to the next, where no clock changes."""
FRESH: dict[Every, int] = {"day": 12 * 3600, "week": 2 * 86400}
"""Seconds after its moment in which one is still worth giving, where its flow says nothing else."""
_FROM, _TO = -1, 10
"""Days around today among which the next is: quiet hours and changed clocks move one to the day after."""


@dataclass(frozen=True, slots=True)
class Rhythm:
    """Say how a flow promises to come back: once, or with `every` again and again until it is cancelled.

    `on` is a slot that holds the weekday. It falls within `spread` seconds of its moment, and is worth giving
    for `fresh` seconds (None: as long as is usual). With `snooze` it takes the place of the nudge that is
    being answered, which then does not count as today's.
    """

    every: Every | None = None
    on: str | None = None
    spread: int = 0
    fresh: int | None = None
    snooze: bool = False


ONCE = Rhythm()


@dataclass(frozen=True, slots=True)
class Again:
    """Come every day, or every week on `weekday` (0 is Monday), when local clocks show `clock`.

    Each lies within `spread` seconds from that hour, and is worth giving for `fresh` seconds.
    """

    every: Every
    clock: str
    weekday: int
    spread: int
    fresh: int


def next_due(again: Again, now: datetime, quiet: tuple[str, str], key: str) -> datetime:
    """Return the first moment of a recurrence after now, awake and in now's zone.

    `key` tells whose it is: with the date it chooses the place within the spread, without chance.
    """
    moment, today, zone = now.astimezone(UTC), now.date(), now.tzinfo
    begin = _FROM if now.hour < SMALL_HOURS or is_quiet_at(again.clock, quiet) else 0
    for days in range(begin, _TO):  # pragma: no branch  one of them lies ahead
        day = today + timedelta(days=days)
        if again.every == "week" and day.weekday() != again.weekday:
            continue
        hour = awake(local_moment(day, again.clock, zone), quiet)
        due = spread_out(hour, again.spread, quiet, f"{key}:{day}")
        if due.astimezone(UTC) > moment:
            break
    return due


def spread_out(moment: datetime, seconds: int, quiet: tuple[str, str], key: str) -> datetime:
    """Return a moment within so many seconds from this one: each key has its own, before quiet hours begin.

    So a thousand people who all chose eight are not written to in the same second.
    """
    room = min(seconds, until_quiet(moment, quiet))
    return later(moment, crc32(key.encode()) % room) if room else moment
