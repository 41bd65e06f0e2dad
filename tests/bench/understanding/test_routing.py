"""The evaluation holds its floors on a part of its phrases, and none of them stands in the prompts."""

from __future__ import annotations

import pytest

from bot.content.words import Words
from bot.understanding.spelling import authored, bare
from tests.bench.understanding.openers import Told, openers, tally
from tests.bench.understanding.openers import faults as found_wanting
from tests.bench.understanding.routing import (
    LANGUAGES,
    NOTHING,
    ROOT,
    Heard,
    everything,
    faults,
    figures,
    held_back,
    wilson,
)


def test_a_fifth_of_the_held_back_phrases_is_heard_as_well_as_promised() -> None:
    found = figures(everything(step=5))

    assert faults(found) == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_phrase_that_is_held_back_stands_in_the_prompts(language: str) -> None:
    words = Words(ROOT / "prompts")
    phrases = [phrase for key in words.entries(language) for phrase in words.says(key, language)]
    prompts = {bare(authored(phrase).words) for phrase in phrases}
    nothing = {bare(authored(text).words) for text in words.nothing(language)}

    leaked = [
        text
        for key, _, text in held_back(language)
        if len(authored(text).words) > 3
        and bare(authored(text).words) in (nothing if key == NOTHING else prompts)
    ]

    assert leaked == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_three_people_of_each_language_answer_every_driver_and_nothing(language: str) -> None:
    words = Words(ROOT / "prompts")
    drivers = {key for key, *_ in held_back("en") if key.startswith("driver/")}

    said = list(held_back(language))

    assert len(said) >= 120
    assert {key for key, *_ in said} <= {*words.entries(language), NOTHING}
    for key in (*drivers, NOTHING):
        assert {who for one, who, _ in said if one == key} >= {"1", "2", "3"}


@pytest.mark.parametrize("language", ["es", "de"])
def test_answers_in_another_language_are_heard_in_it(language: str) -> None:
    rows = everything(language, step=2, only=("notice.slope", "reflect.direction", "report.hello"))

    found = figures(rows)

    assert faults(found, language) == []


def test_an_evaluation_below_a_floor_says_which() -> None:
    wrong = Heard("a.b", "1", "", "x", ("y", "z", "w", "x"), "take", ("y",))

    found = faults(figures([wrong] * 10))

    assert [line.partition(":")[0] for line in found] == ["first", "first three", "taken and wrong"]


def test_the_interval_of_a_share_is_wilsons() -> None:
    low, high = wilson(8, 10)

    assert (round(low, 3), round(high, 3)) == (0.49, 0.943)


def test_some_openers_are_heard_as_promised() -> None:
    found = tally(list(openers("en", step=5)))

    assert found_wanting(found) == []


def test_openers_that_are_heard_wrongly_or_not_at_all_are_told() -> None:
    wrong = Told("en", "", {"how": "quiet"}, {"how": "fights", "long": "days"})
    unheard = Told("en", "", {"how": "quiet"}, {})

    assert found_wanting(tally([wrong])) == ["2 of 2 are wrong", "only 0 of 2 are heard"]
    assert found_wanting(tally([unheard])) == ["only 0 of 1 are heard"]
