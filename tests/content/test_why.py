"""Why pages: found by id, title, synonym or a question in free words, and by nothing else."""

from __future__ import annotations

from datetime import date

import pytest

from bot.content.dated import expired
from bot.content.why import Pages, WhyPage, read_pages
from bot.content.yaml12 import read

NAMES = {
    "why-push-away": ("Why we push people away", "why do i do this", "pushing people away", "sabotage"),
    "why-leave-first": (
        "Why leaving first feels safer",
        "i always leave first",
        "abandonment",
        "fear of being left",
    ),
    "why-closeness-scares": (
        "Why closeness can scare",
        "fear of intimacy",
        "scared of getting close",
        "avoidant",
    ),
    "why-ghosting-feels-easier": (
        "Why silence feels easier than a word",
        "ghosting",
        "not replying",
        "left on read",
    ),
    "why-burden-feeling-lies": (
        "Why feeling like a burden is not the truth",
        "burden",
        "better off without me",
    ),
    "why-small-steps": ("Why small steps", "tiny steps", "why not just call them"),
    "why-space-is-ok": ("Why taking space is fine", "needing space", "alone time", "a break from people"),
    "is-it-them": ("Is it them and not me?", "toxic friend", "are they bad for me"),
    "privacy": ("What is kept of you", "who can read this", "my data"),
}
PAGES = Pages({id: WhyPage(id, title, tuple(says), "theory", None) for id, (title, *says) in NAMES.items()})

TEXT = """\
schema: why/1
pages:
  why-leave:
    title: Why people leave first
    synonyms: [ghosting]
    claim: moderate
    source: Somebody (2020)
    doi: 10.1000/1
    reviewed_on: 2026-01-01
    expires_on: 2027-01-01
"""


@pytest.mark.parametrize(
    ("words", "page"),
    [
        ("why-leave-first", "why-leave-first"),
        ("leave first", "why-leave-first"),
        ("Leave-First", "why-leave-first"),
        ("Why leaving first feels safer?", "why-leave-first"),
        ("ghosting", "why-ghosting-feels-easier"),
        ("GHOSTING!", "why-ghosting-feels-easier"),
        ("why am I ghosting everyone", "why-ghosting-feels-easier"),
        ("why do I do this?", "why-push-away"),
        ("why do i always leave first", "why-leave-first"),
        ("why do i push people away", "why-push-away"),
        ("why does closeness scare me so much", "why-closeness-scares"),
        ("i feel like a burden", "why-burden-feeling-lies"),
        ("why small steps?", "why-small-steps"),
        ("is it them", "is-it-them"),
        ("who can read this?", "privacy"),
        ("space", "why-space-is-ok"),
    ],
)
def test_a_page_is_found_by_what_people_ask(words: str, page: str) -> None:
    assert PAGES.find(words) == page


@pytest.mark.parametrize(
    "words",
    ["", "  ?!", "why", "why do", "pizza", "why is the sky blue", "what time is it", "how do i cook rice",
     "why did my train come late", "do i", "people", "🌊", "x" * 10_000],
)  # fmt: skip
def test_what_no_page_is_about_finds_none(words: str) -> None:
    assert PAGES.find(words) is None


def test_where_there_are_no_pages_none_is_found() -> None:
    assert Pages().find("ghosting") is None
    assert len(Pages()) == 0


def test_pages_are_a_mapping_by_id() -> None:
    assert PAGES["privacy"].title == "What is kept of you"
    assert set(PAGES) == set(NAMES)
    assert "nothing" not in PAGES


def pages(text: str) -> tuple[Pages | None, list[tuple[str, int]]]:
    tree, _ = read(text, "why.yaml")
    assert tree is not None
    found, faults = read_pages(tree)
    return found, [(fault.code, fault.spot.line) for fault in faults]


def test_a_page_is_read_with_its_source() -> None:
    found, faults = pages(TEXT)

    assert faults == []
    assert found is not None
    page = found["why-leave"]
    assert (page.claim, page.source, page.doi) == ("moderate", "Somebody (2020)", "10.1000/1")


def test_a_page_must_be_reviewed_again_when_its_day_has_passed() -> None:
    found, _ = pages(TEXT)

    assert found is not None
    stamps = [page.stamp for page in found.values() if page.stamp]
    assert [fault.spot.line for fault in expired(stamps, date(2027, 1, 2))] == [3]
    assert list(expired(stamps, date(2027, 1, 1))) == []


@pytest.mark.parametrize(
    ("find", "put", "fault"),
    [
        ("why/1", "why/2", ("Y133", 1)),
        ("moderate", "moderat", ("Y125", 6)),
        ("moderate", "certain", ("Y125", 6)),
        ("    source: Somebody (2020)\n", "", ("Y121", 3)),
        ("2027-01-01", "2025-01-01", ("G802", 10)),
        ("synonyms: [ghosting]", "synonyms: ghosting", ("Y122", 5)),
        ("why-leave:", "Why Leave:", ("Y123", 3)),
    ],
)
def test_each_slip_is_told_at_its_line(find: str, put: str, fault: tuple[str, int]) -> None:
    assert find in TEXT

    assert pages(TEXT.replace(find, put, 1))[1] == [fault]
