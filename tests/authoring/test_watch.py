"""`lowtide test --watch` and `--update`: what a save touches is played, what was found is written down."""

from __future__ import annotations

import asyncio
import os
import pty
import select
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from bot.app import listener
from bot.authoring.watching import Bench, changed, stamps
from bot.cli import main
from bot.content.library import load_sound
from bot.orders.asking import FAULTS, GOOD
from bot.settings import Settings
from tests.runtime.little import little_world

LITTLE = """\
tests:
  - {name: a plan, steps: [{user: Sam}, {press: go, expect: {outcome: planned}}]}
  - {name: a name, steps: [{user: Sam, expect: {state: little.choose}}]}
"""
REPORT = "tests:\n  - {name: it went well, steps: [{press: well, expect: {outcome: told}}]}\n"


@pytest.fixture
def world(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    little_world(tmp_path)
    (tmp_path / "flows/little.test.yaml").write_text(LITTLE, encoding="utf-8")
    (tmp_path / "flows/report.test.yaml").write_text(REPORT, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def bench(world: Path) -> Bench:
    settings = Settings(world / "x.db", world / "flows", world / "prompts")
    content = load_sound(settings.flows, settings.prompts)
    return Bench(settings, "", content, listener(settings, content))


def played(bench: Bench) -> list[str]:
    """Play what waits; return the names, those that failed with a sign."""

    async def all_() -> Iterator[str]:
        found = []
        while bench.waiting:
            one = await bench.play_next()
            found += [f"{'✗ ' if one.miss else ''}{one.rehearsal.name}"] if one else []
        return iter(found)

    return list(asyncio.run(all_()))


def saved(bench: Bench, name: str, old: str = "", new: str = "") -> list[str]:
    """Save a file, changed, and play what that touches."""
    path = Path(name)
    path.write_text(path.read_text(encoding="utf-8").replace(old, new, 1), encoding="utf-8")
    bench.take([path])
    return played(bench)


def test_a_save_plays_what_enters_the_flow_and_nothing_else(bench: Bench) -> None:
    assert played(bench) == ["a plan", "a name", "it went well"]

    assert saved(bench, "flows/report.yaml") == ["it went well"]
    assert saved(bench, "flows/little.yaml", "to: plan}", "to: unsaid}") == ["✗ a plan", "a name"]
    assert saved(bench, "flows/little.yaml", "to: unsaid}", "to: plan}") == ["a plan", "a name"]


def test_a_saved_prompt_plays_what_says_it(bench: Bench) -> None:
    played(bench)

    assert saved(bench, "prompts/en/little/plan.j2", "Planned.", "All planned.") == ["a plan"]
    assert saved(bench, "prompts/en/report/again.j2", "Well", "Good") == []
    assert saved(bench, "prompts/en/little/plan.j2", "All planned.", "{{ ") == ["✗ a plan"]


def test_what_failed_comes_first_and_a_saved_test_plays_its_own_file(bench: Bench) -> None:
    played(bench)

    assert saved(bench, "flows/little.test.yaml", "little.choose", "little.open") == ["a plan", "✗ a name"]
    bench.take([Path("flows/globals.yaml")])
    assert bench.first == {("flows/little.test.yaml", "a name")}
    assert played(bench)[0] == "✗ a name"
    assert [one.rehearsal.name for one in bench.failing] == ["a name"]
    assert saved(bench, "flows/little.test.yaml", "little.open", "little.choose") == ["a name", "a plan"]
    assert bench.failing == []


def test_what_cannot_be_read_is_told_and_its_next_save_counts(bench: Bench) -> None:
    played(bench)

    assert saved(bench, "flows/little.yaml", "entry: open", "entry: [") == []
    assert [fault.spot.file for fault in bench.faults] == ["flows/little.yaml"] * len(bench.faults)
    assert bench.faults
    assert saved(bench, "flows/little.yaml", "entry: [", "entry: open") == ["a plan", "a name"]
    assert bench.faults == []


def test_words_that_change_are_learnt_anew(bench: Bench) -> None:
    played(bench)
    words = "prompts/en/little/options.yaml"
    assert saved(bench, words, 'says: ["go on"]', 'says: ["forth we march"]') == ["a plan", "a name"]

    new = LITTLE.replace("{press: go,", "{user: forth we march,")
    Path("flows/little.test.yaml").write_text(new, encoding="utf-8")
    bench.take([Path("flows/little.test.yaml")])

    assert played(bench) == ["a plan", "a name"]


def test_files_that_come_and_go_are_changes_and_those_of_an_editor_are_none(world: Path) -> None:
    folders = (Path("flows"), Path("prompts"))
    before = stamps(folders)
    Path("flows/new.yaml").write_text("x", encoding="utf-8")
    Path("flows/.new.yaml.swp").write_text("x", encoding="utf-8")
    Path("flows/report.yaml~").write_text("x", encoding="utf-8")
    Path("prompts/en/little/go.j2").write_text("x", encoding="utf-8")
    Path("flows/report.test.yaml").unlink()

    assert changed(before, stamps(folders)) == {
        Path("flows/new.yaml"), Path("prompts/en/little/go.j2"), Path("flows/report.test.yaml")
    }  # fmt: skip


def test_a_save_is_seen_in_a_real_terminal_and_ctrl_c_ends_it(
    world: Path, terminal: Callable[..., Terminal]
) -> None:
    watcher = terminal("test", "--watch", str(world))
    watcher.until("3 passed, 0 failed")
    flow = world / "flows/report.yaml"
    flow.write_text(flow.read_text(encoding="utf-8").replace("to: told}", "to: lapsed}", 1), encoding="utf-8")

    told = watcher.until("0 passed, 1 failed")
    assert "report.yaml saved" in told
    assert "FAILED report: it went well" in told
    assert "person  │ [well] “It was well received”" in told
    assert "✗       │ expected outcome 'told', found 'lapsed'" in told
    assert watcher.interrupt() == FAULTS


def heed() -> None:
    """Heed Ctrl-C, as programs in a terminal do: tests in the background hand down that it is ignored."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


class Terminal:
    """Run a command in a pseudo-terminal of its own."""

    def __init__(self, *arguments: str) -> None:
        self.ours, theirs = pty.openpty()
        self.process = subprocess.Popen(
            [sys.executable, "-m", "bot", *arguments],
            stdin=theirs, stdout=theirs, stderr=theirs, start_new_session=True,
            preexec_fn=heed,  # noqa: PLW1509  no thread of ours holds anything it needs
            cwd=Path(__file__).parents[2], env=os.environ | {"PYTHONDONTWRITEBYTECODE": "1"},
        )  # fmt: skip
        os.close(theirs)
        self.text = ""

    def until(self, words: str) -> str:
        """Return what is shown up to these words, and take it away."""
        end = time.monotonic() + 60
        while words not in self.text:
            ready, _, _ = select.select([self.ours], [], [], end - time.monotonic())
            assert ready, f"{words!r} never came: {self.text}"
            self.text += os.read(self.ours, 65536).decode("utf-8", "replace").replace("\r\n", "\n")
        shown, _, self.text = self.text.partition(words)
        return shown + words

    def interrupt(self) -> int:
        """Press Ctrl-C; return the exit code."""
        self.process.send_signal(signal.SIGINT)
        return self.process.wait(20)

    def close(self) -> None:
        """End the command, whatever it does."""
        self.process.kill()
        self.process.wait()
        os.close(self.ours)


@pytest.fixture
def terminal() -> Iterator[Callable[..., Terminal]]:
    opened: list[Terminal] = []

    def opening(*arguments: str) -> Terminal:
        opened.append(Terminal(*arguments))
        return opened[-1]

    yield opening
    for one in opened:
        one.close()


# --- update ----------------------------------------------------------------------------------------------

WRITTEN = """\
# A file with a comment.
tests:
  - name: "wrong in many ways, 😀"   # and another
    steps:
      - {user: Sam, expect: {state: little.open, said: [little/open], tries: 3}}   # kept
      - user: mumble mumble
        expect:
          said:
            - little/choose   # goes with the list
            - little/open
          not_said: little/again
          tries: 1
      - {press: go, expect: {outcome: "lapsed", slots: {friend: Kim}}}
      - {advance: 20h, expect: {at: "2026-01-05T13:00:00+00:00", state: "little.open"}}
"""
AMENDED = """\
# A file with a comment.
tests:
  - name: "wrong in many ways, 😀"   # and another
    steps:
      - {user: Sam, expect: {state: little.choose, said: [little/heard, little/choose], tries: 0}}   # kept
      - user: mumble mumble
        expect:
          said:
            little/again
          not_said: little/again
          tries: 1
      - {press: go, expect: {outcome: planned, slots: {friend: Sam}}}
      - {advance: 20h, expect: {at: "2026-01-06T08:00:00+00:00", state: report.ask}}
"""


def test_what_was_found_is_written_where_it_was_expected_and_all_else_stays(
    world: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    tests = world / "flows/little.test.yaml"
    tests.write_text(WRITTEN, encoding="utf-8", newline="\r\n")

    assert main(["test", str(world), "--update"]) == FAULTS

    assert tests.read_bytes().decode("utf-8").replace("\r\n", "\n") == AMENDED
    assert b"\n" not in tests.read_bytes().replace(b"\r\n", b"")
    out = capsys.readouterr().out
    assert "flows/little.test.yaml:5:30 state: little.open → little.choose" in out
    assert "not_said: left; expected not_said 'little/again', found ['little/again']" in out
    assert "8 expectations rewritten, 1 left" in out


def test_when_all_is_as_expected_no_file_is_touched(world: Path, capsys: pytest.CaptureFixture[str]) -> None:
    before = stamps([world / "flows"])

    assert main(["test", str(world), "--update"]) == GOOD
    assert stamps([world / "flows"]) == before
    assert "0 expectations rewritten" in capsys.readouterr().out
