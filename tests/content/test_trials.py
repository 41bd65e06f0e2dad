"""What is tried for a prompt: every combination of values where these are few, else every pair of values."""

from __future__ import annotations

from itertools import combinations, product

import pytest

from bot.content.checks.lines import Use
from bot.content.checks.trials import distinct, values, worlds
from bot.dialogue.flow import Slot, Value

ENUM = Slot("driver", "enum", of=("a", "b", "c"))


def use(*slots: Slot, sure: tuple[str, ...] = (), fixed: dict[str, str] | None = None) -> Use:
    return Use("p", "flow.state", {slot.id: slot for slot in slots}, frozenset(sure), fixed or {})


@pytest.mark.parametrize(
    ("slot", "found"),
    [
        (ENUM, ("a", "b", "c")),
        (Slot("x", "bool"), (True, False)),
        (Slot("x", "int", min=0, max=3), (0, 1, 2, 3)),
        (Slot("x", "int", min=1), (1, 2, 3, 10**9)),
        (Slot("x", "text", max=3), ("xxx",)),
        (Slot("x", "duration", min=60, max=90), (60, 90)),
        (Slot("x", "time"), ("08:30", "23:59")),
        (Slot("x", "list", of=("a", "b")), (("a", "b"), ("a",))),
        (Slot("x", "list", max=2), (("x" * 60, "x" * 60), ("x",))),
    ],
)
def test_a_slot_is_tried_with_what_makes_a_difference_and_unset_where_it_may_be(
    slot: Slot, found: tuple[Value, ...]
) -> None:
    assert values(use(slot, sure=(slot.id,)), slot.id) == found
    assert values(use(slot), slot.id) == (*found, None)


def test_a_slot_that_is_no_slot_is_never_set() -> None:
    assert values(use(ENUM), "other") == (None,)


def test_the_member_in_the_name_of_a_prompt_is_the_slots_value_there() -> None:
    assert list(worlds(use(ENUM, fixed={"driver": "b"}), frozenset({"driver"}))) == [{"driver": "b"}]


def test_a_prompt_that_names_helplines_is_tried_in_every_country() -> None:
    country = Slot("country", "enum", of=("US", "GB"))

    tried = list(worlds(use(country), frozenset({"helpline"})))

    assert tried == [{"country": "US"}, {"country": "GB"}, {}]


def test_where_there_are_too_many_combinations_every_pair_of_values_is_met() -> None:
    slots = [Slot(name, "enum", of=("a", "b", "c", "d")) for name in "pqrstu"]
    place = use(*slots, sure=tuple("pqrstu"))

    tried = list(worlds(place, frozenset("pqrstu")))

    assert len(tried) < 4**6
    met = {
        (one, world[one], other, world[other]) for world in tried for one, other in combinations("pqrstu", 2)
    }
    wanted = {(o, v, p, w) for o, p in combinations("pqrstu", 2) for v, w in product("abcd", repeat=2)}
    assert met == wanted


def test_places_where_a_prompt_meets_the_same_values_are_tried_once() -> None:
    places = [use(ENUM), use(ENUM), use(ENUM, sure=("driver",))]

    assert list(distinct(places, frozenset({"driver"}))) == [places[0], places[2]]
    assert list(distinct(places, frozenset())) == [places[0]]
