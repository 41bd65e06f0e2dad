"""What was worked out a moment ago is at hand: people say much alike, and the screen and the ear ask in turn.

What is kept in the process is what was made of texts, under a keyed hash; no words.
"""

from __future__ import annotations

import os
import threading
from collections import OrderedDict
from hashlib import blake2b
from typing import Generic, TypeVar

Made = TypeVar("Made")


class Recent(Generic[Made]):
    """Hold what was made of the last `most` things that were asked for; for any thread."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._key = os.urandom(16)
        self._made: OrderedDict[bytes, Made] = OrderedDict()
        self._lock = threading.Lock()

    def mark(self, thing: bytes) -> bytes:
        """Return the name of a thing. It is keyed: nobody can make two of them pass for one another."""
        return blake2b(thing, digest_size=16, key=self._key).digest()

    def get(self, mark: bytes) -> Made | None:
        """Return what was kept under a name, or None."""
        with self._lock:
            found = self._made.get(mark)
            if found is not None:
                self._made.move_to_end(mark)
            return found

    def put(self, mark: bytes, made: Made) -> None:
        """Keep something, and let go of what was not asked for longest."""
        with self._lock:
            self._made[mark] = made
            while len(self._made) > self._most:
                self._made.popitem(last=False)
