"""The quick exit covers what is on the screen, and whoever comes back uncovers it with care."""

from dataclasses import replace

import pytest

from bot.dialogue.effects import Clear, Forget, Say, Spoken
from bot.dialogue.events import Answered, Commanded, Concern, Operated, Reading
from bot.dialogue.expect import expected
from bot.dialogue.flow import Line, State
from bot.dialogue.flows import Interrupt
from bot.dialogue.retention import KEEP
from bot.dialogue.session import Reminder
from bot.dialogue.step import begin
from tests.dialogue.talk import (
    ALL,
    LINES,
    NOTICE,
    QUESTION,
    Talk,
    flow,
    nudging,
    offers,
    option,
    says,
)

LEAVE = Interrupt("leave", "leave", "x", "says/leave", Line("weather"))
WITH = {"interrupts": (*ALL, LEAVE), "lines": {**LINES, "here_again": Line("here_again")}}


def left(*flows: object, **more: object) -> Talk:
    """Have somebody in the middle of a flow who just left."""
    return Talk(*(flows or (QUESTION,)), **WITH | more).begin().command("x")  # type: ignore[arg-type]


def test_leaving_says_nothing_and_orders_the_screen_to_be_cleared() -> None:
    talk = left()

    assert [type(effect) for effect in talk.effects] == [Clear]
    assert [effect.line for effect in talk.effects if isinstance(effect, Clear)] == [Spoken("weather")]


def test_leaving_leaves_the_conversation_where_it_is() -> None:
    talk = Talk(nudging(), **WITH).begin().type("?")  # type: ignore[arg-type]
    tries, since = talk.session.frames[-1].tries, talk.session.frames[-1].since

    talk.command("x")

    assert talk.where == "nudging.wait"
    assert (talk.session.frames[-1].tries, talk.session.frames[-1].since) == (tries, since)
    assert (talk.armed, talk.disarmed) == ({}, [])


def test_it_is_asked_for_in_words_too_and_no_flow_can_refuse_it() -> None:
    refusing = replace(QUESTION, deny=frozenset({"leave"}))
    talk = Talk(refusing, **WITH).begin()  # type: ignore[arg-type]
    talk.type("x", interrupt="leave")

    assert talk.session.away == 1
    assert LEAVE in expected(talk.flows, talk.session, talk.now).interrupts


def test_where_no_line_is_named_the_screen_is_cleared_all_the_same() -> None:
    talk = left(interrupts=(*ALL, replace(LEAVE, say=None)))

    assert [effect.line for effect in talk.effects if isinstance(effect, Clear)] == [None]


@pytest.mark.parametrize("name", ["export", "why", "help", "settings", "back", "start", "resume", "nonsense"])
def test_the_first_command_after_it_shows_nothing_of_what_was_there(name: str) -> None:
    assert left().command(name).said == ["here_again"]


def test_the_first_word_shows_nothing_and_the_second_asks_the_question_again() -> None:
    talk = left()

    assert talk.type("who is this").said == ["here_again"]
    assert talk.type("it's me").said == ["name?"]
    assert talk.type("Sam").where == "question.mood"


def test_a_press_and_what_cannot_be_read_are_met_like_a_word() -> None:
    assert left(nudging()).press("on").said == ["here_again"]
    assert left().event(Operated("again", "unsupported")).said == ["here_again"]
    assert left().type("hm").event(Operated("again", "unsupported")).said == ["name?"]


def test_a_question_comes_back_with_all_that_stood_around_it() -> None:
    around = flow("around", replace(offers("card", option("on", "done")), say=(Line("a"), Line("b"))))
    talk = left(around).type("hm")

    assert talk.type("hm").said == ["a", "b"]
    assert talk.shown == ["on"]
    assert talk.press("on").session.frames == ()


@pytest.mark.parametrize("name", ["back", "start", "resume"])
def test_who_was_greeted_and_says_to_go_on_goes_on_where_they_left(name: str) -> None:
    talk = Talk(QUESTION, **WITH).begin().type("Sam").command("x").type("hm")  # type: ignore[arg-type]

    assert talk.command(name).where == "question.mood"
    assert talk.said == ["mood?"]


def test_who_was_greeted_may_ask_for_anything() -> None:
    talk = left().type("hm").command("help")

    assert talk.said == ["help", "name?"]


def test_stop_is_always_a_way_out() -> None:
    talk = left().command("stop")

    assert (talk.said, talk.session.away, talk.session.frames) == (["stopped"], 0, ())


def test_stop_in_words_is_one_too() -> None:
    assert left().type("stop", interrupt="stop").said == ["stopped"]


def test_an_operator_may_end_it() -> None:
    assert left().event(Operated("stop")).session.away == 0


def test_leaving_once_more_covers_it_once_more() -> None:
    talk = left().type("hm").command("x")

    assert ([type(effect) for effect in talk.effects], talk.session.away) == ([Clear], 1)
    assert talk.type("hm").said == ["here_again"]


def test_a_conversation_that_is_begun_for_them_uncovers() -> None:
    talk = Talk(QUESTION, **WITH).command("x")  # type: ignore[arg-type]
    session, _ = begin(talk.flows, replace(talk.session, frames=()), "question", talk.now)

    assert session.away == 0


# --- danger ----------------------------------------------------------------------------------------------


def test_danger_opens_at_once() -> None:
    talk = left().danger()

    assert (talk.said, talk.session.away) == (["card?"], 0)


def test_danger_in_the_words_behind_it_is_heard_and_its_card_waits() -> None:
    talk = Talk(QUESTION, **WITH).begin()  # type: ignore[arg-type]
    talk.event(Commanded("x", "…", concern=Concern("self", "hard")))

    assert [effect for effect in talk.effects if isinstance(effect, Say)] == []
    assert (talk.where, talk.session.careful) == ("crisis.card", 2)
    assert talk.type("hm").said == ["here_again"]
    assert talk.type("hm").said == ["card?"]


def test_who_leaves_a_card_and_comes_back_in_danger_sees_it_at_once() -> None:
    talk = Talk(QUESTION, **WITH).begin().danger().command("x")  # type: ignore[arg-type]
    again = Answered("…", Concern("self", "hard"), Reading())

    assert talk.event(again).said == ["card?"]
    assert (talk.where, talk.session.careful) == ("crisis.card", 2)


# --- time ------------------------------------------------------------------------------------------------


def test_no_nudge_is_said_while_they_are_away() -> None:
    talk = left(nudging(), memory={"nudges": True}).later(hours=20).fire("nudge")

    assert talk.said == []


def test_what_lapsed_meanwhile_is_taken_up_when_they_are_back() -> None:
    talk = left(nudging()).later(hours=72).fire("lapse")

    assert (talk.said, talk.where) == ([], "nudging.wait")
    assert talk.type("hm").said == ["here_again"]
    assert talk.type("hm").said == ["gone"]


def test_what_lapsed_without_a_word_is_followed_by_a_beginning() -> None:
    silent = nudging(states={**nudging().states, "gone": State("gone", end="done")})

    assert left(silent).later(hours=72).fire("lapse").type("hm").type("hm").said == ["wait?"]


def test_who_is_forgotten_by_what_lapsed_is_begun_with_no_more_until_they_write_again() -> None:
    forgetting = nudging(states={**nudging().states, "gone": State("gone", forget=True, end="done")})

    talk = left(forgetting).later(hours=72).fire("lapse").type("hm").type("hm")

    assert (talk.said, talk.armed, talk.session.frames) == (["here_again"], {}, ())
    assert any(isinstance(effect, Forget) for effect in talk.effects)


def test_a_promise_waits_as_if_they_were_busy() -> None:
    talk = Talk(QUESTION, memory={"nudges": True}, **WITH).command("x")  # type: ignore[arg-type]
    due = int(talk.now.timestamp())
    promise = Reminder("remind:1", "question", {}, "defer", due + 86400, due)
    talk.session = replace(talk.session, reminders=(promise,))

    talk.fire("remind:1")

    assert talk.said == []
    assert list(talk.armed) == ["remind:1"]


def test_a_month_of_silence_is_not_asked_about() -> None:
    talk = left(memory={"nudges": True}).later(days=31).fire(KEEP)

    assert (talk.said, bool(talk.session.warned)) == ([], True)


def test_what_was_still_to_be_told_is_told_when_they_are_back() -> None:
    talk = Talk(QUESTION, notice=NOTICE, memory={"nudges": True}, **WITH).begin()  # type: ignore[arg-type]
    talk.session = replace(talk.session, unanswered=2)
    talk.later(hours=4).command("x")

    talk.type("hm")

    assert talk.said == ["here_again"]
    assert talk.type("hm").said == ["notice + stopped_nudging + name?"]


def test_who_was_in_no_conversation_begins_one() -> None:
    talk = Talk(QUESTION, **WITH).command("x")  # type: ignore[arg-type]

    assert talk.type("hi").said == ["here_again"]
    assert talk.type("hi").said == ["name?"]


def test_a_question_of_another_version_keeps_what_its_buttons_meant() -> None:
    talk = left(flow("f", offers("wait", option("on", "next")), says("next", "next", end="done")))
    former = talk.session.frames[-1].moved

    talk.command("x")

    assert talk.session.frames[-1].moved == former
    assert former is not None
    assert (former.former, former.settled) == (("on",), True)
