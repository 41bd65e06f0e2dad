"""Everything a step reads: all flows, and what is true in every one of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal, TypeAlias

from bot.dialogue.flow import Flow, Line, Slot, Tier, Value

Deed: TypeAlias = Literal["say", "call", "stop", "leave", "back", "why", "start", "resume", "export"]


@dataclass(frozen=True, slots=True)
class Interrupt:
    """Name something a person may ask for at any wait, by command or in words."""

    id: str
    do: Deed
    command: str | None = None
    says: str | None = None
    say: Line | None = None
    call: str | None = None

    @property
    def always(self) -> bool:
        """Tell whether no flow may refuse it: there is always a way out."""
        return self.do in {"stop", "leave"}


@dataclass(frozen=True, slots=True)
class Danger:
    """Say which flow answers a concern, and whether what it interrupted is kept for later."""

    gate: str
    tier: Tier
    call: str
    keep: bool = True


@dataclass(frozen=True, slots=True)
class Notice:
    """Say again that this is a script: after `every` seconds of talk and after `away` seconds of absence."""

    say: Line
    every: int
    away: int


TONGUE_LINES = ("tongue_changed", "tongue_unknown")
"""Said to a person who writes in another language; nobody needs them where only one is spoken."""
HERE_AGAIN = "here_again"
"""Said to whoever comes back after the quick exit; nobody needs it where there is none."""
DID_YOU_MEAN = "did_you_mean"
"""Said where an answer is near to some options; without it the state's own reprompt is."""
LINE_IDS = (
    *"stale nothing_back why_unknown stopped_nudging not_understood unsupported welcome_back".split(),
    *"silent kept_over".split(),
    *TONGUE_LINES,
    HERE_AGAIN,
    DID_YOU_MEAN,
)
"""The lines the core itself says; `globals.yaml` names a prompt for each."""


@dataclass(frozen=True, slots=True)
class Globals:
    """Hold what is true in every flow: memory, interrupts in rank order, dangers, and the core's own lines.

    `resume` lists the outcomes with which a conversation hands back to the one that was parked. `defaults`
    are the first values of memory, read off its slots.
    """

    start: str
    memory: Mapping[str, Slot]
    lines: Mapping[str, Line]
    interrupts: tuple[Interrupt, ...]
    dangers: tuple[Danger, ...]
    notice: Notice | None = None
    resume: frozenset[str] = frozenset()
    defaults: Mapping[str, Value] = field(init=False)

    def __post_init__(self) -> None:
        """Read the first values off the slots, once."""
        first = {slot.id: slot.default for slot in self.memory.values() if slot.default is not None}
        object.__setattr__(self, "defaults", first)


@dataclass(frozen=True, slots=True)
class Flows:
    """Hold everything `step` reads: flows by id, the globals, how many variants each prompt has.

    `variants` maps a prompt name to its number of variants (1 where it is missing); `why` lists the ids of
    the why pages; `older` holds versions that people may still end their conversation in.
    """

    flows: Mapping[str, Flow]
    globals: Globals
    variants: Mapping[str, int] = field(default_factory=dict)
    why: frozenset[str] = frozenset()
    older: Mapping[tuple[str, int], Flow] = field(default_factory=dict)

    def of(self, flow: str, version: int) -> Flow | None:
        """Return a flow in the version a session stands in, if it is at hand; else the present one."""
        found = self.flows.get(flow)
        return found if found is None or found.version == version else self.older.get((flow, version), found)
