"""How many faults `check` names, of hundreds put into our flows by chance: `python -m tests.bench.mutants`.

One fault of each kind in turn, at a random place, is told at the right line or not; then harmless edits, of
which none may be refused. The same seed gives the same mutants; two processes share the work.
"""

from __future__ import annotations

import sys
import time
from argparse import ArgumentParser
from collections import Counter
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from difflib import unified_diff
from itertools import cycle, islice
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

from tests.bench.mutating import in_flows, in_values, in_words
from tests.bench.mutating.harmless import EDITS
from tests.bench.mutating.workshop import KINDS, Changes, Mutant, Workshop
from tests.content.workbench import Bench

_TRIES = 60
"""Random places that are tried for one mutant before its kind is taken to have none in our flows."""
MODULES = (in_flows, in_values, in_words)
"""Where the kinds are."""


@dataclass(slots=True)
class Found:
    """Count what was made and told, by kind; `missed` and `refused` say what was changed and told."""

    made: Counter[str] = field(default_factory=Counter)
    told: Counter[str] = field(default_factory=Counter)
    alone: int = 0
    missed: list[str] = field(default_factory=list)
    edits: Counter[str] = field(default_factory=Counter)
    refused: list[str] = field(default_factory=list)

    def add(self, other: Found) -> None:
        """Add what another process has counted."""
        self.made += other.made
        self.told += other.told
        self.alone += other.alone
        self.missed += other.missed
        self.edits += other.edits
        self.refused += other.refused


def mutants(shop: Workshop, seed: int, count: int) -> Iterator[Mutant]:
    """Yield mutants, one of each kind in turn; a kind without a place is left out."""
    kinds = list(KINDS)
    tries = 0
    for number, name in enumerate(islice(cycle(kinds), count)):
        rng = Random(f"{seed} {number} {name}")
        for _ in range(_TRIES):
            tries += 1
            cut = KINDS[name](shop, rng)
            if cut is not None and _differs(shop, cut[0]):
                yield Mutant(name, cut[0], frozenset(cut[1].split()), cut[2])
                break


def harmless(shop: Workshop, seed: int, count: int) -> Iterator[tuple[str, Changes]]:
    """Yield harmless edits, one of each kind in turn."""
    for number, name in enumerate(islice(cycle(EDITS), count)):
        rng = Random(f"{seed} {number} {name}")
        found = (EDITS[name](shop, rng) for _ in range(_TRIES))
        changes = next((one for one in found if one is not None and _differs(shop, one)), None)
        if changes is not None:
            yield name, changes


def _differs(shop: Workshop, changes: Changes) -> bool:
    root = shop.bench.root
    return any(
        text is None or not (root / file).exists() or shop.bench.text(file) != text
        for file, text in changes.items()
    )


def measure(shop: Workshop, chosen: Sequence[Mutant], edits: Sequence[tuple[str, Changes]]) -> Found:
    """Check every mutant and every edit."""
    found = Found()
    for one in chosen:
        told = shop.bench.told(one.changes)
        found.made[one.kind] += 1
        found.told[one.kind] += one.named_in(told)
        found.alone += {place[2] for place in told} <= one.codes
        if not one.named_in(told):
            found.missed.append(f"{one.kind}: {_shown(shop, one.changes)}\n  told: {told[:4]}")
    for name, changes in edits:
        errors = [fault for fault in shop.bench.faults(changes) if fault.severity == "error"]
        found.edits[name] += 1
        if errors:
            found.refused.append(f"{name}: {_shown(shop, changes)}\n  told: {errors[0]}")
    return found


def _shown(shop: Workshop, changes: Changes) -> str:
    """Return what was changed, line by line."""
    parts = []
    for file, text in changes.items():
        before = shop.bench.text(file).splitlines() if (shop.bench.root / file).exists() else []
        lines = unified_diff(before, (text or "").splitlines(), lineterm="", n=0)
        kept = [line for line in lines if not line.startswith(("---", "+++"))]
        parts.append("\n  ".join([file, *kept[:8]]))
    return "\n  ".join(parts)


def _share(share: int, shares: int, seed: int, count: int, edits: int) -> Found:
    """Do one share of the work, over a copy of our flows of its own."""
    with TemporaryDirectory() as folder:
        shop = Workshop(Bench(Path(folder)))
        chosen = list(mutants(shop, seed, count))[share::shares]
        return measure(shop, chosen, list(harmless(shop, seed, edits))[share::shares])


def run(seed: int, count: int, edits: int, processes: int) -> Found:
    """Share the work among processes, and join what they found."""
    found = Found()
    with ProcessPoolExecutor(processes) as pool:
        shares = [pool.submit(_share, n, processes, seed, count, edits) for n in range(processes)]
        for share in shares:
            found.add(share.result())
    return found


def report(found: Found) -> str:
    """Write what was found, by kind; what was missed in full."""
    rows = [f"{'kind':40} {'made':>5} {'named':>6}"]
    rows += [f"{name:40} {made:5} {found.told[name]:6}" for name, made in sorted(found.made.items())]
    made, told = found.made.total(), found.told.total()
    rows.append(f"{'all':40} {made:5} {told:6}   {100 * told / max(made, 1):.1f} % named at the right line")
    rows.append(f"{'told alone':40} {made:5} {found.alone:6}   nothing else was told beside it")
    edits = found.edits.total()
    rows.append(f"{'harmless edits':40} {edits:5} {'':6}   {len(found.refused)} wrongly refused")
    rows += [f"MISSED {one}" for one in found.missed] + [f"REFUSED {one}" for one in found.refused]
    return "\n".join(rows)


def main(argv: Sequence[str] | None = None) -> int:
    """Make the mutants, print what was found, and fail below 99 in a hundred or with an edit refused."""
    options = ArgumentParser("python -m tests.bench.mutants", description=__doc__)
    options.add_argument("--seed", type=int, default=7)
    options.add_argument("--mutants", type=int, default=500)
    options.add_argument("--edits", type=int, default=100)
    options.add_argument("--processes", type=int, default=2)
    args = options.parse_args(argv)
    start = time.perf_counter()
    found = run(args.seed, args.mutants, args.edits, args.processes)
    print(report(found))
    print(f"{time.perf_counter() - start:.0f} s with {args.processes} processes")
    return int(found.told.total() < 0.99 * found.made.total() or bool(found.refused))


if __name__ == "__main__":
    sys.exit(main())
