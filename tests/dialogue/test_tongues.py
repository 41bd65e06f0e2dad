"""A person is answered in the language they chose, else in the one they write, where we speak it."""

from __future__ import annotations

from bot.dialogue.events import Answered, Concern
from bot.dialogue.flow import Line, Slot, Value
from bot.dialogue.session import Session
from bot.dialogue.tongues import first_met, read_in
from tests.dialogue.talk import LINES, QUESTION, Talk, flows_of

MEMORY = {
    "language": Slot("language", "enum", of=("en", "es", "de"), default="en"),
    "language_chosen": Slot("language_chosen", "bool", default=False),
}
SPOKEN = {
    "memory": MEMORY,
    "lines": {
        **LINES,
        "tongue_changed": Line("tongue_changed"),
        "tongue_unknown": Line("tongue_unknown"),
    },
}


def talk(**memory: Value) -> Talk:
    person = Talk(QUESTION)
    person.flows = flows_of(QUESTION, **SPOKEN)
    person.session = Session("s", memory=memory)
    return person


def test_whoever_writes_in_another_language_is_answered_in_it_and_told_so() -> None:
    person = talk().begin()

    person.event(Answered("me llamo Ana", tongue="es"))

    assert person.session.memory["language"] == "es"
    assert person.said == ["tongue_changed + mood?"]


def test_the_language_stays_when_nothing_tells_another() -> None:
    person = talk(language="es", language_chosen=False).begin()

    person.event(Answered("Ana"))

    assert person.session.memory["language"] == "es"
    assert person.said == ["mood?"]


def test_a_language_that_was_chosen_is_not_overruled_by_what_a_text_looks_like() -> None:
    person = talk(language="en", language_chosen=True).begin()

    person.event(Answered("me llamo Ana", tongue="es"))

    assert person.session.memory["language"] == "en"
    assert person.said == ["mood?"]


def test_a_danger_changes_the_language_and_nothing_stands_above_its_card() -> None:
    person = talk().begin()

    person.event(Answered("…", Concern("self", "hard"), tongue="de"))

    assert person.session.memory["language"] == "de"
    assert person.said == ["card?"]


def test_a_language_nobody_here_speaks_is_met_with_a_line_and_costs_a_try_where_it_was_no_answer() -> None:
    person = talk().begin(name="Sam")
    person.event(Answered("Sam"))

    person.event(Answered("je ne sais pas", tongue="other"))

    assert person.said == ["tongue_unknown + mood?"]
    assert person.session.frames[-1].tries == 1
    assert person.shown == ["good", "bad"]
    assert person.event(Answered("je ne sais pas", tongue="other")).where == "question.mood"
    assert person.event(Answered("je ne sais pas", tongue="other")).where == ""


def test_it_is_met_so_at_the_first_word_too_and_a_question_for_words_takes_it() -> None:
    person = talk()

    person.event(Answered("bonjour", tongue="other"))

    assert person.said == ["tongue_unknown + name?"]
    assert person.event(Answered("ma sœur", tongue="other")).said == ["mood?"]
    assert "language" in person.session.memory


def test_where_one_language_is_spoken_nothing_is_said_of_others() -> None:
    person = Talk(QUESTION).begin()

    assert person.event(Answered("me llamo Ana", tongue="es")).said == ["mood?"]
    assert person.event(Answered("je ne sais pas", tongue="other")).said == ["mood_again"]


def test_a_text_is_read_in_its_own_language_where_we_speak_it() -> None:
    flows = flows_of(QUESTION, **SPOKEN)

    assert read_in(flows, "es", "en") == "es"
    assert read_in(flows, "", "de") == "de"
    assert read_in(flows, "other", "de") == "de"
    assert read_in(flows, "", "en") == "en"


def test_whoever_is_new_is_met_in_the_language_of_their_app() -> None:
    flows = flows_of(QUESTION, **SPOKEN)
    new, known = Session("s"), Session("s", turn=3)

    assert first_met(flows, new, "de-AT").memory == {"language": "de"}
    assert first_met(flows, new, "fr") is new
    assert first_met(flows, new, "") is new
    assert first_met(flows, known, "de") is known
