"""A file that one process at a time may hold; the system lets go of it when it is closed, however."""

from __future__ import annotations

import fcntl


def locked(descriptor: int) -> bool:
    """Lock an open file if nobody has, without waiting; tell whether it is ours."""
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
