"""What of a step enters the event log: who stood where, what came, where it led, in ids and numbers."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Protocol, assert_never

from bot.dialogue.effects import Finish
from bot.dialogue.events import Answered, Commanded, Event, Operated, Pressed, TimerFired
from bot.dialogue.flows import Flows
from bot.dialogue.session import Frame, Session
from bot.runtime.marking import entered, mark, migrated
from bot.runtime.ports import Entry, Moment

NOWHERE = Frame("", 0, "", 0)
"""Where somebody stands who is in no conversation."""
BESIDE = frozenset({"finished", "entered", "migrated"})
"""Kinds of entries that stand beside the one of what came."""


class Chronicles(Protocol):
    """Read the event log, person by person."""

    async def whose(self, after: str = "", limit: int = 500) -> Sequence[str]:
        """Read the next persons that there is a log of, by id."""

    async def entries(self, person: str) -> Sequence[Entry]:
        """Read what happened to one person, in order."""


def chronicle(flows: Flows, moment: Moment, at: datetime) -> Iterator[Entry]:
    """Yield an entry for what came, and one for each flow that was entered, ended or changed its version."""
    kind, what = _told(flows, moment.event)
    frames = moment.before.frames
    stood = frames[-1] if frames else NOWHERE
    where = (stood.flow, stood.version, stood.state, stood.tries)
    came = mark(flows, moment, at)
    yield from (_beside(at, moment.before.turn, "migrated", one) for one in migrated(moment))
    yield Entry(at, moment.before.turn, kind, what, *where, _place(moment.after), came)
    yield from (_beside(at, moment.after.turn, "entered", one) for one in entered(moment, came))
    for effect in moment.effects:
        if isinstance(effect, Finish):
            yield Entry(at, effect.turn, "finished", effect.outcome, effect.flow)


def _beside(at: datetime, turn: int, kind: str, frame: Frame) -> Entry:
    return Entry(at, turn, kind, "", frame.flow, frame.version, frame.state)


def _told(flows: Flows, event: Event | None) -> tuple[str, str]:
    """Name what came. The name of a command was typed: one that we do not know may be anything."""
    match event:
        case None:
            return "begun", ""
        case Answered():
            heard = event.reading
            return "answered", heard.interrupt or heard.option or " ".join(heard.several)
        case Pressed():
            return "pressed", event.option
        case Commanded():
            known = any(one.command == event.name for one in flows.globals.interrupts)
            return "commanded", event.name if known or event.name == "start" else ""
        case TimerFired():
            return "timer", " ".join(due.timer for due in event.due)
        case Operated():
            return "operated", event.order
    assert_never(event)


def _place(session: Session) -> str:
    return f"{session.frames[-1].flow}.{session.frames[-1].state}" if session.frames else ""
