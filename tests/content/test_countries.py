"""Every country that can be chosen has lines, buttons that lead to it, and a name in each language."""

from __future__ import annotations

import re

import pytest

from bot.content.library import Content
from bot.content.markup import plain
from tests import ours
from tests.content.copybook import PROMPTS

OTHER = "other"


@pytest.fixture(scope="module")
def content() -> Content:
    return ours.content()


def countries(content: Content) -> tuple[str, ...]:
    return tuple(map(str, content.flows.globals.memory["country"].of))


def test_exactly_those_can_be_chosen_that_have_lines(content: Content) -> None:
    assert set(countries(content)) == {*content.helplines.countries, OTHER}


def test_each_can_be_typed_at_every_question_for_it_and_tapped_at_one(content: Content) -> None:
    states = [state for state in content.flows.flows["country"].states.values() if state.options]

    for country in countries(content):
        sets = [
            [one for one in state.options if any(setter.value == country for setter in one.set)]
            for state in states
        ]
        assert all(len(found) == 1 for found in sets), country
        assert any(not found[0].typed for found in sets), country


@pytest.mark.parametrize("language", PROMPTS.languages)
def test_the_settings_name_it_in_words_and_never_by_its_code(content: Content, language: str) -> None:
    slots = {"zone": "UTC", "quiet_from": "22:00", "quiet_to": "08:00", "paused": False, "nudges": True}

    for country in countries(content):
        name = content.words.label(f"country/{country.lower()}", language)
        for wording in range(4):
            said = content.prompts.render("settings/menu", wording, {**slots, "country": country}, language)
            assert f": {name}." in said
            assert not re.search(rf"\b{country}\b", said)


@pytest.mark.parametrize(
    ("country", "suicide", "domestic", "children"),
    [("DE", "0800 111 0 111", "116 016", "116 111"), ("AT", "142", "0800 222 555", "147"),
     ("CH", "143", "opferhilfe-schweiz.ch", "147")],
)  # fmt: skip
def test_whoever_speaks_german_is_named_the_lines_of_their_own_country(
    content: Content, country: str, suicide: str, domestic: str, children: str
) -> None:
    def said(prompt: str) -> str:
        return plain(content.prompts.render(prompt, 0, {"country": country}, "de"))

    assert f": Telefon {suicide}" in said("crisis/lines")
    assert f": {domestic}. " in said("unsafe/number")
    assert "112" in said("unsafe/number")
    assert children in said("minor/line")
