"""Style is checked in every language: short, easy to read, and free of words that are never said."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.content.checks.style import lix, words_in
from bot.content.never import Rule, plainly, read_never
from tests.content.house import told


def found(rule: Rule, text: str, prompt: str = "talk/again") -> list[str]:
    return [words for _, words in rule.found(prompt, plainly(text))]


RULE = Rule(
    "r", "Because.", ("therap*", "you must", "*mate", "don't go"), ("nothing you must",), ("why", "a/b")
)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("It is no therapy.", ["therapy"]),
        ("You\n  MUST rest.", ["You MUST"]),
        ("There is nothing you must do.", []),
        ("Your flatmate, your mate", ["flatmate", "mate"]),
        ("Material, mates and youmust", []),
        ("Please don’t go.", ["don't go"]),
        ("They may say: “you must write”.", []),
        ("„you must“ «don't go»", []),
    ],
)
def test_a_rule_finds_its_words_whole_and_not_in_quotes(text: str, words: list[str]) -> None:
    assert found(RULE, text) == words


@pytest.mark.parametrize(("prompt", "words"), [("why/x", []), ("a/b", []), ("a/bc", ["therapy"])])
def test_a_rule_leaves_the_prompts_alone_that_may_say_its_words(prompt: str, words: list[str]) -> None:
    assert found(RULE, "therapy", prompt) == words


def test_a_list_that_is_no_list_is_told_and_the_rest_of_it_used(tmp_path: Path) -> None:
    (tmp_path / "never.yaml").write_text(
        "schema: never/1\nrules:\n  a: {why: So., wrods: [x]}\n  b: {why: So.}\n"
    )

    rules, faults = read_never(tmp_path)

    assert [rule.id for rule in rules] == ["a"]
    assert [(fault.code, fault.spot.line) for fault in faults] == [("Y120", 3), ("Y121", 4)]


def test_a_language_without_a_list_has_no_rules(tmp_path: Path) -> None:
    assert read_never(tmp_path) == ((), [])


def test_a_word_is_found_in_a_branch_and_in_a_text_that_a_tag_puts_out(tmp_path: Path) -> None:
    never = "schema: never/1\nrules:\n  r: {why: So., words: [must]}\n"
    tag = "{{ 'you must' if night else 'no' }} {{ line('x/must') }}"
    line = f"{{% if night %}}\nGo.\n{{% else %}}\nYou must.\n{{% endif %}}\n{tag}"
    files = {"prompts/en/never.yaml": never, "prompts/en/talk/again.j2": line, "prompts/en/x/must.j2": "ok"}

    assert [one for one in told(tmp_path, files) if "W618" in one] == [
        "prompts/en/talk/again.j2:4 W618",
        "prompts/en/talk/again.j2:6 W618",
    ]


def test_long_words_in_long_sentences_are_hard_and_a_line_is_a_sentence() -> None:
    assert lix("You can go. Or stay.") < 10
    assert lix("Notwithstanding complications, considerations necessitate deliberation") > 90
    assert lix("one two three\nfour five six") == 3
    assert lix("") == 0


def test_a_number_and_an_address_are_a_word_each() -> None:
    assert words_in("Call 0800 111 0 111 or https://findahelpline.com/a/b now") == 5


def test_a_translation_is_held_to_the_same(tmp_path: Path) -> None:
    files = {
        "prompts/de/never.yaml": "schema: never/1\nrules:\n  r: {why: So., words: [du musst]}\n",
        "prompts/de/talk/again.j2": "Du musst *nichts.",
    }

    found = [one for one in told(tmp_path, files) if "/de/" in one]

    assert found == ["prompts/de/talk/again.j2:1 W618", "prompts/de/talk/again.j2:1 W622"]
