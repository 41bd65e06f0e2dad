"""How fast our flows are walked: `python -m tests.bench.walking [--turns N] [--jobs N] [--seed S]`.

Each row is a part of `lowtide walk` by itself: exploring in one process, then turns by chance in one process,
then in all of them. A turn is a step, its words in every language, its timers, and all that is watched.
"""

from __future__ import annotations

import argparse
import os
import sys
import time
from collections.abc import Sequence

from bot.authoring.walking.beginnings import beginnings
from bot.authoring.walking.crew import Errand, errands, walked
from bot.authoring.walking.tally import Tally
from bot.authoring.walking.terrain import Terrain
from bot.authoring.walking.walking import questions
from bot.content.library import load_sound
from bot.settings import HOUSE

FOLDERS = HOUSE / "flows", HOUSE / "prompts"


def main(arguments: Sequence[str] | None = None) -> None:
    """Print the rows, and fail if anything broke."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--turns", type=int, default=100_000)
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1)
    parser.add_argument("--seed", type=int, default=1)
    args = parser.parse_args(arguments)
    terrain = Terrain(load_sound(*FOLDERS))
    every = len(questions(terrain))
    print(f"{'part':<26}{'turns':>12}{'a second':>12}{'us a turn':>12}   questions met of {every}")
    first, *rest = errands(args.turns, 1, args.seed, tuple(beginnings(terrain)))
    explore = row(terrain, "exploring, 1 process", [first], 1)
    alone = row(terrain, "by chance, 1 process", rest[: 1 + len(rest) // 10], 1)
    all_ = row(terrain, f"by chance, {args.jobs} processes", rest, args.jobs)
    broken = explore.found | alone.found | all_.found
    print(*(one.breach for one in broken.values()), f"{len(broken)} broken", sep="\n")
    sys.exit(bool(broken))


def row(terrain: Terrain, name: str, work: list[Errand], jobs: int) -> Tally:
    """Walk, print how fast it was, and return what was walked."""
    together, began = Tally(), time.perf_counter()
    for _, tally in walked(terrain, work, jobs, FOLDERS):
        together.add(tally)
    took = time.perf_counter() - began
    rate, each = together.turns / took, 1e6 * took / together.turns
    print(f"{name:<26}{together.turns:>12,}{rate:>12,.0f}{each:>12.0f}   {len(together.places)}")
    return together


if __name__ == "__main__":
    main()
