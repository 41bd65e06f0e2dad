"""Rule 6: a text written before the question was delivered does not answer it."""

from tests.dialogue.talk import Talk, asks, flow, offers, option, text

TWO = flow(
    "two",
    asks("first", "story", "second"),
    asks("second", "name", "third"),
    offers("third", option("x", "done")),
    slots=text("story", max=60) | text("name"),
)


def test_a_late_text_joins_the_answer_before_it() -> None:
    talk = Talk(TWO).begin()
    seen = talk.session.turn
    talk.type("it is about", seen=seen)

    talk.type("my sister", seen=seen)

    assert (talk.where, talk.said) == ("two.second", [])
    assert talk.slots == {"story": "it is about\nmy sister"}


def test_a_text_sent_after_the_question_was_seen_answers_it() -> None:
    talk = Talk(TWO).begin().type("a story")

    assert talk.type("Sam", seen=talk.session.turn).slots["name"] == "Sam"


def test_a_late_text_uses_up_no_try_and_no_option() -> None:
    talk = Talk(TWO).begin().type("a story").type("Sam")

    talk.type("x", option="x", seen=1)

    assert (talk.where, talk.session.frames[0].tries) == ("two.third", 0)


def test_a_late_text_that_has_nowhere_to_go_is_kept_aside() -> None:
    talk = Talk(TWO).begin().type("a story")
    talk.type("y" * 60, seen=0)
    talk.command("settings").type("wait, also this", seen=0)

    assert talk.session.asides == ("y" * 60, "wait, also this")
    assert talk.session.frames[0].slots == {"story": "a story"}


def test_a_late_text_without_a_limit_of_its_own_joins_too() -> None:
    free = flow("free", asks("a", "one", "b"), asks("b", "two", "done"), slots=text("one") | text("two"))

    talk = Talk(free).begin().type("first").type("and more", seen=0)

    assert talk.slots == {"one": "first\nand more"}


def test_danger_in_a_late_text_is_danger() -> None:
    assert Talk(TWO).begin().type("a story").danger(seen=0).where == "crisis.card"


def test_stop_in_a_late_text_is_stop_but_back_is_not_taken_back_twice() -> None:
    talk = Talk(TWO).begin().type("a story")

    assert talk.type("go back", interrupt="back", seen=0).where == "two.second"
    assert talk.type("stop", interrupt="stop", seen=0).where == ""
