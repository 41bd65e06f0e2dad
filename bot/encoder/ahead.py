"""What will be asked for next is worked out beside what is asked for now, where there is a second core.

The screen reads a text by one set of layers, then the ear by another; numpy lets both go on at once.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from typing import Generic, TypeVar

Thing = TypeVar("Thing")


class Ahead(Generic[Thing]):
    """Work on one thing at a time in a thread of its own; whoever asks for that very thing waits for it."""

    def __init__(self, work: Callable[[Thing], object]) -> None:
        self._work = work
        self._thread = ThreadPoolExecutor(1, "lowtide-ahead")
        self._coming: tuple[Thing, Future[object]] | None = None

    def begin(self, thing: Thing) -> None:
        """Begin to work on a thing; what was begun before is finished, and waited for no more."""
        with suppress(RuntimeError):  # the process is leaving: whoever asks works it out alone
            self._coming = thing, self._thread.submit(self._work, thing)

    def wait_for(self, thing: Thing) -> None:
        """Wait for a thing if it was begun last. What went wrong with it is met again by who asks for it."""
        coming = self._coming
        if coming is not None and coming[0] == thing:
            coming[1].exception()


def cores() -> int:
    """Return how many cores this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
