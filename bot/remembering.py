"""Where the encoder placed each phrase is remembered: a new phrase costs milliseconds, not all of them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from hashlib import blake2b
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bot.safety.encoding import Encoder, Vector
from bot.shelf import Shelf
from bot.understanding import features

if TYPE_CHECKING:
    from bot.understanding.features import Rows

_MOST = 20_000
"""Phrases that are remembered, 15 MB; beyond that those that were not asked for go."""
_MOST_TESTED = 5_000
"""Texts of tests that are remembered, 8 MB."""


def remembered(texts: Sequence[str], encoder: Encoder, root: Path) -> Rows:
    """Return the vectors of phrases that authors wrote; never called for what a person writes."""
    import numpy as np  # noqa: PLC0415  slow to import

    shelf = Shelf(root, "vectors")
    name = blake2b(encoder.name.encode(), digest_size=8).hexdigest()
    kept = shelf.get(name) or {"marks": np.zeros(0, np.int64), "rows": np.zeros((0, 0), np.float16)}
    known = dict(zip(kept["marks"].tolist(), kept["rows"], strict=True))
    marks = [_mark(text) for text in texts]
    new = {mark: text for mark, text in zip(marks, texts, strict=True) if mark not in known}
    if new:
        rows = features.vectors(list(new.values()), encoder).astype(np.float16)
        known |= dict(zip(new, rows, strict=True))
        asked = set(marks)
        others = [mark for mark in known if mark not in asked]
        stay = [*others[max(0, len(others) + len(asked) - _MOST) :], *asked]
        shelf.put(name, {"marks": np.array(stay), "rows": np.stack([known[mark] for mark in stay])})
    found: Rows = np.stack([known[mark] for mark in marks]).astype(np.float32)
    return found


class Remembered:
    """Be an encoder that remembers where texts of tests lie, from run to run; never for what a person writes.

    What it gives is exactly what the encoder gave: nothing is rounded.
    """

    def __init__(self, encoder: Encoder, root: Path) -> None:
        self.name = encoder.name
        self._encoder = encoder
        self._shelf = Shelf(root, blake2b(encoder.name.encode(), digest_size=8).hexdigest())
        kept = self._shelf.get("rows")
        self._rows: dict[int, Any] = (
            dict(zip(kept["marks"].tolist(), kept["rows"], strict=True)) if kept else {}
        )
        self._new = False

    def encode(self, texts: Sequence[str]) -> Iterable[Vector]:
        """Return a vector for each text, each worked out once and alone, as a person's would be."""
        for text in texts:
            if (mark := _mark(text)) not in self._rows:
                (self._rows[mark],) = self._encoder.encode([text])
                self._new = True
        return [self._rows[_mark(text)] for text in texts]

    def keep(self) -> None:
        """Write down what is new; of too many the oldest go."""
        import numpy as np  # noqa: PLC0415  slow to import

        if self._new:
            rows = dict(list(self._rows.items())[-_MOST_TESTED:])
            self._shelf.put("rows", {"marks": np.array(list(rows)), "rows": np.stack(list(rows.values()))})
            self._new = False


def _mark(text: str) -> int:
    return int.from_bytes(blake2b(text.encode("utf-8", "replace"), digest_size=8).digest(), signed=True)
