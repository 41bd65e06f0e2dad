"""A dialogue as data: flows made of states, options, transitions, slots and timers.

Everything here is immutable and already checked for shape by whoever built it (`bot.content`).
A *target* is the id of a state of the same flow, or one of the flow's outcomes: going to an outcome
ends the flow with it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal, TypeAlias

from bot.dialogue.guards import Guard
from bot.dialogue.migration import Migration
from bot.dialogue.records import Record
from bot.dialogue.recurring import ONCE, Rhythm

Value: TypeAlias = bool | int | str | tuple[str, ...]
"""What a slot may hold: text, enum and time are `str` (a time is "HH:MM"), a duration is whole seconds."""

SlotType: TypeAlias = Literal["text", "int", "enum", "time", "duration", "bool", "list"]
Tier: TypeAlias = Literal["soft", "hard"]
Rung: TypeAlias = Literal["toward", "elsewhere"]


@dataclass(frozen=True, slots=True)
class Slot:
    """Name a typed value that an answer fills.

    `min` and `max` bound an int's value, a text's length in characters, a list's number of items and a
    duration's seconds. `of` holds the members of an enum, or those a list may contain (empty: any text).
    `keep` is how long the value may be kept, in seconds.
    """

    id: str
    type: SlotType
    of: tuple[str, ...] = ()
    min: int | None = None
    max: int | None = None
    private: bool = False
    keep: int | None = None
    default: Value | None = None


@dataclass(frozen=True, slots=True)
class Line:
    """Name a prompt to say; `{slot}` in the name stands for the value of an enum slot."""

    prompt: str
    fields: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Setter:
    """Give a slot a value: a literal, another slot's value or an expression; nothing at all clears it."""

    slot: str
    value: Value | None = None
    expr: Guard | None = None


@dataclass(frozen=True, slots=True)
class Transition:
    """Lead to a target, when the guard holds; without a guard it always does."""

    to: str
    when: Guard | None = None


@dataclass(frozen=True, slots=True)
class Option:
    """Offer an answer. `label` and `says` are keys of the words files; `passes` opens the state's gate.

    One that is `typed` is heard in words and has no button; one with a `button` guard has it only where that
    holds, and is heard in words all the same.
    """

    id: str
    label: str
    says: str
    to: tuple[Transition, ...]
    set: tuple[Setter, ...] = ()
    when: Guard | None = None
    passes: bool = False
    typed: bool = False
    button: Guard | None = None


@dataclass(frozen=True, slots=True)
class Choice:
    """Show a button: its place among the state's options, the option's id, the key of its label."""

    index: int
    option: str
    label: str


@dataclass(frozen=True, slots=True)
class Hears:
    """Listen in a story for what a slot asks: as the question at `flow`.`state` would, or by `keys` of words.

    The slot gets the id of the option that is heard, or the label of the one key whose phrase is in the text.
    Nothing is heard in a text that may mean the answer `unless`: a flow, a state, an option. Or it is how far
    off the `moment` is that the text names with its day, where only an hour was asked for.
    """

    slot: str
    flow: str = ""
    state: str = ""
    keys: tuple[str, ...] = ()
    unless: tuple[str, str, str] | None = None
    moment: bool = False


@dataclass(frozen=True, slots=True)
class Ask:
    """Take what is typed as the value of a slot. `edits` names a prompt: the words there are to change.

    `hears` is what else the text may answer; a slot of it that nothing was heard for is cleared.
    """

    slot: str
    edits: str | None = None
    hears: tuple[Hears, ...] = ()


@dataclass(frozen=True, slots=True)
class Repair:
    """Say what happens when an answer was not understood: a ladder of reprompts, then a way out."""

    reprompt: tuple[Line, ...] = ()
    max_tries: int = 3
    give_up: str | None = None


@dataclass(frozen=True, slots=True)
class Timer:
    """Act after a wait: `to` a target (a lapse), or `say` a line and stay (a nudge).

    Due `after` seconds from entering the state, or at the next local time held by the slot `at`.
    """

    id: str
    after: int | None = None
    at: str | None = None
    to: str | None = None
    say: Line | None = None


@dataclass(frozen=True, slots=True)
class Call:
    """Run another flow: `give` its slots, `take` from its slots into ours, go on by its outcome."""

    flow: str
    give: tuple[Setter, ...] = ()
    take: tuple[tuple[str, str], ...] = ()
    returns: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Remind:
    """Begin a flow later: at the next local time in slot `at`, and not before `after` seconds from now.

    `within` names the slot of a duration that takes the place of `after`.
    """

    flow: str
    at: str | None = None
    after: int | None = None
    give: tuple[Setter, ...] = ()
    if_busy: Literal["defer", "drop"] = "defer"
    rhythm: Rhythm = ONCE
    within: str | None = None


@dataclass(frozen=True, slots=True)
class State:
    """Be one point of a dialogue: set, say, remind, and then wait, call, go on or end.

    `rung` marks what belongs to the ladder, `gate` a question whose answer guards it; `lowtide check`
    proves the promise between the two. `careful` makes the session careful from here on and drops every
    reminder, `cancel` drops those of one flow, or all of them (True), `forget` asks for the person to be
    forgotten, `no_back` cuts the way back, `record` adds a line to a list of the memory, `picture` shows
    what such a list holds. With `several`, two options may be named at once: the first is taken here, or
    (a name) where that option leads, the second where the first leads. `first` names an enum slot: the
    option it holds comes first among the buttons. Read off these fields once: `waits` tells whether the
    person speaks next, `marks` whether something befalls the whole session, `choices` are the options
    that have buttons, `ids` the ids of all options, `guarded` tells whether some are not always shown.
    """

    id: str
    set: tuple[Setter, ...] = ()
    say: tuple[Line, ...] = ()
    remind: tuple[Remind, ...] = ()
    ask: Ask | None = None
    options: tuple[Option, ...] = ()
    repair: Repair = Repair()
    timers: tuple[Timer, ...] = ()
    call: Call | None = None
    goto: tuple[Transition, ...] = ()
    end: str | None = None
    why: str | None = None
    rung: Rung | None = None
    gate: str | None = None
    careful: bool = False
    cancel: bool | str = False
    forget: bool = False
    no_back: bool = False
    count: str | None = None
    record: Record | None = None
    picture: str | None = None
    several: bool | str = False
    first: str | None = None
    waits: bool = field(init=False, repr=False, compare=False)
    marks: bool = field(init=False, repr=False, compare=False)
    guarded: bool = field(init=False, repr=False, compare=False)
    ids: tuple[str, ...] = field(init=False, repr=False, compare=False)
    choices: tuple[Choice, ...] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        """Read off what every visit would ask again."""
        whole = self.careful or self.cancel or self.forget or self.no_back
        marks = whole or self.count is not None or self.record is not None or self.picture is not None
        shown = ((index, one) for index, one in enumerate(self.options) if not one.typed)
        choices = tuple(Choice(index, one.id, one.label) for index, one in shown)
        object.__setattr__(self, "waits", self.ask is not None or bool(self.options))
        object.__setattr__(self, "marks", bool(marks))
        object.__setattr__(self, "guarded", any(one.when or one.button for one in self.options))
        object.__setattr__(self, "ids", tuple(one.id for one in self.options))
        object.__setattr__(self, "choices", choices)

    def option(self, name: str) -> Option | None:
        """Return the option of this id."""
        for option in self.options:
            if option.id == name:
                return option
        return None


@dataclass(frozen=True, slots=True)
class Flow:
    """Hold one dialogue. `needs` are the slots a caller must give; `outcomes` is its return type.

    `opening` names the text slot that keeps what a person wrote to begin, in which `hears` listens;
    `careful` the state where the flow starts, and resumes, while the session is careful; `deny` the
    interrupts it does not allow. An older version's sessions go by `migrate`, begin anew with the prompt
    `restart`, or stay till unix time `pinned`.
    """

    id: str
    version: int
    entry: str
    outcomes: tuple[str, ...]
    states: Mapping[str, State]
    slots: Mapping[str, Slot] = field(default_factory=dict)
    needs: tuple[str, ...] = ()
    opening: str | None = None
    hears: tuple[Hears, ...] = ()
    careful: str | None = None
    why: str | None = None
    deny: frozenset[str] = frozenset()
    migrate: tuple[Migration, ...] = ()
    restart: str | None = None
    pinned: int | None = None
