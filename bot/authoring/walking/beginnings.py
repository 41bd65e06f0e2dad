"""Where conversations begin by themselves: somebody new, somebody known, and each flow that begins alone."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from bot.authoring.walking.terrain import Terrain
from bot.authoring.walking.walker import NOON, Beginning
from bot.authoring.walking.walks import Start
from bot.dialogue.flow import Value

NIGHT = timedelta(hours=11, minutes=30)


def beginnings(terrain: Terrain) -> list[Start]:
    """Return every way a conversation begins: the flow `start` first, then what begins alone."""
    flows = terrain.flows.flows
    names = [terrain.flows.globals.start, *sorted(_alone(terrain) - {terrain.flows.globals.start})]
    known = tuple(sorted(_known(terrain)))
    found = [Beginning(name, known) for name in names if name in flows and not flows[name].needs]
    if terrain.flows.globals.start in flows:
        found.insert(1, Beginning(terrain.flows.globals.start))
        found.insert(2, Beginning(terrain.flows.globals.start, known, NOON + NIGHT))
    return [Start(one) for one in found]


def _alone(terrain: Terrain) -> set[str]:
    """Return the flows that an interrupt or a danger begins."""
    known = terrain.flows.globals
    return {one.call for one in known.interrupts if one.call} | {one.call for one in known.dangers}


def _known(terrain: Terrain) -> Iterator[tuple[str, Value]]:
    """Yield what is remembered of somebody who has been here: that they agreed to talk, and a country."""
    memory = terrain.flows.globals.memory
    if "consented" in memory:
        yield "consented", True
    if (country := memory.get("country")) is not None and country.of:
        yield "country", country.of[0]
