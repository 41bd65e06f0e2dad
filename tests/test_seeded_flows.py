"""Twenty-five faults in one copy of our own flows: `check` tells each at its line, and nothing else."""

from __future__ import annotations

import json
from functools import reduce
from typing import NamedTuple

import pytest

from bot.cli import main
from bot.orders.asking import FAULTS, GOOD
from tests.content.workbench import HOUSE, Bench, Changes


class Seed(NamedTuple):
    """Put `new` in the place of the first `old` of a file; the fault is told at the first line with `at`."""

    code: str
    file: str
    old: str
    new: str
    at: str
    told_in: str = ""


LONE = "  lone: {say: worry_about/leave, end: done}\n  leave: {say: worry_about/leave"
LAPSE = "\n    timers: [{id: lapse, after: 72h, to: lapsed}]"
SEEDS = (
    Seed(
        "Y105", "flows/pause.yaml", "why: privacy\n", "why: privacy\nwhy: why-a-script\n", "why: why-a-script"
    ),
    Seed("Y120", "flows/delete_me.yaml", "count: deleted", "cuont: deleted", "cuont"),
    Seed(
        "Y124",
        "flows/country.yaml",
        "after: 20h, to: lapsed",
        "after: soon, to: lapsed",
        "after: soon",
    ),
    Seed("Y126", "flows/start.yaml", "length(opening) > 24", "length(opening) >> 24", ">> 24"),
    Seed(
        "Y129",
        "flows/country.yaml",
        "id: ie, label: country/ie, set: {country: IE}, to: chosen}",
        "id: gb, label: country/ie, set: {country: IE}, to: chosen}",
        "id: gb, label: country/ie",
    ),
    Seed(
        "S201",
        "flows/notice.yaml",
        "set: {slope: fights}, to: look_since",
        "set: {slope: fights}, to: look_sinc",
        "sinc}",
    ),
    Seed("S202", "flows/worry_about.yaml", "  leave: {say: worry_about/leave", LONE, "lone:"),
    Seed("S205", "flows/they_pulled_away.yaml", "for, lapsed]", "for, lapsed, tired]", "tired"),
    Seed("S206", "flows/pause.yaml", "pause/going, end: done", "pause/going, end: don", "end: don}"),
    Seed(
        "S212",
        "flows/start.yaml",
        "[start/gentle_again], max_tries: 3, give_up: slow",
        "[start/gentle_again]",
        "  gentle:",
    ),
    Seed(
        "S214",
        "flows/delete_me.yaml",
        "[delete_me/again], max_tries: 3",
        "[delete_me/again, delete_me/kept], max_tries: 2",
        "max_tries: 2",
    ),
    Seed(
        "S215",
        "flows/vent.yaml",
        "why: why-put-it-into-words",
        "why: why-put-it-into-words\ndeny: [stop]",
        "deny",
    ),
    Seed("S217", "flows/globals.yaml", "command: human", "command: stop", "id: human"),
    Seed("S216", "flows/notice.yaml", "why: why-push-away", "why: why-push-away\ndeny: [hepl]", "hepl"),
    Seed("T301", "flows/notice.yaml", "set: {since: weeks}", "set: {snice: weeks}", "snice"),
    Seed(
        "T302",
        "flows/notice.yaml",
        "  energy: {type: int, min: 0, max: 3}",
        "  energy: {type: int, min: 0, max: 3}\n  mood: {type: int}",
        "mood",
    ),
    Seed("T304", "flows/report.yaml", "if: stage == 'sent'", "if: stage", "if: stage,"),
    Seed("T308", "flows/ladder.yaml", "of: [honest, ", "of: [brave, honest, ", "brave"),
    Seed("T309", "flows/notice.yaml", "set: {energy: 2}", "set: {energy: two}", "two"),
    Seed("C402", "flows/look_again.yaml", "clear: ladder, ", "", "unclear: kept"),
    Seed("C406", "flows/reflect.yaml", "take: {slope: slope,", "take: {slope: slop,", "slop,"),
    Seed("M501", "flows/vent.yaml", LAPSE, "", "  hello:"),
    Seed("M502", "flows/ladder.yaml", "{id: nudge, after: 20h", "{id: nudge, after: 80h", "after: 80h"),
    Seed("P704", "flows/vent.yaml", "say: vent/long", "say: [vent/long, rung/L8]", "rung/L8"),
    Seed("W601", "flows/delete_me.yaml", "say: delete_me/ask", "say: delete_me/aks", "delete_me/aks"),
    Seed("W602", "prompts/en/notice/since.j2", "", "{% if %}", "{% if %}"),
    Seed("W603", "prompts/en/pause/paused.j2", "", "{{ nobody_knows }}", "nobody_knows"),
    Seed("G814", "flows/report.yaml", "why: why-if-then", "why: why-if-them", "why-if-them"),
)


@pytest.fixture(scope="module")
def bench(tmp_path_factory: pytest.TempPathFactory) -> Bench:
    return Bench(tmp_path_factory.mktemp("house"), only="en")


def sown(bench: Bench, files: Changes, seed: Seed) -> dict[str, str | None]:
    """Return the changed files with one fault more."""
    text = files.get(seed.file) or bench.text(seed.file)
    assert seed.old in text, f"{seed.code} no longer finds its place in {seed.file}"
    changed = text.replace(seed.old, seed.new, 1) if seed.old else seed.new + text
    return {**files, seed.file: changed}


def expected(files: Changes, seed: Seed) -> tuple[str, int, str]:
    lines = (files[seed.file] or "").splitlines()
    return (seed.file, next(n for n, line in enumerate(lines, 1) if seed.at in line), seed.code)


def test_our_own_flows_have_no_fault(bench: Bench) -> None:
    assert [str(fault) for fault in bench.sound if fault.severity == "error"] == []


@pytest.mark.parametrize("seed", SEEDS, ids=lambda seed: seed.code)
def test_one_fault_is_told_at_its_line_and_alone(bench: Bench, seed: Seed) -> None:
    files = sown(bench, {}, seed)

    assert bench.told(files) == [expected(files, seed)]


def test_all_faults_in_one_copy_are_told_and_nothing_else(bench: Bench) -> None:
    files = reduce(lambda files, seed: sown(bench, files, seed), SEEDS, dict[str, str | None]())

    assert bench.told(files) == sorted(expected(files, seed) for seed in SEEDS)
    assert len({seed.code for seed in SEEDS}) >= 25


def test_the_command_tells_what_the_bench_tells(bench: Bench, capsys: pytest.CaptureFixture[str]) -> None:
    seed = next(one for one in SEEDS if one.code == "S201")
    files = sown(bench, {}, seed)
    path = bench.root / seed.file
    before = path.read_text(encoding="utf-8")
    try:
        path.write_text(files[seed.file] or "", encoding="utf-8")
        assert main(["check", str(bench.root), "--format", "json"]) == FAULTS
    finally:
        path.write_text(before, encoding="utf-8")

    rows = json.loads(capsys.readouterr().out)["faults"]
    errors = [row for row in rows if row["severity"] == "error"]
    assert [(row["file"], row["line"], row["code"]) for row in errors] == [
        (str(path), *expected(files, seed)[1:])
    ]


def test_the_command_finds_no_fault_in_our_own_flows(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", str(HOUSE)]) == GOOD
    assert " P708 " in capsys.readouterr().out
