"""Walks shared out among processes: the same walks however many there are, whoever walks them."""

from __future__ import annotations

import multiprocessing
import multiprocessing.pool
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from bot.authoring.walking.exploring import Explorer
from bot.authoring.walking.tally import Tally
from bot.authoring.walking.terrain import Terrain
from bot.authoring.walking.walks import Start
from bot.authoring.walking.wandering import Wanderers
from bot.content.library import load_sound

BATCH = 1_000
"""Turns after which a process reports, at the end of the walk it is on."""


@dataclass(frozen=True, slots=True)
class Errand:
    """Explore to a depth and then as far as so many turns go, or (None) wander for as many.

    The errand's number is part of its chance.
    """

    number: int
    turns: int
    depth: int | None
    seed: int
    starts: tuple[Start, ...]


@dataclass
class Worker:
    """Do errands on one ground."""

    terrain: Terrain

    def do(self, errand: Errand) -> tuple[int, Tally]:
        """Do an errand; what comes of it hangs on nothing else. Return its number as well."""
        tally, walk = Tally(), 0
        if errand.depth is not None:
            explorer = Explorer(self.terrain, errand.depth, tally, errand.turns)
            for start in errand.starts:
                for _ in explorer.explore(start):
                    pass
            return errand.number, tally
        wanderers = Wanderers(self.terrain, errand.seed, errand.starts)
        while tally.turns < errand.turns:
            wanderers.walk(errand.number << 20 | walk, tally)
            walk += 1
        return errand.number, tally


def errands(turns: int, depth: int, seed: int, starts: tuple[Start, ...]) -> list[Errand]:
    """Share the work out: the same errands whatever the number of processes."""
    explore = [Errand(0, turns, depth, seed, starts)] if depth >= 0 else []
    parts = [min(BATCH, turns - at) for at in range(0, turns, BATCH)]
    return explore + [Errand(number, part, None, seed, starts) for number, part in enumerate(parts, 1)]


def walked(
    terrain: Terrain, work: list[Errand], jobs: int, folders: tuple[Path, Path]
) -> Iterator[tuple[int, Tally]]:
    """Yield what came of each errand as it is done; a new process reads the `folders` again."""
    if jobs <= 1 or len(work) <= 1:
        yield from map(Worker(terrain).do, work)
        return
    with _pool(terrain, jobs, folders) as pool:
        yield from pool.imap_unordered(_do, work)


@contextmanager
def _pool(terrain: Terrain, jobs: int, folders: tuple[Path, Path]) -> Iterator[multiprocessing.pool.Pool]:
    forks = "fork" in multiprocessing.get_all_start_methods()
    context = multiprocessing.get_context("fork" if forks else "spawn")
    _inherited.append(Worker(terrain))  # a fork has it at once
    pool = context.Pool(jobs, _arrive, folders)
    try:
        yield pool
        pool.close()
    except BaseException:  # Ctrl-C as well: what the others do then is of no use
        pool.terminate()
        raise
    finally:
        pool.join()
        _inherited.clear()


_inherited: list[Worker] = []


def _arrive(flows: Path, prompts: Path) -> None:
    """Get ready in a process; Ctrl-C is for the one that asked."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    if not _inherited:
        _inherited.append(Worker(Terrain(load_sound(flows, prompts))))


def _do(errand: Errand) -> tuple[int, Tally]:
    return _inherited[-1].do(errand)
