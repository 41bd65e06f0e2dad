"""What a person, or the clock, can do next: a closed union of moves that mean something in any conversation.

A move knows nothing of where it is made, so that a conversation can lose some of its moves and still be one.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias, assert_never

from bot.dialogue.events import Answered, Commanded, Concern, Event, Pressed, Reading
from bot.dialogue.expect import pressed
from bot.dialogue.flow import State, Tier, Value
from bot.dialogue.flows import Flows
from bot.dialogue.session import Session
from bot.dialogue.several import lead, together


@dataclass(frozen=True, slots=True)
class Press:
    """Press the button of an option."""

    option: str


@dataclass(frozen=True, slots=True)
class Phrase:
    """Type the words of an option."""

    option: str
    text: str


@dataclass(frozen=True, slots=True)
class Typed:
    """Type what means none of the options; `late` is written before the question had arrived."""

    text: str
    late: bool = False


@dataclass(frozen=True, slots=True)
class Several:
    """Name two options in one text."""

    options: tuple[str, str]
    text: str


@dataclass(frozen=True, slots=True)
class Story:
    """Type what answers more than was asked: slots, each with what is heard; `value` is the answer itself."""

    heard: tuple[tuple[str, Value], ...]
    text: str
    value: Value | None = None


@dataclass(frozen=True, slots=True)
class Asked:
    """Ask in words for what an interrupt does; `page` is the why page they are about."""

    interrupt: str
    text: str
    page: str | None = None


@dataclass(frozen=True, slots=True)
class Command:
    """Give a command, with words behind it; `page` is the why page they are about."""

    name: str
    words: str = ""
    page: str | None = None


@dataclass(frozen=True, slots=True)
class Alarm:
    """Type a sign of danger, perhaps behind a command."""

    gate: str
    tier: Tier
    text: str = "…"
    command: str = ""


@dataclass(frozen=True, slots=True)
class Old:
    """Press the first button of the question before the one that is open."""


@dataclass(frozen=True, slots=True)
class Twice:
    """Tap again the button that was answered last."""


@dataclass(frozen=True, slots=True)
class Pass:
    """Let time go by: so many seconds, or (0) until the next timer is due."""

    seconds: int = 0


Move: TypeAlias = Press | Phrase | Typed | Several | Story | Asked | Command | Alarm | Old | Twice | Pass
Deed: TypeAlias = Press | Phrase | Typed | Several | Story | Asked | Command | Alarm | Old | Twice
"""What a person does; the rest is the clock."""


def event_of(deed: Deed, flows: Flows, session: Session, before: tuple[int, int] | None) -> Event | None:  # noqa: C901, PLR0911  one branch a deed
    """Make the fact that the runtime would make of a deed; None where it cannot be done.

    `before` is the turn and the index of a button of an earlier question.
    """
    match deed:
        case Press():
            return _press(deed.option, flows, session)
        case Phrase():
            state = standing(flows, session)
            known = state is not None and state.option(deed.option) is not None
            return Answered(deed.text, reading=Reading(option=deed.option)) if known else None
        case Typed():
            late = session.frames[-1].since - 1 if deed.late and session.frames else None
            return None if deed.late and late is None else Answered(deed.text, seen=late)
        case Several():
            return _several(deed, flows, session)
        case Story():
            return Answered(deed.text, reading=Reading(heard=deed.heard, value=deed.value))
        case Asked():
            return Answered(deed.text, reading=Reading(interrupt=deed.interrupt, why=deed.page))
        case Command():
            return Commanded(deed.name, deed.words, deed.page)
        case Alarm():
            concern = Concern(deed.gate, deed.tier, f"{deed.gate} {deed.tier}")
            if deed.command:
                return Commanded(deed.command, deed.text, None, concern)
            return Answered(deed.text, concern)
        case Old():
            return None if before is None else pressed(flows, session, *before)
        case Twice():
            last = session.pressed
            return None if last is None else pressed(flows, session, last[0], last[2])
    assert_never(deed)  # pragma: no cover  the union is closed


def standing(flows: Flows, session: Session) -> State | None:
    """Return the state whose question is open."""
    if not session.frames:
        return None
    top = session.frames[-1]
    flow = flows.of(top.flow, top.version)
    return None if flow is None else flow.states.get(top.state)


def _several(deed: Several, flows: Flows, session: Session) -> Answered | None:
    """Name two options, where each of them may be named beside another."""
    state, flow = standing(flows, session), None
    if session.frames:
        flow = flows.of(session.frames[-1].flow, session.frames[-1].version)
    if state is None or flow is None or not set(deed.options) <= set(together(flow, state)):
        return None
    return Answered(deed.text, reading=Reading(several=(*lead(state), *deed.options)))


def _press(option: str, flows: Flows, session: Session) -> Pressed | None:
    state = standing(flows, session)
    if state is None or option not in state.ids:
        return None
    return pressed(flows, session, session.turn, state.ids.index(option))
