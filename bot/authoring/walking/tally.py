"""What was walked, counted: turns, conversations, places, and one conversation for each thing that broke."""

from __future__ import annotations

from dataclasses import dataclass, field

from bot.authoring.walking.breaches import Breach
from bot.authoring.walking.moves import Move
from bot.authoring.walking.walker import Beginning


@dataclass(frozen=True, slots=True)
class Found:
    """Hold a breach, and the conversation up to it."""

    breach: Breach
    beginning: Beginning
    moves: tuple[Move, ...]


@dataclass
class Tally:
    """Count what was walked. `found` holds one conversation for each different breach."""

    turns: int = 0
    walks: int = 0
    places: set[str] = field(default_factory=set)
    found: dict[tuple[str, str], Found] = field(default_factory=dict)

    def add(self, other: Tally) -> None:
        """Take in what was walked after this; of equal breaches the first is kept."""
        self.turns += other.turns
        self.walks += other.walks
        self.places |= other.places
        self.found = {**other.found, **self.found}

    def note(self, breach: Breach, beginning: Beginning, moves: tuple[Move, ...]) -> None:
        """Keep a breach, unless it is known."""
        self.found.setdefault(breach.key, Found(breach, beginning, moves))
