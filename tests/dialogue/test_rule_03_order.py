"""Rule 3: danger, then commands, a valid press, interrupts, an option, the answer, else not understood."""

from bot.dialogue.events import Answered, Commanded, Concern, Reading
from bot.dialogue.expect import expected, pressed
from bot.dialogue.flow import Call, Slot, State
from bot.dialogue.flows import Danger
from bot.dialogue.guards import parse
from tests.dialogue.talk import (
    DANGERS,
    QUESTION,
    Talk,
    asks,
    flow,
    offers,
    option,
    says,
)

EITHER = flow(
    "either",
    offers(
        "pick", option("low", "low"), ask=asks("x", "energy", "typed").ask, goto=asks("x", "y", "typed").goto
    ),
    says("low", "low", end="done"),
    says("typed", "typed", end="done"),
    slots={"energy": Slot("energy", "int", min=0, max=3)},
)


def test_danger_comes_before_everything_else_in_the_same_text() -> None:
    talk = Talk(QUESTION).begin().type("Sam")

    talk.event(Answered("stop", Concern("self", "hard"), Reading(interrupt="stop", option="good")))

    assert (talk.where, talk.said) == ("crisis.card", ["card?"])


def test_danger_in_the_words_behind_a_command_comes_before_the_command() -> None:
    talk = Talk(QUESTION).begin()

    talk.event(Commanded("why", "…", None, Concern("self", "hard")))

    assert talk.where == "crisis.card"


def test_an_interrupt_comes_before_an_options_words() -> None:
    talk = Talk(QUESTION).begin().type("Sam")

    talk.type("help", option="good", interrupt="help")

    assert (talk.said, talk.where) == (["help", "mood?"], "question.mood")


def test_an_options_words_come_before_the_parsed_answer() -> None:
    assert Talk(EITHER).begin().type("2", option="low").said == ["low"]


def test_what_fits_no_option_is_parsed_as_the_answer() -> None:
    assert Talk(EITHER).begin().type("2").said == ["typed"]


def test_what_fits_nothing_is_not_understood_and_the_options_are_offered_again() -> None:
    talk = Talk(EITHER).begin().type("purple")

    assert (talk.said, talk.shown, talk.session.frames[0].tries) == (["pick_again"], ["low"], 1)


def test_an_option_that_is_not_shown_cannot_be_meant_or_pressed() -> None:
    hiding = flow(
        "h", offers("pick", option("a", "done", when="energy > 2"), option("b", "done")), slots=EITHER.slots
    )
    talk = Talk(hiding).begin(energy=1)

    assert talk.shown == ["b"]
    assert talk.type("a", option="a").said == ["pick_again"]
    assert talk.press("a").said == ["stale", "pick?"]


def test_an_option_that_is_only_typed_has_no_button_and_is_taken_in_words() -> None:
    hearing = flow("h", offers("pick", option("a", "done", typed=True), option("b", "done")))
    talk = Talk(hearing).begin()

    assert talk.shown == ["b"]
    assert [one.id for one in expected(talk.flows, talk.session, talk.now).options] == ["b", "a"]
    assert talk.press("a").said == ["stale", "pick?"]
    assert talk.type("a", option="a").where == ""


def test_an_option_without_its_button_is_heard_in_words_and_comes_behind_those_that_have_one() -> None:
    first = option("a", "done", button=parse("energy > 2"))
    hearing = flow("h", offers("pick", first, option("b", "done")), slots=EITHER.slots)
    hidden, shown = Talk(hearing).begin(energy=1), Talk(hearing).begin(energy=3)

    assert (hidden.shown, shown.shown) == (["b"], ["a", "b"])
    assert [one.id for one in expected(hidden.flows, hidden.session, hidden.now).options] == ["b", "a"]
    assert hidden.press("a").said == ["stale", "pick?"]
    assert hidden.type("a", option="a").where == shown.press("a").where == ""


def test_a_press_from_an_old_turn_changes_nothing_and_gets_a_kind_answer() -> None:
    talk = Talk(QUESTION).begin().type("Sam")
    talk.command("back").type("Samira")
    before = (talk.session.frames, talk.session.memory, talk.session.past)

    talk.press("good", turn=2)

    assert talk.said == ["stale", "mood?"]
    assert (talk.session.frames, talk.session.memory, talk.session.past) == before


def test_a_press_shown_before_an_interrupt_is_still_valid() -> None:
    talk = Talk(QUESTION).begin().type("Sam")
    shown = talk.session.turn
    talk.command("why")

    assert talk.press("good", turn=shown).said == ["bye"]


def test_a_press_from_the_future_or_from_another_state_is_stale() -> None:
    talk = Talk(QUESTION).begin().type("Sam")

    assert talk.press("good", turn=99).said == ["stale", "mood?"]
    assert talk.press("good", state="name").said == ["stale", "mood?"]


def test_two_taps_do_one_thing() -> None:
    two = flow("two", offers("a", option("x", "b")), offers("b", option("x", "done"), option("z", "done")))
    talk = Talk(two).begin()
    shown = talk.session.turn
    talk.press("x", turn=shown)
    after = talk.session

    talk.event(pressed(talk.flows, talk.session, shown, 0))

    assert (talk.effects, talk.session) == ((), after)
    assert talk.where == "two.b"


def test_a_flow_may_deny_a_small_interrupt_but_never_stop() -> None:
    denying = flow("d", offers("a", option("x", "done")), deny=frozenset({"help", "stop", "why"}))
    talk = Talk(denying).begin()

    assert talk.command("help").said == ["not_understood", "a?"]
    assert talk.type("help", interrupt="help").said == ["a_again"]
    assert talk.command("stop").said == ["stopped"]


def test_a_graver_danger_interrupts_a_lesser_one_and_hands_back() -> None:
    talk = Talk(QUESTION).begin().danger("unsafe")
    assert talk.where == "unsafe.believe"

    talk.danger("self")
    assert talk.where == "crisis.card"

    talk.press("close")
    assert (talk.where, talk.said) == ("unsafe.believe", ["believe?"])


def test_the_words_of_a_crisis_do_not_start_it_over() -> None:
    talk = Talk(QUESTION).begin().danger()

    talk.danger("self", "hard")
    talk.danger("self", "soft")
    talk.danger("unsafe", "hard")

    assert (talk.where, talk.said) == ("crisis.card", ["card_again"])
    assert len(talk.session.frames) == 1


def test_a_question_about_safety_gives_way_to_the_card_and_is_not_asked_again() -> None:
    talk = Talk(QUESTION).begin().type("Sam").danger("self", "soft").danger("self", "hard")
    assert talk.where == "crisis.card"

    talk.press("back")

    assert (talk.where, talk.slots) == ("question.mood", {"name": "Sam"})


def test_a_question_about_safety_inside_a_conversation_is_parked_with_it() -> None:
    asks_first = flow("main", State("check", call=Call("asking", returns={"fine": "done", "closed": "done"})))
    talk = Talk(asks_first).begin().danger("self", "hard")
    assert talk.where == "crisis.card"

    talk.press("close")

    assert talk.session.frames == ()
    assert [frame.flow for frame in talk.session.parked] == ["main", "asking"]


def test_a_hard_danger_is_heard_inside_the_question_about_a_soft_one_of_another_kind() -> None:
    talk = Talk(QUESTION).begin().danger("self", "soft").danger("unsafe", "hard")
    assert talk.where == "unsafe.believe"

    talk.danger("unsafe", "hard").press("end")

    assert talk.where == "asking.sure"


def test_a_concern_that_no_flow_answers_is_an_answer_like_any_other() -> None:
    assert Talk(QUESTION).begin().danger("minor").where == "question.mood"


def test_a_figure_of_speech_takes_one_tap_and_the_same_question_stands_again() -> None:
    talk = Talk(QUESTION).begin().type("Sam").danger("self", "soft")

    talk.press("fine")

    assert (talk.where, talk.said, talk.shown) == ("question.mood", ["mood?"], ["good", "bad"])
    assert talk.slots == {"name": "Sam"}


def test_a_crisis_parks_the_conversation_until_the_person_asks_for_it() -> None:
    talk = Talk(QUESTION).begin().type("Sam").danger().press("close")
    assert talk.where == ""
    assert talk.session.parked

    talk.command("resume")

    assert (talk.where, talk.said) == ("question.mood", ["mood?"])


def test_what_an_unsafe_answer_interrupted_is_not_kept() -> None:
    talk = Talk(QUESTION).begin().type("Sam").danger("unsafe").press("end")

    assert (talk.where, talk.session.parked) == ("", ())


def test_an_unsafe_sign_that_was_a_mistake_hands_back() -> None:
    assert Talk(QUESTION).begin().type("Sam").danger("unsafe").press("mistaken").where == "question.mood"


def test_danger_is_heard_on_an_idle_session() -> None:
    talk = Talk(QUESTION).danger()

    assert (talk.where, talk.session.parked) == ("crisis.card", ())
    assert talk.press("back").where == ""


def test_a_crisis_makes_this_visit_and_the_next_one_careful() -> None:
    talk = Talk(QUESTION).begin().danger()
    careful = [talk.session.careful]
    for _ in range(2):
        careful.append(talk.later(hours=7).type("hm").session.careful)

    assert careful == [2, 1, 0]


LADDER = tuple(Danger(f"gate {n}", "hard", f"care {n}") for n in range(6))
CARES = tuple(flow(one.call, offers("card", option("end", "done"))) for one in LADDER)


def test_of_many_dangers_in_a_row_the_gravest_finds_room_and_what_waits_below_stays_bounded() -> None:
    talk = Talk(QUESTION, *CARES, dangers=LADDER).begin().type("Sam")

    depths = [len(talk.danger(one.gate).session.frames) for one in reversed(LADDER)]

    assert depths == [1, 2, 3, 4, 5, 1]
    assert talk.where == "care 0.card"
    assert [frame.flow for frame in talk.session.parked] == ["question"]


def test_the_card_takes_the_place_of_its_own_question_above_another_danger() -> None:
    talk = Talk(QUESTION, dangers=(*DANGERS[:2], DANGERS[2])).begin().type("Sam").danger("unsafe")

    talk.danger("self", "soft").danger("self", "hard")

    assert [frame.flow for frame in talk.session.frames] == ["unsafe", "crisis"]
    assert [frame.flow for frame in talk.session.parked] == ["question"]
    assert talk.press("close").where == "unsafe.believe"


def test_what_was_parked_is_let_go_by_a_danger_that_another_flow_called_or_stood_above() -> None:
    asked = flow(
        "asked",
        offers("ask", option("yes", "yes"), option("no", "fine")),
        State("yes", call=Call("unsafe", returns={"fine": "fine", "closed": "closed"})),
        outcomes=("fine", "closed"),
    )
    soft = Danger("unsafe", "soft", "asked")
    called = Talk(QUESTION, asked, dangers=(*DANGERS, soft)).begin().type("Sam").danger("unsafe", "soft")
    above = Talk(QUESTION).begin().type("Sam").danger("self", "soft").danger("unsafe")

    assert called.press("yes").press("end").session.parked == ()
    assert above.press("end").where == "asking.sure"
    assert above.session.parked == ()


def test_whoever_leaves_a_danger_by_stop_is_met_with_care() -> None:
    left = Talk(QUESTION).begin().danger("unsafe").command("stop")
    merely_stopped = Talk(QUESTION).begin().command("stop")

    assert (left.where, left.session.careful) == ("", 2)
    assert merely_stopped.session.careful == 0
