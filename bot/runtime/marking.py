"""What came of a step, in one word of a closed set: so the log can be counted, and no word is kept for it.

A wait is left when none of the frames that stand then is the one that waited: it was answered, given up, went
back or lapsed. Where it stands on, the answer was not understood, or it was none.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Literal, TypeAlias

from bot.dialogue.draft import Draft
from bot.dialogue.effects import Finish, Say
from bot.dialogue.events import Answered, Commanded, Event, Pressed, TimerFired
from bot.dialogue.flows import Flows, Interrupt
from bot.dialogue.session import Frame, Session
from bot.dialogue.values import parse_value
from bot.runtime.places import local_time
from bot.runtime.ports import Moment

Mark: TypeAlias = Literal["answered", "reprompted", "gave_up", "nudged", "lapsed", "back", "other"]
"""A question was answered, asked again, given up, or gone back from; a person was nudged, or nothing came."""


def mark(flows: Flows, moment: Moment, at: datetime) -> Mark:
    """Tell what came of a step that happened at `at`."""
    event = moment.event
    if isinstance(event, TimerFired):
        return _woken(flows, moment, event)
    if not moment.before.frames or event is None or _is_danger(flows, moment, event):
        return "other"
    asked_for = _asked_for(flows, moment.before, event)
    if asked_for is not None:
        return "back" if asked_for.do == "back" and _is_left(moment.before, moment.after) else "other"
    if isinstance(event, Pressed):
        return "answered" if _is_left(moment.before, moment.after) else "other"
    return _typed(flows, moment, event, at) if isinstance(event, Answered) else "other"


def entered(moment: Moment, what: Mark) -> Sequence[Frame]:
    """Return the frames of flows that somebody came to stand in, and had not stood in before."""
    before, after = moment.before, moment.after
    if what == "back":
        return ()
    ended = any(isinstance(effect, Finish) for effect in moment.effects)
    known = [() if ended else before.frames, () if after.parked else before.parked]
    return after.frames[max(_shared(stack, after.frames) for stack in known) :]


def migrated(moment: Moment) -> Sequence[Frame]:
    """Return the frames that were carried over from another version of their flow for this step."""
    return [one for one in moment.before.frames if one.moved is not None and not one.moved.settled]


def _shared(before: Sequence[Frame], after: Sequence[Frame]) -> int:
    """Count the flows from the outermost on that are the same."""
    same = 0
    for old, new in zip(before, after, strict=False):
        if (old.flow, old.kind) != (new.flow, new.kind):
            break
        same += 1
    return same


def _standing(before: Session, after: Session) -> Frame | None:
    """Return the frame that waited, as it is after a step; None where its wait was left."""
    top = before.frames[-1]
    for one in after.frames:
        if one.since == top.since and one.flow == top.flow:
            return one
    return None


def _is_left(before: Session, after: Session) -> bool:
    return _standing(before, after) is None


def _is_danger(flows: Flows, moment: Moment, event: Event) -> bool:
    """Tell whether a sign of danger was answered: the flow for it runs, and did not before."""
    if not isinstance(event, Answered | Commanded) or event.concern is None:
        return False
    calls = {one.call for one in flows.globals.dangers}
    were = {frame.flow for frame in moment.before.frames}
    return any(frame.flow in calls and frame.flow not in were for frame in moment.after.frames)


def _asked_for(flows: Flows, before: Session, event: Event) -> Interrupt | None:
    """Return the interrupt that was asked for by a command or in words, where the flow lets it through."""
    command = event.name if isinstance(event, Commanded) else None
    words = event.reading.interrupt if isinstance(event, Answered) else None
    if not command and not words:
        return None
    flow = flows.of(before.frames[-1].flow, before.frames[-1].version)
    deny = frozenset[str]() if flow is None else flow.deny
    for one in flows.globals.interrupts:
        if (command and one.command == command) or (words and one.id == words):
            return None if one.id in deny and one.do != "stop" else one
    return None


def _typed(flows: Flows, moment: Moment, event: Answered, at: datetime) -> Mark:
    stands = _standing(moment.before, moment.after)
    if stands is not None:
        return "reprompted" if stands.tries > moment.before.frames[-1].tries else "other"
    return "gave_up" if _gave_up(flows, moment.before, event, at) else "answered"


def _gave_up(flows: Flows, before: Session, event: Answered, at: datetime) -> bool:
    """Tell whether a text was the last that was not understood: neither an option's words nor a value."""
    top = before.frames[-1]
    flow = flows.of(top.flow, top.version)
    state = None if flow is None else flow.states[top.state]
    if state is None or state.repair.give_up is None or top.tries + 1 < state.repair.max_tries:
        return False
    draft = Draft(flows, before, local_time(at, before.memory))
    option = state.option(event.reading.option) if event.reading.option else None
    if option is not None and draft.offers(option):
        return False
    slot = draft.slot(state.ask.slot) if state.ask else None
    return slot is None or parse_value(slot, event.text) is None


def _woken(flows: Flows, moment: Moment, event: TimerFired) -> Mark:
    """Tell what timers did: those of the open wait, or a promise that found nobody in a conversation."""
    if not moment.before.frames:
        return "nudged" if moment.after.frames else "other"
    top = moment.before.frames[-1]
    flow = flows.of(top.flow, top.version)
    timers = () if flow is None else flow.states[top.state].timers
    due = {one.timer for one in event.due if one.turn == top.since}
    fired = [one for one in timers if one.id in due]
    if _is_left(moment.before, moment.after):
        return "lapsed" if any(one.to for one in fired) else "other"
    return "nudged" if fired and any(isinstance(one, Say) for one in moment.effects) else "other"
