"""The rehearsals beside the flows: where their files are, and what is in them."""

from __future__ import annotations

from pathlib import Path

from bot.content.faults import Fault
from bot.content.library import near
from bot.content.rehearsals import Rehearsal, read_rehearsals
from bot.content.yaml12 import read
from bot.settings import Settings

TESTS = ".test.yaml"


def gather(settings: Settings, only: str) -> tuple[list[Rehearsal], list[Fault]]:
    """Read every rehearsal whose name holds `only`, and what is wrong in their files."""
    found: list[Rehearsal] = []
    faults: list[Fault] = []
    for path in test_files(settings):
        rehearsals, wrong = rehearsals_in(path)
        found += [one for one in rehearsals if only in one.name or only == one.flow]
        faults += wrong
    return found, faults


def test_files(settings: Settings) -> list[Path]:
    """List the test files beside the flows, by name."""
    return sorted(near(settings.flows).glob(f"*{TESTS}"))


def rehearsals_in(path: Path) -> tuple[list[Rehearsal], list[Fault]]:
    """Read the rehearsals of one file, and what is wrong in it."""
    tree, faults = read(path.read_bytes(), str(path))
    if tree is None:
        return [], faults
    found, wrong = read_rehearsals(tree, path.name.partition(".")[0])
    return found, faults + wrong
