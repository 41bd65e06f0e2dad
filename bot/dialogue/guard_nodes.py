"""The node kinds of a guard's tree: a closed union."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

LARGEST = 2**53
"""Whole numbers saturate here: exact in JSON everywhere, and no product can grow without bound."""


@dataclass(frozen=True, slots=True)
class Literal:
    """Hold a value written in the guard; `kind` is int, text, bool or duration."""

    value: bool | int | str
    kind: str
    column: int


@dataclass(frozen=True, slots=True)
class Name:
    """Read a slot."""

    id: str
    column: int


@dataclass(frozen=True, slots=True)
class Items:
    """Hold a list of literals."""

    items: tuple[Literal, ...]
    column: int


@dataclass(frozen=True, slots=True)
class Unary:
    """Apply `not` or `-`."""

    op: str
    operand: Node
    column: int


@dataclass(frozen=True, slots=True)
class Binary:
    """Apply an operator to two operands."""

    op: str
    left: Node
    right: Node
    column: int


@dataclass(frozen=True, slots=True)
class Apply:
    """Call one of the named functions."""

    function: str
    args: tuple[Node, ...]
    column: int


Node: TypeAlias = Literal | Name | Items | Unary | Binary | Apply

FUNCTIONS = {"known": 1, "length": 1, "min": 2, "max": 2}
"""The named functions and how many arguments each takes."""
