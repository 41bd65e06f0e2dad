"""What befalls the question a person stands at in a step: asked, answered, not understood, left for good."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from types import MappingProxyType
from typing import Literal, TypeAlias

from bot.dialogue.flows import Flows
from bot.runtime.chronicle import BESIDE
from bot.runtime.ports import Entry, Moment

What: TypeAlias = Literal["entered", "answered", "not_understood", "lapsed", "stopped", "gave_up"]
"""The last three are how people leave: in silence, by /stop, or after too many tries to be understood."""
Befell: TypeAlias = tuple[What, str, str]
"""What befell which state of which flow."""

_CAME: Mapping[str, tuple[What, ...]] = MappingProxyType(
    {
        "answered": ("answered",),
        "reprompted": ("answered", "not_understood"),
        "gave_up": ("answered", "not_understood", "gave_up"),
        "lapsed": ("lapsed",),
    }
)
"""What the word of the event log for a step says of the question."""


def stops(flows: Flows) -> frozenset[str]:
    """Return how the event log names whatever ends everything: ids and commands."""
    ending = [one for one in flows.globals.interrupts if one.do == "stop"]
    return frozenset(name for one in ending for name in (one.id, one.command) if name)


def befell(stops: frozenset[str], moment: Moment, entries: Sequence[Entry]) -> Iterator[Befell]:
    """Yield what befell the question a person stood at, and the one they stand at then."""
    entry = next((one for one in entries if one.kind not in BESIDE), None)
    if entry and entry.state:
        stopped = entry.mark == "other" and entry.what in stops and not entry.lands
        whats: tuple[What, ...] = ("stopped",) if stopped else _CAME.get(entry.mark, ())
        yield from ((what, entry.flow, entry.state) for what in whats)
    after = moment.after.frames
    if after and after[-1].since == moment.after.turn:
        yield "entered", after[-1].flow, after[-1].state
