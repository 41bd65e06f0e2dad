"""The shortest way to break the promise, as a chain of states an author can follow.

A way goes through calls and back out of them, so it is built like a sentence from its parts: the shortest way
through a flow is made of the shortest ways through those it calls, found nearest first.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from heapq import heappop, heappush
from itertools import count
from typing import NamedTuple, TypeAlias

from bot.content.checks.answers import joined, leads, members
from bot.content.checks.proof import Key, Proof
from bot.dialogue.flow import Call

Item: TypeAlias = tuple[Key, str, int]
"""A flow, one of its states or outcomes, and the answers (0–8) given on the way there from its beginning."""
Context: TypeAlias = tuple[Key, int]
"""A flow, and the answers (0–8) that were there when it began."""


class Origin(NamedTuple):
    """Say how an item is reached: from another item, perhaps through a whole way in another flow."""

    before: Item | None
    inside: Item | None = None


class Link(NamedTuple):
    """Be one state on a way, with the answers given when it is entered."""

    flow: str
    state: str
    answers: int


def after(before: int, more: int) -> int:
    """Return the one answer to both gates after more of them."""
    return joined(1 << before, 1 << more).bit_length() - 1


@dataclass(eq=False)
class Routes:
    """Find the shortest ways inside every flow, then from the beginning into it."""

    proof: Proof
    done: dict[Item, int] = field(default_factory=dict)
    origins: dict[Item, Origin] = field(default_factory=dict)
    contexts: dict[Context, tuple[int, Context | None, Item | None]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.heap: list[tuple[int, int, Item, Origin]] = []
        self.tick = count()
        self.callers: dict[Key, list[Item]] = {}
        self.waiting: list[Item] = []
        self.returned: dict[Key, list[Item]] = {}
        self.handed: list[Item] = []
        for key, one in self.proof.flows.items():
            for start in one.web.starts:
                self.push(1, (key, start, 0), Origin(None))
        while self.heap:
            cost, _, item, origin = heappop(self.heap)
            if item not in self.done:
                self.done[item], self.origins[item] = cost, origin
                self.follow(item, cost)
        self.descend()

    def push(self, cost: int, item: Item, origin: Origin) -> None:
        """Keep a way for when it is the shortest that is left."""
        if item not in self.done:
            heappush(self.heap, (cost, next(self.tick), item, origin))

    # --- inside a flow -------------------------------------------------------------------------------

    def follow(self, item: Item, cost: int) -> None:
        """Go on from an item in every way."""
        key, name, answers = item
        web = self.proof.flows[key].web
        state = web.flow.states.get(name)
        if state is None:
            self.ended(item)
        elif state.call is not None:
            self.called(item, state.call, cost)
        else:
            for to, more in leads(web, state):
                step = 1 if to in web.flow.states else 0
                for one in members(more):
                    self.push(cost + step, (key, to, after(answers, one)), Origin(item))
            if name in web.waits:
                self.waited(item)

    def called(self, item: Item, call: Call, cost: int) -> None:
        """Go on behind a call with every way through the called flow that is known."""
        key, name, _ = item
        callee = (call.flow, key[1])
        if callee not in self.proof.flows:
            for to in self.proof.flows[key].web.returns[name].values():
                self.push(cost + 1, (key, to, 8), Origin(item))
            return
        self.callers.setdefault(callee, []).append(item)
        for end in self.returned.get(callee, ()):
            self.come_back(item, cost, end)

    def come_back(self, item: Item, cost: int, end: Item) -> None:
        """Go on behind a call whose flow ended in this way."""
        key, name, answers = item
        to = self.proof.flows[key].web.returns[name].get(end[1])
        if to is not None:
            total = cost + self.done[end] + (1 if to in self.proof.flows[key].web.flow.states else 0)
            self.push(total, (key, to, after(answers, end[2])), Origin(item, end))

    def ended(self, item: Item) -> None:
        """Give a way to an outcome to all that wait for one."""
        key, outcome, _ = item
        self.returned.setdefault(key, []).append(item)
        for caller in self.callers.get(key, ()):
            self.come_back(caller, self.done[caller], item)
        if self.proof.comes_back(key, outcome):
            self.handed.append(item)
            for wait in self.waiting:
                self.aside(wait, item)

    def waited(self, item: Item) -> None:
        """Go on at the same wait after every aside that is known."""
        self.waiting.append(item)
        for other in self.handed:
            self.aside(item, other)

    def aside(self, wait: Item, other: Item) -> None:
        """Stand at the same wait again after another flow, if it changed what the gates were answered."""
        key, name, answers = wait
        changed = after(answers, other[2])
        web = self.proof.flows[key].web
        if changed != answers and self.proof.may_interrupt(other[0], other[1], key):
            cost = self.done[wait] + self.done[other] + 1
            self.push(cost, (key, name, changed), Origin(wait, other))
            if web.flow.careful is not None:
                self.push(cost, (key, web.flow.careful, changed), Origin(wait, other))

    # --- from the beginning --------------------------------------------------------------------------

    def descend(self) -> None:
        """Find the shortest ways from where conversations begin into every flow."""
        heap: list[tuple[int, int, Context, Context | None, Item | None]] = []
        for key in self.proof.first():
            heappush(heap, (0, next(self.tick), (key, 0), None, None))
        outward: dict[Key, list[tuple[Item, Key]]] = {}
        for item in self.done:
            for called in self.proof.begins_at(item[0], item[1]):
                outward.setdefault(item[0], []).append((item, called))
        while heap:
            cost, _, context, before, way = heappop(heap)
            if context in self.contexts:
                continue
            self.contexts[context] = cost, before, way
            for out, called in outward.get(context[0], ()):
                to = (called, after(context[1], out[2]))
                heappush(heap, (cost + self.done[out], next(self.tick), to, context, out))

    def shortest(self, key: Key, state: str, answers: int) -> list[Link] | None:
        """Return the shortest way from any beginning to a state with these answers."""
        best: tuple[int, Context, Item] | None = None
        for context, (cost, _, _) in self.contexts.items():
            for one in range(9):
                item = (key, state, one)
                if context[0] == key and item in self.done and after(context[1], one) == answers:
                    total = cost + self.done[item]
                    if best is None or total < best[0]:
                        best = total, context, item
        return None if best is None else list(self.chain(best[1], best[2]))

    def chain(self, context: Context, item: Item) -> Iterator[Link]:
        """Yield the states from the beginning to an item."""
        _, before, caller = self.contexts[context]
        if before is not None and caller is not None:
            yield from self.chain(before, caller)
        yield from self.inner(context[1], item)

    def inner(self, begun: int, item: Item) -> Iterator[Link]:
        """Yield the states from the beginning of a flow to an item, and all those in flows it calls."""
        trail: list[tuple[Item, Origin]] = []
        at: Item | None = item
        while at is not None:
            trail.append((at, self.origins[at]))
            at = self.origins[at].before
        for (key, name, answers), origin in reversed(trail):
            if origin.inside is not None and origin.before is not None:
                yield from self.inner(after(begun, origin.before[2]), origin.inside)
            if name in self.proof.flows[key].web.flow.states:
                yield Link(key[0], name, after(begun, answers))


def shown(way: list[Link]) -> str:
    """Write a way as a chain; a stretch too long to read loses its middle."""
    names = [f"{one.flow}.{one.state}" for one in way]
    if len(names) > _MOST_LINKS:
        names = [*names[:_HEAD], "…", *names[_HEAD - _MOST_LINKS :]]
    return " → ".join(names)


_MOST_LINKS, _HEAD = 16, 5
