"""Orders the core gives, in the imperative: a closed union, keyed (session, turn, index) for an outbox."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Literal, TypeAlias

from bot.dialogue.building import builder
from bot.dialogue.flow import Choice, Value

Lane: TypeAlias = Literal["reply", "nudge"]


@dataclass(frozen=True, slots=True)
class Spoken:
    """Name one prompt with its fields filled in, and which of its variants to use (from 0)."""

    prompt: str
    variant: int = 0


@lru_cache(maxsize=4096)
def spoken(prompt: str, variant: int = 0) -> Spoken:
    """Return a wording; the same few are said to everyone, so they are made once."""
    return Spoken(prompt, variant)


@dataclass(frozen=True, slots=True)
class Edit:
    """Offer what a prompt says for changing: it may become the answer, at most so many characters of it."""

    prompt: str
    most: int | None = None


@dataclass(frozen=True, slots=True)
class Say:
    """Send one message: its lines are paragraphs, `slots` is what the templates may use."""

    turn: int
    index: int
    lines: tuple[Spoken, ...]
    slots: Mapping[str, Value]
    choices: tuple[Choice, ...] = ()
    lane: Lane = "reply"
    edits: Edit | None = None


@dataclass(frozen=True, slots=True)
class Arm:
    """Wake this session at `due`; `since` is the turn that fences the timer (0: a reminder)."""

    turn: int
    index: int
    timer: str
    since: int
    due: datetime


@dataclass(frozen=True, slots=True)
class Disarm:
    """Drop every timer armed at turn `since`; with a `timer`, only that one."""

    turn: int
    index: int
    since: int
    timer: str | None = None


@dataclass(frozen=True, slots=True)
class Forget:
    """Forget this person: every row of theirs goes."""

    turn: int
    index: int


@dataclass(frozen=True, slots=True)
class Export:
    """Give this person a copy of everything kept of them."""

    turn: int
    index: int


@dataclass(frozen=True, slots=True)
class Draw:
    """Show this person a picture of the record that a list slot of the memory holds."""

    turn: int
    index: int
    slot: str


@dataclass(frozen=True, slots=True)
class Clear:
    """Remove from this person's screen whatever can be removed, and say `line` there and nothing else."""

    turn: int
    index: int
    line: Spoken | None


@dataclass(frozen=True, slots=True)
class Count:
    """Add one to an anonymous counter."""

    turn: int
    index: int
    name: str


@dataclass(frozen=True, slots=True)
class Finish:
    """Note that the outermost flow ended, and how."""

    turn: int
    index: int
    flow: str
    outcome: str


new_say, new_arm, new_disarm = builder(Say), builder(Arm), builder(Disarm)

Effect: TypeAlias = Say | Arm | Disarm | Forget | Export | Draw | Clear | Count | Finish
