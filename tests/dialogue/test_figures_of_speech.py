"""A sign that was a figure of speech is not asked about again in that visit, and nothing else is silenced."""

from __future__ import annotations

from bot.dialogue.events import Answered, Concern
from bot.dialogue.walk import MOST_DENIED
from tests.dialogue.talk import QUESTION, Talk


def heard(talk: Talk, figure: str, tier: str = "soft") -> Talk:
    return talk.event(Answered("…", Concern("self", tier, figure)))  # type: ignore[arg-type]


def denied(*figures: str) -> Talk:
    talk = Talk(QUESTION).begin().type("Sam")
    for figure in figures:
        talk = heard(talk, figure).press("fine")
    return talk


def test_a_denied_figure_does_not_ask_again() -> None:
    talk = denied("a1")

    assert talk.session.denied == ("a1",)
    assert heard(talk, "a1").where == talk.where != "asking.sure"


def test_another_figure_asks_and_so_does_one_that_nothing_tells_apart() -> None:
    assert heard(denied("a1"), "b2").where == "asking.sure"
    assert heard(denied("a1", ""), "").where == "asking.sure"


def test_what_was_said_outright_is_never_silenced() -> None:
    assert heard(denied("a1"), "a1", "hard").where == "crisis.card"


def test_a_yes_denies_nothing() -> None:
    talk = heard(Talk(QUESTION).begin().type("Sam"), "a1").press("yes")

    assert talk.session.denied == ()
    assert talk.session.asking == ""
    assert heard(talk, "a1").where == "asking.sure"


def test_after_a_crisis_a_denied_figure_asks_again() -> None:
    talk = denied("a1").danger().press("back")

    assert talk.session.careful
    assert heard(talk, "a1").where == "asking.sure"


def test_in_care_a_no_denies_nothing() -> None:
    talk = heard(Talk(QUESTION).begin().type("Sam").danger().press("back"), "a1").press("fine")

    assert talk.session.denied == ()


def test_the_next_visit_knows_of_no_denial() -> None:
    talk = denied("a1").later(hours=7).type("hm")

    assert talk.session.denied == ()
    assert heard(talk, "a1").where == "asking.sure"


def test_only_so_many_denials_are_remembered() -> None:
    talk = denied(*(f"{number:x}" for number in range(MOST_DENIED + 1)))

    assert len(talk.session.denied) == MOST_DENIED
    assert heard(talk, "0").where == "asking.sure"
