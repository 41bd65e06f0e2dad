"""Ways through a graph: what can be reached, and which names lead to one another, without recursion."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Generic, TypeVar

N = TypeVar("N", bound=Hashable)


def spread(starts: Iterable[N], ways_out: Mapping[N, Iterable[N]]) -> set[N]:
    """Return everything that can be reached, the starts included."""
    found = set(starts)
    rest = list(found)
    while rest:
        for name in ways_out.get(rest.pop(), ()):
            if name not in found:
                found.add(name)
                rest.append(name)
    return found


def strong(ways: Mapping[N, Iterable[N]]) -> list[set[N]]:
    """Return the groups of names that reach one another, innermost first; a lone name is a group.

    Ways to names that are no key of `ways` do not count. It is Tarjan's algorithm, its recursion spelled out.
    """
    search = _Search(ways)
    for root in ways:
        if root not in search.order:
            search.run(root)
    return search.groups


@dataclass(eq=False)
class _Search(Generic[N]):
    """Hold where the search stands: the order in which names were met, and which are not in a group yet."""

    ways: Mapping[N, Iterable[N]]
    order: dict[N, int] = field(default_factory=dict)
    low: dict[N, int] = field(default_factory=dict)
    stack: list[N] = field(default_factory=list)
    closed: set[N] = field(default_factory=set)
    groups: list[set[N]] = field(default_factory=list)

    def run(self, root: N) -> None:
        """Search from one name."""
        trail = [(root, self.meet(root))]
        while trail:
            name, rest = trail[-1]
            for to in rest:
                if to in self.ways and to not in self.order:
                    trail.append((to, self.meet(to)))
                    break
                if to in self.order and to not in self.closed:
                    self.low[name] = min(self.low[name], self.order[to])
            else:
                trail.pop()
                if trail:
                    above = trail[-1][0]
                    self.low[above] = min(self.low[above], self.low[name])
                if self.low[name] == self.order[name]:
                    self.close(name)

    def meet(self, name: N) -> Iterator[N]:
        """Note a new name; return the ways on from it."""
        self.order[name] = self.low[name] = len(self.order)
        self.stack.append(name)
        return iter(self.ways[name])

    def close(self, name: N) -> None:
        """Take a finished group off the stack."""
        group: set[N] = set()
        while name not in group:
            group.add(self.stack.pop())
        self.closed |= group
        self.groups.append(group)


def circles(ways: Mapping[N, Iterable[N]]) -> list[set[N]]:
    """Return the groups that hold a circle: several names, or one that leads to itself."""
    return [group for group in strong(ways) if len(group) > 1 or (one := next(iter(group))) in ways[one]]
