"""`lowtide walk`: the same for the same seed, whoever walks; what broke is told, and saved as a test."""

from __future__ import annotations

import json
from io import StringIO
from pathlib import Path

import pytest

from bot.authoring.rehearsing import rehearse
from bot.authoring.walking.beginnings import beginnings
from bot.authoring.walking.crew import errands, walked
from bot.authoring.walking.progress import Progress
from bot.authoring.walking.tally import Tally
from bot.authoring.walking.terrain import Stepped, Terrain
from bot.authoring.walking.walking import Wish, walk_on
from bot.cli import main
from bot.content.library import load_sound
from bot.dialogue.effects import Effect
from bot.dialogue.events import Event
from bot.dialogue.session import Session
from bot.orders.asking import FAULTS, GOOD, WRONG
from tests.authoring.grounds import engine, settings_with

MENDS = {
    "fault": ("to: round}", "to: bye}"),
    "several": ("to: round}", "to: bye}"),
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
    return main(["walk", str(folder), "--turns", "1500", "--jobs", "1", *more])


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

    assert (told["questions"], told["unmet"]) == (6, ["report.ask"])
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


def test_who_breaks_it_off_is_told_what_was_walked_until_then(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    settings = settings_with(tmp_path, "sound")
    steps = iter(range(3000))

    def impatient(before: Session, event: Event, after: Session, effects: tuple[Effect, ...]) -> Stepped:
        if next(steps, None) is None:
            raise KeyboardInterrupt
        return after, effects

    terrain = Terrain(load_sound(settings.flows, settings.prompts), engine(impatient))

    with pytest.raises(KeyboardInterrupt):
        walk_on(terrain, settings, Wish(turns=1_000_000, depth=-1, jobs=1))

    assert capsys.readouterr().out.startswith("broken off: 3,")


def test_a_terminal_shows_a_bar_that_is_wiped_in_the_end(monkeypatch: pytest.MonkeyPatch) -> None:
    terminal = Terminal()
    monkeypatch.setattr("sys.stderr", terminal)

    with Progress(200) as progress:
        progress.add(Tally(turns=50), by_chance=True)
        progress.add(Tally(turns=70), by_chance=False)

    shown = terminal.getvalue().split("\r\x1b[K")
    assert [line[30:35] for line in shown[1:-1]] == ["   0%", "  25%", "  25%"]
    assert "120 turns" in shown[-2]
    assert shown[-1] == ""


class Terminal(StringIO):
    """Be a terminal."""

    def isatty(self) -> bool:
        return True
