"""Two options named at once are taken as two taps would take them, without what is said in between."""

from __future__ import annotations

import pytest

from bot.dialogue.effects import Arm
from bot.dialogue.expect import expected
from bot.dialogue.flow import Flow, Line, Option, State, Timer
from bot.dialogue.several import together
from tests.dialogue.talk import Talk, flow, offers, option, says

LAPSE = Timer("lapse", after=3600, to="done")


def pairs(**more: object) -> Flow:
    """Write a question, one for the louder and one for the quieter; `more` is of the first question."""
    return flow(
        "pairs",
        offers("likely", *_each("done"), option("two", "louder"), **{"several": "two", **more}),
        offers("louder", *_each("quieter"), option("unsure", "done"), several=True, timers=(LAPSE,)),
        offers("quieter", *_each("end"), timers=(LAPSE,)),
        offers("end", option("fits", "done"), timers=(LAPSE,)),
    )


def _each(target: str) -> tuple[Option, ...]:
    return tuple(option(name, target) for name in ("a", "b", "c"))


def test_two_taps_and_two_names_end_in_the_same_place_with_one_question_and_its_timer() -> None:
    named = Talk(pairs()).begin().type("a and c", several=("two", "a", "c"))
    tapped = Talk(pairs()).begin().press("two").press("a").press("c")

    assert named.where == tapped.where == "pairs.end"
    assert (named.said, named.shown) == (["end?"], ["fits"])
    assert [one.since for one in named.effects if isinstance(one, Arm)] == [named.session.turn]


def test_what_was_said_before_in_the_same_step_is_still_said() -> None:
    talk = Talk(pairs()).begin().later(days=9)

    talk.type("a and c", several=("two", "a", "c"))

    assert talk.said[-1].endswith("end?")


def test_one_step_back_takes_both_back() -> None:
    talk = Talk(pairs()).begin().press("two").type("a and c", several=("a", "c")).command("back")

    assert (talk.where, talk.shown) == ("pairs.louder", ["a", "b", "c", "unsure"])


def test_where_the_second_is_not_offered_after_all_its_question_is_asked() -> None:
    talk = Talk(pairs()).begin().type("a and z", several=("two", "a", "z"))

    assert (talk.where, talk.said) == ("pairs.quieter", ["quieter?"])
    assert list(talk.armed) == ["lapse"]


def test_where_the_first_is_not_offered_nothing_was_understood() -> None:
    talk = Talk(pairs()).begin().type("z and a", several=("z", "a"))

    assert (talk.where, talk.said, talk.session.frames[0].tries) == ("pairs.likely", ["likely_again"], 1)


def test_those_that_may_be_named_are_what_is_expected_with_the_one_that_leads_to_them() -> None:
    first, louder = Talk(pairs()).begin(), Talk(pairs()).begin().press("two")

    here, there = (expected(talk.flows, talk.session, talk.now) for talk in (first, louder))

    assert (here.several, here.lead) == (("a", "b", "c"), ("two",))
    assert (there.several, there.lead) == (("a", "b", "c"), ())


@pytest.mark.parametrize(
    "likely",
    [
        {"several": False},
        {"several": "three"},
        {"several": "a"},
        {"gate": "person_check"},
        {"options": (*_each("done"), option("two", "louder", passes=True))},
        {"options": (option("two", "louder"),)},
    ],
    ids=["not asked for", "no option", "one that ends", "a gate", "one that opens a gate", "nothing to name"],
)
def test_nothing_may_be_named_where_taps_would_not_lead_to_it(likely: dict[str, object]) -> None:
    which = pairs(**{key: value for key, value in likely.items() if key != "options"})
    state = which.states["likely"]
    if "options" in likely:
        state = State("likely", say=(Line("likely?"),), options=likely["options"], several="two")  # type: ignore[arg-type]

    assert together(which, state) == ()


def test_who_is_missing_where_another_leads_cannot_be_named() -> None:
    which = flow(
        "few",
        offers("louder", *_each("quieter"), several=True),
        offers("quieter", option("a", "last"), option("b", "last")),
        says("last", "last", end="done"),
    )

    assert together(which, which.states["louder"]) == ("a", "b")
