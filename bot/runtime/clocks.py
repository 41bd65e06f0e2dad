"""Two clocks: the one on the wall, and one that can be turned forward to meet tomorrow's nudge today."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta


class SystemClock:
    """Tell the time of this machine."""

    def now(self) -> datetime:
        """Give the aware time in UTC."""
        return datetime.now(UTC)


class VirtualClock:
    """Tell a time that can be turned forward: it stands at `start`, or without one runs as the wall clock."""

    def __init__(self, start: datetime | None = None) -> None:
        self._start = start.astimezone(UTC) if start else None
        self._ahead = timedelta()

    def now(self) -> datetime:
        """Give the aware time in UTC."""
        return (self._start or datetime.now(UTC)) + self._ahead

    def turn_to(self, when: datetime) -> None:
        """Go forward to `when`; a time already past changes nothing."""
        self._ahead += max(when - self.now(), timedelta())
