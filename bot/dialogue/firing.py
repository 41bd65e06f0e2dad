"""What happens when timers come due: fenced by turn, collapsed into one, quiet at night, never too many."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from bot.dialogue.effects import Arm
from bot.dialogue.events import Due, TimerFired
from bot.dialogue.flow import Timer
from bot.dialogue.hours import awake, is_quiet, later, next_local
from bot.dialogue.retention import KEEP, tend
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
    if any(due.timer == KEEP and not due.turn for due in event.due) and tend(walk):
        return
    quiet = quiet_hours(walk.memory)
    live = [due for due in event.due if _is_live(walk, due)]
    if is_quiet(walk.now, quiet):
        for due in live:
            walk.emit(Arm, due.timer, due.turn, awake(walk.now, quiet))
        return
    _fire_waits(walk, [due for due in live if due.turn])
    named = {due.timer for due in live if not due.turn}
    # What was promised once, for a plan, goes before what comes again anyway.
    for reminder in sorted(walk.reminders, key=lambda one: one.again is not None):
        if reminder.id in named:
            _fire_reminder(walk, reminder)


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


def _fire_waits(walk: Walk, live: list[Due]) -> None:
    """Fire the timers of open waits, a lapse before a nudge."""
    nudges: list[Timer] = []
    lapses: list[Timer] = []
    for due in live:
        depth = _depth(walk, due) or 0  # `live` holds only what stands somewhere
        timers = {timer.id: timer for timer in walk.state(walk.frames[depth]).timers}
        if walk.away or depth < len(walk.frames) - 1:
            _keep_overdue(walk, depth, due.timer)
        else:
            (nudges if timers[due.timer].to is None else lapses).append(timers[due.timer])
    if lapses:
        walk.go(lapses[0].to)
    elif nudges:
        _nudge(walk, nudges[0])


def _keep_overdue(walk: Walk, depth: int, timer: str) -> None:
    """Keep a timer that fired under an interrupt, or while they were away, until that is over."""
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
    """Begin the flow a reminder promised, or put it off, or let this one go."""
    now = walk.now.timestamp()
    if now < reminder.due:  # its row is of an earlier time, or the clock was turned back
        walk.emit(Arm, reminder.id, 0, _at(walk, reminder.due))
    elif now > reminder.until or not _may_nudge(walk):
        _let_go(walk, reminder)
    elif walk.frames or walk.messages or walk.away:
        _put_off(walk, reminder, _busy_until(walk) if reminder.if_busy == "defer" else None)
    elif _nudged_today(walk):
        _put_off(walk, reminder, _tomorrow(walk))
    else:
        _let_go(walk, reminder)
        _count_nudge(walk)
        walk.past = ()  # what was answered days ago is not gone back to from here
        walk.go(walk.push(reminder.flow, "root", reminder.slots, reminder.ends))


def _let_go(walk: Walk, reminder: Reminder) -> None:
    """Be done with a promise, or with this time of one that comes again until nobody answers any more."""
    if reminder.again is None or walk.unanswered >= MOST_UNANSWERED:
        walk.reminders = tuple(kept for kept in walk.reminders if kept.id != reminder.id)
    else:
        walk.come_again(reminder, reminder.again)


def _put_off(walk: Walk, reminder: Reminder, until: datetime | None) -> None:
    """Try again then; what would be stale by then, and comes again anyway, waits for its next time."""
    stale = until is not None and reminder.again is not None and until.timestamp() > reminder.until
    if until is None or stale:
        _let_go(walk, reminder)
    else:
        walk.emit(Arm, reminder.id, 0, until)


def _may_nudge(walk: Walk) -> bool:
    return wants_nudges(walk.memory) and walk.unanswered < MOST_UNANSWERED


def _nudged_today(walk: Walk) -> bool:
    """Tell whether the person's own calendar day has had its nudge."""
    last = walk.nudged
    if not last:
        return False
    return _at(walk, last).date() == walk.now.date()


def _count_nudge(walk: Walk) -> None:
    walk.nudged = int(walk.now.timestamp())
    walk.unanswered = walk.unanswered + 1


def _tomorrow(walk: Walk) -> datetime:
    """Return the same time of day tomorrow."""
    return next_local(walk.now, f"{walk.now.hour:02}:{walk.now.minute:02}")


def _at(walk: Walk, seconds: int) -> datetime:
    return walk.now.fromtimestamp(seconds, walk.now.tzinfo)


def _busy_until(walk: Walk) -> datetime:
    return awake(later(walk.now, BUSY_WAIT), quiet_hours(walk.memory))
