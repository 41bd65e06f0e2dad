"""Counts that could point at one person are told in whole fives, and below five not at all.

So neither a sum, nor the difference of two figures or of two days, tells of one person.
"""

from __future__ import annotations

FEW = 5
"""Below this nothing is told, above it every fifth."""


def fives(count: int) -> int:
    """Return what may be told of a count; 0 stands for fewer than five."""
    return count - count % FEW
