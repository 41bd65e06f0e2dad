"""Rule 2: event kinds are disjoint; what a person types can never look like control."""

import pytest

from bot.dialogue.expect import expected, pressed
from bot.dialogue.session import Session
from tests.dialogue.talk import MONDAY, QUESTION, Talk, asks, flow, flows_of, offers, option, text

CONTROL = [
    "/stop",
    "/delete",
    "1:0",
    "mood:good",
    "lapse",
    '{"option": "good"}',
    "question.mood",
    "TimerFired",
]


@pytest.mark.parametrize("words", CONTROL)
def test_text_that_looks_like_control_is_only_text(words: str) -> None:
    talk = Talk(QUESTION).begin()

    talk.type(words)

    assert (talk.where, talk.slots["name"]) == ("question.mood", words)


@pytest.mark.parametrize("words", CONTROL)
def test_text_at_a_question_with_buttons_presses_none(words: str) -> None:
    talk = Talk(QUESTION).begin().type("Sam")

    talk.type(words)

    assert (talk.where, talk.said) == ("question.mood", ["mood_again"])


def test_an_unknown_command_is_admitted_and_the_question_stands() -> None:
    talk = Talk(QUESTION).begin()

    talk.command("frobnicate")

    assert talk.said == ["not_understood", "name?"]
    assert talk.session.frames[0].tries == 0


def test_an_unknown_command_on_an_idle_session_begins() -> None:
    assert Talk(QUESTION).command("frobnicate").where == "question.name"


def test_a_press_is_found_from_its_turn_and_index() -> None:
    talk = Talk(QUESTION).begin().type("Sam")

    press = pressed(talk.flows, talk.session, talk.session.turn, 1)

    assert (press.option, press.state) == ("bad", "mood")
    assert talk.event(press).said == ["bye"]


@pytest.mark.parametrize(("turn", "index"), [(0, 0), (2, 7), (2, -1), (99, 0)])
def test_a_press_from_nowhere_names_no_place(turn: int, index: int) -> None:
    talk = Talk(QUESTION).begin().type("Sam")

    press = pressed(talk.flows, talk.session, turn, index)

    assert (press.flow, press.state) == ("", "")
    assert talk.event(press).said == ["stale", "mood?"]


def test_a_press_on_an_idle_session_is_stale() -> None:
    talk = Talk(QUESTION)

    talk.event(pressed(talk.flows, talk.session, 0, 0))

    assert talk.said == ["stale"]


def test_what_is_on_the_table_is_told_in_the_order_it_is_shown() -> None:
    hidden = option("hidden", "done", when="known(name)")
    both = flow(
        "q",
        offers("a", option("x", "b"), hidden, option("y", "b")),
        asks("b", "name", "done"),
        slots=text("name"),
    )
    talk = Talk(both).begin()

    table = expected(talk.flows, talk.session, MONDAY)
    talk.press("y")
    then = expected(talk.flows, talk.session, MONDAY)

    assert [one.id for one in table.options] == ["x", "y"]
    assert (then.slot and then.slot.id, then.options) == ("name", ())


def test_an_idle_session_expects_only_interrupts() -> None:
    table = expected(flows_of(QUESTION), Session("s"), MONDAY)

    assert (table.flow, table.slot) == ("", None)
    assert "stop" in [one.id for one in table.interrupts]


def test_a_session_in_a_place_that_is_gone_expects_only_interrupts() -> None:
    talk = Talk(QUESTION).begin()

    table = expected(flows_of(flow("other", asks("x", "y", "done"), slots=text("y"))), talk.session, MONDAY)

    assert (table.flow, table.state, table.options) == ("question", "name", ())
    assert pressed(flows_of(CRISIS_ONLY), talk.session, talk.session.turn, 0).flow == ""


CRISIS_ONLY = flow("other", asks("x", "y", "done"), slots=text("y"))
