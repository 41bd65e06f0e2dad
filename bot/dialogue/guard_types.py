"""The types of guards: every operator says what it takes, and a wrong word is told where it stands."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from typing import assert_never

from bot.dialogue.flow import Slot
from bot.dialogue.guard_nodes import Apply, Binary, Items, Literal, Name, Node, Unary
from bot.dialogue.guards import Guard
from bot.errors import GuardError

_TIME = re.compile(r"([01]\d|2[0-3]):[0-5]\d")


@dataclass(frozen=True, slots=True)
class GuardType:
    """Name a type: `kind` as of a slot; `of` the members of an enum, or of what a list may hold."""

    kind: str
    of: tuple[str, ...] = ()


BOOL, INT, DURATION = GuardType("bool"), GuardType("int"), GuardType("duration")


def check_types(guard: Guard, slots: Mapping[str, Slot]) -> GuardType:
    """Return the type of a guard over these slots.

    Raises:
        GuardError: a name is no slot, or an operator cannot take what it is given; with the column, from 0.
    """
    return _type(guard.tree, slots)


def _type(node: Node, slots: Mapping[str, Slot]) -> GuardType:
    match node:
        case Literal():
            return GuardType(node.kind)
        case Name():
            return _name(node, slots)
        case Items():
            return _items(node)
        case Unary():
            wanted = (BOOL,) if node.op == "not" else (INT, DURATION)
            return _want(_type(node.operand, slots), wanted, f"`{node.op}`", node.column)
        case Binary():
            return _binary(node, slots)
        case Apply():
            return _apply(node, slots)
    assert_never(node)  # pragma: no cover  the union is closed


def _name(node: Name, slots: Mapping[str, Slot]) -> GuardType:
    slot = slots.get(node.id)
    if slot is None:
        near = get_close_matches(node.id, slots, 1)
        hint = f"; did you mean {near[0]!r}?" if near else ""
        raise GuardError(f"{node.id!r} is no slot here{hint}", node.column)
    return GuardType(slot.type, slot.of)


def _items(node: Items) -> GuardType:
    kinds = {item.kind for item in node.items}
    if len(kinds) > 1:
        raise GuardError("a list holds things of one kind", node.column)
    return GuardType("list", (kinds.pop(),))


def _want(found: GuardType, wanted: tuple[GuardType, ...], what: str, column: int) -> GuardType:
    if found.kind not in {one.kind for one in wanted}:
        names = " or ".join(one.kind for one in wanted)
        raise GuardError(f"{what} takes {names}, not {found.kind}", column)
    return found


def _binary(node: Binary, slots: Mapping[str, Slot]) -> GuardType:
    left, right = _type(node.left, slots), _type(node.right, slots)
    if node.op in {"and", "or"}:
        for side in (left, right):
            _want(side, (BOOL,), f"`{node.op}`", node.column)
        return BOOL
    if node.op in {"+", "-", "*"}:
        return _arithmetic(node, left, right)
    if node.op in {"in", "not in"}:
        _membership(node, left, right)
    else:
        _comparison(node, left, right)
    return BOOL


def _arithmetic(node: Binary, left: GuardType, right: GuardType) -> GuardType:
    for side in (left, right):
        _want(side, (INT, DURATION), f"`{node.op}`", node.column)
    if node.op == "*" and left != right:
        return DURATION
    if left != right or (node.op == "*" and left == DURATION):
        raise GuardError(f"`{node.op}` cannot join {left.kind} and {right.kind}", node.column)
    return left


def _comparison(node: Binary, left: GuardType, right: GuardType) -> None:
    if node.op not in {"==", "!="}:
        for side, operand in ((left, node.left), (right, node.right)):
            if side.kind not in {"int", "duration", "time"} and not _is_time(operand):
                raise GuardError(f"`{node.op}` cannot order {side.kind}", node.column)
    _alike(left, node.right, right)
    _alike(right, node.left, left)
    if left.kind != right.kind and "text" not in {left.kind, right.kind}:
        raise GuardError(f"{left.kind} is never equal to {right.kind}", node.column)


def _is_time(node: Node) -> bool:
    return (
        isinstance(node, Literal) and isinstance(node.value, str) and _TIME.fullmatch(node.value) is not None
    )


def _alike(type_: GuardType, other: Node, other_type: GuardType) -> None:
    """Hold a text against what it is compared with: a member of the enum, or a time."""
    if other_type.kind != "text":
        return
    if type_.kind not in {"text", "enum", "time"}:
        raise GuardError(f"{type_.kind} is never equal to text", other.column)
    if isinstance(other, Literal):
        _value_fits(type_, other)
    elif type_.kind != "text":
        raise GuardError(f"{type_.kind} cannot be compared with text", other.column)


def _value_fits(type_: GuardType, literal: Literal) -> None:
    text = str(literal.value)
    if type_.kind == "enum" and text not in type_.of:
        near = get_close_matches(text, type_.of, 1)
        hint = f"; did you mean {near[0]!r}?" if near else f"; there are {', '.join(type_.of)}"
        raise GuardError(f"{text!r} is no member{hint}", literal.column)
    if type_.kind == "time" and not _TIME.fullmatch(text):
        raise GuardError(f"{text!r} is no time; write it as '22:00'", literal.column)


def _membership(node: Binary, left: GuardType, right: GuardType) -> None:
    _want(right, (GuardType("list"),), f"`{node.op}`", node.column)
    if isinstance(node.right, Items):
        for item in node.right.items:
            _member(left, item)
    elif left.kind not in {"text", "enum"}:
        raise GuardError(f"a list slot never holds {left.kind}", node.column)
    elif right.of and isinstance(node.left, Literal):
        _value_fits(GuardType("enum", right.of), node.left)


def _member(left: GuardType, item: Literal) -> None:
    if item.kind == "text":
        _alike(left, item, GuardType("text"))
    elif left.kind != item.kind:
        raise GuardError(f"{left.kind} is never equal to {item.kind}", item.column)


def _apply(node: Apply, slots: Mapping[str, Slot]) -> GuardType:
    types = [_type(arg, slots) for arg in node.args]
    if node.function == "known":
        if not isinstance(node.args[0], Name):
            raise GuardError("known takes the name of a slot", node.column)
        return BOOL
    if node.function == "length":
        _want(types[0], (GuardType("text"), GuardType("list")), "length", node.column)
        return INT
    _want(types[0], (INT, DURATION), node.function, node.column)
    return _want(types[1], (types[0],), node.function, node.column)
