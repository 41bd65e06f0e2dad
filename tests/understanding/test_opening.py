"""A story is heard as the answers it holds, where that is sure; a span only where it is about that."""

from __future__ import annotations

import pytest

from bot.dialogue.expect import Expectation, Listening
from bot.dialogue.flow import Option, Transition
from bot.understanding import opening, spans
from bot.understanding.choosing import Sureness
from bot.understanding.opening import heard_in
from bot.understanding.spans import going_on, step_of, steps

DAY = 86_400
SAYS = {
    "heard/sister": ("my sister", ("my sister", "my little sister", "mi hermana")),
    "heard/ex": ("my ex", ("my ex", "my ex boss")),
    "heard/boss": ("my boss", ("my boss", "boss")),
    "long/days": ("Some days", ("three days", "since yesterday")),
    "long/weeks": ("Some weeks", ("a week", "two weeks")),
    "long/months": ("Some months", ("two months", "months")),
    "how/quiet": ("I go quiet", ("no reply",)),
    "how/fights": ("I fight", ("we fight",)),
    "way/mine": ("I pull away", ("me",)),
    "way/theirs": ("They went", ("them",)),
}
PEOPLE = Listening("whom", keys=("heard/sister", "heard/ex", "heard/boss"))


class Words:
    def label(self, key: str) -> str:
        return SAYS[key][0]

    def says(self, key: str) -> tuple[str, ...]:
        return SAYS[key][1]


def asked(folder: str) -> Expectation:
    options = [
        Option(key.partition("/")[2], key, key, (Transition("x"),))
        for key in SAYS
        if key.startswith(f"{folder}/")
    ]
    return Expectation("there", folder, tuple(options))


def judge_of(**sure: tuple[float, ...]) -> object:
    """Judge each part of a text by the first of these words in it."""

    def judge(text: str, expectation: Expectation) -> Sureness | None:
        known = next((found for word, found in sure.items() if word in text), None)
        empty = (0.0,) * len(expectation.options)
        return Sureness((known if known and expectation.state == "how" else empty), 0.0)

    return judge


def heard(text: str, *listening: Listening, **sure: tuple[float, ...]) -> dict[str, str]:
    return dict(heard_in(text, listening, Words(), judge_of(**sure)))  # type: ignore[arg-type]


HOW = Listening("how", ("quiet", "fights"), asked("how"))


@pytest.mark.parametrize(
    ("text", "whom"),
    [
        ("I ignore my sister", "my sister"),
        ("i ignore my little sister, MY sister!", "my sister"),
        ("no contesto a mi hermana", "my sister"),
        ("my sister’s messages pile up", "my sister"),
        ("my ex boss writes again", "my ex"),
        ("my sister and my ex", None),
        ("my sisters", None),
        ("somebody", None),
    ],
)
def test_one_person_that_is_spoken_of_is_heard_and_two_are_not(text: str, whom: str | None) -> None:
    assert heard(text, PEOPLE).get("whom") == whom


def test_an_answer_is_heard_where_a_judge_is_sure_of_a_part_and_of_nothing_else() -> None:
    assert heard("i hide. so there", HOW, hide=(0.95, 0.0)) == {"how": "quiet"}
    assert heard("i hide. so there", HOW, hide=(0.8, 0.0)) == {}
    assert heard("i hide, and i shout", HOW, shout=(0.0, 0.6), hide=(0.95, 0.0)) == {}


def test_it_may_be_less_sure_where_the_whole_and_a_part_agree() -> None:
    assert heard("i hide, and then this", HOW, hide=(0.8, 0.0)) == {"how": "quiet"}


def test_an_option_that_the_slot_cannot_hold_is_not_heard() -> None:
    only = Listening("how", ("fights",), asked("how"))

    assert heard("i hide", only, hide=(0.95, 0.0)) == {}


def test_what_may_mean_the_answer_against_it_is_not_heard() -> None:
    unless = Listening("how", ("quiet", "fights"), asked("how"), unless=(asked("how"), "fights"))

    assert heard("i hide", unless, hide=(0.95, 0.4)) == {}
    assert heard("i hide", unless, hide=(0.95, 0.1)) == {"how": "quiet"}


def test_without_a_judge_or_a_question_nothing_is_heard() -> None:
    nobody = Listening("how", ("quiet",), None)

    assert heard("i hide", nobody, hide=(1.0, 0.0)) == {}
    assert heard_in("i hide", [HOW], Words(), lambda _, __: None) == ()


def test_how_long_is_read_off_the_phrases_of_the_options() -> None:
    long = Listening("long", ("days", "weeks", "months"), asked("long"))

    found = [heard(text, long).get("long") for text in ("for 9 days", "for 4 months", "for an hour", "hello")]

    assert found == ["weeks", "months", None, None]


@pytest.mark.parametrize(
    ("text", "days"),
    [
        *(
            (text, 90)
            for text in ("for months", "I haven't answered in months", "seit Monaten", "for 3 months")
        ),
        *(
            (text, 14)
            for text in ("it's been about two weeks now", "desde hace dos semanas", "seit 2 Wochen")
        ),
        *((text, 365) for text in ("for over a year", "llevo un año así", "seit einem Jahr")),
        *(
            (text, 3)
            for text in ("for a few days", "since days", "seit ein paar Tagen", "desde hace unos días")
        ),
        *((text, 15) for text in ("for half a month",)),
        *((text, None) for text in ("two weeks ago", "friends for ten years", "together for six years", "")),
        *((text, None) for text in ("seit zwei Jahren verheiratet", "for weeks, for months", "in two weeks")),
    ],
)
def test_spans_are_heard_in_three_languages_and_those_of_a_friendship_are_not(
    text: str, days: int | None
) -> None:
    found = going_on(text)

    assert (None if found is None else found[0] // DAY) == days


def test_what_authors_wrote_is_remembered_and_what_a_person_writes_never() -> None:
    def kept() -> list[int]:
        return [one.cache_info().misses for one in (opening._authored, spans._alone)]

    listening = PEOPLE, HOW, Listening("long", ("days", "weeks", "months"), asked("long"))
    heard("my sister has been quiet for three weeks", *listening)
    before = kept()
    heard("two years of my ex boss, and i hide", *listening)

    assert min(before) > 0
    assert kept() == before


def test_an_option_counts_from_its_shortest_span_on() -> None:
    begins = steps({"short": ["a day", "soon"], "long": ["three weeks", "two weeks"], "odd": ["no idea"]})

    assert begins == {"short": DAY, "long": 14 * DAY}
    assert [step_of(days * DAY, begins) for days in (0, 1, 13, 14, 900)] == [
        None,
        "short",
        "short",
        "long",
        "long",
    ]
