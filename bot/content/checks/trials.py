"""The values a slot can have where a prompt is said: enough of them to meet every branch and every length."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import combinations, product
from math import prod
from typing import TypeAlias

from bot.content.checks.lines import Use
from bot.dialogue.flow import Slot, Value
from bot.dialogue.values import LONGEST_TEXT

World: TypeAlias = dict[str, Value]
MOST_WORLDS = 512
"""Combinations that are tried for one prompt at one place; past it, every pair of values."""
_SMALL_RANGE = 12
_LONG_ITEM, _MANY_ITEMS = 60, 10
_DAY = 86_400


def worlds(use: Use, reads: frozenset[str]) -> Iterator[World]:
    """Yield combinations of the slots a prompt reads, as they can be where it is said."""
    names = sorted(reads - {"helpline"} | ({"country"} if "helpline" in reads else set()))
    domains = [values(use, name) for name in names]
    found = product(*domains) if prod(map(len, domains)) <= MOST_WORLDS else _pairs(domains)
    for world in found:
        yield {name: value for name, value in zip(names, world, strict=True) if value is not None}


def values(use: Use, name: str) -> tuple[Value | None, ...]:
    """Return what a slot can be at a use; None stands for one that is not set."""
    if name in use.fixed:
        return (use.fixed[name],)
    slot = use.scope.get(name)
    if slot is None:
        return (None,)
    return (*_of(slot), *(() if name in use.sure else (None,)))


def _of(slot: Slot) -> tuple[Value, ...]:
    if slot.type == "enum":
        return slot.of
    if slot.type == "list":
        most = slot.max or _MANY_ITEMS
        return (slot.of[:most] or ("x" * _LONG_ITEM,) * most, (slot.of or ("x",))[:1])
    return _ints(slot) if slot.type == "int" else _SIMPLE[slot.type](slot)


_SIMPLE: dict[str, Callable[[Slot], tuple[Value, ...]]] = {
    "bool": lambda _: (True, False),
    "duration": lambda slot: (slot.min or 60, slot.max or _DAY),
    "time": lambda _: ("08:30", "23:59"),
    "text": lambda slot: ("x" * (slot.max or LONGEST_TEXT),),
}


def _ints(slot: Slot) -> tuple[Value, ...]:
    low, high = slot.min or 0, 10**9 if slot.max is None else slot.max
    return tuple(range(low, high + 1)) if high - low < _SMALL_RANGE else (low, low + 1, low + 2, high)


def _pairs(domains: Sequence[tuple[Value | None, ...]]) -> Iterator[tuple[Value | None, ...]]:
    """Yield every pair of values of two slots, with the others at their first value and at their last."""
    for rest in (0, -1):
        base = [domain[rest] for domain in domains]
        for one, other in combinations(range(len(domains)), 2):
            for first, second in product(domains[one], domains[other]):
                world = list(base)
                world[one], world[other] = first, second
                yield tuple(world)


def distinct(uses: Sequence[Use], reads: frozenset[str]) -> Iterator[Use]:
    """Yield the uses among which the slots that are read can be different things, the first of each kind."""
    seen: set[tuple[object, ...]] = set()
    for use in uses:
        found = possible(use, reads)
        if found not in seen:
            seen.add(found)
            yield use


def possible(use: Use, reads: frozenset[str]) -> tuple[object, ...]:
    """Return what the slots that are read can be at a use: where it is the same, the same can be said."""
    names: Mapping[str, None] = dict.fromkeys([*sorted(reads), "country"])
    return tuple(values(use, name) for name in names)
