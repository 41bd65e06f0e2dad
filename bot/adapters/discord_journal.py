"""Up to where each direct channel was heard: Discord sends nothing again, so what was missed must be read."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Place:
    """Say that a person's channel was heard up to and with the message `last`."""

    person: int
    channel: int
    last: int


class Journal(Protocol):
    """Keep places; what it kept must outlive a crash for nothing to be lost in one."""

    async def note(self, place: Place) -> None:
        """Keep a place, unless a later one of the same person is kept already."""

    async def recent(self) -> Sequence[Place]:
        """Give the places worth reading on from, the latest first."""


class Memory:
    """Keep up to `most` places for as long as the process lives."""

    def __init__(self, most: int = 10_000) -> None:
        self._most = most
        self._places: dict[int, Place] = {}

    async def note(self, place: Place) -> None:
        """Keep a place, unless a later one is kept already."""
        known = self._places.pop(place.person, None)
        self._places[place.person] = known if known and known.last > place.last else place
        if len(self._places) > self._most:
            self._places.pop(next(iter(self._places)))

    async def recent(self) -> Sequence[Place]:
        """Give the places, the latest first."""
        return sorted(self._places.values(), key=lambda place: -place.last)
