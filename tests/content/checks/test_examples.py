"""One flow for every code of the checks: it has that fault, where its first line says, and no other."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from bot.content.faults import CODES
from tests.content.checks.shelf import faults_of

BAD = Path(__file__).parents[1] / "bad"
FAMILIES = ("S20", "S21", "S22", "T3", "C4", "M5", "P70")
EXAMPLES = sorted(path for path in BAD.glob("*.yaml") if path.stem.startswith(FAMILIES))
_NEXT = re.compile(r"^# --- (.*)$", re.MULTILINE)


def parts(text: str) -> dict[str, str]:
    """Take an example apart into its files, each with the lines it has in the example."""
    names = ["talk.yaml"]
    found: dict[str, list[str]] = {"talk.yaml": []}
    for number, line in enumerate(text.splitlines()):
        begins = _NEXT.match(line)
        if begins:
            names.append(begins[1])
            found[begins[1]] = ["#"] * number
        found[names[-1]].append(line)
    return {name: "\n".join(lines) + "\n" for name, lines in found.items()}


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_each_fault_is_told_at_its_place_and_no_other(path: Path) -> None:
    text = path.read_text()
    expected = re.findall(r"^# ([A-Z]\d+) (\d+):(\d+)$", text, re.MULTILINE)

    faults = faults_of(parts(text))

    assert [(one.code, one.spot.line, one.spot.column) for one in faults] == [
        (code, int(line), int(column)) for code, line, column in expected
    ]
    assert {code for code, *_ in expected} == {path.stem}


def test_every_code_of_the_checks_has_its_example() -> None:
    assert {path.stem for path in EXAMPLES} == {code for code in CODES if code.startswith(FAMILIES)}


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_each_fault_says_what_is_wrong_and_how_to_mend_it(path: Path) -> None:
    for fault in faults_of(parts(path.read_text())):
        assert not fault.message[0].isupper()
        assert not fault.message.endswith(".")
        assert fault.fix
