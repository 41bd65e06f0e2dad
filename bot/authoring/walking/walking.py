"""The command `lowtide walk`: explore, wander, make short what broke, tell it, and save it as a test."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from bot.authoring.walking.beginnings import beginnings
from bot.authoring.walking.breaches import INVARIANTS
from bot.authoring.walking.crew import errands, walked
from bot.authoring.walking.exploring import reached
from bot.authoring.walking.progress import Progress
from bot.authoring.walking.saving import save
from bot.authoring.walking.shrinking import Shrinker
from bot.authoring.walking.tally import Found, Tally
from bot.authoring.walking.telling import tell
from bot.authoring.walking.terrain import Terrain
from bot.authoring.walking.walks import Start
from bot.content.library import load_sound
from bot.errors import ContentError
from bot.settings import Settings

MOST_TOLD, MOST_NAMED = 3, 5
"""Conversations told of one invariant, for what breaks once breaks often; questions named as unmet."""


@dataclass(frozen=True, slots=True)
class Wish:
    """Say how far to walk: a depth, so many turns by chance, from where, with how many processes (0: all)."""

    depth: int = 1
    turns: int = 100_000
    seed: int = 1
    begin: str = ""
    jobs: int = 0
    save: Path | None = None
    as_json: bool = False


def walk(settings: Settings, wish: Wish) -> bool:
    """Walk, print what was walked and what broke, and tell whether nothing did.

    Raises:
        KeyboardInterrupt: somebody broke it off; what was walked until then is told.
    """
    return walk_on(Terrain(load_sound(settings.flows, settings.prompts)), settings, wish)


def walk_on(terrain: Terrain, settings: Settings, wish: Wish) -> bool:
    """Walk on a ground, as `walk` does."""
    tally, whole = _walk(terrain, wish, (settings.flows, settings.prompts))
    broken = _shortened(terrain, tally.found.values())
    if wish.as_json:
        print(json.dumps(_row(terrain, wish, tally, broken, whole), indent=2, ensure_ascii=False))
    else:
        for one in broken:
            print(tell(terrain, one) + "\n")
        print(_summary(terrain, tally, broken, whole))
    if wish.save is not None and broken:
        for line in save(settings, terrain, broken, wish.save):
            print(line, file=sys.stderr if wish.as_json else sys.stdout)
    if not whole:
        raise KeyboardInterrupt
    return not broken


def starts_of(terrain: Terrain, begin: str) -> tuple[Start, ...]:
    """Return where to begin: everywhere conversations begin, or on the way to one flow or state.

    Raises:
        ContentError: there is no such place, or no way to it was found.
    """
    starts = tuple(beginnings(terrain))
    if not begin:
        return starts
    flow, _, state = begin.partition(".")
    known = terrain.flows.flows
    if flow not in known or (state and state not in known[flow].states):
        raise ContentError([f"there is no {begin!r} to begin at; name a flow, or flow.state"])
    start = reached(terrain, starts, flow, state)
    if start is None:
        raise ContentError([f"no conversation was found that comes to {begin!r}; does anything lead there?"])
    return (start,)


def _walk(terrain: Terrain, wish: Wish, folders: tuple[Path, Path]) -> tuple[Tally, bool]:
    """Walk in all processes; tell, too, whether nobody broke it off."""
    jobs = wish.jobs or os.cpu_count() or 1
    work = errands(wish.turns, wish.depth, wish.seed, starts_of(terrain, wish.begin))
    tallies: dict[int, Tally] = {}
    whole = True
    with Progress(wish.turns) as progress:
        try:
            for number, tally in walked(terrain, work, jobs, folders):
                tallies[number] = tally
                progress.add(tally, by_chance=number > 0)
        except KeyboardInterrupt:
            whole = False
    together = Tally()
    for number in sorted(tallies):
        together.add(tallies[number])
    return together, whole


def _shortened(terrain: Terrain, found: Iterable[Found]) -> list[Found]:
    """Return some of each kind, the nearest first, each as short as it gets and none twice."""
    shrinker = Shrinker(terrain)
    told: dict[str, list[Found]] = {}
    for one in sorted(found, key=lambda one: (list(INVARIANTS).index(one.breach.name), len(one.moves))):
        kind = told.setdefault(one.breach.name, [])
        if len(kind) < MOST_TOLD:
            kind.append(shrinker.shrink(one))
    return [one for kind in told.values() for one in kind]


def _summary(terrain: Terrain, tally: Tally, broken: list[Found], whole: bool) -> str:
    every = questions(terrain)
    unmet = [one for one in every if one not in tally.places]
    named = f" (not {', '.join(unmet)})" if 0 < len(unmet) <= MOST_NAMED else ""
    met = f"{len(every) - len(unmet)} of {len(every)} questions met{named}"
    walked_ = f"{tally.turns:,} turns in {tally.walks:,} conversations"
    more = len(tally.found) - len(broken)
    result = f"{len(tally.found)} broken" if broken else "nothing broke"
    end = f" ({more} more of the same kinds)" if more else ""
    return f"{'' if whole else 'broken off: '}{walked_}, {met}: {result}{end}"


def questions(terrain: Terrain) -> list[str]:
    """Return every state that waits for an answer."""
    states = ((flow.id, state) for flow in terrain.flows.flows.values() for state in flow.states.values())
    return [f"{flow}.{state.id}" for flow, state in states if state.waits]


def _row(terrain: Terrain, wish: Wish, tally: Tally, broken: list[Found], whole: bool) -> dict[str, object]:
    every = questions(terrain)
    return {
        "seed": wish.seed,
        "turns": tally.turns,
        "conversations": tally.walks,
        "questions": len(every),
        "unmet": [one for one in every if one not in tally.places],
        "whole": whole,
        "broken": [
            {
                "invariant": one.breach.name,
                "place": one.breach.place,
                "told": one.breach.told,
                "flow": one.beginning.flow,
                "slots": dict(one.beginning.slots),
                "moves": [str(move) for move in one.moves],
            }
            for one in broken
        ],
    }
