from __future__ import annotations

from collections import Counter

import pytest

from tests.bench import danger
from tests.safety.sentences import heard, sentences

FLOORS = [
    # what must be heard, at which tiers, and the least share of the held-back sentences that is
    ("self hard", ("self hard", "self soft"), 0.93),
    ("self hard", ("self hard",), 0.90),
    ("self soft", ("self hard", "self soft"), 0.90),
    ("unsafe hard", ("unsafe hard", "unsafe soft"), 0.90),
    ("unsafe soft", ("unsafe hard", "unsafe soft"), 0.75),
]


def test_every_written_sentence_is_heard_as_the_table_says():
    wrong = [(one.text, one.expected, heard(one.text)) for one in sentences("written")]

    assert [row for row in wrong if row[1] != row[2]] == []


@pytest.mark.parametrize(("expected", "accepted", "floor"), FLOORS)
def test_held_back_sentences_are_heard_above_the_floor(expected, accepted, floor):
    texts = [one.text for one in sentences("held_back") if one.expected == expected]

    share = sum(heard(text) in accepted for text in texts) / len(texts)

    assert share >= floor


@pytest.mark.parametrize(("tiers", "ceiling"), [(("soft", "hard"), 0.06), (("hard",), 0.02)])
def test_held_back_ordinary_talk_rarely_raises_an_alarm(tiers, ceiling):
    texts = [one.text for one in sentences("held_back") if one.expected == "- none"]

    alarms = sum(heard(text).split()[1] in tiers for text in texts)

    assert alarms / len(texts) <= ceiling


def test_sentences_written_against_the_rules_show_what_is_not_heard():
    late = sentences("late")

    flagged = sum(heard(one.text) != "- none" for one in late if one.expected == "self hard")
    false = sum(heard(one.text) != "- none" for one in late if one.expected == "- none")

    assert flagged >= 15  # of 25: the rest is why the flows ask, and why a model is to follow
    assert false <= 2  # of 36


def test_the_tables_hold_every_disguise_and_share_no_sentence():
    written, held_back = sentences("written"), sentences("held_back")

    disguises = {one.disguise for one in written} & {one.disguise for one in held_back}

    assert len(written) >= 300
    assert len(held_back) >= 150
    assert {"plain", "veiled", "joking", "past", "other", "negated", "idiom", "hyperbole"} <= disguises
    assert {"sadness", "cutting_off", "esl", "teen", "elderly", "typos", "leet", "homoglyph"} <= disguises
    assert not {one.text.lower() for one in written} & {one.text.lower() for one in held_back}


@pytest.mark.parametrize("table", ["written", "held_back", "late"])
def test_no_sentence_stands_twice_with_two_meanings(table):
    counts = Counter(one.text for one in sentences(table))

    assert [text for text, count in counts.items() if count > 1] == []


def test_the_bench_prints_every_table_and_what_was_missed(capsys):
    danger.main(["--missed", "--rules"])

    printed = capsys.readouterr().out

    assert "written: " in printed
    assert "held_back: " in printed
    assert "late: " in printed
    assert printed.count("all of them") == 3
    never_tuned = (*sentences("held_back"), *sentences("late"))
    missed = sum(heard(one.text) != one.expected for one in never_tuned)
    assert printed.count(" heard as ") == missed
