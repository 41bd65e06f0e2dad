"""Where the encoder placed each phrase is remembered: a new phrase costs milliseconds, not all of them."""

from __future__ import annotations

from collections.abc import Sequence
from hashlib import blake2b
from pathlib import Path
from typing import TYPE_CHECKING

from bot.safety.encoding import Encoder
from bot.shelf import Shelf
from bot.understanding import features

if TYPE_CHECKING:
    from bot.understanding.features import Rows

_MOST = 20_000
"""Phrases that are remembered, 15 MB; beyond that those that were not asked for go."""


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


def _mark(text: str) -> int:
    return int.from_bytes(blake2b(text.encode("utf-8", "replace"), digest_size=8).digest(), signed=True)
