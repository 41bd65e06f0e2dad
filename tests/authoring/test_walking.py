"""`lowtide walk`: the same for the same seed, whoever walks; what broke is told, and saved as a test."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from bot.authoring.rehearsing import rehearse
from bot.authoring.walking.beginnings import beginnings
from bot.authoring.walking.crew import errands, walked
from bot.authoring.walking.tally import Tally
from bot.authoring.walking.terrain import Terrain
from bot.cli import main
from bot.content.library import load_sound
from bot.orders.asking import FAULTS, GOOD, WRONG
from tests.authoring.grounds import settings_with

MENDS = {
    "fault": ("to: round}", "to: bye}"),
    "speech": ("say: little/heard", "say: little/plan"),
    "options": ("if: not known(person), ", ""),
    "silence": ("to: done}", "to: bye}"),
    "twice": (
        "say: little/open\n    options: [{id: go, label: little/go, to: bye}]",
        "say: little/choose\n    options: [{id: go, label: little/go, to: bye}]",
    ),
    "rung": ("    rung: toward\n", ""),
    "endless": (
        "give_up: bye}\n  bye",
        "give_up: bye}\n    timers: [{id: lapse, after: 72h, to: lapsed}]\n  bye",
    ),
}


def folder_with(tmp_path: Path, flow: str, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("LOWTIDE_CACHE", str(tmp_path / "cache"))
    settings_with(tmp_path, flow)
    return tmp_path


def walk(folder: Path, *more: str) -> int:
    return main(["walk", str(folder), "--turns", "300", "--jobs", "1", *more])


def test_sound_flows_are_walked_and_said_to_be(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert walk(folder_with(tmp_path, "sound", monkeypatch)) == GOOD

    assert capsys.readouterr().out.endswith(": nothing broke\n")


@pytest.mark.parametrize("name", MENDS)
def test_what_broke_is_saved_as_a_test_that_fails_until_it_is_mended(
    name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = folder_with(tmp_path, name, monkeypatch)
    settings = settings_with(folder, name)

    assert walk(folder, "--save", str(folder / "flows")) == FAULTS
    assert "it fails until this is mended" in capsys.readouterr().out
    assert not rehearse(settings, "")

    flow = folder / "flows/little.yaml"
    flow.write_text(flow.read_text().replace(*MENDS[name]))
    assert rehearse(settings, ""), capsys.readouterr().out
    assert walk(folder) == GOOD


def test_it_is_told_as_data_too(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert walk(folder_with(tmp_path, "silence", monkeypatch), "--json") == FAULTS

    told = json.loads(capsys.readouterr().out)

    assert told["questions"]["met"] == 4
    assert [one["invariant"] for one in told["broken"]] == ["silence"]
    assert told["broken"][0]["moves"] == ["Press(option='go')", "Press(option='other')"]


def test_the_same_seed_walks_the_same_way_however_many_walk(tmp_path: Path) -> None:
    settings = settings_with(tmp_path, "silence")
    terrain = Terrain(load_sound(settings.flows, settings.prompts))
    work = errands(4000, 1, 7, tuple(beginnings(terrain)))
    tallies = []
    for jobs in (1, 2):
        found = dict(walked(terrain, work, jobs, (settings.flows, settings.prompts)))
        tallies.append(Tally())
        for number in sorted(found):
            tallies[-1].add(found[number])

    assert tallies[0] == tallies[1]
    assert tallies[0].turns > 4000


def test_another_seed_walks_another_way(tmp_path: Path) -> None:
    settings = settings_with(tmp_path, "sound")
    terrain = Terrain(load_sound(settings.flows, settings.prompts))
    one, other = (
        dict(walked(terrain, errands(500, -1, seed, tuple(beginnings(terrain))), 1, (tmp_path, tmp_path)))
        for seed in (1, 2)
    )

    assert one[1] != other[1]


def test_a_walk_may_begin_on_the_way_to_a_state(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = folder_with(tmp_path, "silence", monkeypatch)

    assert walk(folder, "--from", "little.more", "--depth", "0", "--turns", "100") == FAULTS
    assert "[other]" in capsys.readouterr().out
    assert walk(folder, "--from", "little.nowhere") == WRONG
    assert walk(folder, "--from", "report.ask") == WRONG
    assert "no conversation was found that comes to 'report.ask'" in capsys.readouterr().err


def test_a_file_that_names_another_flow_is_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = folder_with(tmp_path, "silence", monkeypatch)

    assert walk(folder, "--save", str(folder / "flows/report.test.yaml")) == WRONG
    assert "little.walk.test.yaml" in capsys.readouterr().err
