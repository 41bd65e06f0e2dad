"""Rule 11: guards are data-safe: parsed, typed, bounded, and never evaluated by Python."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.dialogue.flow import Slot
from bot.dialogue.guard_types import check_types
from bot.dialogue.guards import LARGEST, parse
from bot.errors import GuardError

SLOTS = {
    "energy": Slot("energy", "int", min=0, max=3),
    "rung": Slot("rung", "enum", of=("L0", "L1")),
    "hour": Slot("hour", "time"),
    "gap": Slot("gap", "duration"),
    "sure": Slot("sure", "bool"),
    "who": Slot("who", "text"),
    "tags": Slot("tags", "list", of=("a", "b")),
    "free": Slot("free", "list"),
}
VALUES = {
    "energy": 2,
    "rung": "L1",
    "hour": "21:30",
    "gap": 7200,
    "sure": True,
    "who": "Sam",
    "tags": ("a",),
    "free": ("x", "y"),
}

TRUE = [
    "energy == 2",
    "energy != 3",
    "energy >= 2 and rung != 'L0'",
    "energy < 1 or sure",
    "not energy > 2",
    "not (sure and false)",
    "hour < '22:00'",
    "gap > 1h",
    "gap == 2h",
    "gap * 2 == 4h",
    "2 * gap == 4h",
    "gap + 1h == 3h",
    "energy + 1 * 2 == 4",
    "(energy + 1) * 2 == 6",
    "energy - 1 - 1 == 0",
    "-energy == -2",
    "rung in ['L0', 'L1']",
    "rung not in ['L0']",
    "'a' in tags",
    "'b' not in tags",
    "who in free or true",
    "energy in [1, 2]",
    "known(who)",
    "not known(who) == false",
    "length(who) == 3",
    "length(free) == 2",
    "min(energy, 1) == 1",
    "max(energy, 5) == 5",
    "min(gap, 1h) == 1h",
    'who == "Sam"',
    "sure == true",
    "sure",
    "true",
    "hour in ['21:30']",
    "not false and true",
    "gap > 90s",
    "gap < 1d",
    "gap < 1w",
    "gap > 5m",
]


@pytest.mark.parametrize("source", TRUE)
def test_a_guard_that_is_true_is_typed_and_holds(source: str) -> None:
    assert check_types(parse(source), SLOTS).kind == "bool"
    assert parse(source).holds(VALUES)


@pytest.mark.parametrize("source", TRUE)
def test_its_negation_does_not_hold(source: str) -> None:
    assert not parse(f"not ({source})").holds(VALUES)


@pytest.mark.parametrize(
    ("source", "column", "words"),
    [
        ("who.name == 'x'", 3, "cannot hold '.'"),
        ("__import__('os')", 0, "no function"),
        ("eval(1)", 0, "no function"),
        ("energy <", 8, "ends where a value"),
        ("energy 3", 7, "expected an operator"),
        ("a < b < c", 6, "`and`"),
        ("length(1, 2)", 0, "takes 1"),
        ("[]", 1, "holds texts"),
        ("[energy]", 1, "holds texts"),
        ("['a' 'b']", 5, "`,` or"),
        ("(energy", 7, "expected `)`"),
        ("and sure", 0, "stands where a value"),
        ("energy == 'open", 10, "cannot hold"),
        ("* 2", 0, "stands where a value"),
        ("", 0, "ends where a value"),
        ("3x", 0, "cannot hold"),
        ("(" * 40, 25, "nest"),
        ("energy ;", 7, "cannot hold ';'"),
        ("energy == )", 10, "stands where a value"),
        ("[1", 2, "`,` or"),
        ("[1,", 3, "holds texts"),
    ],
)
def test_what_is_no_guard_is_refused_with_its_column(source: str, column: int, words: str) -> None:
    with pytest.raises(GuardError) as caught:
        parse(source)

    assert words in str(caught.value)
    assert caught.value.column == column


@pytest.mark.parametrize(
    ("source", "words"),
    [
        ("energi == 2", "did you mean 'energy'"),
        ("zzz == 2", "no slot"),
        ("rung == 'L2'", "there are"),
        ("rung == 'purple'", "there are L0, L1"),
        ("energy > 72h", "never equal"),
        ("energy and sure", "`and` takes bool"),
        ("not energy == 1 or who", "`or` takes bool"),
        ("rung < 'L1'", "cannot order"),
        ("who < who", "cannot order"),
        ("hour < '25:00'", "cannot order"),
        ("hour == '9'", "no time"),
        ("energy == 'x'", "never equal to text"),
        ("rung == who", "cannot be compared"),
        ("energy == sure", "never equal"),
        ("energy in tags", "never holds"),
        ("'c' in tags", "no member"),
        ("energy in ['a']", "never equal"),
        ("rung in ['L7']", "no member"),
        ("who in [1]", "never equal"),
        ("energy in sure", "takes list"),
        ("1 in [1, 'a']", "one kind"),
        ("-who == 1", "takes int"),
        ("not who", "takes bool"),
        ("gap * gap > 1h", "cannot join"),
        ("gap + 1 > 1h", "cannot join"),
        ("who + 1 == 2", "takes int"),
        ("known(1)", "name of a slot"),
        ("length(energy) == 1", "takes text or list"),
        ("min(sure, 1) == 1", "takes int"),
        ("max(energy, 1h) == 1", "takes int"),
        ("length(who) > 1h", "never equal"),
    ],
)
def test_a_guard_of_the_wrong_type_is_told_apart(source: str, words: str) -> None:
    with pytest.raises(GuardError) as caught:
        check_types(parse(source), SLOTS)

    assert words in str(caught.value)


@pytest.mark.parametrize(
    "source",
    [
        "energy == 2",
        "energy != 2",
        "-energy < 1",
        "energy + 1 > 0",
        "length(who) == 3",
        "min(energy, 1) == 1",
        "who in free",
    ],
)
def test_an_unset_slot_makes_every_comparison_false(source: str) -> None:
    assert parse(source).holds({}) is False


def test_a_slot_that_is_no_truth_does_not_hold() -> None:
    assert parse("energy").holds({"energy": 1}) is False
    assert parse("energy").value({"energy": 1}) == 1


@given(st.text(max_size=80))
def test_any_text_at_all_is_a_guard_or_a_guard_error(source: str) -> None:
    column, held = 0, False
    try:
        held = parse(source).holds({})
    except GuardError as error:
        column = error.column

    assert 0 <= column <= len(source)
    assert held in {True, False}


def test_cost_is_bounded_by_length_depth_and_size() -> None:
    with pytest.raises(GuardError, match="at most 500"):
        parse("1" * 501)
    with pytest.raises(GuardError, match="nest so deep"):
        parse("not " * 60 + "sure")
    assert parse("9" * 400 + " * " + "9" * 60 + " > 1").value({}) is True
    assert parse(f"{LARGEST} * {LARGEST} + 1").value({}) == LARGEST


def test_two_guards_are_equal_when_they_read_the_same() -> None:
    assert parse("energy > 1") == parse("energy > 1") != parse("energy > 2")
    assert parse("min(energy, length(who)) > -1 and rung in ['L0']").names == {"energy", "who", "rung"}
