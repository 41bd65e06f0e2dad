"""Promises to come back: here they are made, kept up, taken over from an earlier session, and withdrawn."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, tzinfo

from bot.dialogue.draft import Draft
from bot.dialogue.effects import new_arm, new_disarm
from bot.dialogue.flow import Remind, Value
from bot.dialogue.hours import awake, local_moment, next_local
from bot.dialogue.recurring import PERIODS, Again, next_due
from bot.dialogue.session import Reminder
from bot.dialogue.timing import quiet_hours, recurrence, reminder_due

MOST_REMINDERS = 20
"""Promises kept at a time; the oldest make room."""
REMINDER_LIVES = 2 * 86400
"""Seconds after its moment in which a reminder is still worth giving, where its flow says nothing else."""
ASTRAY = 2 * 86400
"""Seconds by which what comes again may be late: what lies further ahead was set by a wrong clock."""


class Promising(Draft):
    """Promise to come back."""

    __slots__ = ()

    def remind(self, remind: Remind) -> None:
        """Promise to begin a flow later; what comes again takes the place of an earlier one of its flow."""
        values = self.values()
        again = recurrence(remind, values, self.now)
        due = reminder_due(remind, again, values, self.memory, self.now, self.whose(remind.flow))
        lives = REMINDER_LIVES if remind.rhythm.fresh is None else remind.rhythm.fresh
        clock = None if remind.at is None else values.get(remind.at)
        when = int(due.timestamp())
        name = self._once(remind.flow) if again is None else f"remind:{remind.flow}"
        self.withdraw([one for one in self.reminders if one.id == name])
        self.withdraw(self.reminders[: max(0, len(self.reminders) + 1 - MOST_REMINDERS)])
        promise = Reminder(
            name,
            remind.flow,
            self._given(remind),
            remind.if_busy,
            when + (lives if again is None else again.fresh),
            when,
            clock if isinstance(clock, str) else None,
            again,
            self._ends(remind),
        )
        self.reminders = (*self.reminders, promise)
        self.emit(new_arm, name, 0, due)
        if remind.rhythm.snooze:
            self.nudged = 0

    def whose(self, flow: str) -> str:
        """Return what tells this person's promises of a flow from everybody else's."""
        return f"{self.session.id}:{flow}"

    def _once(self, flow: str) -> str:
        """Return a name for a promise of this step."""
        begin = f"remind:{flow}:{self.turn}:"
        return f"{begin}{sum(one.id.startswith(begin) for one in self.reminders)}"

    def _given(self, remind: Remind) -> dict[str, Value]:
        flow = self.flows.flows[remind.flow]
        given = {give.slot: self.computed(give, flow) for give in remind.give}
        return {slot: value for slot, value in given.items() if value is not None}

    def _ends(self, remind: Remind) -> dict[str, int]:
        """Return when the values end that a promise was given."""
        slots = self.flows.flows[remind.flow].slots
        ends = {give.slot: self.end_of(slots.get(give.slot), self.end_given(give)) for give in remind.give}
        return {slot: end for slot, end in ends.items() if end is not None}

    def come_again(self, reminder: Reminder, again: Again) -> None:
        """Move a promise that comes again on to its next moment."""
        due = next_due(again, self.now, quiet_hours(self.memory), self.whose(reminder.flow))
        self._move(reminder, due, again.fresh)

    def _move(self, reminder: Reminder, due: datetime, lives: int) -> None:
        when = int(due.timestamp())
        one = reminder  # filled in by place: `replace` would cost as much as all the rest here
        moved = Reminder(
            one.id, one.flow, one.slots, one.if_busy, when + lives, when, one.clock, one.again, one.ends
        )  # fmt: skip
        self.reminders = tuple(moved if one.id == reminder.id else one for one in self.reminders)
        self.emit(new_arm, reminder.id, 0, due)

    def mend_astray(self) -> None:
        """Bring back what comes again and was set too far ahead while a clock went wrong."""
        now = self.now.timestamp()
        for one in self.reminders:
            if one.again is not None and one.due - now > PERIODS[one.again.every] + ASTRAY:
                self.come_again(one, one.again)

    def follow_clock(self, was: tzinfo | None) -> None:
        """Keep the local hour of what was promised for one, now that clocks or quiet hours are others."""
        now, quiet = self.now.timestamp(), quiet_hours(self.memory)
        for one in [one for one in self.reminders if one.clock and one.due > now]:
            if one.again is not None:
                self.come_again(one, one.again)
                continue
            day = self.now.fromtimestamp(one.due, was).date()
            hour = local_moment(day, str(one.clock), self.now.tzinfo)
            late = hour.timestamp() <= now
            due = awake(next_local(self.now, str(one.clock)) if late else hour, quiet)
            self._move(one, due, one.until - one.due)

    def stand_by(self, promises: Sequence[Reminder]) -> None:
        """Stand by the promises of an earlier session and no others; what was due meanwhile is gone."""
        now = self.now.timestamp()
        ahead = [one for one in promises if one.again is not None or one.due > now]
        kept = {one.id for one in ahead}
        self.withdraw([one for one in self.reminders if one.id not in kept])
        new = [one for one in ahead if one not in self.reminders]
        self.reminders = tuple(ahead)
        for one in new:
            if one.again is not None:
                self.come_again(one, one.again)
            else:
                self._move(one, self.now.fromtimestamp(one.due, self.now.tzinfo), one.until - one.due)

    def withdraw(self, reminders: Sequence[Reminder]) -> None:
        """Take promises back."""
        for reminder in reminders:
            self.emit(new_disarm, 0, reminder.id)
        gone = {reminder.id for reminder in reminders}
        self.reminders = tuple(one for one in self.reminders if one.id not in gone)

    def cancel_reminders(self, flow: str | None = None) -> None:
        """Drop every promise to come back, or those that begin a flow."""
        self.withdraw([one for one in self.reminders if flow is None or one.flow == flow])
