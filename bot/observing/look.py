"""How a service stands at this moment: what of it is not ready, what waits, and what is ours to do."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import TypeAlias

from bot.dialogue.effects import Lane


@dataclass(frozen=True, slots=True)
class Look:
    """Hold what was seen.

    `parts` says of each part what is wrong with it, "" where nothing is. `waiting` counts the messages of a
    platform and lane, with the seconds that the oldest has waited; `overdue` is how many seconds the earliest
    timer is late. `duties` says of what only one replica may do whether this one does it.
    """

    parts: Mapping[str, str]
    waiting: Mapping[tuple[str, Lane], tuple[int, float]] = field(default_factory=dict)
    overdue: float = 0.0
    duties: Mapping[str, bool] = field(default_factory=dict)

    @property
    def ready(self) -> bool:
        """Tell whether nothing is wrong."""
        return not any(self.parts.values())


Looking: TypeAlias = Callable[[], Awaitable[Look]]
"""Look now; never raises."""
