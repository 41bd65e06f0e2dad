"""Every code has an example that has that fault, where it is said, and no other; mended, it has none."""

from __future__ import annotations

import pytest

from bot.content.codes import CODES, FAMILIES
from bot.content.faults import Fault
from tests.content.codes_page import PAGE, page
from tests.content.examples import BAD, Example, example, examples, expected, told

ALL = [pytest.param(one, id=one.code) for one in examples()]


def places(one: Example, found: list[Fault]) -> list[str]:
    """Return where faults are told, as the example says it: in the house by file, else by column."""
    if one.kind == "house":
        return [f"{fault.spot.file}:{fault.spot.line} {fault.code}" for fault in found]
    return [f"{fault.spot.line}:{fault.spot.column} {fault.code}" for fault in found]


@pytest.mark.parametrize("one", ALL)
def test_each_fault_is_told_at_its_place_and_no_other(one: Example) -> None:
    found = list(told(one.code))

    assert places(one, found) == expected(one.code)
    assert one.code in {fault.code for fault in found}
    for fault in found:
        assert not fault.message[0].isupper()
        assert not fault.message.endswith(".")


@pytest.mark.parametrize("one", ALL)
def test_a_mended_example_has_no_fault(one: Example) -> None:
    mended = one.mended()

    assert mended != one.files or one.code == "S292"  # there `lowtide lock` is run, and nothing is edited
    if mended is not None:
        assert [str(fault) for fault in one.left()] == []


def test_the_page_of_the_codes_says_what_they_are() -> None:
    assert PAGE.read_text(encoding="utf-8") == page(), "run `make pages`"


def test_every_code_has_its_example() -> None:
    assert {path.stem for path in BAD.glob("*.yaml")} == set(CODES)


def test_every_code_says_what_it_means_and_how_to_mend_it() -> None:
    for code in CODES.values():
        assert code.family in FAMILIES.values()
        assert code.meaning.endswith(".")
        assert code.mend.endswith((".", "`"))
    assert len({code.title for code in CODES.values()}) == len(CODES)


def test_there_are_more_codes_than_anybody_else_documents() -> None:
    assert len(CODES) > 3 * 43  # Yarn Spinner had 43 when this was written


def test_a_new_example_is_found_by_its_name() -> None:
    assert example(BAD / "S201.yaml").kind == "shelf"
