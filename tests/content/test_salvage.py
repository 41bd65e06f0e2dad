"""A state that is no YAML hides no fault of the others, and no other follows from it."""

from __future__ import annotations

import pytest

from bot.content.checks import Pieces, check
from bot.content.faults import Spot, in_order
from bot.content.flows import LoadedFlow, load_flow
from bot.content.salvage import MOST_CUTS, read_flow
from bot.dialogue.flow import State
from bot.dialogue.flows import Globals

FLOW = """\
schema: flow/1
flow: reflect
version: 7
entry: open
outcomes: [planned, lapsed]
slots:
  person: {type: text, max: 60}
  energy: {type: int, min: 0, max: 3}
  driver: {type: enum, of: [low, first], default: low}
states:
  # the first words
  open:
    say: reflect/open
    ask: {slot: person, max_tries: 2, give_up: lapsed}
    goto: name
    timers: [{id: lapse, after: 72h, to: lapsed}]
  name:
    say: reflect/name
    set: {energy: 1}
    options:
      - {id: low, label: driver/low, to: close}
      - {id: other, label: common/not_it, to: lapsed}
    other: {max_tries: 2, give_up: lapsed}
    timers:
      - {id: lapse, after: 72h, to: lapsed}

  close: {say: 'reflect/{driver}', goto: rest}
  rest: {goto: [{if: energy > 1, to: planned}, {else: lapsed}]}
"""


def seeded(*slips: tuple[str, str]) -> str:
    text = FLOW
    for old, new in slips:
        assert old in text
        text = text.replace(old, new, 1)
    return text


def load(text: str) -> tuple[LoadedFlow | None, list[str]]:
    tree, faults = read_flow(text, "reflect.yaml")
    if tree is None:
        return None, [f"{fault.spot.line} {fault.code}" for fault in faults]
    loaded, more = load_flow(tree)
    return loaded, [f"{fault.spot.line} {fault.code}" for fault in in_order(faults + more)]


SLIPS = [
    ("say: reflect/name", "say: 'reflect/name", 18),
    ("label: driver/low,", "label: [driver/low,", 21),
    ("set: {energy: 1}", "set: {energy: 1", 19),
    ("set: {energy: 1}", "set: a: b", 19),
    ("    other: {max", "     other: {max", 23),
    ("    options:", "\toptions:", 20),
    ("say: reflect/name", "say: @name", 18),
]  # fmt: skip


@pytest.mark.parametrize(("old", "new", "line"), SLIPS)
def test_a_slip_in_one_state_hides_no_fault_of_the_others(old: str, new: str, line: int) -> None:
    loaded, faults = load(seeded((old, new), ("72h", "soon"), ("goto: rest", "gotoo: rest")))

    assert [fault.split()[0] for fault in faults] == ["16", str(line), "27"]
    assert loaded is not None
    assert loaded.flow.states["name"] == State("name")
    assert loaded.faulty == {"open", "name", "close"}


@pytest.mark.parametrize(("old", "new", "line"), SLIPS)
def test_nothing_follows_from_a_slip_in_one_state(old: str, new: str, line: int) -> None:
    loaded, faults = load(seeded((old, new)))
    assert loaded is not None
    common = Globals("reflect", {}, {}, (), ())

    checked = check(Pieces({"reflect": loaded}, common))

    assert [fault.split()[0] for fault in faults] == [str(line)]
    assert [str(fault) for fault in checked if fault.spot.file == "reflect.yaml"] == []


def test_slips_in_several_states_are_all_told() -> None:
    loaded, faults = load(
        seeded(
            ("reflect/open", "'reflect/open"), ("goto: rest}", "goto: rest"), ("{if: energy", "if: energy")
        )
    )

    assert faults == ["13 Y103", "27 Y103", "28 Y103"]
    assert loaded is not None
    assert loaded.faulty == {"open", "close", "rest"}


def test_places_after_a_slip_stay_true() -> None:
    tree, _ = read_flow(seeded(("say: reflect/name", "say: 'reflect/name")), "reflect.yaml")

    assert tree is not None
    assert tree.spot("states", "rest", "goto", 1, "else") == Spot("reflect.yaml", 28, 55)
    assert "driver/low" in tree.data["states"]["name"]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("outcomes: [planned, lapsed]", "outcomes: [planned, lapsed"),
        ("states:\n", "states: {\n"),
        ("  name:\n", "  name\n"),
        ("timers: [{id", "timers: &lapse [{id: 'x"),
    ],
)
def test_a_slip_that_belongs_to_no_state_alone_ends_the_reading(old: str, new: str) -> None:
    loaded, faults = load(seeded((old, new)))

    assert loaded is None
    assert len(faults) == 1


def test_a_file_with_too_many_slips_is_given_up() -> None:
    text = FLOW + "".join(f"  s{n}: @x\n" for n in range(MOST_CUTS + 1))

    loaded, faults = load(text)

    assert loaded is None
    assert len(faults) == 1


def test_what_is_yaml_is_read_as_ever() -> None:
    loaded, faults = load(FLOW)

    assert faults == []
    assert loaded is not None
    assert loaded.tree.holes == frozenset()


@pytest.mark.parametrize("text", ["", b"\xff\xfea", "a: *x"])
def test_what_is_no_matter_of_syntax_is_told_as_ever(text: str | bytes) -> None:
    tree, faults = read_flow(text, "f.yaml")

    assert tree is None or tree.data == {"a": None}
    assert len(faults) == 1
