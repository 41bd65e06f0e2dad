"""Print the toll of every scenario: `python -m tests.crash [--store postgres] [--every N] [SCENARIO ...]`.

At every step it takes most of an hour; `--every 40` takes two minutes.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from pathlib import Path

from tests.crash.scenarios import SCENARIOS
from tests.crash.stores import disk
from tests.crash.toll import Trial
from tests.runtime.little import little_world


def main() -> int:
    """Kill at every so-manieth step, print what came of it, and fail if anything did."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("scenarios", nargs="*", metavar="SCENARIO", help=", ".join(SCENARIOS))
    parser.add_argument("--store", choices=("sqlite", "postgres"), default="sqlite")
    parser.add_argument("--every", type=int, default=1, help="kill at every so-manieth step")
    parser.add_argument("--first", type=int, default=1, help="the first step to kill at")
    parser.add_argument("--careless", action="store_true", help="confirm before keeping: this must be told")
    arguments = parser.parse_args()
    faults = 0
    with tempfile.TemporaryDirectory() as folder, disk(arguments.store) as store:
        content = little_world(Path(folder, "content"))
        for name in arguments.scenarios or SCENARIOS:
            trial = Trial(content, store, SCENARIOS[name], Path(folder, name), arguments.careless)
            toll = trial.run(arguments.every, arguments.first)
            print(f"{name}: {toll}", *toll.faults[:5], sep="\n  ", flush=True)
            faults += len(toll.faults)
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
