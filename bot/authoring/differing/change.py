"""One thing that is different for a person: where, of which kind, and how it was and is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeAlias

Kind: TypeAlias = Literal[
    "asks",
    "says",
    "reworded",
    "option",
    "label",
    "heard",
    "leads",
    "means",
    "miss",
    "nudge",
    "lapse",
    "gate",
    "care",
    "reminder",
    "record",
    "page",
    "unreachable",
    "outcome",
    "command",
    "danger",
    "helpline",
    "memory",
    "translation",
]


@dataclass(frozen=True, slots=True)
class Change:
    """Hold one change: a flow and a state (empty: everywhere), a sentence, and the words before and after."""

    flow: str
    state: str
    kind: Kind
    what: str
    old: str = ""
    new: str = ""
