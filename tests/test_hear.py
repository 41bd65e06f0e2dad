"""`lowtide hear` tells what is heard and what would be done, a line a text, and echoes nothing."""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import Any

import pytest

from bot.cli import main
from bot.orders.asking import GOOD, WRONG

KEYS = ["text_length", "language", "danger", "intent", "why_page", "options", "heard", "decision"]


@pytest.fixture(autouse=True)
def kept_nowhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LOWTIDE_DB", str(tmp_path / "x.db"))


def heard(capsys: pytest.CaptureFixture[str], *arguments: str) -> list[dict[str, Any]]:
    assert main(["hear", "--json", *arguments]) == GOOD
    return [json.loads(line) for line in capsys.readouterr().out.splitlines()]


def test_an_answer_is_taken_and_the_ranking_holds_every_option(capsys: pytest.CaptureFixture[str]) -> None:
    (one,) = heard(capsys, "--state", "person_check.ask", "yes")

    assert list(one) == KEYS
    assert one["decision"] == {"action": "take", "options": ["yes"]}
    assert one["options"][0]["id"] == "yes"
    assert 0.75 <= one["options"][0]["confidence"] <= 1
    assert {option["id"] for option in one["options"]} >= {"yes", "no", "not_sure", "rather_not"}


def test_danger_comes_before_a_command_and_an_answer(capsys: pytest.CaptureFixture[str]) -> None:
    (one,) = heard(capsys, "--state", "person_check.ask", "no, i want to kill myself")

    assert (one["danger"]["gate"], one["danger"]["tier"]) == ("self", "hard")
    assert one["danger"]["why"].startswith("self.hard")
    assert one["decision"] == {"action": "danger", "options": []}


def test_a_command_in_words_is_one_at_any_place(capsys: pytest.CaptureFixture[str]) -> None:
    idle, asked = heard(capsys, "stop"), heard(capsys, "--state", "notice.slope", "stop")

    assert [one["intent"] for one in (*idle, *asked)] == ["stop", "stop"]
    assert idle[0]["decision"]["action"] == asked[0]["decision"]["action"] == "command"


def test_what_nothing_understands_is_unclear_or_kept_as_it_is(capsys: pytest.CaptureFixture[str]) -> None:
    (unclear,) = heard(capsys, "--state", "person_check.ask", "pizza")
    (kept,) = heard(capsys, "--state", "reflect.open", "the weather has been odd and so has my brother")

    assert unclear["decision"] == {"action": "unclear", "options": []}
    assert kept["decision"] == {"action": "take", "options": [], "slot": "story"}


def test_a_moment_is_kept_in_the_slot_that_asks_for_one_where_that_can_hold_it(
    capsys: pytest.CaptureFixture[str],
) -> None:
    kept, far = heard(capsys, "--state", "good_distance.until", "for 12 days", "for 12 weeks")

    assert kept["decision"] == {"action": "take", "options": [], "slot": "until_in"}
    assert far["decision"] == {"action": "unclear", "options": []}


def test_every_line_of_standard_input_is_a_text_whatever_its_bytes(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    lines = io.TextIOWrapper(io.BytesIO(b"stop\n\n\xff\xfe\r\nyes"))
    monkeypatch.setattr("sys.stdin", lines)

    found = heard(capsys, "--state", "person_check.ask")

    assert [one["text_length"] for one in found] == [4, 2, 3]
    assert [one["decision"]["action"] for one in found] == ["command", "unclear", "take"]


def test_a_reader_is_told_in_words_and_the_text_is_not_repeated(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["hear", "--state", "person_check.ask", "he scares me so much"]) == GOOD

    out = capsys.readouterr().out
    assert "decision" in out
    assert "scares" not in out


def test_a_state_that_is_not_there_is_named_with_those_that_are(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["hear", "--state", "notice.nowhere", "hello"]) == WRONG

    err = capsys.readouterr().err
    assert "notice.nowhere" in err
    assert "notice.slope" in err
