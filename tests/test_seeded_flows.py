"""Twenty-five faults in one copy of our own flows: `check` tells each at its line, and nothing else."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import NamedTuple

import pytest

from bot.cli import main
from bot.orders.asking import FAULTS, GOOD

HOUSE = Path(__file__).parent.parent


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
        "set: {slope: fights}, to: since",
        "set: {slope: fights}, to: sinc",
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


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    for name in ("flows", "prompts"):
        shutil.copytree(HOUSE / name, tmp_path / name)
    return tmp_path


def sow(copy: Path, seed: Seed) -> None:
    path = copy / seed.file
    text = path.read_text(encoding="utf-8")
    assert seed.old in text, f"{seed.code} no longer finds its place in {seed.file}"
    path.write_text(text.replace(seed.old, seed.new, 1) if seed.old else seed.new + text, encoding="utf-8")


def expected(copy: Path, seed: Seed) -> tuple[str, int, str]:
    lines = (copy / seed.file).read_text(encoding="utf-8").splitlines()
    return (seed.file, next(n for n, line in enumerate(lines, 1) if seed.at in line), seed.code)


def told(copy: Path, capsys: pytest.CaptureFixture[str]) -> list[tuple[str, int, str]]:
    assert main(["check", str(copy), "--format", "json"]) == FAULTS
    rows = json.loads(capsys.readouterr().out)["faults"]
    return sorted((str(Path(row["file"]).relative_to(copy)), row["line"], row["code"]) for row in rows)


def test_our_own_flows_have_no_fault(copy: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", str(copy)]) == GOOD
    assert capsys.readouterr().out == "no faults\n"


@pytest.mark.parametrize("seed", SEEDS, ids=lambda seed: seed.code)
def test_one_fault_is_told_at_its_line_and_alone(
    copy: Path, seed: Seed, capsys: pytest.CaptureFixture[str]
) -> None:
    sow(copy, seed)

    assert told(copy, capsys) == [expected(copy, seed)]


def test_all_faults_in_one_copy_are_told_and_nothing_else(
    copy: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for seed in SEEDS:
        sow(copy, seed)

    assert told(copy, capsys) == sorted(expected(copy, seed) for seed in SEEDS)
    assert len({seed.code for seed in SEEDS}) >= 25
