from __future__ import annotations

import re

import pytest

from bot.errors import PatternError
from bot.safety.patterns import LONGEST, parse
from tests.safety.sentences import lexicon


def spell(word: str) -> tuple[str, ...]:
    return {"dont": ("do", "not"), "really": ()}.get(word, (word,))


LISTS = {"who": parse("he|she|my (dad|mum)", spell, {})}


def finds(pattern: str, text: str) -> bool:
    found = parse(pattern, spell, LISTS)
    return re.search("(?<![^ ])" + found.source, "".join(f"{word} " for word in text.split())) is not None


@pytest.mark.parametrize(
    ("pattern", "yes", "no"),
    [
        ("want to die", "i want to die", "i want to diet"),
        ("(hit|hits) me", "he hits me", "he hit him"),
        ("am so? tired", "am tired", "so tired"),
        ("am (so|very)? tired of it", "am very tired of it", "am tired of them"),
        ("end .. life", "end my own life", "end this and get a life"),
        ("if ... again", "if he sings it again", "if he sings it to all of us again"),
        ("suicid* again", "suicidal again", "homicidal again"),
        ("{who} hits", "my dad hits", "the ball hits"),
        ("< suicide >", "< suicide >", "< suicide squad >"),
        ("dont go", "do not go", "go"),
        ("a (b|c (d|e)) f", "a c e f", "a c f"),
    ],
)
def test_a_pattern_finds_what_it_says_and_nothing_else(pattern, yes, no):
    assert finds(pattern, yes)
    assert not finds(pattern, no)


@pytest.mark.parametrize("cover", ["~~~", "<", ">"])
def test_a_gap_crosses_neither_a_covered_place_nor_the_end_of_a_sentence(cover):
    assert finds("want .. die", "want now die")
    assert not finds("want .. die", f"want {cover} die")


@pytest.mark.parametrize(
    ("pattern", "column", "message"),
    [
        ("want (to die", 5, "never closed"),
        ("want to) die", 7, "too many"),
        ("want () die", 6, "words are missing"),
        ("want (to|) die", 9, "words are missing"),
        ("", 0, "words are missing"),
        (".. die", 0, "begins with a word"),
        ("so? tired", 0, "begins with a word"),
        ("(so? very|quite) tired", 0, "begins with a word"),
        ("die ..", 0, "ends with no gap"),
        ("{nobody} cares", 0, "no list above is called 'nobody'"),
        ("i really want", 2, "'really' is a filler"),
        ("i want to di*", 10, "3 letters or more"),
        ("i want, now", 6, "',' means nothing here"),
        ("I want", 0, "'I' means nothing here"),
        ("a .. b .. c .. d .. e", 0, "more than 3 gaps"),
        ("a " * (LONGEST + 1), 0, f"more than {LONGEST} words"),
    ],
)
def test_a_wrong_pattern_is_refused_with_its_column(pattern, column, message):
    with pytest.raises(PatternError, match=re.escape(message)) as refused:
        parse(pattern, spell, LISTS)

    assert refused.value.column == column


@pytest.mark.parametrize(
    ("pattern", "needs"),
    [
        ("i want to die", {"die"}),
        ("i (kill|hang) myself", {"myself"}),
        ("(kill|hang) (me|you|him)", {"kill", "hang"}),
        ("suicid* of (me|you)", {"of"}),
        ("suicid* to? self*", set()),
    ],
)
def test_a_pattern_names_rare_words_without_which_it_cannot_match(pattern, needs):
    assert parse(pattern, spell, LISTS).needs == needs


def test_no_pattern_of_the_lexicon_can_run_away():
    found = lexicon()
    softening = [rule for one in found.softeners for rule in (*one.says, *one.unless)]
    rules = [*found.innocent, *(alarm.rule for alarm in found.alarms), *softening]
    bounded = re.compile(r"\(\?:\[\^ ~<>\]\+ \)\{0,[25]\}|\[\^ \]\* |\\.")

    left = [bounded.sub("", rule.source.removeprefix("(?<![^ ])")) for rule in rules]

    assert [source for source in left if re.search(r"[*+{.\[]", source)] == []
