"""What a guard can come to: tried with every value that could make a difference, where these are few.

A guard compares slots with what is written in it, so a number matters only at its bounds, at the written
numbers and right beside them; a text only where it equals a written one or has a written length.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import chain, combinations, product
from typing import TypeAlias

from bot.dialogue.flow import Slot, Value
from bot.dialogue.guard_nodes import Apply, Binary, Items, Literal, Name, Node, Unary
from bot.dialogue.guard_types import GuardType, check_types
from bot.dialogue.guards import Guard
from bot.errors import GuardError

World: TypeAlias = dict[str, Value | None]
MOST_WORLDS = 1024
"""Combinations of values that are tried; past it a guard is taken to be able to come to anything."""
_SMALL_RANGE, _FEW_MEMBERS, _DAY_MINUTES = 64, 6, 1440
_LONGEST = 4000


@dataclass(eq=False)
class _Needs:
    """Gather what the guards hold that decides which values matter."""

    numbers: set[int] = field(default_factory=set)
    texts: set[str] = field(default_factory=set)
    asked: set[str] = field(default_factory=set)
    """Slots of which a guard asks whether they are known."""
    measured: set[str] = field(default_factory=set)
    reckons: bool = False
    pairs: set[str] = field(default_factory=set)
    """Slots compared with other slots."""

    def read(self, node: Node) -> None:
        """Gather from a tree."""
        match node:
            case Literal():
                self._literal(node.value)
            case Items():
                for item in node.items:
                    self._literal(item.value)
            case Unary():
                self.reckons |= node.op == "-"
                self.read(node.operand)
            case Binary():
                self._binary(node)
            case Apply():
                self._apply(node)
            case Name():
                pass

    def _literal(self, value: bool | int | str) -> None:
        if isinstance(value, str):
            self.texts.add(value)
        elif not isinstance(value, bool):
            self.numbers.add(value)

    def _binary(self, node: Binary) -> None:
        self.reckons |= node.op in {"+", "-", "*"}
        if isinstance(node.left, Name) and isinstance(node.right, Name):
            self.pairs |= {node.left.id, node.right.id}
        self.read(node.left)
        self.read(node.right)

    def _apply(self, node: Apply) -> None:
        slots = {arg.id for arg in node.args if isinstance(arg, Name)}
        self.asked |= slots if node.function == "known" else set()
        self.measured |= slots if node.function == "length" else set()
        self.reckons |= node.function in {"min", "max"}
        for arg in node.args:
            self.read(arg)


def worlds(guards: Sequence[Guard], slots: Mapping[str, Slot]) -> Iterator[World] | None:
    """Return every combination of values that could make a difference, None when these are too many."""
    needs = _Needs()
    for guard in guards:
        needs.read(guard.tree)
    names = sorted(frozenset[str]().union(*(guard.names for guard in guards)))
    domains = []
    count = 1
    for name in names:
        values = _values(slots[name], needs)
        count *= len(values)
        if not values or count > MOST_WORLDS:
            return None
        domains.append(values)
    return (dict(zip(names, values, strict=True)) for values in product(*domains))


@dataclass(frozen=True, slots=True)
class Judged:
    """Say what is known of a guard: its type or why it has none, and what it always comes to."""

    type: GuardType | None
    wrong: GuardError | None = None
    always: bool | None = None


def judged(guard: Guard, slots: Mapping[str, Slot]) -> Judged:
    """Judge a guard, all of whose names are slots."""
    return _judged(guard, tuple(slots[name] for name in sorted(guard.names)))


@lru_cache(4096)
def _judged(guard: Guard, read: tuple[Slot, ...]) -> Judged:
    """Judge a guard once with the slots it reads: many flows hold the same."""
    slots = {slot.id: slot for slot in read}
    try:
        found = check_types(guard, slots)
    except GuardError as error:
        return Judged(None, error)
    return Judged(found, None, verdict(guard, slots) if found.kind == "bool" else None)


def verdict(guard: Guard, slots: Mapping[str, Slot]) -> bool | None:
    """Return what a guard of a sound type always comes to, None when it can be both or nobody knows."""
    found = worlds([guard], slots)
    if found is None:
        return None
    first = guard.holds(next(found))
    return None if any(guard.holds(world) is not first for world in found) else first


def sound(guards: Sequence[Guard], slots: Mapping[str, Slot]) -> bool:
    """Tell whether these guards are free of faults of their own, so that more can be said about them."""
    if not all(one.names <= slots.keys() for one in guards):
        return False
    found = [judged(one, slots) for one in guards]
    return all(one.type is not None and one.type.kind == "bool" and one.always is None for one in found)


def unmet(guards: Sequence[Guard], slots: Mapping[str, Slot]) -> World | None:
    """Return values with which none of the guards holds, None when there are none or nobody knows."""
    found = worlds(guards, slots) or ()
    return next((world for world in found if not any(guard.holds(world) for guard in guards)), None)


def exclude(one: Guard, other: Guard, slots: Mapping[str, Slot]) -> bool:
    """Tell whether two guards surely never hold at once."""
    found = worlds([one, other], slots)
    return found is not None and not any(one.holds(world) and other.holds(world) for world in found)


# --- the values that matter ----------------------------------------------------------------------------


def _values(slot: Slot, needs: _Needs) -> list[Value | None]:
    """Return the values of a slot that could make a difference; none at all when nobody knows them."""
    if len(needs.pairs) > 2:  # noqa: PLR2004  the values beside the written ones suffice for a pair, not for three
        return []
    found = _of_kind(slot, needs)
    # An unset slot matters only to a guard that asks; for all others it is a fault of its own.
    return [*found, None] if found and slot.id in needs.asked else found


def _of_kind(slot: Slot, needs: _Needs) -> list[Value | None]:
    match slot.type:
        case "bool":
            return [True, False]
        case "enum":
            return list(slot.of)
        case "int" | "duration":
            return list(_numbers(slot, needs))
        case "time":
            return list(_times(needs))
        case "text":
            return list(_texts(slot, needs))
        case "list":
            return list(_lists(slot, needs))


def _numbers(slot: Slot, needs: _Needs) -> list[int]:
    low, high = slot.min, slot.max
    if low is not None and high is not None and high - low < _SMALL_RANGE:
        return list(range(low, high + 1))
    if needs.reckons:
        return []
    near = {number + step for number in needs.numbers | {0} for step in (-2, -1, 0, 1, 2)}
    near |= {
        bound + step for bound, step in ((low, 1), (high, -1)) if bound is not None for step in (0, step)
    }
    return sorted(one for one in near if (low is None or one >= low) and (high is None or one <= high))


def _times(needs: _Needs) -> list[str]:
    minutes = {0, 1, _DAY_MINUTES - 2, _DAY_MINUTES - 1}
    for text in needs.texts:
        hour, colon, minute = text.partition(":")
        if colon and hour.isdigit() and minute.isdigit():
            minutes |= {int(hour) * 60 + int(minute) + step for step in (-2, -1, 0, 1, 2)}
    return [f"{one // 60:02}:{one % 60:02}" for one in sorted(minutes) if 0 <= one < _DAY_MINUTES]


def _texts(slot: Slot, needs: _Needs) -> list[str]:
    most = _LONGEST if slot.max is None else slot.max
    lengths = {slot.min or 1, most}
    if slot.id in needs.measured:
        if needs.reckons:
            return []
        lengths |= {number + step for number in needs.numbers for step in (-1, 0, 1)}
    made = ["\x00" * one for one in sorted(lengths) if (slot.min or 1) <= one <= most]
    return [*sorted(needs.texts), *made]


def _lists(slot: Slot, needs: _Needs) -> list[tuple[str, ...]]:
    members = slot.of or (*sorted(needs.texts), "\x00")
    if len(members) > _FEW_MEMBERS or (slot.id in needs.measured and not slot.of):
        return []
    sizes = range(slot.min or 0, min(len(members), slot.max or len(members)) + 1)
    return list(chain.from_iterable(combinations(members, size) for size in sizes))
