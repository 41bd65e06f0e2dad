"""A text that was placed a moment ago is placed again for nothing: the screen and the ear ask in turn.

What is kept in the process is where texts lie, under a keyed hash; no words.
"""

from __future__ import annotations

import os
import threading
from array import array
from collections import OrderedDict
from collections.abc import Sequence
from hashlib import blake2b
from typing import Any


class Recent:
    """Hold the vectors of the last `most` texts that were asked for, by their pieces; for any thread."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._key = os.urandom(16)
        self._rows: OrderedDict[bytes, Any] = OrderedDict()
        self._lock = threading.Lock()

    def mark(self, pieces: Sequence[int]) -> bytes:
        """Return the name of a text. It is keyed: nobody can make two texts pass for one another."""
        return blake2b(array("i", pieces).tobytes(), digest_size=16, key=self._key).digest()

    def get(self, mark: bytes) -> Any | None:
        """Return the vector that was kept under a name, or None."""
        with self._lock:
            found = self._rows.get(mark)
            if found is not None:
                self._rows.move_to_end(mark)
            return found

    def put(self, mark: bytes, row: Any) -> None:
        """Keep a vector, and let go of the one that was not asked for longest."""
        with self._lock:
            self._rows[mark] = row
            while len(self._rows) > self._most:
                self._rows.popitem(last=False)
