"""What follows from a fault is not told as well: a typo, a broken part or a broken flow is one fault."""

from __future__ import annotations

from random import Random

import pytest

from bot.content.faults import CODES
from tests.content.checks.shelf import GLOBALS, Texts, changed, faults_of, flow, places, says, texts, wait

DEEP = flow(wait("open", yes="done", no="left"), id="deep")
TALK = flow("  open: {call: deep, returns: {done: next, left: left}}\n", wait("next", yes="done", no="left"))


def told(files: Texts) -> list[str]:
    """Return where and which faults there are."""
    return places(faults_of(files))


# --- names that are misspelt -----------------------------------------------------------------------------


def test_a_misspelt_target_leads_where_it_was_meant_to() -> None:
    talk = flow(wait("open", yes="furhter", no="left"), says("further", "done"))

    assert told({"talk.yaml": talk}) == ["talk.yaml:10 S201"]


def test_a_target_nobody_can_guess_may_lead_anywhere() -> None:
    talk = flow(wait("open", yes="xyzzy", no="left"), says("further", "done"))

    assert told({"talk.yaml": talk}) == ["talk.yaml:10 S201"]


@pytest.mark.parametrize("key", ["entry", "careful"])
def test_a_misspelt_beginning_is_one_fault(key: str) -> None:
    sound = flow(
        wait("begin", yes="begin", no="left"), says("rest", "left"), outcomes="left", more="careful: rest\n"
    )
    good = {"entry": "begin", "careful": "rest"}[key]

    assert told({"talk.yaml": sound}) == []
    for wrong in (good + "n", "xyzzy"):
        (place,) = told({"talk.yaml": sound.replace(f"{key}: {good}", f"{key}: {wrong}")})
        assert place.endswith("S201")


def test_a_name_that_is_no_slot_is_told_once_with_all_its_places() -> None:
    sets = "  next: {set: {enrgy: 1}, goto: last}\n"
    uses = says("open", "next") + sets + '  last: {goto: [{if: "enrgy > 1", to: done}, {else: left}]}\n'
    declared = "slots: {energy: {type: int, default: 0}}\n"

    (misspelt,) = faults_of({"talk.yaml": flow(uses, more=declared)})
    (missing,) = faults_of({"talk.yaml": flow(uses)})

    assert (
        str(misspelt)
        == "talk.yaml:9:16 T301 'enrgy' is no slot here (also in line 10); did you mean 'energy'?"
    )
    assert str(missing) == "talk.yaml:8:16 T301 'enrgy' is no slot here (also in line 9); declare it"


def test_a_memory_nobody_declared_is_one_fault_however_many_flows_read_it() -> None:
    reads = "  open: {goto: [{if: visited, to: done}, {else: call}]}\n"
    talk = flow(reads, "  call: {call: deep, returns: {done: done, left: left}}\n")
    deep = flow("  open: {goto: [{if: visited, to: done}, {else: left}]}\n", id="deep")

    (fault,) = faults_of({"talk.yaml": talk, "deep.yaml": deep})

    assert (
        str(fault) == "talk.yaml:7:22 T301 'visited' is no slot here (also in line deep.yaml:7); declare it"
    )


def test_a_slot_that_a_flow_forgot_to_declare_is_not_told_to_its_callers() -> None:
    talk = flow(
        "  open: {call: deep, with: {mood: {value: low}}, take: {name: mood}, returns: {done: done}}\n",
        outcomes="done",
        more="slots: {name: {type: text}}\n",
    )
    deep = flow(
        "  open: {goto: [{if: \"mood == 'low'\", to: done}, {else: done}]}\n",
        id="deep",
        outcomes="done",
        more="needs: [mood]\n",
    )

    assert told({"talk.yaml": talk, "deep.yaml": deep}) == ["deep.yaml:6 T301"]


def test_a_state_that_was_renamed_is_told_once_with_all_that_lead_to_it() -> None:
    talk = flow(
        wait("open", yes="first", no="second"),
        says("first", "third"),
        says("second", "thrid"),
        says("fourth", "thrid"),
    )

    (one,) = [fault for fault in faults_of({"talk.yaml": talk}) if "'thrid'" in fault.message]

    assert "(also in line 16)" in one.message


def test_an_outcome_that_is_misspelt_in_one_place_is_one_fault_for_flow_and_caller() -> None:
    assert told({"talk.yaml": TALK, "deep.yaml": DEEP}) == []
    assert told({"talk.yaml": TALK.replace("done: next", "doen: next"), "deep.yaml": DEEP}) == [
        "talk.yaml:7 C403"
    ]
    ends = flow(wait("open", yes="bye", no="left"), "  bye: {end: doen}\n", id="deep")
    assert told({"talk.yaml": TALK, "deep.yaml": ends}) == ["deep.yaml:14 S206"]


def test_an_outcome_nothing_leads_to_is_told_where_it_is_declared_and_not_at_its_callers() -> None:
    more = DEEP.replace("[done, left]", "[done, left, never]")

    assert told({"talk.yaml": TALK, "deep.yaml": more}) == ["deep.yaml:5 S205"]


def test_a_misspelt_flow_is_one_fault_and_the_right_one_counts_as_called() -> None:
    assert told({"talk.yaml": TALK.replace("call: deep", "call: depe"), "deep.yaml": DEEP}) == [
        "talk.yaml:7 C401"
    ]
    starts = GLOBALS.replace("start: talk", "start: tlak")
    assert told({"talk.yaml": TALK, "deep.yaml": DEEP, "globals.yaml": starts}) == ["globals.yaml:2 C401"]


def test_an_outcome_renamed_in_its_list_is_told_where_it_is_used_and_nowhere_else() -> None:
    faults = faults_of(changed(texts(), "gates.yaml", "closed, lapsed]", "closed, xyzzy]"))

    assert {(fault.spot.file, fault.code) for fault in faults} == {
        ("gates.yaml", "S201"),
        ("gates.yaml", "S205"),
    }


@pytest.mark.parametrize("part", ["states:", "outcomes:", "slots:"])
def test_a_flow_without_one_of_its_parts_is_one_fault(part: str) -> None:
    faults = faults_of(changed(texts(), "ladder.yaml", f"\n{part}", f"\nxyzzy_{part}"))

    assert {fault.code for fault in faults} <= {"Y120", "Y121", "Y134"}, "\n".join(map(str, faults))


@pytest.mark.parametrize(
    "lost", ["other: {give_up: second}", "timers: [{id: lapse, after: 72h, to: second}]"]
)
def test_a_wait_without_one_of_its_ways_out_may_be_the_only_way_to_a_state(lost: str) -> None:
    talk = flow(wait("open", yes="done", no="second"), says("second", "left"))
    talk = talk.replace("label: a/no, to: second", "label: a/no, to: done").replace(f"    {lost}\n", "")
    talk = talk.replace("give_up: second", "give_up: done").replace(
        "after: 72h, to: second", "after: 72h, to: done"
    )

    assert [place.split()[1] for place in told({"talk.yaml": talk})] in (["S212"], ["M501"])


def test_two_letters_that_changed_places_are_known_again() -> None:
    talk = flow(
        "  open: {set: {onte: true, zone: true}, goto: [{if: note and zone, to: done}, {else: left}]}\n",
        more="slots: {note: {type: bool, default: true}, zone: {type: bool}}\n",
    )

    (fault,) = faults_of({"talk.yaml": talk})

    assert fault.fix == "did you mean 'note'?"


# --- parts that could not be read ------------------------------------------------------------------------


def test_a_flow_that_did_not_load_is_one_fault() -> None:
    broken = told({"talk.yaml": TALK, "deep.yaml": DEEP.replace("states:", "states: [")})

    assert [place for place in broken if not place.startswith("deep.yaml")] == []
    assert {place.partition(" ")[2][0] for place in broken} == {"Y"}


def test_globals_that_did_not_load_hide_the_memory_and_who_calls_whom() -> None:
    files = texts()

    broken = told({**files, "globals.yaml": "schema: globals/1\nstart: [\n"})

    assert {place.partition(":")[0] for place in broken} == {"globals.yaml"}


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("say: reflect/name\n", "say: 3\n"),
        ("    why: why-push-away\n", "    wyh: why-push-away\n"),
        ("options:\n      - {id: low, label", "options:\n      - {id: low, lbael"),
        ("- {id: boundary, label: driver/boundary, set: {driver: boundary}, to: kept}", "- boundary"),
        ("set: {driver: leaving_first}, to: costs}", "set: {driver: [leaving_first}], to: costs}"),
        ("to: kept}", "}"),
        ('if: "rounds < 3", to: energy}', 'if: "rounds <", to: energy}'),
        ("  gates:\n    call: gates\n", "  gates:\n    call: 7\n"),
        ("    returns: {open: ladder, closed: elsewhere, lapsed: lapsed}\n", ""),
        ("    with: {driver: driver, energy: energy}\n", "    with: [driver, energy]\n"),
        ("    take: {rung: rung}\n", "    take: rung\n"),
        ("  energy: {type: int, min: 0, max: 3}\n", "  energy: {type: itn, min: 0, max: 3}\n"),
        ("  energy: {type: int, min: 0, max: 3}\n", "  energy: int\n"),
        ("  energy: {type: int, min: 0, max: 3}\n", "  energy: {type: int, min: 3, max: 0}\n"),
        ("  driver: {type: enum, of: [low_capacity, leaving_first, boundary]}\n", "  driver: {type: enum}\n"),
        ("  costs: {say: \"driver/{driver}/costs\", goto: gates}\n", "  costs: \"driver\"\n"),
        ("    ask: {slot: person, reprompt", "    ask: {slto: person, reprompt"),
        ("goto: [{if: pushed, to: rested}, {else: planned}]", "goto: [{if: pushed, to: rested}]"),
        ("    rung: toward\n    remind", "    rung: [toward]\n    remind"),
        ("    set: {rounds: {expr: \"rounds + 1\"}}\n", "    set: {rounds: {exp: \"rounds + 1\"}}\n"),
    ],
)  # fmt: skip
def test_a_slip_of_shape_brings_no_fault_of_meaning(old: str, new: str) -> None:
    faults = faults_of(changed(texts(), "reflect.yaml", old, new))

    assert faults
    assert {fault.code[0] for fault in faults} == {"Y"}, "\n".join(map(str, faults))


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("    gate: person_check\n", ""),
        ("    gate: person_check\n", "    gaet: person_check\n"),
        ("    gate: person_check\n", "    gate: [person_check]\n"),
        ("passes: true, to: wanted}", "passes: yes, to: wanted}"),
        ("  card: {say: gates/card", "  card: {syy: gates/card"),
        ("outcomes: [open, closed, lapsed]", "outcoms: [open, closed, lapsed]"),
    ],
)
def test_a_slip_of_shape_in_the_gates_does_not_open_the_ladder(old: str, new: str) -> None:
    faults = faults_of(changed(texts(), "gates.yaml", old, new))

    assert {fault.code[0] for fault in faults} == {"Y"}, "\n".join(map(str, faults))


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("country: {type: enum", "country: {type: enmu"),
        ("  nudge_hour: {type: time}\n", "  nudge_hour: time\n"),
        ("tier: hard, call: crisis", "tier: hrad, call: crisis"),
        ("tier: hard, call: crisis", "call: crisis"),
        ("id: settings, command: settings, says: global/settings, do: call", "id: settings, do: cal"),
        ("id: stop, command: stop", "command: stop"),
        ("lines:\n  stale", "lnies:\n  stale"),
        ("interrupts:\n", "interrupst:\n"),
        ("resume: [resume]", "resume: resume"),
        ("start: start\n", ""),
    ],
)  # fmt: skip
def test_a_slip_of_shape_in_globals_brings_no_fault_of_meaning(old: str, new: str) -> None:
    faults = faults_of(changed(texts(), "globals.yaml", old, new))

    assert faults
    assert {fault.code[0] for fault in faults} == {"Y"}, "\n".join(map(str, faults))


@pytest.mark.parametrize("seed", range(60))
def test_no_slip_of_the_hand_breaks_the_checks(seed: int) -> None:
    random = Random(seed)
    files = texts()
    name = random.choice(sorted(files.keys() - {"words.yaml"}))
    lines = files[name].splitlines()
    here, there = random.randrange(len(lines)), random.randrange(len(lines))
    match random.randrange(3):
        case 0:
            del lines[here]
        case 1:
            lines[here], lines[there] = lines[there], lines[here]
        case _:
            place = random.randrange(len(lines[here]) + 1)
            lines[here] = lines[here][:place] + random.choice("[]{}:,-'\"x0") + lines[here][place + 1 :]

    faults = faults_of({**files, name: "\n".join(lines)})

    assert all(fault.code in CODES and fault.spot.file in files for fault in faults)
