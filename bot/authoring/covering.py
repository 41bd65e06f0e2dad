"""How much of the flows the tests have met: per flow and kind, per language, and each thing never met."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import get_args

from bot.authoring.meeting import Met
from bot.content.faults import Spot
from bot.content.library import Content
from bot.content.marks import Kind, Mark, Thing, things, things_everywhere

KINDS: tuple[Kind, ...] = get_args(Kind)
EVERYWHERE = ""
"""The name under which what holds in every flow is counted."""


@dataclass(frozen=True, slots=True)
class Figures:
    """Count, by kind, what there is and what of it was met."""

    met: Mapping[Kind, int]
    there: Mapping[Kind, int]

    def percent(self, *kinds: Kind) -> float:
        """Return how much was met, of these kinds or of all; nothing to meet is all of it."""
        chosen = kinds or KINDS
        there = sum(self.there.get(kind, 0) for kind in chosen)
        return 100.0 if not there else 100.0 * sum(self.met.get(kind, 0) for kind in chosen) / there


@dataclass(frozen=True, slots=True)
class Coverage:
    """Hold everything there is, by flow, beside what was met."""

    things: Mapping[str, tuple[Thing, ...]]
    met: Met

    def figures(self, *flows: str) -> Figures:
        """Count one flow, several, or all."""
        chosen = [thing.mark for flow in flows or self.things for thing in self.things[flow]]
        there = Counter(mark.kind for mark in chosen)
        met = Counter(mark.kind for mark in chosen if mark in self.met.marks)
        return Figures(met, there)

    def missing(self, *flows: str) -> Iterator[Thing]:
        """Yield each thing that was never met, flow by flow as they are written."""
        for flow in flows or self.things:
            yield from (thing for thing in self.things[flow] if thing.mark not in self.met.marks)

    def unmet(self, flow: str) -> frozenset[Mark]:
        """Return the marks of a flow that were never met."""
        return frozenset(thing.mark for thing in self.missing(flow))

    def spoken(self, content: Content) -> Iterator[Spoken]:
        """Yield for each language what of the states and of its own prompts was met in it."""
        states = [one.mark for all_ in self.things.values() for one in all_ if one.mark.kind == "state"]
        for language in content.prompts.languages:
            met = sum(language in self.met.marks.get(mark, ()) for mark in states)
            own = content.prompts.names(language)
            said = own & self.met.said.get(language, set())
            yield Spoken(language, met, len(states), len(said), len(own))


@dataclass(frozen=True, slots=True)
class Spoken:
    """Count the states that were met in a language, and those of its own prompts that were said."""

    language: str
    states: int
    all_states: int
    prompts: int
    all_prompts: int


def coverage(content: Content, met: Met, only: Iterable[str] = ()) -> Coverage:
    """Hold what was met against everything there is; `only` these flows, or all and what is everywhere."""
    flows = content.flows.flows
    chosen = list(only)
    there = {name: tuple(things(flows[name])) for name in chosen or sorted(flows)}
    if not chosen:
        there[EVERYWHERE] = tuple(things_everywhere(content.flows.globals))
    return Coverage(there, met)


def spot(content: Content, thing: Thing) -> Spot:
    """Return where a thing is written."""
    flow = thing.mark.flow
    tree = content.loaded[flow].tree if flow else content.globals_tree
    return Spot(flow) if tree is None else tree.key_spot(*thing.path)
