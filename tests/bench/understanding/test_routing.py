"""The evaluation holds its floors on a part of its phrases, and none of them stands in the prompts."""

from __future__ import annotations

from bot.content.words import Words
from bot.understanding.spelling import authored, bare
from tests.bench.understanding.openers import Told, openers, tally
from tests.bench.understanding.openers import faults as found_wanting
from tests.bench.understanding.routing import ROOT, Heard, everything, faults, figures, held_back, wilson


def test_a_fifth_of_the_held_back_phrases_is_heard_as_well_as_promised() -> None:
    found = figures(everything(step=5))

    assert faults(found) == []


def test_no_phrase_that_is_held_back_stands_in_the_prompts() -> None:
    words = Words(ROOT / "prompts")
    prompts = {bare(authored(phrase).words) for key in words.entries() for phrase in words.says(key)}
    nothing = {bare(authored(text).words) for text in words.nothing()}

    leaked = [
        text
        for key, _, text in held_back()
        if len(authored(text).words) > 3
        and bare(authored(text).words) in (nothing if key == "none" else prompts)
    ]

    assert leaked == []


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
