"""Two answers named in one text are both heard where two may be named, and nothing else is taken for two."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.dialogue.events import Reading
from bot.understanding.both import two_numbers
from bot.understanding.matching import ranked, read
from tests.understanding.table import DRIVERS, WORDS, no_page, table


@pytest.mark.parametrize(
    ("text", "pair"),
    [
        *((text, (0, 2)) for text in ("1 and 3", "1, 3", "1 & 3", "1 3", "#1 and #3", "first and third")),
        *((text, (0, 2)) for text in ("The first one, and then the third.", "number one and number three")),
        *((text, (0, 2)) for text in ("la primera y la tercera", "uno y tres", "das erste und das dritte")),
        *((text, (2, 0)) for text in ("3 and 1", "the last and the first", "la última y la primera")),
        *(
            (text, (0, 1))
            for text in ("the first two", "First 2 ones", "las dos primeras", "los primeros dos")
        ),
        *(
            (text, (0, 1))
            for text in ("die ersten beiden", "die zwei ersten", "I think the first two please")
        ),
        *((text, (1, 2)) for text in ("the last two", "las dos últimas", "die letzten beiden")),
        *((text, None) for text in ("1", "1 and 1", "1, 2 and 3", "4 and 9", "12", "both", "ambas", "beide")),
        *(
            (text, None)
            for text in ("", "and", "the first and the worst", "two of these", "1 or 2", "1st of May")
        ),
    ],
)
def test_two_numbers_are_heard_in_three_languages(text: str, pair: tuple[int, int] | None) -> None:
    assert two_numbers(text, 5, 3) == pair


@pytest.mark.parametrize(
    "text", ["both", "both of them", "The two", "las dos", "ambos", "alle beide", "beides"]
)
def test_both_are_the_two_where_there_are_two(text: str) -> None:
    assert two_numbers(text, 4, 2) == (0, 1)
    assert two_numbers(text, 1, 1) is None


def test_two_options_are_heard_by_their_words_and_the_one_that_leads_to_them_comes_first() -> None:
    one, other, third = DRIVERS[:3]
    both = replace(table(*DRIVERS), several=(one, other), lead=(third,))
    text = f"{WORDS.says(one)[0]} and {WORDS.says(other)[0]}"

    reading = read(text, both, WORDS, no_page)

    assert reading == Reading(several=(third, one, other))
    assert ranked(text, reading, both, WORDS)[0] == (third, 1.0)


@pytest.mark.parametrize("several", [(), DRIVERS[:1], DRIVERS[1:3]], ids=["none", "one", "two others"])
def test_two_are_heard_only_where_they_may_be_named(several: tuple[str, ...]) -> None:
    expectation = replace(table(*DRIVERS), several=tuple(several))

    assert read("1 and 4", expectation, WORDS, no_page).several == ()


def test_a_story_names_no_two_options() -> None:
    expectation = replace(table(*DRIVERS), several=tuple(DRIVERS))

    assert read("well " * 30 + "and 2", expectation, WORDS, no_page).several == ()
