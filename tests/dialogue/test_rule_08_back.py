"""Rule 8: back restores the session before the last answered question, and pretends nothing."""

from bot.dialogue.flow import Call, Remind, Setter, State, Timer
from tests.dialogue.talk import QUESTION, Talk, asks, flow, nudging, offers, option, says, text


def test_back_restores_the_question_before_and_forgets_its_answer() -> None:
    talk = Talk(QUESTION).begin().type("Sam")

    talk.command("back")

    assert (talk.where, talk.said, talk.slots) == ("question.name", ["name?"], {})


def test_back_again_and_again_ends_at_the_beginning() -> None:
    talk = Talk(QUESTION).begin().type("Sam").command("back")

    talk.command("back")

    assert (talk.where, talk.said) == ("question.name", ["nothing_back", "name?"])


def test_back_with_nothing_open_and_nothing_past_says_so() -> None:
    assert Talk(QUESTION).command("back").said == ["nothing_back"]


def test_back_after_the_end_returns_to_the_last_question() -> None:
    talk = Talk(QUESTION).begin().type("Sam").press("good")

    assert talk.command("back").where == "question.mood"
    assert talk.slots == {"name": "Sam"}


def test_back_restores_memory_and_promises_too() -> None:
    remind = Remind("question", after=3600)
    plan = flow(
        "plan",
        offers("a", option("x", "b", set=(Setter("country", "DE"),))),
        says("b", "b", remind=(remind,), end="done"),
    )
    talk = Talk(plan, QUESTION).begin().press("x")
    assert (talk.session.memory, len(talk.session.reminders)) == ({"country": "DE"}, 1)

    talk.command("back")

    assert (talk.session.memory, talk.session.reminders) == ({}, ())


def test_back_arms_the_timers_of_the_question_again() -> None:
    talk = Talk(nudging()).begin().press("on")

    talk.command("back")

    assert sorted(talk.armed) == ["lapse", "nudge"]
    assert talk.session.frames[0].since == talk.session.turn


def test_back_out_of_an_interrupt_returns_to_the_question_it_interrupted() -> None:
    talk = Talk(nudging()).begin()
    since = talk.session.frames[0].since
    talk.command("settings")

    talk.command("back")

    assert (talk.where, talk.said, talk.disarmed) == ("nudging.wait", ["wait?"], [since])
    assert "lapse" in talk.armed


def test_back_inside_an_interrupt_leaves_the_timers_below_alone() -> None:
    talk = Talk(nudging()).begin().command("settings").press("zone")

    talk.command("back")

    assert (talk.where, talk.armed, talk.disarmed) == ("settings.which", {}, [])


def test_back_into_an_interrupt_arms_the_question_below_it_again() -> None:
    talk = Talk(nudging()).begin().command("settings").press("none").press("on")
    assert talk.where == ""
    talk.command("back").command("back")

    assert (talk.where, len(talk.session.frames)) == ("settings.which", 2)
    assert "lapse" in talk.armed


def test_what_cannot_be_undone_is_not_gone_back_behind() -> None:
    sent = flow("s", offers("a", option("x", "b")), offers("b", option("y", "done"), no_back=True))
    talk = Talk(sent).begin().press("x")

    assert talk.command("back").said == ["nothing_back", "b?"]


def test_a_crisis_is_not_gone_back_behind() -> None:
    talk = Talk(QUESTION).begin().type("Sam").danger()

    assert talk.command("back").said == ["nothing_back", "card?"]


def test_only_so_many_answers_are_kept_for_going_back() -> None:
    loop = flow("loop", asks("a", "x", "a"), slots=text("x"))
    talk = Talk(loop).begin()
    for number in range(30):
        talk.type(f"answer {number}")

    assert len(talk.session.past) == 8


def test_a_button_of_the_question_gone_back_to_is_shown_anew() -> None:
    talk = Talk(QUESTION).begin().type("Sam").press("good").command("back")

    assert talk.shown == ["good", "bad"]
    assert talk.press("bad").said == ["bye"]


def test_back_after_the_conversation_began_from_nothing_leaves_nothing() -> None:
    talk = Talk(QUESTION).command("settings")

    talk.command("back")

    assert (talk.where, talk.said) == ("", ["nothing_back"])


def test_the_timer_of_the_wait_that_is_left_is_dropped_though_its_caller_began_in_the_same_turn() -> None:
    lapsing = (Timer("lapse", 72 * 3600, to="done"),)
    inner = flow("inner", offers("wait", option("on", "done"), timers=lapsing))
    outer = flow(
        "outer", State("calls", call=Call("inner", returns={"done": "bye"})), says("bye", "bye", end="done")
    )
    talk = Talk(outer, inner).begin().command("settings").press("none")

    talk.command("back")

    assert 1 in talk.disarmed
    assert talk.armed.keys() == {"lapse"}


def test_nothing_is_gone_back_to_behind_a_conversation_that_was_taken_up_again() -> None:
    door = flow(
        "door",
        offers("offer", option("resume", "resume"), option("anew", "ask")),
        State("ask", call=Call("question", returns={"done": "done"})),
        outcomes=("done", "resume"),
    )
    talk = Talk(door, QUESTION).begin().press("anew").danger().press("close").begin().press("resume")

    talk.command("back")

    assert (talk.where, talk.said) == ("question.name", ["nothing_back", "name?"])
