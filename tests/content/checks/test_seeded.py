"""Faults seeded into a sound set of flows: each is told at its line, and nothing that follows from it is."""

from __future__ import annotations

from functools import reduce
from typing import NamedTuple

import pytest

from tests.content.checks.shelf import Texts, changed, faults_of, places, texts


class Seed(NamedTuple):
    """Put `new` in the place of `old` in a file; the fault is told at the line that holds `at`."""

    code: str
    file: str
    old: str
    new: str
    at: str


SEEDS = (
    Seed("Y105", "consent.yaml", "say: consent/hour\n", "say: consent/hour\n    say: consent/when\n", "when"),
    Seed("Y120", "gates.yaml", "count: unsafe_yes", "cuont: unsafe_yes", "cuont"),
    Seed("Y122", "settings.yaml", "say: settings/zone", "say: 7", "say: 7"),
    Seed("S201", "start.yaml", "heard, goto: reflect}", "heard, goto: relfect}", "relfect"),
    Seed("S202", "unsafe.yaml", "  more: {", "  lone: {goto: more}\n  more: {", "lone: {"),
    Seed("S205", "report.yaml", "not_today, lapsed]", "not_today, lapsed, postponed]", "postponed"),
    Seed("S206", "reflect.yaml", "kept, end: rested", "kept, end: restd", "restd"),
    Seed("S207", "delete_me.yaml", "[kept, gone]", "[kept, gone, gone_now]", "gone_now: {"),
    Seed("S210", "reflect.yaml", "say: reflect/tired", "say: [reflect/tired, a/b, a/c]", "  name:"),
    Seed("S212", "consent.yaml", "    other: {give_up: hour}\n", "", "  country:"),
    Seed("S214", "delete_me.yaml", "[delete/again]", "[delete/again, delete/last]", "delete/last"),
    Seed("S215", "crisis.yaml", "deny: [settings, back]", "deny: [settings, stop]", "deny"),
    Seed("S216", "reflect.yaml", "deny: [settings]", "deny: [settnigs]", "deny"),
    Seed("S217", "globals.yaml", "command: human", "command: stop", "id: human"),
    Seed("S218", "globals.yaml", "  stale: common/stale\n", "", "lines:"),
    Seed("S219", "idle.yaml", "", "IDLE", "flow: idle"),
    Seed("S220", "globals.yaml", "resume: [resume]", "resume: [resume, come_back]", "resume, come_back"),
    Seed("T301", "reflect.yaml", "set: {driver: boundary}", "set: {drivr: boundary}", "drivr"),
    Seed("T302", "ladder.yaml", "slots:\n", "slots:\n  mood: {type: int}\n", "mood"),
    Seed("T303", "reflect.yaml", "tired: {set: {energy: 0}, ", "tired: {", "energy: energy}"),
    Seed("T304", "start.yaml", "length(opening) > 200", "opening > 200", "opening > 200"),
    Seed("T305", "settings.yaml", "if: nudges,", 'if: "nudges or not nudges",', "nudges or not"),
    Seed("T306", "reflect.yaml", "energy == 0 and rounds < 3", "energy == 0 and energy > 1", "energy > 1"),
    Seed("T308", "start.yaml", "worried, vent]", "worried, angry, vent]", "angry"),
    Seed("T309", "ladder.yaml", "set: {rung: L0}", "set: {rung: L00}", "L00"),
    Seed("T312", "words.yaml", "just need to vent", "I am pulling away!", "id: vent"),
    Seed("T313", "start.yaml", "opening: opening", "opening: way", "opening: way"),
    Seed("T314", "report.yaml", "at: at,", "at: rung,", "at: rung"),
    Seed("T315", "reflect.yaml", "driver/{driver}/costs", "driver/{energy}/costs", "{energy}"),
    Seed("C401", "start.yaml", "call: consent", "call: consnt", "consnt"),
    Seed("C402", "start.yaml", ", lapsed: left}", "}", "planned: farewell"),
    Seed("C403", "start.yaml", "agreed: direction", "agred: direction", "agred"),
    Seed("C404", "reflect.yaml", "energy: energy}", "energy: driver}", "energy: driver}"),
    Seed("C405", "reflect.yaml", "driver: driver, energy: energy", "energy: energy", "call: ladder"),
    Seed("C406", "reflect.yaml", "take: {rung: rung}", "take: {rung: rnug}", "rnug"),
    Seed("C408", "report.yaml", ", with: {rung: {value: L1}}", "", "remind: {"),
    Seed(
        "M501",
        "report.yaml",
        "goto: promise\n    timers: [{id: lapse, after: 72h, to: lapsed}]",
        "goto: promise",
        "later:",
    ),
    Seed("M502", "report.yaml", "{id: nudge, after: 20h", "{id: nudge, after: 90h", "after: 90h"),
    Seed("M503", "start.yaml", "      - {id: nudge, after: 20h", "SECOND", "id: more"),
    Seed("P701", "start.yaml", "  farewell: {", "  farewell: {rung: elsewhere, ", "farewell: {"),
    Seed("P703", "gates.yaml", "passes: true, to: wanted}", "to: wanted}", "gate: person_check"),
    Seed("P704", "start.yaml", "say: start/heard", "say: rung/heard", "rung/heard"),
    Seed("P705", "gates.yaml", "gate: person_check", "gate: persn_check", "persn_check"),
)
IDLE = """\
schema: flow/1
flow: idle
version: 1
entry: only
outcomes: [done]
states:
  only: {say: idle/only, end: done}
"""
SECOND = "      - {id: more, after: 30h, say: start/nudge}\n      - {id: nudge, after: 20h"
TOGETHER = (
    "Y105 Y120 S201 S202 S206 S207 S210 S212 S214 S215 S217 S218 S220 T301 T302 T304 T305 T308 T309 T312 T315"
    " C402 C404 C406 M501 M502 M503 P704"
).split()
"""Kinds that are seeded into one copy, many of them into one flow."""


def sown(files: Texts, seed: Seed) -> dict[str, str]:
    """Return the files with one fault more."""
    new = {"IDLE": IDLE, "SECOND": SECOND}.get(seed.new, seed.new)
    return changed({"idle.yaml": "", **files}, seed.file, seed.old, new)


def expected(files: Texts, seed: Seed) -> str:
    """Return where a fault must be told, as `file:line CODE`."""
    file = "start.yaml" if seed.code == "T312" else seed.file
    lines = [number for number, line in enumerate(files[file].splitlines(), 1) if seed.at in line]
    return f"{file}:{lines[0]} {seed.code}"


def grown(files: Texts) -> dict[str, str]:
    """Leave out what is empty."""
    return {name: text for name, text in files.items() if text}


def test_a_sound_set_of_flows_has_no_fault() -> None:
    assert faults_of(texts()) == []


@pytest.mark.parametrize("seed", SEEDS, ids=lambda seed: seed.code)
def test_one_fault_is_told_once_and_alone(seed: Seed) -> None:
    files = sown(texts(), seed)

    assert places(faults_of(grown(files))) == [expected(files, seed)]


def test_many_faults_in_one_copy_are_all_told_and_nothing_else() -> None:
    seeds = [seed for seed in SEEDS if seed.code in TOGETHER]
    files = reduce(sown, seeds, texts())

    assert sorted(places(faults_of(grown(files)))) == sorted(expected(files, seed) for seed in seeds)
    assert len(seeds) >= 25
