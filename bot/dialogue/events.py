"""Facts given to the core, in the past tense: a closed union of disjoint kinds.

What a person typed is only ever `Answered`: no text can look like a press, a command or a timer. And it
never shows in a `repr`, so that no traceback can carry it.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal, TypeAlias

from bot.dialogue.flow import Tier, Value


@dataclass(frozen=True, slots=True)
class Concern:
    """Name the gate and the tier of a sign of danger, as the screen heard it.

    `figure` tells one such sign from another, without a word of what was written; empty where nothing does.
    """

    gate: str
    tier: Tier
    figure: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class Reading:
    """Say what understanding made of a text: an interrupt, an option, the likeliest options, or nothing.

    `why` is the id of the page a question in words was about. `several` are options to be taken one after
    another, each where the one before it leads. `heard` is what else a text answers: slots, each with the id
    of an option, the word for somebody, or how far off a moment is. `value` is what a text stands for that
    the core does not read by itself, such as a moment.
    """

    interrupt: str | None = None
    option: str | None = None
    near: tuple[str, ...] = ()
    why: str | None = None
    several: tuple[str, ...] = ()
    heard: tuple[tuple[str, Value], ...] = field(default=(), repr=False)
    value: Value | None = None


@dataclass(frozen=True, slots=True)
class Answered:
    """A person typed a text. `seen` is the last turn that had reached them when they sent it (None: all).

    `tongue` is the language it is in, as far as that is clear: `es`, `other`, or nothing.
    """

    text: str = field(repr=False)
    concern: Concern | None = None
    reading: Reading = Reading()
    seen: int | None = None
    tongue: str = ""


@dataclass(frozen=True, slots=True)
class Pressed:
    """A person pressed a button that was shown at `turn`, at place `index` (None: the option's own)."""

    turn: int
    option: str
    flow: str
    state: str
    version: int = 0
    index: int | None = None


@dataclass(frozen=True, slots=True)
class Commanded:
    """A person gave a command. `topic` is the why page its words were about, `text` the words."""

    name: str
    text: str = field(default="", repr=False)
    topic: str | None = None
    concern: Concern | None = None


@dataclass(frozen=True, slots=True)
class Due:
    """Name one timer that came due: its id and the turn it was armed at."""

    timer: str
    turn: int


@dataclass(frozen=True, slots=True)
class TimerFired:
    """All timers of one person that are due now, together, so that late ones collapse into one."""

    due: tuple[Due, ...]


@dataclass(frozen=True, slots=True)
class Operated:
    """The operator ended the conversation (`stop`) or wants the open question asked again (`again`).

    With `again`, `line` names one of the core's own lines to say before the question.
    """

    order: Literal["stop", "again"]
    line: str | None = None


Event: TypeAlias = Answered | Pressed | Commanded | TimerFired | Operated
