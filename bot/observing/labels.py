"""Every value that a label of a metric may have: they come from flows and platforms, never from people."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from bot.dialogue.flows import Flows

OTHER = "other"
"""Stands for what is in none of the sets: a flow of an older release, a sign that nobody answers."""

Pair = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Labels:
    """Hold the closed sets: platforms, the states that wait, gates with their tiers, and what flows count."""

    platforms: frozenset[str]
    places: frozenset[Pair]
    dangers: frozenset[Pair]
    counts: frozenset[str]

    def platform(self, name: str) -> str:
        """Return the platform, if it is one we serve."""
        return name if name in self.platforms else OTHER

    def place(self, flow: str, state: str) -> Pair:
        """Return the flow and the state, if anybody can wait there."""
        return (flow, state) if (flow, state) in self.places else (OTHER, OTHER)

    def danger(self, gate: str, tier: str) -> Pair:
        """Return the gate and the tier, if some flow answers it."""
        return (gate, tier) if (gate, tier) in self.dangers else (OTHER, OTHER)

    def count(self, name: str) -> str:
        """Return the name of a counter, if some flow counts so."""
        return name if name in self.counts else OTHER


def labels(flows: Flows, platforms: Iterable[str]) -> Labels:
    """Gather the sets."""
    states = [(flow.id, state) for flow in flows.flows.values() for state in flow.states.values()]
    return Labels(
        frozenset(platforms),
        frozenset((flow, state.id) for flow, state in states if state.waits),
        frozenset((danger.gate, danger.tier) for danger in flows.globals.dangers),
        frozenset(state.count for _, state in states if state.count),
    )
