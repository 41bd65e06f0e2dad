"""What an encoder learnt of danger from the sentences that were taught: ten ways of judging a text.

The weights were tuned with `tests/bench/tuning`; docs/listening.md says how, and on whom.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

from bot.encoder.tuned import Tuned

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Scores = NDArray[np.float32]


SECOND = 0.35
"""How much a second opinion counts beside the first; chosen on the people who choose bars."""
OUTRIGHT = 0.5
"""How much danger at all counts in what tells the card: ordinary talk should lie the farthest from it. Chosen
on the people who choose bars, see docs/listening.md."""
DANGER, CARD = 0, 1
"""Where the heads stand that tell whether there is danger, and whether it is worth the card."""


class Reader(Protocol):
    """Read texts as it was tuned for danger."""

    def meant(self, texts: Sequence[str]) -> Any:
        """Return a row for each text: (texts, its coordinates)."""


@dataclass(frozen=True, slots=True)
class Leaning:
    """Score texts for each head by what an encoder makes of them."""

    reader: Reader
    tuned: Tuned
    second: Leaning | None = None
    """Another encoder, whose errors are others; it is asked where the first leaves doubt."""

    def scores(self, texts: Sequence[str]) -> Scores:
        """Return a row for each text: (texts, heads)."""
        rows = self.tuned.judged(self.reader.meant(texts))
        rows[:, CARD] += OUTRIGHT * rows[:, DANGER]
        return rows

    def considered(self, texts: Sequence[str]) -> Scores:
        """Return the same with a second opinion."""
        rows = self.scores(texts)
        if self.second is not None:
            rows += SECOND * self.second.scores(texts)
        return rows
