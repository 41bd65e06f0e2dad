"""What the page on threats promises is shown by tests that exist, and what it leads to is there."""

from __future__ import annotations

import ast
import re
from pathlib import Path

ROOT = Path(__file__).parent.parent.parent
PAGE = (ROOT / "docs" / "threat-model.md").read_text()
SECURITY = (ROOT / "SECURITY.md").read_text()


def defined(path: Path) -> set[str]:
    """Name the tests of a module."""
    found = ast.walk(ast.parse(path.read_text()))
    return {one.name for one in found if isinstance(one, ast.FunctionDef | ast.AsyncFunctionDef)}


def test_every_test_that_is_named_exists() -> None:
    named = sorted(set(re.findall(r"`(tests/[\w/]+\.py)::(\w+)`", PAGE)))

    missing = [f"{path}::{name}" for path, name in named if name not in defined(ROOT / path)]
    assert len(named) > 40
    assert missing == []


def test_every_attacker_has_what_holds_and_what_does_not() -> None:
    sections = re.split(r"^## ", PAGE, flags=re.MULTILINE)[1:]

    assert len(sections) == PAGE.count("](#")
    for section in sections:
        assert section.count("**What holds**") == section.count("**What does not**") == 1, section[:40]


def test_a_hole_is_told_without_an_address_that_nobody_reads() -> None:
    assert "@" not in SECURITY
    assert "docs/threat-model.md" in SECURITY
