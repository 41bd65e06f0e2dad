"""YAML 1.2 as authors mean it, and every slip told at its place."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bot.content.faults import Fault, Spot
from bot.content.yaml12 import DEEPEST, LARGEST, MOST, Tree, read


def good(text: str | bytes) -> Tree:
    tree, faults = read(text, "f.yaml")
    assert faults == []
    assert tree is not None
    return tree


def faults_in(text: str | bytes) -> list[tuple[str, int, int]]:
    return [(fault.code, fault.spot.line, fault.spot.column) for fault in read(text, "f.yaml")[1]]


def only_fault(text: str | bytes) -> Fault:
    faults = read(text, "f.yaml")[1]
    assert len(faults) == 1, [str(fault) for fault in faults]
    return faults[0]


# --- what a plain text stands for ----------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    ["yes", "no", "on", "off", "Yes", "NO", "y", "n", "22:00", "1:30:00", "1_000", "0b11", "2020-01-01",
     "1.2.3", "0o8", "+", ".", "..", "e3", "tRue", "nUll", "1e", "0xg", "=", "<", "-.", "9" * 5000],
)  # fmt: skip
def test_what_other_yamls_turn_into_something_else_stays_text(text: str) -> None:
    assert good(f"a: {text}").data == {"a": text}


@pytest.mark.parametrize(
    ("text", "value"),
    [("true", True), ("True", True), ("TRUE", True), ("false", False), ("False", False), ("FALSE", False),
     ("null", None), ("Null", None), ("NULL", None), ("~", None), ("", None),
     ("0", 0), ("012", 12), ("-3", -3), ("+4", 4), ("0o17", 15), ("0x1F", 31),
     ("1.5", 1.5), (".5", 0.5), ("1.", 1.0), ("-1e3", -1000.0), ("1e+2", 100.0), (".inf", float("inf")),
     ("-.INF", float("-inf"))],
)  # fmt: skip
def test_the_core_schema_has_these_values(text: str, value: Any) -> None:
    found = good(f"a: {text}").data["a"]

    assert found == value
    assert type(found) is type(value)


@pytest.mark.parametrize("text", ["true", "null", "12", "1.5", ""])
def test_a_quoted_value_is_always_text(text: str) -> None:
    assert good(f"a: '{text}'\nb: \"{text}\"").data == {"a": text, "b": text}


def test_a_key_may_be_a_word_that_other_yamls_read_as_true() -> None:
    assert good("yes: 1\non: 2\n22:00: 3").data == {"yes": 1, "on": 2, "22:00": 3}


@given(st.recursive(
    st.none() | st.booleans() | st.integers(-(10**17), 10**17) | st.text(alphabet="ab é😀'\"\\:#,-\n"),
    lambda inner: st.lists(inner, max_size=3)
    | st.dictionaries(st.text("ab:'\" ", min_size=1), inner, max_size=3),
))  # fmt: skip
@example({"a": ["<<", "*x", "&y", "!z"]})
def test_json_reads_as_what_it_says(value: Any) -> None:
    assert good(json.dumps(value, ensure_ascii=False) + "\n").data == value


# --- what is refused -----------------------------------------------------------------------------------


def test_a_duplicate_key_names_both_places_and_the_first_counts() -> None:
    tree, faults = read("a: 1\nb: {x: 1, x: 2}\na: 3\n", "f.yaml")

    assert tree is not None
    assert tree.data == {"a": 1, "b": {"x": 1}}
    assert [str(fault) for fault in faults] == [
        "f.yaml:2:11 Y105 the key 'x' is here a second time; it stands already at line 2, column 5",
        "f.yaml:3:1 Y105 the key 'a' is here a second time; it stands already at line 1, column 1",
    ]


@pytest.mark.parametrize(
    ("key", "named"),
    [("1", "the number `1`"), ("true", "the truth value `true`"), ("~", "nothing"), ("? [a]\n", "a list")],
)
def test_a_key_that_is_no_text_is_refused_and_the_rest_is_read(key: str, named: str) -> None:
    tree, faults = read(f"b: 1\n{key}: 2\nc: 3", "f.yaml")

    assert tree is not None
    assert tree.data == {"b": 1, "c": 3}
    assert [fault.code for fault in faults] == ["Y106"]
    assert named in faults[0].message


def test_braces_around_a_text_are_told_as_a_key_that_is_a_mapping() -> None:
    fault = only_fault("say: {{ name }}")

    assert (fault.code, fault.spot.column) == ("Y106", 7)
    assert "quotes" in fault.fix


def test_a_tag_is_refused_and_its_value_read_as_plain_data() -> None:
    tree, faults = read("a: !!python/object/apply:os.system [ls]\nb: !mine 3\nc: !!str 4", "f.yaml")

    assert tree is not None
    assert tree.data == {"a": ["ls"], "b": "3", "c": "4"}
    assert [fault.code for fault in faults] == ["Y107"] * 3
    assert "!!python/object/apply:os.system" in faults[0].message


def test_a_second_document_is_refused() -> None:
    assert faults_in("a: 1\n---\nb: 2\n") == [("Y108", 2, 1)]


def test_a_first_document_may_be_marked() -> None:
    assert good("# flow\n---\na: yes\n").data == {"a": "yes"}


@pytest.mark.parametrize("text", ["", "\n\n", "# only a comment\n", b""])
def test_an_empty_file_is_told(text: str | bytes) -> None:
    assert faults_in(text) == [("Y102", 1, 1)]


# --- anchors -------------------------------------------------------------------------------------------


def test_an_anchor_may_be_used_modestly() -> None:
    tree = good("a: &lapse [{id: lapse, after: 72h}]\nb: *lapse\nc: &x 3\nd: *x\n")

    assert tree.data["b"] == tree.data["a"]
    assert tree.data["d"] == 3


def test_an_anchor_named_again_means_the_newer_value() -> None:
    assert good("a: &x 1\nb: &x 2\nc: *x").data == {"a": 1, "b": 2, "c": 2}


def test_an_alias_bomb_is_refused_before_it_grows() -> None:
    bomb = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n" + "".join(
        f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]\n" for n in range(1, 40)
    )

    tree, faults = read(bomb, "f.yaml")

    assert tree is None
    assert [fault.code for fault in faults] == ["Y109"]
    assert f"{MOST:,}" in faults[0].message


def test_an_alias_that_contains_itself_is_refused() -> None:
    assert faults_in("a: &a [b, *a]\nc: {d: &d {e: *d}}") == [("Y109", 1, 11), ("Y109", 2, 15)]


def test_an_alias_without_an_anchor_is_most_likely_a_text_that_begins_with_a_star() -> None:
    fault = only_fault("a: *bold")

    assert (fault.code, fault.spot.column) == ("Y109", 4)
    assert "quotes" in fault.fix


def test_merging_is_refused_with_its_own_words() -> None:
    fault = only_fault("a: &a {x: 1}\nb: {<<: *a, y: 2}")

    assert (fault.code, fault.spot.line) == ("Y109", 2)
    assert "<<" in fault.message


# --- bytes, sizes, depth -------------------------------------------------------------------------------


def test_bytes_that_are_not_utf8_are_told_with_their_line_and_column() -> None:
    tree, faults = read("a: é\nb: caf".encode() + b"\xe9 \xe9\nc: 1\nd: \xff", "f.yaml")

    assert tree is not None
    assert tree.data["c"] == 1
    assert [(fault.code, fault.spot.line, fault.spot.column) for fault in faults] == [
        ("Y101", 2, 7),
        ("Y101", 4, 4),
    ]


def test_utf16_is_named_as_what_it_is() -> None:
    assert "UTF-16" in only_fault("a: 1".encode("utf-16")).message


@pytest.mark.parametrize("text", ["\ufeffa: 1", b"\xef\xbb\xbfa: 1"])
def test_a_byte_order_mark_shifts_no_place(text: str | bytes) -> None:
    tree = good(text)

    assert tree.data == {"a": 1}
    assert tree.key_spot("a") == Spot("f.yaml", 1, 1)


@pytest.mark.parametrize("sign", ["\x00", "\x07", "\x7f", "\x85", "\u2028", "\ufffe", "\ufeff"])
def test_an_invisible_character_is_told_and_shifts_no_line(sign: str) -> None:
    tree, faults = read(f"a: x{sign}y\nb: 1\n", "f.yaml")

    assert tree is not None
    assert [(fault.code, fault.spot.line, fault.spot.column) for fault in faults] == [("Y101", 1, 5)]
    assert tree.spot("b") == Spot("f.yaml", 2, 4)


def test_a_long_line_is_read_and_columns_count_characters() -> None:
    tree = good(f"a: [{'é' * 50_000}, 😀, b]\n")

    assert tree.spot("a", 2) == Spot("f.yaml", 1, 50_010)


@pytest.mark.parametrize("text", ["[" * 100_000, "- " * 100_000, "{a: " * 50_000])
def test_deep_nesting_is_refused_before_the_stack_ends(text: str) -> None:
    fault = only_fault(text)

    assert fault.code == "Y110"
    assert f"{DEEPEST}" in fault.message


def test_what_nests_just_deep_enough_is_read() -> None:
    assert good("[" * DEEPEST + "]" * DEEPEST).data != []


def test_a_huge_file_is_refused() -> None:
    assert faults_in("a: " + "x" * LARGEST) == [("Y110", 1, 1)]


# --- what is no YAML -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "line", "column", "says"),
    [
        ("a: 'x\nb: 1\n", 1, 4, "quote opened here is not closed"),
        ('a: "x\nb: 1\n', 1, 4, "quote opened here is not closed"),
        ("a: 'x\nb: 'y'\nc: 1\n", 1, 4, "close it before line 2"),
        ("a: [x, y\nb: 1\n", 1, 4, "bracket opened here is not closed"),
        ("- {a: 1\n- {b: 2}\n", 1, 3, "brace opened here is not closed"),
        ("a: [{b: 1} {c: 2}]", 1, 4, "a ] or a comma is missing before line 1, column 12"),
        ("say: hi: there\n", 1, 8, "colon"),
        ("a: 1\n  b: 2\n", 2, 4, "colon"),
        ("a:\n  b: 1\n c: 2\n", 3, 2, "line the keys up"),
        ("a: 1\nfoo\nb: 2\n", 2, 1, "key without a colon"),
        ("a: @x\n", 1, 4, "quotes"),
        ("a: `x`\n", 1, 4, "quotes"),
        ("a: *\n", 1, 4, "quotes"),
        ('a: "\\q"\n', 1, 5, "backslash"),
        ("a: - b\n", 1, 4, "line of its own"),
        ("a: |x\n  y\n", 1, 5, "next line"),
        ("a: 1\n...\nb: 2\n", 3, 1, "end of the document"),
        ("a: [x]]\n", 1, 7, "no key"),
        ("a:\n  - x\n  y: 1\n", 3, 3, "no item of the list"),
        ("a: [x,\n", 2, 1, "close the bracket"),
    ],
)
def test_a_slip_is_told_where_it_was_made_and_how_to_mend_it(
    text: str, line: int, column: int, says: str
) -> None:
    fault = only_fault(text)

    assert (fault.code, fault.spot.line, fault.spot.column) == ("Y103", line, column)
    assert says in f"{fault.message}; {fault.fix}"


def test_every_line_that_a_tab_indents_is_told() -> None:
    assert faults_in("a:\n  b: 1\n\tc: 2\n  d:\n  \te: 3\n") == [("Y104", 3, 1), ("Y104", 5, 3)]


def test_a_tab_after_a_dash_is_told_where_it_stands() -> None:
    assert faults_in("a:\n  -\tb: 1\n    c: 2\n") == [("Y104", 2, 4)]


def test_faults_before_a_slip_are_told_with_it() -> None:
    assert faults_in("a: 1\na: 2\nb: !x y\nc: 'z\n") == [("Y105", 2, 1), ("Y107", 3, 4), ("Y103", 4, 4)]


@given(st.text(alphabet="ab:- {}[]'\"\n\t#&*!|>%@,?~<é", max_size=60))
@example("? ")
@example("%YAML 1.2\n")
@example("- !")
def test_no_text_makes_the_reader_raise(text: str) -> None:
    tree, faults = read(text, "f.yaml")

    assert tree is not None or faults
    assert all(fault.spot.line >= 1 and fault.spot.column >= 1 for fault in faults)
    assert tree is None or isinstance(tree.spots, dict)


# --- places --------------------------------------------------------------------------------------------


def test_every_value_and_key_has_its_place() -> None:
    tree = good("a: 1\nb:\n  - x\n  - {c: 'é', d: [y, z]}\n")

    assert tree.spot("b", 1, "d", 1) == Spot("f.yaml", 4, 21)
    assert tree.key_spot("b", 1, "d") == Spot("f.yaml", 4, 14)
    assert set(tree.spots) == {
        (), ("a",), ("b",), ("b", 0), ("b", 1), ("b", 1, "c"), ("b", 1, "d"),
        ("b", 1, "d", 0), ("b", 1, "d", 1),
    }  # fmt: skip


def test_what_is_not_there_is_placed_at_what_is_around_it() -> None:
    tree = good("a:\n  b: 1\n")

    assert tree.spot("a", "x", 3, "y") == Spot("f.yaml", 2, 3)
    assert tree.key_spot("a", "x") == Spot("f.yaml", 2, 3)
    assert tree.spot("z") == Spot("f.yaml", 1, 1)


def test_the_parts_of_an_alias_stand_where_its_anchor_does() -> None:
    tree = good("a: &a {x: [1, 2]}\nb: *a\n")

    assert tree.spot("b") == Spot("f.yaml", 2, 4)
    assert tree.spot("b", "x", 1) == tree.spot("a", "x", 1) == Spot("f.yaml", 1, 15)
    assert tree.key_spot("b", "x") == Spot("f.yaml", 1, 8)


def test_of_a_duplicate_key_the_first_is_placed() -> None:
    tree, _ = read("a: [1]\na: [2, 3]\n", "f.yaml")

    assert tree is not None
    assert tree.spot("a", 0) == Spot("f.yaml", 1, 5)


@pytest.mark.parametrize(
    ("text", "offset", "column"),
    [
        ("a: x > y", 2, 6),
        ("a: 'x > y'", 2, 7),
        ('a: "x > y"', 2, 7),
        ("a: 'x ''y'' z'", 6, 13),
        ('a: "x \\"y\\" z"', 6, 13),
    ],
)
def test_a_character_inside_a_text_is_found_past_quotes_and_escapes(
    text: str, offset: int, column: int
) -> None:
    assert good(text).inside(("a",), offset) == Spot("f.yaml", 1, column)


def test_a_text_over_several_lines_is_pointed_to_at_its_beginning() -> None:
    assert good("a: |\n  x\n  y\n").inside(("a",), 3) == Spot("f.yaml", 1, 4)
    assert good("a: x\n  y\n").inside(("a",), 30) == Spot("f.yaml", 1, 4)
