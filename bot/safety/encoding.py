"""What may be asked of a sentence encoder: where a text lies among others that mean alike.

The shape stands here, lowest of all, so that the screen for danger may listen by the same means.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Protocol, TypeAlias

Vector: TypeAlias = Iterable[float]
"""Coordinates of length 1 together: the product of two is how alike they are, from -1 to 1."""


class Encoder(Protocol):
    """Place texts. `name` changes whenever the same text may come to lie elsewhere."""

    name: str

    def encode(self, texts: Sequence[str]) -> Iterable[Vector]:
        """Return a vector for each text; pure, and bounded in time whatever a text's length."""
