"""What MiniLM learnt from the sentences that were taught: an upper half of its own, and ten ways of judging.

The lower half is the encoder's, so a text is taken through it once, for the screen and for the ear. The
weights were tuned with `tests/bench/tuning.py`; docs/listening.md says how, and on whom.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bot.encoder.minilm import HALF, Layer, MiniLm
from bot.recent import Recent

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Scores = NDArray[np.float32]

TUNED = Path(__file__).with_name("tuned.npz")
_RECENT = 2_000


class Leaning:
    """Score texts for each head, by an upper half that was tuned for danger."""

    def __init__(self, trunk: MiniLm, layers: Sequence[Layer], head: tuple[Any, Any]) -> None:
        self._trunk, self._layers, self._head = trunk, layers, head
        self._recent: Recent[Any] = Recent(_RECENT)

    def scores(self, texts: Sequence[str]) -> Sequence[Scores]:
        """Return a row for each text: (texts, heads)."""
        marks = [self._recent.mark(text.encode(errors="replace")) for text in texts]
        rows: dict[bytes, Any] = {mark: self._recent.get(mark) for mark in marks}
        new = {mark: text for mark, text in zip(marks, texts, strict=True) if rows[mark] is None}
        if new:
            weight, bias = self._head
            found = self._trunk.meant(list(new.values()), self._layers) @ weight + bias
            for mark, row in zip(new, found, strict=True):
                self._recent.put(mark, row)
                rows[mark] = row
        return [rows[mark] for mark in marks]


def read_leaning(path: Path, trunk: MiniLm) -> Leaning:
    """Read what `tests/bench/tuning.py` wrote: matrices are a byte a number, each column with its scale.

    Raises:
        OSError, ValueError, KeyError: the file is missing, or is none of ours.
    """
    import numpy as np  # noqa: PLC0415  a start should not wait for it

    with np.load(path, allow_pickle=False) as file:

        def pair(name: str, *, evening: bool = False) -> tuple[Any, Any]:
            weight = file[f"{name}_weight"].astype(np.float32)
            return (weight if evening else weight * file[f"{name}_scale"]), file[f"{name}_bias"]

        layers = [
            Layer(
                pair(f"{at}_look"),
                pair(f"{at}_gather"),
                pair(f"{at}_even", evening=True),
                pair(f"{at}_widen"),
                pair(f"{at}_narrow"),
                pair(f"{at}_even_again", evening=True),
            )
            for at in range(HALF)
        ]
        return Leaning(trunk, layers, pair("head", evening=True))
