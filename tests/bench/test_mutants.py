"""A fault of each kind, at a random place of our own flows, is named at its line; no edit is refused."""

from __future__ import annotations

import pytest

from tests.bench.mutants import MODULES, Found, harmless, measure, mutants, report
from tests.bench.mutating.harmless import EDITS
from tests.bench.mutating.workshop import KINDS, Workshop
from tests.content.workbench import Bench

DEAR = ("helpline", "country", "label", "phrases", "buttons")
"""Kinds for which everything is read anew: the bench has them, this test has not the time."""


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Workshop:
    return Workshop(Bench(tmp_path_factory.mktemp("shop"), only="en"))


def test_a_fault_of_each_kind_is_named_at_its_line(shop: Workshop) -> None:
    cheap = [one for one in mutants(shop, 3, len(KINDS)) if not any(word in one.kind for word in DEAR)]

    found = measure(shop, cheap[::3], [])

    assert found.missed == []
    assert found.made.total() >= 16


def test_no_harmless_edit_is_refused(shop: Workshop) -> None:
    edits = [one for one in harmless(shop, 3, len(EDITS)) if "label" not in one[0] and "phrase" not in one[0]]

    found = measure(shop, [], edits[::2])

    assert found.refused == []
    assert found.edits.total() >= 5


def test_the_report_counts_by_kind_and_shows_what_was_missed() -> None:
    found = Found()
    found.made.update(trap=3)
    found.told.update(trap=2)
    found.add(Found(missed=["trap: so"], refused=["comment: so"]))

    said = report(found)

    assert "66.7 % named at the right line" in said
    assert "1 wrongly refused" in said
    assert said.endswith("MISSED trap: so\nREFUSED comment: so")


def test_the_same_seed_makes_the_same_mutants(shop: Workshop) -> None:
    assert list(mutants(shop, 5, 20)) == list(mutants(shop, 5, 20)) != list(mutants(shop, 6, 20))
    assert len(KINDS) > 60
    assert MODULES
