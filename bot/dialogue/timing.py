"""When a timer or a reminder is due: after a wait or at a local hour, and never in quiet hours."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from bot.dialogue.flow import Remind, Timer, Value
from bot.dialogue.hours import QUIET, awake, later, next_local
from bot.dialogue.recurring import FRESH, WEEKDAYS, Again, next_due, spread_out
from bot.errors import FlowFault


def quiet_hours(memory: Mapping[str, Value]) -> tuple[str, str]:
    """Return a person's quiet hours as two local times."""
    return str(memory.get("quiet_from", QUIET[0])), str(memory.get("quiet_to", QUIET[1]))


def wants_nudges(memory: Mapping[str, Value]) -> bool:
    """Tell whether a person may be nudged: they opted in (or nobody asks) and did not pause."""
    return memory.get("nudges", True) is True and memory.get("paused", False) is not True


def due_at(now: datetime, after: int | None, clock: Value | None, quiet: tuple[str, str]) -> datetime:
    """Return the first moment that is `after` seconds away, at the local time `clock`, and awake."""
    moment = now if after is None else later(now, after)
    if isinstance(clock, str):
        moment = next_local(moment, clock)
    return awake(moment, quiet)


def timer_due(
    timer: Timer, slots: Mapping[str, Value], memory: Mapping[str, Value], now: datetime
) -> datetime | None:
    """Return the moment of a timer; None for a nudge to who wants none, and where its slot is empty."""
    if timer.to is None and not wants_nudges(memory):
        return None
    clock = None if timer.at is None else slots.get(timer.at, memory.get(timer.at))
    if timer.after is None and clock is None:
        return None
    return due_at(now, timer.after, clock, quiet_hours(memory))


def reminder_due(  # noqa: PLR0913, PLR0917  all that a moment hangs on
    remind: Remind,
    again: Again | None,
    values: Mapping[str, Value],
    memory: Mapping[str, Value],
    now: datetime,
    whose: str,
) -> datetime:
    """Return the moment of a reminder, the first of them where it comes `again`."""
    quiet = quiet_hours(memory)
    if again is not None:
        return next_due(again, later(now, remind.after or 0), quiet, whose)
    clock = None if remind.at is None else values.get(remind.at)
    told = None if remind.within is None else values.get(remind.within)
    due = due_at(now, told if isinstance(told, int) else remind.after, clock, quiet)
    return spread_out(due, remind.rhythm.spread, quiet, f"{whose}:{due.date()}")


def recurrence(remind: Remind, values: Mapping[str, Value], now: datetime) -> Again | None:
    """Return the rule by which a reminder comes again, None for one that comes once.

    Without a weekday it is that of the first time.

    Raises:
        FlowFault: no slot holds its hour.
    """
    if remind.rhythm.every is None:
        return None
    clock = values.get(remind.at or "")
    if not isinstance(clock, str):
        raise FlowFault(f"a reminder of flow {remind.flow!r} comes again, and no slot holds its hour")
    day = values.get(remind.rhythm.on or "")
    first = next_local(later(now, remind.after or 0), clock)
    weekday = WEEKDAYS.index(day) if day in WEEKDAYS else first.weekday()
    fresh = FRESH[remind.rhythm.every] if remind.rhythm.fresh is None else remind.rhythm.fresh
    return Again(remind.rhythm.every, clock, weekday, remind.rhythm.spread, fresh)
