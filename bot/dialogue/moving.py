"""What a step comes to when it changes the person's clock or quiet hours: promises keep their local hour."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from bot.dialogue.effects import Effect, new_arm
from bot.dialogue.flows import Flows
from bot.dialogue.session import Session
from bot.dialogue.timing import quiet_hours, timer_due
from bot.dialogue.walk import Walk

Effects = tuple[Effect, ...]


def keep_hours(  # noqa: PLR0913, PLR0917  a step, and the two clocks it stands between
    flows: Flows, before: Session, after: Session, effects: Effects, was: datetime, now: datetime
) -> tuple[Session, Effects]:
    """Return a step with everything that waits for a local hour moved to that hour of the new clock.

    Args:
        flows: everything the core reads.
        before: the session the step began with.
        after: the session it ended with.
        effects: its effects; what is armed anew is added to them.
        was: the aware time of the step in the person's zone before it.
        now: the same moment in the zone they have told now.
    """
    same_zone = after.memory.get("zone") == before.memory.get("zone")
    if same_zone and quiet_hours(after.memory) == quiet_hours(before.memory):
        return after, effects
    walk = Walk(flows, after, now)
    walk.follow_clock(was.tzinfo)
    for frame in walk.frames:
        for timer in walk.state(frame).timers:
            due = timer_due(timer, frame.slots, walk.memory, now) if timer.at else None
            if due is not None:
                walk.emit(new_arm, timer.id, frame.since, due)
    more = (kind(after.turn, len(effects) + at, *fields) for at, (kind, fields) in enumerate(walk.orders))
    return replace(after, reminders=walk.reminders), (*effects, *more)
