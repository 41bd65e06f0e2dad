"""What happens when timers come due: fenced by turn, collapsed into one, quiet at night, never too many."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from bot.dialogue.effects import Arm
from bot.dialogue.events import Due, TimerFired
from bot.dialogue.flow import Timer
from bot.dialogue.hours import awake, is_quiet, later, next_local
from bot.dialogue.session import Reminder
from bot.dialogue.timing import quiet_hours, wants_nudges
from bot.dialogue.walk import Walk

MOST_UNANSWERED = 2
"""Nudges in a row that nobody answered, after which nudging stops."""
BUSY_WAIT = 3600
"""Seconds until a reminder that found the person in a conversation tries again."""


def fire(walk: Walk, event: TimerFired) -> None:
    """Carry out what is due now; what is due for a past turn, or twice, is dropped."""
    walk.lane = "nudge"
    quiet = quiet_hours(walk.memory)
    live = [due for due in event.due if _is_live(walk, due)]
    if is_quiet(walk.now, quiet):
        for due in live:
            walk.emit(Arm, due.timer, due.turn, awake(walk.now, quiet))
        return
    if _fire_waits(walk, [due for due in live if due.turn]):
        return
    reminders = {reminder.id: reminder for reminder in walk.reminders}
    for due in live:
        if not due.turn:
            _fire_reminder(walk, reminders[due.timer])


def _is_live(walk: Walk, due: Due) -> bool:
    """Tell whether a due row still means something: its wait is open, or its reminder stands."""
    if not due.turn:
        return any(reminder.id == due.timer for reminder in walk.reminders)
    return _depth(walk, due) is not None


def _depth(walk: Walk, due: Due) -> int | None:
    """Return where on the stack the wait of a due row stands: its caller may have begun in the same turn."""
    for depth in reversed(range(len(walk.frames))):
        frame = walk.frames[depth]
        if frame.since == due.turn and any(timer.id == due.timer for timer in walk.state(frame).timers):
            return depth
    return None


def _fire_waits(walk: Walk, live: list[Due]) -> bool:
    """Fire the timers of open waits, a lapse before a nudge; tell whether something happened."""
    nudges: list[Timer] = []
    lapses: list[Timer] = []
    for due in live:
        depth = _depth(walk, due) or 0  # `live` holds only what stands somewhere
        timers = {timer.id: timer for timer in walk.state(walk.frames[depth]).timers}
        if depth < len(walk.frames) - 1:
            _keep_overdue(walk, depth, due.timer)
        else:
            (nudges if timers[due.timer].to is None else lapses).append(timers[due.timer])
    if lapses:
        walk.go(lapses[0].to)
    elif nudges:
        _nudge(walk, nudges[0])
    return bool(lapses or nudges)


def _keep_overdue(walk: Walk, depth: int, timer: str) -> None:
    """Keep a timer that fired under an interrupt until the interrupt is over."""
    frame = walk.frames[depth]
    walk.frames[depth] = replace(frame, overdue=(*frame.overdue, timer))


def _nudge(walk: Walk, timer: Timer) -> None:
    """Say a nudge and keep waiting, unless there has been one today or nobody answers them."""
    if timer.say is None or not _may_nudge(walk):
        return
    if _nudged_today(walk):
        walk.emit(Arm, timer.id, walk.top.since, _tomorrow(walk))
        return
    walk.say(timer.say)
    walk.offer(walk.state(walk.top))
    _count_nudge(walk)


def _fire_reminder(walk: Walk, reminder: Reminder) -> None:
    """Begin the flow a reminder promised, or put it off, or drop it."""
    if walk.now.timestamp() > reminder.until or not _may_nudge(walk):
        _drop(walk, reminder)
    elif walk.frames:
        if reminder.if_busy == "drop":
            _drop(walk, reminder)
        else:
            walk.emit(Arm, reminder.id, 0, _busy_until(walk))
    elif _nudged_today(walk):
        walk.emit(Arm, reminder.id, 0, _tomorrow(walk))
    else:
        _drop(walk, reminder)
        _count_nudge(walk)
        walk.go(walk.push(reminder.flow, "root", reminder.slots))


def _drop(walk: Walk, reminder: Reminder) -> None:
    walk.reminders = tuple(kept for kept in walk.reminders if kept.id != reminder.id)


def _may_nudge(walk: Walk) -> bool:
    return wants_nudges(walk.memory) and walk.unanswered < MOST_UNANSWERED


def _nudged_today(walk: Walk) -> bool:
    """Tell whether the person's own calendar day has had its nudge."""
    last = walk.nudged
    if not last:
        return False
    then = walk.now.fromtimestamp(last, walk.now.tzinfo)
    return then.date() == walk.now.date()


def _count_nudge(walk: Walk) -> None:
    walk.nudged = int(walk.now.timestamp())
    walk.unanswered = walk.unanswered + 1


def _tomorrow(walk: Walk) -> datetime:
    """Return the same time of day tomorrow."""
    return next_local(walk.now, f"{walk.now.hour:02}:{walk.now.minute:02}")


def _busy_until(walk: Walk) -> datetime:
    return awake(later(walk.now, BUSY_WAIT), quiet_hours(walk.memory))
