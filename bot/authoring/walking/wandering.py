"""Walks by chance, the same for the same seed: some answer what they are asked, some do anything at all."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from random import Random

from bot.authoring.walking.choices import Choices, Stroller
from bot.authoring.walking.tally import Tally
from bot.authoring.walking.terrain import Terrain
from bot.authoring.walking.walks import Start

TURNS = 40
"""Moves of a walk; then it is left, by silence or by answers that mean nothing, until it ends."""
_STROLLERS, _FIRST, _SILENT = 0.4, 0.7, 0.5
"""Shares: of those who only answer, of walks from the first beginning, of those left by silence."""


@dataclass
class Wanderers:
    """Send people on walks by chance."""

    terrain: Terrain
    seed: int
    starts: Sequence[Start]

    def __post_init__(self) -> None:
        self.choices = Choices(self.terrain)

    def walk(self, number: int, tally: Tally) -> None:
        """Walk once. The same number is the same walk, whatever was walked before."""
        chance = Random(f"{self.seed} {number}")  # noqa: S311  the same every time is what is wanted
        start = self.starts[0] if chance.random() < _FIRST else chance.choice(self.starts)
        walk = start.walk(self.terrain, tally, f"{number:x}")
        if walk is None:
            return
        strolls = Stroller(self.choices, chance) if chance.random() < _STROLLERS else None
        for _ in range(TURNS):
            move = strolls.move(walk.walker) if strolls else self.choices.wandering(walk.walker, chance)
            if not walk.go(move):
                return
            if strolls and not walk.walker.session.frames:
                break
        walk.ends(silent=chance.random() < _SILENT)
        walk.close()
