"""`docs/transcripts/`: whole conversations that are as the flows and prompts have them today."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.authoring.gathering import gather
from bot.cli import main
from bot.orders.asking import FAULTS, GOOD
from bot.settings import Settings
from tests.content.copybook import ROOT
from tests.runtime.little import little_world

TEST = """\
tests:
  - name: a short talk
    transcript: short
    given: {slots: {friend: Kim}}
    steps:
      - {user: "*Sam* & me", expect: {state: little.choose}}
      - {press: go, expect: {outcome: planned}}
      - {advance: 20h}
"""
WHOLE = (
    *("depression", "leaving-first", "shame-after-five-months", "a-fight-with-a-brother", "exhaustion"),
    *("a-healthy-boundary", "an-unsafe-partner", "a-crisis-and-the-way-back"),
)


@pytest.fixture
def world(tmp_path: Path) -> Path:
    little_world(tmp_path)
    (tmp_path / "flows/little.whole.test.yaml").write_text(TEST, encoding="utf-8")
    return tmp_path


def test_the_pages_are_as_the_flows_and_prompts_have_them(capsys: pytest.CaptureFixture[str]) -> None:
    told = main(["transcripts", str(ROOT), "--check"])

    assert told == GOOD, f"{capsys.readouterr().out}run `lowtide transcripts`"


def test_eight_conversations_are_there_from_the_first_word_to_the_last() -> None:
    settings = Settings(Path("unused.db"), ROOT / "flows", ROOT / "prompts")
    whole = {one.transcript: one for one in gather(settings, "")[0] if one.transcript}

    assert set(whole) >= set(WHOLE)
    assert all(one.flow == "start" and len(one.steps) > 12 for one in whole.values())
    assert {path.stem for path in (ROOT / "docs/transcripts").glob("*.md")} == set(whole)


def test_a_conversation_is_written_turn_by_turn(world: Path) -> None:
    assert main(["transcripts", str(world)]) == GOOD

    page = (world / "docs/transcripts/short.md").read_text(encoding="utf-8")
    assert page.startswith("<!-- Written by `lowtide transcripts` from flows/little.whole.test.yaml.")
    assert "\n# A short talk\n" in page
    assert "\n**Person** \\*Sam\\* & me\n" in page, "what is typed is text and no markup"
    assert "**Person** taps `" in page
    assert "_20 hours later_" in page
    assert main(["transcripts", str(world), "--check"]) == GOOD


@pytest.mark.parametrize("harm", ["change", "lose", "add"])
def test_a_page_that_drifted_is_told(world: Path, harm: str, capsys: pytest.CaptureFixture[str]) -> None:
    main(["transcripts", str(world)])
    page = world / "docs/transcripts/short.md"
    if harm == "change":
        page.write_text("something else", encoding="utf-8")
    elif harm == "lose":
        page.unlink()
    else:
        page = page.with_name("old.md")
        page.write_text("nobody plays this any more", encoding="utf-8")

    assert main(["transcripts", str(world), "--check"]) == FAULTS
    assert f"{page} is not as written" in capsys.readouterr().out


def test_a_page_that_nobody_plays_any_more_goes(world: Path) -> None:
    old = world / "docs/transcripts/old.md"
    old.parent.mkdir(parents=True)
    old.write_text("old", encoding="utf-8")

    assert main(["transcripts", str(world)]) == GOOD
    assert not old.exists()


def test_a_conversation_that_does_not_go_as_expected_is_told(
    world: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    tests = world / "flows/little.whole.test.yaml"
    tests.write_text(TEST.replace("outcome: planned", "outcome: lapsed"), encoding="utf-8")

    assert main(["transcripts", str(world)]) == FAULTS
    assert "expected outcome 'lapsed'" in capsys.readouterr().out
