"""The same tests in another language: what was said in words is said in the words of that language."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.cli import main
from bot.orders.asking import FAULTS, GOOD, WRONG
from tests.runtime.little import little_world

TESTS = """\
tests:
  - name: in words
    steps:
      - {user: Sam, expect: {state: little.choose, slots: {person: Sam}}}
      - {user: mumble mumble, expect: {tries: 1}}
      - {user: go back, expect: {state: little.open}}
      - {user: Sam}
      - {user: go on, expect: {outcome: planned}}
  - {name: in English only, given: {slots: {language: en}}, steps: [{user: Sam}, {user: go on}]}
"""
SPANISH = 'go: {label: "Vamos", says: ["adelante"]}\nunsaid: {label: "No", says: []}\n'


@pytest.fixture
def world(tmp_path: Path) -> Path:
    little_world(tmp_path)
    (tmp_path / "prompts/es/little").mkdir(parents=True)
    (tmp_path / "prompts/es/little/choose.j2").write_text("¿Y ahora?\n", encoding="utf-8")
    (tmp_path / "prompts/es/little/options.yaml").write_text(SPANISH, encoding="utf-8")
    (tmp_path / "flows/little.test.yaml").write_text(TESTS, encoding="utf-8")
    return tmp_path


def test_a_test_holds_in_another_language(world: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["test", str(world), "--lang", "es"]) == GOOD
    assert "3 passed, 0 failed" in capsys.readouterr().out


def test_a_failure_is_shown_as_it_was_said_in_that_language(
    world: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    tests = world / "flows/little.test.yaml"
    tests.write_text(TESTS.replace("choose, slots:", "choose, not_said: x, slots:"), encoding="utf-8")
    crossed = world / "prompts/es/little/options.yaml"
    crossed.write_text(SPANISH.replace("Vamos", "mumble mumble"), encoding="utf-8")

    assert main(["test", str(world), "--lang", "es"]) == FAULTS

    told = capsys.readouterr().out
    assert "¿Y ahora?" in told
    assert "person  │ mumble mumble" in told


def test_a_label_that_is_heard_as_danger_begins_another_conversation(
    world: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    words = world / "prompts/es/little/options.yaml"
    words.write_text(SPANISH.replace("Vamos", "i want to die"), encoding="utf-8")

    assert main(["test", str(world), "--lang", "es"]) == GOOD
    assert "2 passed, 0 failed" in capsys.readouterr().out, "each once in English, and none in Spanish"


def test_cover_counts_what_was_met_in_it(world: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["cover", str(world), "--lang", "es"]) == GOOD
    assert "in es: 3 of " in capsys.readouterr().out


def test_a_language_nobody_wrote_in_is_told_with_those_there_are(
    world: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for command in ("test", "cover"):
        assert main([command, str(world), "--lang", "fr"]) == WRONG
        assert "nothing is written in 'fr'; there are en, es" in capsys.readouterr().err
