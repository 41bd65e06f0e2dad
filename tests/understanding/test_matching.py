"""Reading what a person typed: clear answers are taken, commands are heard, and nothing is guessed."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.dialogue.events import Reading
from bot.dialogue.expect import Expectation
from bot.dialogue.flow import Slot
from bot.dialogue.guards import parse
from bot.understanding.matching import read
from tests.understanding.table import CLEAR, DRIVERS, GATE, INTERRUPTS, UNCLEAR, WORDS, no_page, table

PAGES = {"why do i do this": "why-push-away", "ghosting": "why-ghosting"}


def find(words: str) -> str | None:
    """Find a page whose words are in the question."""
    return next((page for asked, page in PAGES.items() if asked in words.lower()), None)


def option(text: str, expectation: Expectation) -> str | None:
    return read(text, expectation, WORDS, no_page).option


# --- options -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "meant"), [(text, meant) for meant, texts in CLEAR.items() for text in texts]
)
def test_what_clearly_means_one_option_is_taken(text: str, meant: str) -> None:
    assert option(text, table(*DRIVERS)) == meant


@pytest.mark.parametrize("text", UNCLEAR)
def test_what_means_no_option_is_not_taken_for_one(text: str) -> None:
    reading = read(text, table(*DRIVERS), WORDS, no_page)

    assert (reading.option, reading.interrupt) == (None, None)


@pytest.mark.parametrize(
    ("text", "place"),
    [
        *(
            ("2", 1),
            ("2.", 1),
            ("2)", 1),
            ("(2)", 1),
            ("#2", 1),
            ("2nd", 1),
            ("2️⃣", 1),
            ("two", 1),
            ("Two.", 1),
        ),
        *(("the second one", 1), ("second please", 1), ("option 2", 1), ("number two", 1), ("no. 2", 1)),
        *(("1", 0), ("the first", 0), ("7", 6), ("the last one", 6), ("last", 6)),
        *(("0", None), ("8", None), ("12", None), ("2 or 3", None), ("2 of my friends left", None)),
        *(("one of them", None), ("-1", None), ("2.5", None)),
    ],
)
def test_an_option_is_chosen_by_its_number(text: str, place: int | None) -> None:
    assert option(text, table(*DRIVERS)) == (None if place is None else DRIVERS[place])


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("I have nothing left for people", "empty"),
        ("i have NOTHING left for people!!", "empty"),
        ("It got too", "close"),
        ("it has been too long to answre", "shame"),
        ("that’s not it", "other"),
        ("I", None),
    ],
)
def test_a_label_is_enough_whole_begun_or_misspelt(text: str, meant: str | None) -> None:
    assert option(text, table(*DRIVERS)) == meant


def test_words_that_two_options_share_choose_neither_and_both_are_near() -> None:
    reading = read("people always leave. i feel guilty for ghosting him", table(*DRIVERS), WORDS, no_page)

    assert reading.option is None
    assert set(reading.near) >= {"first", "shame"}
    assert len(reading.near) <= 3


def test_what_stands_before_a_but_is_taken_back() -> None:
    before = option("people always leave", table(*DRIVERS))
    after = option("people always leave but that is not what i mean", table(*DRIVERS))

    assert (before, after) == ("first", None)


def test_a_denial_does_not_choose_what_it_denies() -> None:
    assert option("i don't feel numb", table(*DRIVERS)) is None
    assert option("it's not that i'm tired of everyone", table(*DRIVERS)) is None


def test_of_two_alike_the_one_that_has_a_button_is_meant() -> None:
    text = "people always leave. i feel guilty for ghosting him"
    shown = table("shame", "first", "other")
    left = replace(shown.options[1], typed=True, button=parse("energy > 1"))
    hidden = replace(shown, options=(shown.options[0], left, shown.options[2]))

    assert read(text, shown, WORDS, no_page).option is None
    assert set(read(text, shown, WORDS, no_page).near) >= {"shame", "first"}
    assert read(text, hidden, WORDS, no_page).option == "shame"
    assert read("people always leave", hidden, WORDS, no_page).option == "first"


# --- yes, no, and the gates ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        *((text, "yes") for text in ("yes", "Yes.", "y", "yeah", "yep", "yup i am", "yess", "oh yes")),
        *((text, "yes") for text in ("of course", "i do", "yes, I'm afraid of him", "yes i'm scared")),
        *((text, "no") for text in ("no", "No!", "nope", "nah", "nooo", "not at all", "no never")),
        *((text, "no") for text in ("no i'm not", "no he doesn't", "he doesn't", "well no", "n")),
        *((text, "unsure") for text in ("not sure", "I don't know", "idk", "dunno", "maybe")),
        *((text, "rather_not") for text in ("rather not say", "I'd rather not", "skip this")),
        *((text, "yes") for text in ("sí", "Sí, claro", "ja", "ja genau", "sí, le tengo miedo")),
        *((text, "no") for text in ("no, gracias", "nein", "nee danke", "überhaupt nicht")),
        *((text, None) for text in ("si me pega", "sí pero no", "jein", "ja, aber", "no sé")),
        *((text, None) for text in ("yes and no", "yeah no", "ok", "👍", "no idea", "no one is safe")),
        *((text, None) for text in ("not really", "no question", "nothing", "now", "know", "yesterday")),
    ],
)
def test_yes_and_no_are_heard_in_their_many_forms(text: str, meant: str | None) -> None:
    assert option(text, table(*GATE, passes="no")) == meant


@pytest.mark.parametrize(
    "text",
    ["no, not really", "no but he gets loud", "no, he's lovely when he's sober", "no, i am afraid of him",
     "i'm not afraid, he only shouts", "no\n\nhe hits me", "not any more", "no... or maybe",
     "safe with them, mostly", "no, it's me who is afraid", "it's not safe with them"],
)  # fmt: skip
def test_nothing_but_a_plain_no_opens_a_gate(text: str) -> None:
    assert option(text, table(*GATE, passes="no")) != "no"


def test_two_phrases_of_one_option_in_a_row_are_its_own_words() -> None:
    assert option("no it's safe with them", table(*GATE, passes="no")) == "no"
    assert option("no i am afraid of him", table(*GATE, passes="no")) is None


def test_a_yes_that_speaks_for_another_option_is_not_taken() -> None:
    assert option("yes, i don't know", table(*GATE)) != "yes"


def test_where_no_option_says_yes_a_yes_chooses_nothing() -> None:
    assert option("yes", table(*DRIVERS)) is None


# --- interrupts ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        *((text, "stop") for text in ("stop", "STOP!!", "please stop", "stop it please", "leave me alone")),
        *((text, "human") for text in ("are you human?", "are u a bot", "am I talking to a real persn")),
        *((text, "back") for text in ("back", "go back", "can we go back please", "one step back")),
        *((text, "why") for text in ("why?", "why do you ask", "tell me why")),
        *((text, None) for text in ("i can't stop thinking of it", "he won't leave me alone", "came back")),
        *(
            (text, None)
            for text in (
                "shop",
                "i want to stop him from leaving me because i cannot bear it",
            )
        ),
    ],
)
def test_a_command_in_words_is_heard_only_where_it_is_all_that_is_said(text: str, meant: str | None) -> None:
    for expectation in (table(*DRIVERS), table(*GATE), Expectation(interrupts=INTERRUPTS)):
        assert read(text, expectation, WORDS, no_page).interrupt == meant


def test_interrupts_come_before_options_and_in_their_rank() -> None:
    assert read("stop", table("stop", "yes"), WORDS, no_page) == Reading(interrupt="stop")


def test_who_answers_with_what_is_shown_means_what_is_shown() -> None:
    assert read("tell me why", table("why", "yes"), WORDS, no_page) == Reading(option="why")
    assert read("tell me why", table("yes"), WORDS, no_page) == Reading(interrupt="why")


@pytest.mark.parametrize("text", ["quiet", "quite", "stopp", "not now", "humans", "bock"])
def test_a_word_that_only_looks_like_a_command_is_none(text: str) -> None:
    assert read(text, Expectation(interrupts=INTERRUPTS), WORDS, no_page) == Reading()


def test_a_sign_without_words_is_an_answer_only_where_an_option_names_it() -> None:
    assert option("👍", table("fine", "no")) == "fine"
    assert option(" 👍🏽 ", table("fine", "no")) == "fine"
    assert option("👎", table("fine", "no")) is None


def test_an_interrupt_that_a_flow_denies_is_not_heard() -> None:
    without = Expectation(options=table(*GATE).options, interrupts=INTERRUPTS[:1])

    assert read("go back", without, WORDS, no_page).interrupt is None


@pytest.mark.parametrize(
    "text", ["why do I do this?", "Why do i do this", "tell me about ghosting", "explain ghosting"]
)
def test_a_question_is_why_with_its_page(text: str) -> None:
    reading = read(text, table(*DRIVERS), WORDS, find)

    assert (reading.interrupt, reading.option) == ("why", None)
    assert reading.why in PAGES.values()


@pytest.mark.parametrize(
    "text",
    ["why is the sky blue", "i feel guilty for ghosting him", "i wonder about ghosting",
     "why do i do this i mean i had a long day and then he called and then i just did not answer at all"],
)  # fmt: skip
def test_what_is_no_question_or_has_no_page_is_not_why(text: str) -> None:
    assert read(text, table(*DRIVERS), WORDS, find).interrupt is None


# --- beside a free answer ------------------------------------------------------------------------------

TEXT, NUMBER = Slot("person", "text"), Slot("energy", "int", min=0, max=3)


@pytest.mark.parametrize(
    "text",
    ["my friend Sam, i left him on read for weeks and now it is awkward", "Sam", "my mother",
     "hey, i went quiet. it's me, not you. i'm so tired of everyone right now", "two people from work",
     "a good friend who said no energy to answer anyone is fine"],
)  # fmt: skip
def test_a_free_answer_is_not_taken_for_an_option(text: str) -> None:
    assert option(text, table(*DRIVERS, slot=TEXT)) is None


@pytest.mark.parametrize(
    ("text", "meant"),
    [("that's not it", "other"), ("2", "burden"), ("I have nothing left for people", "empty"),
     ("so tired of everyone", "empty")],
)  # fmt: skip
def test_an_option_beside_a_free_answer_is_chosen_by_its_own_words(text: str, meant: str) -> None:
    assert option(text, table(*DRIVERS, slot=TEXT)) == meant


def test_what_has_no_button_is_taken_by_its_words_and_has_no_number() -> None:
    hidden = table("no", "unsure", "yes", typed="yes")

    assert option("i am afraid of him", hidden) == "yes"
    assert option("3", hidden) is None
    assert option("the last one", hidden) == "unsure"


def test_where_a_number_is_asked_for_a_number_is_not_an_options_place() -> None:
    assert option("2", table(*DRIVERS, slot=NUMBER)) is None
    assert option("two", table(*DRIVERS, slot=NUMBER)) is None
    assert option("option 2", table(*DRIVERS, slot=NUMBER)) == "burden"
    assert option("the second one", table(*DRIVERS, slot=NUMBER)) == "burden"


# --- anything at all -----------------------------------------------------------------------------------


@pytest.mark.parametrize("text", ["", "  ", "?!", "...", "\n\n", "🌊", "‍"])
def test_what_has_no_words_means_nothing(text: str) -> None:
    assert read(text, table(*DRIVERS), WORDS, find) == Reading()


@given(st.text(max_size=300))
def test_any_text_is_read_the_same_way_twice_and_only_as_what_is_on_the_table(text: str) -> None:
    expectation = table(*GATE, slot=TEXT)

    reading = read(text, expectation, WORDS, find)

    assert reading == read(text, expectation, WORDS, find)
    assert reading.option in {None, *GATE}
    assert set(reading.near) <= set(GATE)


@pytest.mark.parametrize("shape", ["no ", "yes, ", "i leave. ", "a", "stop ", "- but ", "1 2 ", "\n", "why "])
def test_only_the_beginning_of_an_endless_text_is_read(shape: str) -> None:
    text = shape * 5_000

    assert read(text, table(*DRIVERS), WORDS, find) == read(text[:2_000], table(*DRIVERS), WORDS, find)
