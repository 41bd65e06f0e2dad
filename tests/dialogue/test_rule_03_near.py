"""Rule 3, where an answer is near to some options: they are asked about, and come first among the buttons."""

import pytest

from bot.dialogue.expect import expected
from bot.dialogue.flow import Flow, Line
from tests.dialogue.talk import LINES, Talk, flow, offers, option, says

SURE = {**LINES, "did_you_mean": Line("did_you_mean")}


def pick(**more: object) -> Flow:
    """Write a question with three options; `more` is of the second."""
    options = option("a", "done"), option("b", "done", **more), option("c", "other")  # type: ignore[arg-type]
    return flow("pick", offers("pick", *options), offers("other", *options), says("done", "done", end="done"))


def asked(which: Flow, **lines: object) -> Talk:
    return Talk(which, **{"lines": SURE, **lines}).begin()


def in_order(talk: Talk) -> list[str]:
    """Return the options as numbers count them."""
    return [one.id for one in expected(talk.flows, talk.session, talk.now).options]


def test_what_is_near_comes_first_and_numbers_count_as_it_is_shown() -> None:
    talk = asked(pick()).type("b, or c", near=("c", "b"))

    assert (talk.said, talk.shown) == (["did_you_mean"], ["b", "c", "a"])
    assert in_order(talk) == talk.shown
    assert talk.session.frames[0].tries == 1


def test_an_interrupt_does_not_mix_them_up() -> None:
    talk = asked(pick()).type("c?", near=("c",)).command("help")

    assert talk.shown == in_order(talk) == ["c", "a", "b"]


def test_a_button_means_what_it_says_wherever_it_stands() -> None:
    talk = asked(pick()).type("c?", near=("c",)).press("c")

    assert talk.where == "pick.other"
    assert talk.shown == in_order(talk) == ["a", "b", "c"]


def test_an_answer_that_is_near_to_nothing_puts_them_back() -> None:
    talk = asked(pick()).type("c?", near=("c",)).type("purple")

    assert (talk.said, talk.shown) == (["pick_again"], ["a", "b", "c"])


@pytest.mark.parametrize(
    "which",
    [pick(passes="contact"), pick(typed=True), flow("one", offers("pick", option("c", "done")))],
    ids=["a gate", "typed ones", "only one"],
)
def test_a_question_with_words_of_its_own_is_asked_in_them(which: Flow) -> None:
    talk = asked(which).type("c?", near=("c",))

    assert talk.said == ["pick_again"]


def test_without_the_line_there_is_no_order_but_the_author_s() -> None:
    talk = asked(pick(), lines=LINES).type("c?", near=("c",))

    assert (talk.said, talk.shown) == (["pick_again"], ["a", "b", "c"])


def test_what_has_no_button_now_is_not_asked_about() -> None:
    talk = asked(pick(when="1 > 2")).type("b?", near=("b",))

    assert (talk.said, talk.shown) == (["pick_again"], ["a", "c"])
