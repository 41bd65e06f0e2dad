"""Guards: a small typed expression language that is never run by Python's own evaluator.

A guard is parsed once into a tree of closed node kinds and compiled to closures. An unset slot makes every
comparison false, so a guard always has an answer; `check` still reports a guard that may read an unset slot.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeAlias, assert_never

from bot.dialogue.guard_nodes import LARGEST, Apply, Binary, Items, Literal, Name, Node, Unary
from bot.dialogue.guard_parser import parse_tree

Run: TypeAlias = Callable[[Mapping[str, Any]], Any]


@dataclass(frozen=True, slots=True)
class Guard:
    """Hold a parsed guard. `names` are the slots it reads; two guards are equal when their source is."""

    source: str
    tree: Node = field(compare=False)
    names: frozenset[str] = field(compare=False)
    run: Run = field(compare=False, repr=False)

    def holds(self, values: Mapping[str, Any]) -> bool:
        """Tell whether the guard is true of these slots."""
        return self.run(values) is True

    def value(self, values: Mapping[str, Any]) -> Any:
        """Return what the expression comes to, or None when a slot it needs is unset."""
        return self.run(values)


def parse(source: str) -> Guard:
    """Parse a guard.

    Raises:
        GuardError: the text is no guard, or too large; its `column` counts from 0.
    """
    tree = parse_tree(source)
    return Guard(source, tree, names_of(tree), compile_node(tree))


def names_of(node: Node) -> frozenset[str]:
    """Return the slots a tree reads."""
    match node:
        case Name():
            return frozenset({node.id})
        case Unary():
            return names_of(node.operand)
        case Binary():
            return names_of(node.left) | names_of(node.right)
        case Apply():
            return frozenset[str]().union(*map(names_of, node.args))
        case Literal() | Items():
            return frozenset()
    assert_never(node)  # pragma: no cover  the union is closed


def compile_node(node: Node) -> Run:
    """Turn a tree into one closure."""
    match node:
        case Literal():
            constant = node.value
            return lambda _: constant
        case Name():
            key = node.id
            return lambda values: values.get(key)
        case Items():
            members = tuple(item.value for item in node.items)
            return lambda _: members
        case Unary():
            return _unary(node)
        case Binary():
            return _binary(node)
        case Apply():
            return _apply(node)
    assert_never(node)  # pragma: no cover  the union is closed


def _unary(node: Unary) -> Run:
    run = compile_node(node.operand)
    if node.op == "not":
        return lambda values: run(values) is not True

    def negate(values: Mapping[str, Any]) -> Any:
        value = run(values)
        return None if value is None else -value

    return negate


_COMPARE: dict[str, Callable[[Any, Any], bool]] = {
    "==": operator.eq,
    "!=": operator.ne,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
    "in": lambda item, items: item in items,
    "not in": lambda item, items: item not in items,
}
_ARITHMETIC: dict[str, Callable[[int, int], int]] = {
    "+": operator.add,
    "-": operator.sub,
    "*": operator.mul,
}


def _binary(node: Binary) -> Run:
    left, right = compile_node(node.left), compile_node(node.right)
    if node.op == "and":
        return lambda values: left(values) is True and right(values) is True
    if node.op == "or":
        return lambda values: left(values) is True or right(values) is True
    if node.op in _COMPARE:
        return _compare(_COMPARE[node.op], left, right)
    return _arithmetic(_ARITHMETIC[node.op], left, right)


def _compare(compare: Callable[[Any, Any], bool], left: Run, right: Run) -> Run:
    def run(values: Mapping[str, Any]) -> bool:
        a, b = left(values), right(values)
        return a is not None and b is not None and compare(a, b)

    return run


def _arithmetic(combine: Callable[[int, int], int], left: Run, right: Run) -> Run:
    def run(values: Mapping[str, Any]) -> Any:
        a, b = left(values), right(values)
        if a is None or b is None:
            return None
        return max(-LARGEST, min(LARGEST, combine(a, b)))

    return run


def _apply(node: Apply) -> Run:
    args = [compile_node(arg) for arg in node.args]
    first = args[0]
    if node.function == "known":
        return lambda values: first(values) is not None
    if node.function == "length":
        return lambda values: None if (value := first(values)) is None else len(value)
    choose: Callable[[int, int], int] = min if node.function == "min" else max
    return _arithmetic(choose, first, args[1])
