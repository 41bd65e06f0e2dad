"""YAML as authors mean it: YAML 1.2, every fault with its place, and nothing that can hurt the reader."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias

from bot.content.faults import Fault, Spot

Path: TypeAlias = tuple[str | int, ...]


@dataclass(frozen=True, slots=True)
class Tree:
    """Hold a document as plain data, and where each part of it stands.

    `spots` maps the path of every value (keys and list indexes from the root) to its place, `key_spots` the
    path of every mapping entry to the place of its key.
    """

    file: str
    data: Any
    spots: Mapping[Path, Spot]
    key_spots: Mapping[Path, Spot]

    def spot(self, *path: str | int) -> Spot:
        """Return the place of the value at a path, or of the nearest part above it that exists."""
        raise NotImplementedError

    def key_spot(self, *path: str | int) -> Spot:
        """Return the place of the key at a path; where there is none, as `spot`."""
        raise NotImplementedError

    def inside(self, path: Path, offset: int) -> Spot:
        """Return the place of the character at `offset` (from 0) of the one-line text at a path."""
        raise NotImplementedError


def read(text: str | bytes, file: str) -> tuple[Tree | None, list[Fault]]:
    """Read one document; the tree is None when nothing of it can be used."""
    raise NotImplementedError
