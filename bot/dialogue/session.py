"""Where one person stands: a stack of frames, what is remembered, and a turn that only grows.

A session exists only between steps and round-trips through JSON (`to_json`, `from_json`) unchanged.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal, TypeAlias

from bot.dialogue.building import builder
from bot.dialogue.effects import Spoken
from bot.dialogue.flow import Value
from bot.dialogue.recurring import Again

Kind: TypeAlias = Literal["root", "call", "interrupt"]
Careful: TypeAlias = Literal[0, 1, 2]
"""0: not careful; 1: the visit after a crisis; 2: the visit of the crisis itself."""


Away: TypeAlias = Literal[0, 1, 2]
"""0: here; 1: gone by the quick exit; 2: back, and greeted with nothing yet of what was talked about."""


@dataclass(frozen=True, slots=True)
class Moved:
    """Say that a frame was carried over from another version of its flow, when the session stood at `turn`.

    A button shown up to then means the option of its place in `former`, "" where that is gone. With `fresh`
    the person has not seen the question yet, and `say` is what they are told before it. It is `settled` once
    timers were armed anew.
    """

    turn: int
    former: tuple[str, ...] = ()
    fresh: bool = False
    say: str | None = None
    settled: bool = False


@dataclass(frozen=True, slots=True)
class Frame:
    """Stand at one state of one flow.

    `since` is the turn at which the state was entered: it fences presses and timers. `asked` is the question
    as it was last worded, `offered` the ids of its options in the order of the buttons. `overdue` names
    timers that fired while an interrupt stood above. `ends` says when the values of slots with a `keep` end,
    in unix seconds. `near` are the ids of options that come first among the buttons, for the last answer was
    near to them.
    """

    flow: str
    version: int
    state: str
    since: int
    kind: Kind = "root"
    tries: int = 0
    slots: Mapping[str, Value] = field(default_factory=dict)
    asked: Spoken | None = None
    overdue: tuple[str, ...] = ()
    offered: tuple[str, ...] = ()
    moved: Moved | None = None
    ends: Mapping[str, int] = field(default_factory=dict)
    near: tuple[str, ...] = ()

    def at(self, state: str, since: int, asked: Spoken | None, offered: tuple[str, ...] = ()) -> Frame:
        """Return this frame at another state. By place: `replace` would cost a third of a step."""
        return new_frame(
            self.flow, self.version, state, since, self.kind, 0, self.slots, asked, (), offered, None,
            self.ends,
        )  # fmt: skip

    def holding(self, slots: Mapping[str, Value], ends: Mapping[str, int]) -> Frame:
        """Return this frame with other slots."""
        return new_frame(
            self.flow, self.version, self.state, self.since, self.kind,
            self.tries, slots, self.asked, self.overdue, self.offered, self.moved, ends, self.near,
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Reminder:
    """Promise to begin a flow later. `id` is its timer's id; `until` is when it expires, in unix seconds.

    `due` is the moment it was made for, in unix seconds: what fires before that is of an earlier time.
    `clock` is the local hour it was made for, if any; `again` the rule of one that comes again.
    """

    id: str
    flow: str
    slots: Mapping[str, Value]
    if_busy: str
    until: int
    due: int = 0
    clock: str | None = None
    again: Again | None = None
    ends: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Past:
    """Keep what `/back` restores: the session as it was before a question was answered."""

    frames: tuple[Frame, ...]
    memory: Mapping[str, Value]
    reminders: tuple[Reminder, ...] = ()
    ends: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Session:
    """Hold one person's place in their conversation.

    `said` counts how often each prompt was said. `last` names the text slot of the last answer (depth, slot),
    `asides` keeps late texts that had nowhere to go,
    `pressed` the last press (turn, option, its index), `arrival` a prompt for the next thing they do. Times
    (`met`, `noticed`, `nudged`) are unix seconds. `asking` is the sign of danger that is asked about,
    `denied` those that were a figure of speech: in this visit they are not asked about again. `ends` is that
    of the memory, `ending` when we look next at what is over (0: that is not known yet), and `warned` when a
    silent person was told that everything goes. `away` says that they left by the quick exit.
    """

    id: str
    turn: int = 0
    frames: tuple[Frame, ...] = ()
    memory: Mapping[str, Value] = field(default_factory=dict)
    said: Mapping[str, int] = field(default_factory=dict)
    past: tuple[Past, ...] = ()
    parked: tuple[Frame, ...] = ()
    reminders: tuple[Reminder, ...] = ()
    pressed: tuple[int, str, int] | None = None
    last: tuple[int, str] | None = None
    asides: tuple[str, ...] = ()
    careful: Careful = 0
    visits: int = 0
    unanswered: int = 0
    met: int = 0
    noticed: int = 0
    nudged: int = 0
    arrival: str | None = None
    asking: str = ""
    denied: tuple[str, ...] = ()
    ends: Mapping[str, int] = field(default_factory=dict)
    ending: int = 0
    warned: int = 0
    away: Away = 0


new_frame, new_past, new_session = builder(Frame), builder(Past), builder(Session)
