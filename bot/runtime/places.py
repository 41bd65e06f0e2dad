"""Where a person is, as far as they told us: their clock, their language, their country."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from functools import cache, lru_cache
from zoneinfo import ZoneInfo, available_timezones

from bot.dialogue.flow import Value
from bot.dialogue.hours import next_local
from bot.dialogue.timing import quiet_hours

Memory = Mapping[str, Value]

FRESH = timedelta(hours=6)
"""How long after its hour a nudge may still arrive."""
_OFFSET = re.compile(r"(?:utc|gmt)?([+-](?:0?[0-9]|1[0-4]))(?::?([0-5][0-9]))?")


def local_time(now: datetime, memory: Memory) -> datetime:
    """Turn an aware time into the person's own zone."""
    return now.astimezone(_zone(memory.get("zone")))


def too_late(now: datetime, memory: Memory) -> datetime:
    """Tell when a nudge of now comes too late: it is stale, or the person's quiet hours begin."""
    start, end = quiet_hours(memory)
    stale = now + FRESH
    return stale if start == end else min(stale, next_local(local_time(now, memory), start)).astimezone(UTC)


def language_of(memory: Memory, default: str) -> str:
    """Give the language a person chose."""
    return _text(memory.get("language")) or default


def country_of(memory: Memory) -> str:
    """Give the country a person named, or `other`."""
    return _text(memory.get("country")) or "other"


def _text(value: Value | None) -> str:
    return value if isinstance(value, str) else ""


@lru_cache(maxsize=4096)
def _zone(name: Value | None) -> tzinfo:
    """Find the zone a person means by its name, its city or its distance from UTC; UTC where it is none."""
    text = _text(name).strip().replace(" ", "_")
    try:
        return ZoneInfo(text) if text else UTC
    except (KeyError, ValueError, OSError):  # no such zone, no name of a zone, a folder of zones
        pass
    if match := _OFFSET.fullmatch(text.casefold()):
        hours, minutes = int(match[1]), int(match[2] or 0)
        return timezone(timedelta(hours=hours, minutes=-minutes if match[1][0] == "-" else minutes))
    meant = _by_name().get(text.casefold())
    return ZoneInfo(meant) if meant else UTC


@cache
def _by_name() -> Mapping[str, str]:
    """Return the zones by their names and cities in small letters."""
    names = sorted(name for name in available_timezones() if "/" in name and not name.startswith("Etc/"))
    cities = {name.rpartition("/")[2].casefold(): name for name in names}
    return cities | {name.casefold(): name for name in names}
