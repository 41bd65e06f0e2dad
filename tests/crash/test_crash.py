"""Whenever it dies, at whatever step: nothing is lost, nothing half kept, and it goes on from there."""

from __future__ import annotations

import re
import subprocess
import sys

import pytest

from tests.crash.scenarios import SCENARIOS

EVERY = {"sqlite": 1213, "postgres": 3407}
"""Primes, so that other steps are killed at in every scenario. Each store is killed in every second
scenario, the other in the rest; `make soak` kills at all steps of all, in both."""


def toll(*arguments: str) -> subprocess.CompletedProcess[str]:
    """Run the kills in a process without threads: they fork."""
    command = [sys.executable, "-m", "tests.crash", *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=False, timeout=300)


@pytest.mark.parametrize("store", EVERY)
def test_a_kill_at_any_step_loses_nothing_and_leaves_nothing_half_done(store: str) -> None:
    names = list(SCENARIOS)[store == "postgres" :: 2]
    told = toll("--store", store, "--every", str(EVERY[store]), "--first", "170", *names)

    found = re.findall(r"(\d+) (?:kills|faults|where the platform knows)", told.stdout)
    kills, faults, with_nonce = (sum(map(int, found[n::3])) for n in range(3))
    assert len(found) == 3 * len(names), told.stderr
    assert kills >= len(names)
    assert (faults, with_nonce) == (0, 0), told.stdout
    assert told.returncode == 0


def test_confirming_before_keeping_would_be_noticed() -> None:
    told = toll("--careless", "--every", "131", "--first", "400", "text")

    assert "an update was lost" in told.stdout or "messages were to be shown" in told.stdout
    assert told.returncode == 1
