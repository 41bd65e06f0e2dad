"""A version never means two structures."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.content.checks.together import check_all
from bot.content.flows import LoadedFlow, load_flow
from bot.content.lock import NAME, read_lock, record, structure_hash, verify, verify_lock, write_lock
from bot.content.yaml12 import read
from tests.content.house import FILES, TODAY, build

FLOW = """\
schema: flow/1
flow: reflect
version: 7
entry: open
outcomes: [planned, lapsed]
slots:
  energy: {type: int, min: 0, max: 3}
  driver: {type: enum, of: [low, first]}
states:
  open:
    say: reflect/open
    options:
      - {id: low, label: driver/low, set: {energy: 0}, to: next}
      - {id: other, label: common/not_it, to: lapsed}
    other: {give_up: lapsed}
    timers:
      - {id: lapse, after: 72h, to: lapsed}
  next: {call: plan, returns: {done: close}}
  close: {say: reflect/close, end: planned}
"""


def flow(old: str = "", new: str = "", *more: tuple[str, str]) -> LoadedFlow:
    text = FLOW
    for before, after in ((old, new), *more):
        assert before in text
        text = text.replace(before, after, 1)
    tree, unread = read(text, "flows/reflect.yaml")
    assert tree is not None
    loaded, faults = load_flow(tree)
    assert loaded is not None
    assert unread + faults == []
    return loaded


def locked(folder: Path, *flows: LoadedFlow, amend: bool = False) -> list[str]:
    return [str(fault) for fault in write_lock({one.flow.id: one for one in flows}, folder, amend=amend)]


def told(folder: Path, *flows: LoadedFlow) -> list[str]:
    return [fault.code for fault in verify_lock({one.flow.id: one for one in flows}, folder)]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("say: reflect/open", "say: reflect/begin"),
        ("label: driver/low", "label: driver/tired"),
        ("after: 72h", "after: 20h"),
        ("max: 3", "max: 9"),
        ("of: [low, first]", "of: [first, low]"),
        ("to: next", "to: lapsed"),
        ("set: {energy: 0}", "set: {energy: 1}"),
        ("give_up: lapsed", "give_up: next"),
        ("outcomes: [planned, lapsed]", "outcomes: [lapsed, planned]"),
        ("version: 7", "version: 8"),
    ],
)
def test_wording_and_ways_are_no_structure(old: str, new: str) -> None:
    assert structure_hash(flow(old, new).flow) == structure_hash(flow().flow)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("  close:", "  shut:"),
        ("id: low,", "id: lower,"),
        ("{id: other, label: common/not_it, to: lapsed}", "{id: more, label: common/not_it, to: lapsed}"),
        ("type: int, min: 0, max: 3", "type: bool"),
        ("of: [low, first]", "of: [low]"),
        ("  energy:", "  power:"),
        ("call: plan", "call: choose"),
        ("returns: {done: close}", "returns: {done: close, none: lapsed}"),
        ("id: lapse,", "id: nudge,"),
        ("outcomes: [planned, lapsed]", "outcomes: [planned, lapsed, rested]"),
    ],
)
def test_what_a_waiting_person_holds_is_structure(old: str, new: str) -> None:
    assert structure_hash(flow(old, new).flow) != structure_hash(flow().flow)


def test_the_order_of_options_is_structure_for_a_button_carries_its_place() -> None:
    turned = flow("id: low,", "id: x,", ("id: other,", "id: low,"), ("id: x,", "id: other,"))

    assert structure_hash(turned.flow) != structure_hash(flow().flow)


def test_the_order_of_states_is_no_structure() -> None:
    close = "  close: {say: reflect/close, end: planned}\n"
    moved = flow(close, "", ("states:\n", f"states:\n{close}"))

    assert structure_hash(moved.flow) == structure_hash(flow().flow)


def test_the_hash_is_the_same_on_every_machine() -> None:
    assert structure_hash(flow().flow) == "396c8a22b47ea4f3"


def test_a_recorded_version_is_in_order(tmp_path: Path) -> None:
    assert locked(tmp_path, flow()) == []

    assert told(tmp_path, flow()) == []
    (line,) = (tmp_path / NAME).read_text().splitlines()[1:]
    assert line.startswith(f"reflect 7 {structure_hash(flow().flow)} {{")


def test_a_changed_structure_under_the_same_version_is_told_at_the_version(tmp_path: Path) -> None:
    locked(tmp_path, flow())

    faults = verify_lock({"reflect": flow("id: low,", "id: lower,")}, tmp_path)

    assert [str(fault) for fault in faults] == [
        "flows/reflect.yaml:3:10 S290 flow 'reflect' has changed its structure, and is still version 7;"
        " raise `version` to 8"
    ]


def test_a_raised_version_is_only_a_reminder_to_record_it(tmp_path: Path) -> None:
    locked(tmp_path, flow())

    faults = verify_lock({"reflect": flow("id: low,", "id: lower,", ("version: 7", "version: 8"))}, tmp_path)

    assert [(fault.code, fault.severity) for fault in faults] == [("S292", "warning")]


def test_a_lowered_version_is_told(tmp_path: Path) -> None:
    locked(tmp_path, flow())

    assert told(tmp_path, flow("version: 7", "version: 6")) == ["S291"]


def test_writing_keeps_the_versions_before(tmp_path: Path) -> None:
    changed = flow("id: low,", "id: lower,", ("version: 7", "version: 10"))

    locked(tmp_path, flow())
    locked(tmp_path, changed)

    lock, faults = read_lock((tmp_path / NAME).read_text(), NAME)
    assert faults == []
    assert lock == {"reflect": {7: record(flow().flow), 10: record(changed.flow)}}
    assert lock["reflect"][7].states["open"] == {"options": ["low", "other"]}


def test_writing_refuses_to_change_what_is_recorded(tmp_path: Path) -> None:
    locked(tmp_path, flow())
    before = (tmp_path / NAME).read_text()

    faults = locked(tmp_path, flow("id: low,", "id: lower,"))

    assert len(faults) == 1
    assert "S290" in faults[0]
    assert (tmp_path / NAME).read_text() == before


def test_writing_changes_what_is_recorded_when_told_to_amend(tmp_path: Path) -> None:
    changed = flow("id: low,", "id: lower,")
    locked(tmp_path, flow())

    assert locked(tmp_path, changed, amend=True) == []

    assert told(tmp_path, changed) == []


def test_not_even_amending_records_a_lowered_version(tmp_path: Path) -> None:
    locked(tmp_path, flow())

    assert "S291" in locked(tmp_path, flow("version: 7", "version: 6"), amend=True)[0]


@pytest.mark.parametrize(
    ("old", "new"), [("type: int", "type: txt"), ("options:", "options:\n      - 3"), ("7", "!x 7")]
)
def test_a_flow_with_a_fault_is_not_held_against_the_lock(tmp_path: Path, old: str, new: str) -> None:
    locked(tmp_path, flow())
    tree, _ = read(FLOW.replace(old, new, 1), "flows/reflect.yaml")
    assert tree is not None
    loaded, _ = load_flow(tree)
    assert loaded is not None

    assert told(tmp_path, loaded) == []


def test_without_a_lock_file_nothing_is_held_against_the_flows(tmp_path: Path) -> None:
    assert told(tmp_path, flow()) == []


def test_a_damaged_lock_file_is_told_by_its_line_and_never_overwritten(tmp_path: Path) -> None:
    damaged = f"# head\nreflect 7 {structure_hash(flow().flow)}\n<<<<<<< mine\nreflect seven\n\n"
    (tmp_path / NAME).write_text(damaged)

    faults = verify_lock({"reflect": flow()}, tmp_path)

    assert [(fault.code, fault.spot.line) for fault in faults] == [("S293", 3), ("S293", 4)]
    assert len(locked(tmp_path, flow())) == 2
    assert (tmp_path / NAME).read_text() == damaged


def test_a_flow_that_was_never_recorded_is_only_a_reminder() -> None:
    assert [fault.code for fault in verify([flow()], {})] == ["S292"]


def test_a_flow_with_another_fault_is_not_also_told_to_raise_its_version(tmp_path: Path) -> None:
    recorded = build(tmp_path)
    assert write_lock(recorded.loaded, tmp_path / "flows") == []
    talk = FILES["flows/talk.yaml"].replace("id: tired, label", "id: weary, label")

    alone = codes(tmp_path, talk)
    beside = codes(tmp_path, talk.replace("end: done", "end: dnoe"))

    assert alone == ["S290"]
    assert beside == ["S206"]


def codes(root: Path, talk: str) -> list[str]:
    content = build(root, {"flows/talk.yaml": talk})
    return [fault.code for fault in check_all(content, root / "flows", TODAY)]
