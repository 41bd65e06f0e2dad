"""Rule 4: an interrupt costs nothing: it is answered, and the same question stands again."""

from dataclasses import replace

import pytest

from bot.dialogue.effects import Export
from bot.dialogue.flow import Call, State
from bot.dialogue.flows import Interrupt
from tests.dialogue.talk import (
    ALL,
    HELP,
    NOTICE,
    QUESTION,
    SETTINGS,
    Talk,
    asks,
    flow,
    nudging,
    offers,
    option,
    says,
    text,
    to,
)


def test_why_in_the_middle_of_a_question_answers_and_asks_the_same_question() -> None:
    talk = Talk(QUESTION).begin().type("Sam")

    talk.command("why")

    assert (talk.said, talk.shown) == (["why/mood-page", "mood?"], ["good", "bad"])


@pytest.mark.parametrize("name", ["why", "help", "export"])
def test_an_interrupt_uses_up_no_try_and_touches_no_timer(name: str) -> None:
    talk = Talk(nudging()).begin().type("?")
    before = talk.session.frames

    talk.command(name)

    assert talk.session.frames == before
    assert (talk.armed, talk.disarmed) == ({}, [])


def test_why_speaks_of_the_innermost_place_that_names_a_page() -> None:
    outer = flow("outer", says("a", call=Call("inner", returns={"done": "done"})), why="flow-page")
    inner = flow("inner", asks("x", "name", "done"), slots=text("name"))

    assert Talk(outer, inner).begin().command("why").said == ["why/flow-page", "x?"]
    assert Talk(inner).begin().command("why").said == ["why_unknown", "x?"]
    assert Talk(QUESTION).command("why").said == ["why_unknown"]


def test_a_page_may_be_named_by_a_slot() -> None:
    mood = flow(
        "m", asks("x", "kind", "y"), offers("y", option("a", "done"), why="{kind}-page"), slots=text("kind")
    )

    assert Talk(mood).begin().type("mood").command("why").said[0] == "why/mood-page"


def test_why_finds_a_topic_and_admits_an_unknown_one() -> None:
    talk = Talk(QUESTION).begin()

    assert talk.command("why", "ghosting", "ghosting").said == ["why/ghosting", "name?"]
    assert talk.command("why", "purple cows").said == ["why_unknown", "name?"]
    assert talk.command("why", "x", "no-such-page").said == ["why_unknown", "name?"]


def test_a_question_in_words_is_answered_like_the_command() -> None:
    talk = Talk(QUESTION).begin()

    assert talk.type("why do i ghost people", interrupt="why", why="ghosting").said == [
        "why/ghosting",
        "name?",
    ]
    assert talk.type("why?", interrupt="why").said == ["why/flow-page", "name?"]


def test_a_flow_that_interrupts_hands_back_to_the_same_question() -> None:
    talk = Talk(QUESTION).begin().type("Sam")
    since = talk.session.frames[0].since

    talk.command("settings")
    assert (talk.where, len(talk.session.frames)) == ("settings.which", 2)
    talk.press("none")

    assert (talk.where, talk.said, talk.session.frames[0].since) == ("question.mood", ["mood?"], since)


def test_an_interrupt_does_not_nest_in_itself() -> None:
    talk = Talk(QUESTION).begin().command("settings")

    talk.command("settings")

    assert (len(talk.session.frames), talk.said) == (2, ["which?"])


def test_an_interrupt_on_an_idle_session_stands_alone() -> None:
    talk = Talk(QUESTION).command("settings")
    assert talk.where == "settings.which"

    talk.press("none")

    assert (talk.where, talk.said) == ("", [])


def test_an_interrupt_without_a_flow_asks_again() -> None:
    talk = Talk(QUESTION, interrupts=(replace(SETTINGS, call=None),)).begin()

    assert talk.command("settings").said == ["name?"]


def test_help_without_words_asks_again() -> None:
    assert Talk(QUESTION, interrupts=(replace(HELP, say=None),)).begin().command("help").said == ["name?"]


def test_start_in_a_conversation_welcomes_and_asks_the_same_question() -> None:
    assert Talk(QUESTION).begin().command("start").said == ["welcome_back", "name?"]


def test_start_with_a_topic_explains_it_first() -> None:
    assert Talk(QUESTION).begin().command("start", "why-ghosting", "ghosting").said == [
        "why/ghosting",
        "name?",
    ]


def test_start_with_a_topic_explains_it_to_a_newcomer_too_and_then_begins() -> None:
    talk = Talk(QUESTION).command("start", "", "ghosting")

    assert (talk.said, talk.where) == (["why/ghosting", "name?"], "question.name")


def test_start_with_a_topic_nobody_wrote_about_is_a_plain_start() -> None:
    assert Talk(QUESTION).command("start", "", "no-such-page").said == ["name?"]
    assert Talk(QUESTION).begin().command("start", "", "no-such-page").said == ["welcome_back", "name?"]


def test_export_gives_an_order_and_asks_the_same_question() -> None:
    talk = Talk(QUESTION).begin().command("export")

    assert talk.said == ["exported", "name?"]
    assert any(isinstance(effect, Export) for effect in talk.effects)


def test_resume_with_nothing_parked_asks_again_or_begins() -> None:
    talk = Talk(QUESTION)

    assert talk.command("resume").where == "question.name"
    assert talk.command("resume").said == ["name?"]


def test_a_re_asked_question_keeps_its_wording() -> None:
    talk = Talk(QUESTION, variants={"name?": 5}).begin()
    first = talk.says[0].lines

    assert talk.command("help").says[1].lines == first


def test_a_lapse_that_came_due_under_an_interrupt_fires_when_it_is_over() -> None:
    talk = Talk(nudging()).begin()
    since = talk.session.frames[0].since
    talk.command("settings").later(hours=72).fire("lapse", "nudge", since=since)
    assert (talk.where, talk.said) == ("settings.which", [])

    talk.press("none")

    assert (talk.where, talk.said) == ("", ["gone"])


def test_a_nudge_that_came_due_under_an_interrupt_is_let_go() -> None:
    talk = Talk(nudging()).begin()
    talk.command("settings").later(hours=20).fire("nudge", since=talk.session.frames[0].since)

    assert talk.press("none").said == ["wait?"]
    assert talk.session.frames[0].overdue == ()


def test_a_script_says_so_again_after_hours_of_talk_and_days_away() -> None:
    talk = Talk(QUESTION, notice=NOTICE).begin()
    assert talk.said == ["name?"]
    assert talk.later(hours=2).command("help").said == ["help", "name?"]
    assert talk.later(hours=1).command("help").said == ["notice + help", "name?"]
    assert talk.later(hours=7).command("help").said == ["help", "name?"]
    assert talk.later(days=8).command("help").said == ["notice + help", "name?"]
    assert talk.later(days=8).danger().said == ["card?"]
    assert talk.press("close").said == ["notice"], "the card came first, and the notice is still due"
    assert talk.command("help").said == ["help"]


def test_a_wait_that_said_nothing_offers_its_options_with_the_interrupts_answer() -> None:
    silent = flow("q", State("a", options=(option("x", "done"),)))

    assert Talk(silent).begin().command("help").shown == ["x"]


def test_the_core_is_silent_where_globals_give_it_no_line() -> None:
    assert Talk(QUESTION, lines={}).begin().command("back").said == ["name?"]


def test_of_two_interrupts_that_call_a_flow_the_newer_takes_the_place_of_the_older() -> None:
    delete = flow("delete", offers("sure", option("no", "done")))
    second = Interrupt("delete", "call", "delete", call="delete")
    talk = Talk(QUESTION, delete, interrupts=(*ALL, second)).begin().type("Sam")

    talk.command("settings").command("delete")

    assert [frame.flow for frame in talk.session.frames] == ["question", "delete"]
    assert talk.press("no").where == "question.mood"


def test_an_interrupt_above_a_danger_leaves_the_danger_where_it_is() -> None:
    talk = Talk(QUESTION).begin().danger("unsafe").danger("self", "hard").command("settings")

    assert [frame.flow for frame in talk.session.frames] == ["unsafe", "crisis", "settings"]


def test_a_danger_at_the_door_keeps_what_was_parked_before() -> None:
    door = flow(
        "door",
        State("look", goto=(to("offer", "parked"), to("ask"))),
        offers("offer", option("resume", "resume"), option("anew", "ask")),
        State("ask", call=Call("question", returns={"done": "done"})),
        outcomes=("done", "resume"),
    )
    talk = Talk(door, QUESTION).begin().danger().press("close").begin()
    assert talk.where == "door.offer"

    talk.danger().press("back")

    assert talk.where == "question.name"
