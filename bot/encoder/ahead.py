"""What will be asked for next is worked out beside what is asked for now, where there is a second core.

The screen reads a text by one set of layers, then the ear by another; numpy lets both go on at once. What is
begun goes by a name of its own, so that nothing of a text stays here once it was read.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from concurrent.futures import CancelledError, Future, ThreadPoolExecutor
from contextlib import suppress
from typing import Generic, TypeVar

Thing = TypeVar("Thing")


class Ahead(Generic[Thing]):
    """Work on one thing at a time in a thread of its own; whoever asks for that very thing waits for it."""

    def __init__(self, work: Callable[[Thing], object]) -> None:
        self._work = work
        self._thread = ThreadPoolExecutor(1, "lowtide-ahead")
        self._coming: tuple[bytes, Future[object]] | None = None

    def begin(self, name: bytes, thing: Thing) -> None:
        """Begin to work on a thing; what stands in line before it is let go, for nobody asks for it now."""
        if self._coming is not None:
            self._coming[1].cancel()
        with suppress(RuntimeError):  # the process is leaving: whoever asks works it out alone
            self._coming = name, self._thread.submit(self._work, thing)

    def wait_for(self, name: bytes) -> None:
        """Wait for a thing if it was begun last.

        Where it was let go, or went wrong, whoever asks for it works it out alone.
        """
        coming = self._coming
        if coming is not None and coming[0] == name:
            with suppress(CancelledError):
                coming[1].exception()


def cores() -> int:
    """Return how many cores this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
