"""What is stated as a fact is vouched for: every why page has its source, every line of help its address."""

from __future__ import annotations

import re
from datetime import date, timedelta

import pytest

from tests.content.copybook import ROOT, helplines, pages, raw, wordings, wordings_of


@pytest.mark.parametrize("page", sorted(pages()))
def test_a_why_page_says_its_title_first_and_how_sure_it_is_last(page: str) -> None:
    ((text,),) = (one.own for one in wordings_of(f"why/{page}"))
    first, *_, last = text.split("\n\n")

    assert first == f"*{pages()[page].title}*"
    assert last.startswith(f"_How sure: {'a ' * (pages()[page].claim == 'theory')}{pages()[page].claim}")
    author, year = pages()[page].source.split(",")[0], re.findall(r"\d{4}", last)
    assert all(one in pages()[page].source for one in year), (
        f"{page}: {last} cites another year than its source"
    )
    assert page == "privacy" or author.split(" (")[0] in last, f"{page}: {last} does not name {author}"


@pytest.mark.parametrize("page", sorted(pages()))
def test_a_why_page_is_found_by_every_name_it_has(page: str) -> None:
    names = pages()[page].names

    assert len(pages()[page].synonyms) >= 8
    assert {name: found for name in names if (found := pages().find(name)) != page} == {}


@pytest.mark.parametrize("page", sorted(pages()))
def test_a_why_page_is_vouched_for_by_a_source_and_for_a_year(page: str) -> None:
    one = raw("why")["pages"][page]
    reviewed, expires = (date.fromisoformat(one[day]) for day in ("reviewed_on", "expires_on"))

    assert re.search(r"\(\d{4}\)|own code", one["source"])
    assert re.fullmatch(r"10\.\d{4,5}/[\w.()/-]+", one.get("doi", "10.1234/none"))
    assert timedelta() < expires - reviewed <= timedelta(366)


def test_every_page_has_a_body_and_every_body_a_page() -> None:
    bodies = {one.prompt.removeprefix("why/") for one in wordings() if one.prompt.startswith("why/")}

    assert bodies == set(pages())


@pytest.mark.parametrize(
    ("question", "page"),
    [
        ("why do I do this", "why-push-away"),
        ("ghosting", "why-ghosting-feels-easier"),
        ("why am i such a burden", "why-burden-feeling-lies"),
        ("why can't i just press send??", "why-so-hard-to-press-send"),
        ("is this private?", "privacy"),
        ("are you a bot", "why-a-script"),
        ("how do i apologize", "why-repair"),
        ("is he abusive", "is-it-them"),
        ("why do i get so nervous with people", "why-people-can-scare"),
        ("why do people drain me so much", "why-everyone-is-too-much"),
        ("why do i hide when i'm ill", "why-illness-hides-us"),
        ("can asking about suicide put it in their head?", "why-ask-directly"),
        ("how do i help a friend who withdraws", "how-to-be-there"),
        ("does it help to write it down", "why-put-it-into-words"),
        ("should i text her again", "why-wait-after-sending"),
        ("why am i so hard on myself all the time", "why-be-kind-to-yourself"),
        ("why did they leave me", "when-they-pull-away"),
        ("why do friends drift apart", "why-growing-apart-is-allowed"),
        ("is it selfish to need distance", "why-space-is-ok"),
        ("why do i always leave first", "why-leave-first"),
        ("why does grief come in waves", "why-grief-needs-both"),
        ("pizza", None),
        ("why is the sky blue", None),
    ],
)
def test_a_question_in_free_words_finds_its_page_or_none(question: str, page: str | None) -> None:
    assert pages().find(question) == page


@pytest.mark.parametrize("page", ["why-burden-feeling-lies", "why-punish-yourself", "when-to-get-more-help"])
def test_a_page_near_danger_shows_a_line_that_answers(page: str) -> None:
    (one,) = wordings_of(f"why/{page}")

    assert "helpline.suicide_call" in one.text


@pytest.mark.parametrize("page", ["why-a-script", "privacy", "when-to-get-more-help"])
def test_a_page_that_could_be_taken_for_advice_says_who_has_not_reviewed_it(page: str) -> None:
    (one,) = wordings_of(f"why/{page}")

    assert re.search(r"No (?:clinician|lawyer) has reviewed", one.said)


def test_the_helplines_say_first_that_nobody_dialled_them() -> None:
    head = (ROOT / "flows/helplines.yaml").read_text().partition("schema:")[0]

    assert "NOBODY DIALLED ANY NUMBER" in head
    assert "No clinician" in head


PAGES = {"CH": {"opferhilfe-schweiz.ch"}}
"""Pages that list whom to call, where no number for the whole country was confirmed; the file says which."""


@pytest.mark.parametrize("country", sorted(helplines().countries))
def test_a_number_is_written_as_it_is_dialled(country: str) -> None:
    one = helplines().of(country)
    numbers = {one.emergency, one.suicide_call, one.domestic_call, one.children_call}

    assert PAGES.get(country, set()) <= numbers
    for number in numbers - PAGES.get(country, set()):
        assert re.fullmatch(r"\d[\d -]*\d", number), f"{country}: {number!r}"


def test_nobody_is_given_the_number_of_another_country() -> None:
    for country in ("", "XX", None):
        shown = helplines().of(country)
        told = [str(getattr(shown, name)) for name in shown.__slots__]
        assert not re.search(r"\d", "".join(told))
        assert "findahelpline.com" in shown.suicide_call


def test_every_line_of_help_has_its_own_address_and_expires_within_half_a_year() -> None:
    countries = [*raw("helplines")["countries"].values(), raw("helplines")["other"]]
    lines = [
        line
        for country in countries
        for name, line in country.items()
        if isinstance(line, dict) and name != "in"
    ]

    assert len(helplines().countries) >= 5
    for line in lines:
        checked, expires = (date.fromisoformat(line[day]) for day in ("checked_on", "expires_on"))
        assert timedelta() < expires - checked <= timedelta(183)
        assert line["source"].startswith("https://")
