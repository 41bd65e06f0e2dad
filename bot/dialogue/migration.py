"""How people who wait in an earlier version of a flow are carried over: where its parts have gone."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TypeAlias

Kept: TypeAlias = bool | int | str | tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Migration:
    """Carry sessions from version `source`: where states, slots and options have gone.

    A state goes to a state, with a prompt to say on arrival or None; a slot to a slot with new values for old
    ones, or to None, which lets it go. `set` gives slots that older sessions lack.
    """

    source: int
    states: Mapping[str, tuple[str, str | None]] = field(default_factory=dict)
    slots: Mapping[str, tuple[str | None, Mapping[str, Kept]]] = field(default_factory=dict)
    options: Mapping[str, str] = field(default_factory=dict)
    set: Mapping[str, Kept] = field(default_factory=dict)
