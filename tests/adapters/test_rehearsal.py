"""The player of `*.test.yaml`: it plays on the real thing and says plainly what was not as expected."""

from pathlib import Path

import pytest

from bot.authoring.checking import check
from bot.authoring.rehearsing import rehearse
from bot.content.rehearsals import Rehearsal, read_rehearsals
from bot.content.yaml12 import read
from bot.settings import Settings
from tests.runtime.little import little_world


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    little_world(tmp_path)
    return Settings(tmp_path / "x.db", tmp_path / "flows", tmp_path / "prompts")


def play(settings: Settings, steps: str, given: str = "{}") -> bool:
    text = f"tests:\n  - name: a test\n    given: {given}\n    steps:\n"
    text += "".join(f"      - {line.strip()}\n" for line in steps.strip().split("\n"))
    (settings.flows / "little.test.yaml").write_text(text, encoding="utf-8")
    return rehearse(settings, "")


def test_everything_a_test_can_say_is_played_and_looked_at(settings: Settings) -> None:
    assert play(
        settings,
        """
        {expect: {state: little.open, said: little/open, tries: 0, careful: false, stale: false}}
        {user: Sam, expect: {state: little.choose, said: [little/heard, little/choose], slots: {person: Sam}}}
        {expect: {options: [go, unsaid, endless]}}
        {user: "mumble mumble", expect: {tries: 1, said: little/again, not_said: little/choose}}
        {command: why a script, expect: {said: why/why-script, state: little.choose, tries: 1}}
        {reload: true, expect: {state: little.choose}}
        {user: i want to die, expect: {state: crisis.card, careful: true, parked: true}}
        {press: resume, expect: {state: little.choose, parked: false}}
        {press: {option: go, turn: 1}, expect: {stale: true, state: little.choose}}
        {press: go, expect: {outcome: planned, state: ""}}
        {advance: 20h, expect: {timer: report, at: "2026-01-06T13:00:00+01:00", state: report.ask}}
        {advance: 72h, expect: {timer: lapse, outcome: lapsed}}
        """,
        '{now: "2026-01-05T17:00:00+01:00", quiet: "22:00-08:00", slots: {friend: Kim}}',
    )


def test_flows_are_swapped_under_a_person_and_old_buttons_go_on_meaning_what_they_said(
    settings: Settings,
) -> None:
    flow = (settings.flows / "little.yaml").read_text().replace("version: 1", "version: 2")
    options = "      - {id: later, label: little/unsaid, to: plan}\n      - {id: go,"
    (settings.flows / "fixtures").mkdir()
    (settings.flows / "fixtures/little.v2.yaml").write_text(flow.replace("      - {id: go,", options))
    (settings.flows / "fixtures/little.v3.yaml").write_text(flow.replace("  choose:", "  pick:"))

    assert play(
        settings,
        """
        {user: Sam, expect: {state: little.choose}}
        {release: fixtures/little.v3.yaml, expect: {refused: true, state: little.choose}}
        {release: fixtures/little.v2.yaml, expect: {refused: false, state: little.choose}}
        {press: {option: go, turn: 2}, expect: {outcome: planned, stale: false}}
        """,
    )


@pytest.mark.parametrize(
    ("steps", "told"),
    [
        ("{expect: {state: little.choose}}", "expected state 'little.choose', found 'little.open'"),
        ("{user: Sam, expect: {slots: {person: Kim}}}", "found {'person': 'Sam'}"),
        ("{user: Sam, expect: {said: why/x}}", "found ['little/heard', 'little/choose']"),
        ("{user: Sam, expect: {not_said: little/heard}}", "expected not_said"),
        ("{advance: 1h, expect: {timer: lapse}}", "found None"),
        ("{advance: 72h, expect: {outcome: planned}}", "found 'lapsed'"),
        ("{user: Sam, expect: {options: [go]}}", "['go', 'unsaid', 'endless']"),
        ("{press: nowhere, expect: {stale: false}}", "found True"),
        ("{user: Sam, expect: {tries: 2}}", "found 0"),
    ],
)
def test_what_is_not_as_expected_is_told_with_its_place_and_the_conversation(
    settings: Settings, steps: str, told: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert not play(settings, steps)

    out = capsys.readouterr().out
    assert "little.test.yaml:5:" in out
    assert told in out
    assert "Who is it?" in out
    assert "0 passed, 1 failed" in out


def test_each_test_begins_with_a_person_nobody_knows(settings: Settings) -> None:
    steps = "steps: [{user: Sam, expect: {state: little.choose}}]"
    text = f"tests:\n  - {{name: one, {steps}}}\n  - {{name: two, {steps}}}\n"
    (settings.flows / "little.test.yaml").write_text(text, encoding="utf-8")

    assert rehearse(settings, "")
    assert rehearse(settings, "two")
    assert not rehearse(settings, "three")


def rehearsals(text: str) -> tuple[list[Rehearsal], list[str]]:
    tree, _ = read(text.encode(), "x.test.yaml")
    assert tree is not None
    found, faults = read_rehearsals(tree, "x")
    return found, [str(fault) for fault in faults]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("steps: []", "x.test.yaml:1:1 Y136 a test file holds `tests:`"),
        ("tests: [{name: a}]", "x.test.yaml:1:9 Y136 a test needs a name and steps"),
        (
            "tests: [{name: a, steps: [{usr: hi}]}]",
            "1:28 Y136 'usr' means nothing in a test; did you mean 'user'?",
        ),
        ("tests: [{name: a, steps: [hello]}]", "a mapping belongs here"),
        ("tests: [{name: a, steps: [{user: a, press: b}]}]", "a step does one thing, not user and press"),
        ("tests: [{name: a, steps: [{advance: soon}]}]", "1:28 Y136 'soon' is no duration"),
        ("tests: [{name: a, steps: [{expect: {stat: x}}]}]", "1:37 Y136 'stat' means nothing"),
        ("tests: [{name: a, given: {now: noon}, steps: [{user: a}]}]", "'noon' is no moment"),
    ],
)
def test_a_test_that_cannot_be_played_is_a_fault_with_its_place(text: str, told: str) -> None:
    assert any(told in fault for fault in rehearsals(text)[1])


def test_faults_of_tests_are_part_of_check(settings: Settings, capsys: pytest.CaptureFixture[str]) -> None:
    (settings.flows / "little.test.yaml").write_text("tests: [{name: a}]\n", encoding="utf-8")

    assert not check(settings, "text")
    assert "little.test.yaml:1:9 Y136" in capsys.readouterr().out


def test_a_time_without_a_zone_is_utc_and_quiet_hours_are_memory() -> None:
    given = '{now: "2026-01-05T21:00:00", quiet: "23:00-07:00", slots: {tags: [a, b]}}'
    found, faults = rehearsals(f"tests: [{{name: a, given: {given}, steps: [{{user: b}}]}}]")

    assert (faults, found[0].now.utcoffset() is not None) == ([], True)
    assert found[0].slots == {"tags": ("a", "b"), "quiet_from": "23:00", "quiet_to": "07:00", "zone": "UTC"}


def test_a_text_that_came_too_early_answers_nothing(settings: Settings) -> None:
    assert play(
        settings,
        """
        {user: Sam, expect: {state: little.choose}}
        {user: {text: and Kim, turn: 1}, expect: {state: little.choose, tries: 0, slots: {person: "Sam\\nand Kim"}}}
        {expect: {sound: true}}
        """,  # noqa: E501  a step of a test stands on a line
    )


def test_what_is_not_sound_is_told(settings: Settings, capsys: pytest.CaptureFixture[str]) -> None:
    assert not play(settings, "{user: Sam, expect: {sound: true}}\n{press: unsaid, expect: {sound: true}}")
    assert "an update that could not be answered" in capsys.readouterr().out
    assert not play(settings, "{user: i want to die}\n{press: safe}\n{expect: {sound: true}}")
    assert "silence at crisis.card: nothing is said to who wrote" in capsys.readouterr().out


def test_an_early_text_needs_its_turn() -> None:
    tree, _ = read(
        b"tests: [{name: a, steps: [{user: {text: hm}}, {user: {words: hm, turn: 1}}]}]", "x.test.yaml"
    )
    assert tree is not None

    faults = [str(fault) for fault in read_rehearsals(tree, "x")[1]]

    assert len(faults) == 2
    assert "the turn it was written after" in faults[0]
    assert "'words' means nothing in a test" in faults[1]
