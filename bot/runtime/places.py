"""Where a person is, as far as they told us: their clock, their language, their country."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta, tzinfo
from zoneinfo import ZoneInfo

from bot.dialogue.flow import Value
from bot.dialogue.hours import next_local
from bot.dialogue.timing import quiet_hours

Memory = Mapping[str, Value]

FRESH = timedelta(hours=6)
"""How long after its hour a nudge may still arrive."""


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


def _zone(name: Value | None) -> tzinfo:
    try:
        return ZoneInfo(_text(name)) if name else UTC
    except (KeyError, ValueError, OSError):  # no such zone, no name of a zone, a folder of zones
        return UTC
