"""What else a story answers fills its slots, and those are cleared where it answers nothing; a gate asks."""

from __future__ import annotations

from dataclasses import replace

from bot.dialogue.expect import expected
from bot.dialogue.flow import Ask, Flow, Hears, Slot
from tests.dialogue.talk import Talk, asks, flow, offers, option, says, to

HEARS = (Hears("how", "other", "form"), Hears("whom", keys=("heard/sister",)))
OTHER = flow("other", offers("form", option("quiet", "done"), option("loud", "done")))
SLOTS = {
    "story": Slot("story", "text"),
    "how": Slot("how", "enum", of=("quiet", "loud")),
    "whom": Slot("whom", "text", max=10),
}


def told(**more: object) -> Flow:
    """Write a flow that asks for a story and skips what it has answered."""
    return flow(
        "told",
        asks("open", "story", "look", ask=Ask("story", hears=HEARS)),
        says("look", goto=(to("known", "known(how)"), to("form"))),
        offers("known", option("again", "open")),
        offers("form", option("quiet", "done")),
        slots=SLOTS,
        **more,
    )


def test_slots_that_a_story_answers_are_filled_and_what_they_ask_is_skipped() -> None:
    talk = Talk(told(), OTHER).begin().type("a story", heard=(("how", "quiet"), ("whom", "Sam")))

    assert talk.where == "told.known"
    assert talk.session.frames[0].slots == {"story": "a story", "how": "quiet", "whom": "Sam"}


def test_what_no_slot_can_hold_and_what_is_not_listened_for_is_left() -> None:
    talk = Talk(told(), OTHER).begin()

    talk.type("a story", heard=(("how", "gone"), ("whom", "x" * 11), ("story", "other")))

    assert talk.where == "told.form"
    assert talk.session.frames[0].slots == {"story": "a story"}


def test_a_second_story_answers_for_itself() -> None:
    talk = Talk(told(), OTHER).begin().type("one", heard=(("how", "quiet"),)).press("again").type("two")

    assert (talk.where, talk.session.frames[0].slots) == ("told.form", {"story": "two"})


def test_the_words_that_begin_a_conversation_are_heard_too() -> None:
    which = told(opening="story", hears=HEARS, entry="look")

    talk = Talk(which, OTHER).type("a story", heard=(("how", "loud"),))

    assert (talk.where, talk.session.frames[0].slots) == ("told.known", {"story": "a story", "how": "loud"})


def test_who_listens_knows_the_questions_whose_answers_may_be_heard() -> None:
    lost = (Hears("how", "other", "form", unless=("other", "form", "loud")), Hears("whom", "gone", "where"))
    idle = Talk(told(opening="story", hears=lost), OTHER)
    talk = Talk(told(), OTHER).begin()

    at_once, later = (expected(one.flows, one.session, one.now).hears for one in (idle, talk))

    assert [(one.slot, one.members, one.keys) for one in later] == [
        ("how", ("quiet", "loud"), ()),
        ("whom", (), ("heard/sister",)),
    ]
    assert later[0].asked is not None
    assert [one.id for one in later[0].asked.options] == ["quiet", "loud"]
    assert at_once[0].unless == (later[0].asked, "loud")
    assert (at_once[1].asked, at_once[1].unless) == (None, None)


def test_without_a_flow_to_begin_nothing_is_listened_for() -> None:
    talk = Talk(told(), OTHER, start="nowhere")

    assert expected(talk.flows, talk.session, talk.now).hears == ()


def test_the_option_that_a_slot_names_comes_first_among_the_buttons() -> None:
    which = flow("pick", offers("form", *(option(one, "done") for one in "abc"), first="hunch"))
    which = replace(which, slots={"hunch": Slot("hunch", "enum", of=("b", "none"), default="none")})

    plain, first = Talk(which).begin(), Talk(which).begin(hunch="b")

    assert (plain.shown, first.shown) == (["a", "b", "c"], ["b", "a", "c"])
    assert [one.id for one in expected(first.flows, first.session, first.now).options] == ["b", "a", "c"]
