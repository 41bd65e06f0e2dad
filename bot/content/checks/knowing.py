"""What a guard needs to know, and what is known when it holds: slots as bits of a whole number."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import reduce
from operator import or_
from typing import NamedTuple

from bot.dialogue.guard_nodes import Apply, Binary, Items, Literal, Name, Node, Unary
from bot.dialogue.guards import Guard


class Read(NamedTuple):
    """Say that a guard reads a slot: its bit, what the guard knows by then, and the column, from 0."""

    bit: int
    given: int
    name: str
    column: int


@dataclass(eq=False)
class Insight:
    """Hold what a guard reads, and the slots that are surely set when it holds and when it does not.

    What it reads counts as set from there on: that it may be unset is told where it is read first.
    """

    bits: Mapping[str, int]
    reads: list[Read] = field(default_factory=list)
    true: int = 0
    false: int = 0


def insight(guard: Guard, bits: Mapping[str, int]) -> Insight:
    """Look into a guard. `bits` maps slots to bits; a name it lacks is always known."""
    found = Insight(bits)
    true, false = _see(guard.tree, 0, found)
    read = reduce(or_, (one.bit for one in found.reads), 0)
    found.true, found.false = true | read, false | read
    return found


def _see(node: Node, given: int, into: Insight) -> tuple[int, int]:
    """Note what a condition reads; return what is known when it holds and when it does not."""
    match node:
        case Name():
            _note(node, given, into)
            return into.bits.get(node.id, 0), 0
        case Unary():
            true, false = _see(node.operand, given, into)
            return (false, true) if node.op == "not" else (true, 0)
        case Binary():
            return _see_both(node, given, into)
        case Apply():
            return _see_call(node, given, into)
        case Literal() | Items():
            return 0, 0


def _note(node: Name, given: int, into: Insight) -> None:
    bit = into.bits.get(node.id, 0)
    if bit & ~given:
        into.reads.append(Read(bit, given, node.id, node.column))


def _see_both(node: Binary, given: int, into: Insight) -> tuple[int, int]:
    true, false = _see(node.left, given, into)
    if node.op == "and":
        true_too, false_too = _see(node.right, given | true, into)
        return true | true_too, false & (true | false_too)
    if node.op == "or":
        true_too, false_too = _see(node.right, given | false, into)
        return true & (false | true_too), false | false_too
    _see(node.right, given, into)
    # A comparison with something unset does not hold, so what it compared is set when it does.
    return _compared(node.left, into) | _compared(node.right, into), 0


def _compared(node: Node, into: Insight) -> int:
    """Return the slots without which a term has no value."""
    match node:
        case Name():
            return into.bits.get(node.id, 0)
        case Unary() if node.op == "-":
            return _compared(node.operand, into)
        case Binary() if node.op in {"+", "-", "*"}:
            return _compared(node.left, into) | _compared(node.right, into)
        case Apply() if node.function != "known":
            return _compared(node.args[0], into) | _compared(node.args[-1], into)
        case _:
            return 0


def _see_call(node: Apply, given: int, into: Insight) -> tuple[int, int]:
    if node.function == "known":
        arg = node.args[0]
        return (into.bits.get(arg.id, 0) if isinstance(arg, Name) else 0), 0
    for arg in node.args:
        _see(arg, given, into)
    return _compared(node, into), 0
