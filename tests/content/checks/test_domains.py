"""Guards that can only come to one thing: found by trying the values that matter, and never said wrongly."""

from __future__ import annotations

from itertools import product
from random import Random

import pytest

from bot.content.checks.domains import exclude, unmet, verdict
from bot.dialogue.flow import Slot, Value
from bot.dialogue.guards import parse

SLOTS = {
    slot.id: slot
    for slot in (
        Slot("energy", "int", min=0, max=3),
        Slot("age", "int", min=0, max=200),
        Slot("count", "int"),
        Slot("driver", "enum", of=("low", "first", "boundary")),
        Slot("also", "enum", of=("low", "first", "boundary")),
        Slot("flag", "bool"),
        Slot("hour", "time"),
        Slot("pause", "duration", min=60, max=86400),
        Slot("name", "text", max=60),
        Slot("picks", "list", of=("a", "b", "c")),
        Slot("notes", "list"),
    )
}


@pytest.mark.parametrize(
    ("guard", "always"),
    [
        ("energy >= 0", True),
        ("energy > 3", False),
        ("energy < 3 or energy == 3", True),
        ("age <= 200 and age >= 0", True),
        ("age == 250", False),
        ("count < 5 and count > 4", False),
        ("count < 5 or count >= 5", True),
        ("driver in ['low', 'first', 'boundary']", True),
        ("driver == 'low' and driver == 'first'", False),
        ("driver not in ['low'] and driver not in ['first', 'boundary']", False),
        ("flag or not flag", True),
        ("hour >= '00:00'", True),
        ("hour > '22:00' and hour < '06:00'", False),
        ("pause >= 1m", True),
        ("pause > 1d", False),
        ("length(name) <= 60", True),
        ("length(name) > 60", False),
        ("name == 'x' and name == 'y'", False),
        ("'a' in picks and 'b' in picks and 'c' in picks and length(picks) < 3", False),
        ("energy + 1 > 0", True),
        ("max(energy, 2) >= 2", True),
        ("true", True),
        ("known(driver) or not known(driver)", True),
    ],
)
def test_a_guard_that_comes_to_one_thing_is_found(guard: str, always: bool) -> None:
    assert verdict(parse(guard), SLOTS) is always


@pytest.mark.parametrize(
    "guard",
    [
        "energy >= 1",
        "age == 137",
        "age > 100 and age < 102",
        "count == -7",
        "count < 4 or count > 4",
        "driver != also",
        "driver == 'low'",
        "hour > '22:00' or hour < '06:00'",
        "hour == '13:37'",
        "pause == 2h",
        "name == 'Sam'",
        "name != 'Sam'",
        "length(name) == 1",
        "'a' in picks and not ('b' in picks)",
        "length(picks) == 2",
        "known(driver)",
        "known(driver) and driver == 'low'",
        "count + age > 1000",
        "count * count >= 0",
        "length(notes) > 3",
        "'x' in notes",
        "age > count",
    ],
)
def test_a_guard_that_can_go_both_ways_is_left_alone(guard: str) -> None:
    assert verdict(parse(guard), SLOTS) is None


@pytest.mark.parametrize("seed", range(150))
def test_a_verdict_is_never_wrong(seed: int) -> None:
    random = Random(seed)
    guard = parse(random_guard(random, 3))

    said = verdict(guard, SLOTS)

    if said is not None:
        values: dict[str, list[Value]] = {
            "energy": [0, 1, 2, 3], "age": list(range(0, 201, 1)), "driver": ["low", "first", "boundary"],
            "flag": [True, False],
        }  # fmt: skip
        names = sorted(guard.names)
        worlds = product(*(values[name] for name in names))
        assert all(guard.holds(dict(zip(names, world, strict=True))) is said for world in worlds)


def random_guard(random: Random, depth: int) -> str:
    """Write a guard by chance over four slots, near the edges of their values."""
    if depth and random.random() < 0.7:
        joint = random.choice([" and ", " or "])
        parts = f"{random_guard(random, depth - 1)}{joint}{random_guard(random, depth - 1)}"
        return f"{random.choice(['', 'not '])}({parts})"
    sign = random.choice(["==", "!=", "<", "<=", ">", ">="])
    return random.choice(
        [
            f"energy {sign} {random.randint(0, 3)}",
            f"age {sign} {random.choice([0, 1, 18, 199, 200])}",
            f"driver {random.choice(['==', '!='])} '{random.choice(['low', 'first', 'boundary'])}'",
            "flag",
            "not flag",
        ]
    )


def test_values_that_meet_none_of_some_guards_are_named() -> None:
    guards = [parse("driver == 'low'"), parse("driver == 'first'")]

    assert unmet(guards, SLOTS) == {"driver": "boundary"}
    assert unmet([*guards, parse("driver == 'boundary'")], SLOTS) is None


def test_guards_exclude_each_other_only_when_no_value_meets_both() -> None:
    assert exclude(parse("energy < 2"), parse("energy >= 2"), SLOTS)
    assert not exclude(parse("energy <= 2"), parse("energy >= 2"), SLOTS)
    assert not exclude(parse("length(notes) > 3"), parse("length(notes) < 3"), SLOTS), "nobody knows"
