"""Since when each message waits at a desk: how long it took to be sent, and how old the oldest is."""

from __future__ import annotations

from collections.abc import Mapping

from bot.dialogue.effects import Lane
from bot.runtime.messages import Outgoing

LANES: tuple[Lane, ...] = ("reply", "nudge")


class Ledger:
    """Note who comes and goes. Every `now` is in seconds on one clock that does not jump."""

    def __init__(self) -> None:
        self._since: Mapping[Lane, dict[str, float]] = {lane: {} for lane in LANES}
        """When each came, by its key: a dict keeps their order, so the first is the oldest."""

    def came(self, message: Outgoing, now: float) -> None:
        """Note that a message waits; one that comes again waits since it first came."""
        self._since[message.lane].setdefault(message.key, now)

    def went(self, message: Outgoing) -> None:
        """Note that a message waits no more."""
        self._since[message.lane].pop(message.key, None)

    def waited(self, message: Outgoing, now: float) -> float:
        """Tell for how long a message has waited."""
        return now - self._since[message.lane].get(message.key, now)

    def oldest(self, lane: Lane, now: float) -> float:
        """Tell for how long the oldest of a lane has waited; 0 where none does."""
        return now - next(iter(self._since[lane].values()), now)

    def waiting(self, lane: Lane) -> int:
        """Count those of a lane."""
        return len(self._since[lane])
