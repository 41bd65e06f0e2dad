"""A document as plain data, which knows where each of its parts stands."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from bot.content.faults import Fault, Spot
from bot.content.places import Path, Places


@dataclass(frozen=True, slots=True)
class Tree:
    """Hold a document as plain data, where each part of it stands, and what was wrong in reading it.

    `holes` are the paths of parts that are no YAML, and stand in the data as the text that was written.
    """

    file: str
    data: Any
    places: Places = field(repr=False, compare=False)
    faults: tuple[Fault, ...] = ()
    holes: frozenset[Path] = frozenset()

    @property
    def spots(self) -> dict[Path, Spot]:
        """Return the place of every value, by its path: keys and list indexes from the root."""
        return self.places.values

    @property
    def key_spots(self) -> dict[Path, Spot]:
        """Return the place of the key of every mapping entry, by the path of the entry."""
        return self.places.keys

    def spot(self, *path: str | int) -> Spot:
        """Return the place of the value at a path, or of the nearest part above it that exists."""
        return _nearest(self.spots, path) or Spot(self.file)

    def key_spot(self, *path: str | int) -> Spot:
        """Return the place of the key at a path; where there is none, as `spot`."""
        return self.key_spots.get(path) or self.spot(*path)

    def inside(self, path: Path, offset: int) -> Spot:
        """Return the place of the character at `offset` (from 0) of the one-line text at a path."""
        return self.places.inside(self.spot(*path), offset)


def _nearest(spots: dict[Path, Spot], path: Path) -> Spot | None:
    while path and path not in spots:
        path = path[:-1]
    return spots.get(path)


def named(value: object) -> str:
    """Say in an author's words what kind of value this is."""
    match value:
        case None:
            return "nothing"
        case bool():
            return f"the truth value `{str(value).lower()}`"
        case int() | float():
            return f"the number `{value}`"
        case str():
            return f"the text {value!r}" if len(value) <= 40 else "a long text"  # noqa: PLR2004  fits a line
        case list():
            return "a list"
        case _:
            return "a mapping"
