"""Who left by the quick exit and is back is met at the door: with a line that tells nothing, then with care.

Whoever writes first may be somebody else who holds the phone. So the first word brings one line and no more,
the second takes up what was left, and a sign of danger opens at once.
"""

from __future__ import annotations

from bot.dialogue.answering import threat
from bot.dialogue.events import Answered, Commanded, Event, Operated, TimerFired
from bot.dialogue.flows import HERE_AGAIN, Interrupt
from bot.dialogue.interrupts import start
from bot.dialogue.meeting import meet
from bot.dialogue.walk import Walk

_GO_ON = frozenset(("back", "start", "resume"))
"""What means no more than to go on, for somebody who was away."""


def met_at_the_door(walk: Walk, event: Event) -> bool:
    """Meet somebody who was away; False where what they do is then taken as usual."""
    asked = _asked(walk, event)
    if isinstance(event, TimerFired) or (asked is not None and asked.do == "leave"):
        return False
    if _opens(walk, event, asked):
        walk.away = 0
        return False
    if walk.away == 1 and not _in_danger(event):
        walk.away = 2
        walk.core_line(HERE_AGAIN)
        return True
    walk.away = 0
    _take_up(walk)
    return True


def _opens(walk: Walk, event: Event, asked: Interrupt | None) -> bool:
    """Tell whether this goes before any greeting: danger, stop, an operator; or a command after it."""
    if isinstance(event, Operated):
        return event.order == "stop"
    if isinstance(event, Answered | Commanded) and event.concern is not None:
        return threat(walk, event.concern) is not None
    return asked is not None and (asked.do == "stop" or (walk.away > 1 and asked.do not in _GO_ON))


def _in_danger(event: Event) -> bool:
    return isinstance(event, Answered | Commanded) and event.concern is not None


def _asked(walk: Walk, event: Event) -> Interrupt | None:
    """Return the interrupt that is asked for, by command or in words."""
    for one in walk.flows.globals.interrupts:
        if isinstance(event, Commanded) and one.command == event.name:
            return one
        if isinstance(event, Answered) and one.id == event.reading.interrupt:
            return one
    return None


def _take_up(walk: Walk) -> None:
    """Go on where they left, with the same question or with what came due; that may say nothing."""
    meet(walk)
    if walk.frames:
        walk.come_back()
    if not walk.messages and not walk.met:  # what came due forgot them: whoever writes next is somebody new
        walk.core_line(HERE_AGAIN)
    elif not walk.messages:
        start(walk)
