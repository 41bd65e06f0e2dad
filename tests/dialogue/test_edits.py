"""A question may offer words that are there to be changed; what they become is an answer like any other."""

from dataclasses import replace

from bot.dialogue.effects import Edit
from bot.dialogue.flow import Ask, Flow
from tests.dialogue.talk import Talk, asks, flow, text

WORDS = flow(
    "words",
    asks("draft", "draft", "name", ask=Ask("draft", "wording")),
    asks("name", "name", "done"),
    slots=text("draft", max=280) | text("name"),
)


def offered(talk: Talk) -> list[Edit | None]:
    return [say.edits for say in talk.says]


def test_the_question_offers_them_with_their_bound_and_the_next_one_does_not() -> None:
    talk = Talk(WORDS).begin()

    assert offered(talk) == [Edit("wording", 280)]
    assert offered(talk.type("Hello Sam")) == [None]
    assert talk.slots["draft"] == "Hello Sam"


def test_they_are_offered_again_wherever_the_question_is_asked_again() -> None:
    talk = Talk(WORDS).begin()

    assert offered(talk.type("x" * 281)) == [Edit("wording", 280)]
    assert offered(talk.command("why")) == [None, Edit("wording", 280)]


def test_a_slot_without_a_bound_leaves_it_open() -> None:
    boundless: Flow = replace(WORDS, slots=text("draft") | text("name"))

    assert offered(Talk(boundless).begin()) == [Edit("wording", None)]
