"""`lowtide cover`: what tests met is what the engine did, and what they never met is told with its place."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from bot.authoring.cover import measure
from bot.authoring.covering import coverage
from bot.cli import main
from bot.content.library import Content, load
from bot.content.marks import Mark, things
from bot.orders.asking import FAULTS, GOOD, WRONG
from bot.settings import Settings
from tests.runtime.little import little_world

FORK = """\
schema: flow/1
flow: fork
version: 1
entry: open
outcomes: [left, right, lapsed]
slots:
  way: {type: enum, of: [a, b], default: a}
states:
  open: {goto: middle}
  middle: {goto: [{if: "way == 'a'", to: ask}, {else: right}]}
  ask:
    say: little/open
    options:
      - {id: go, label: little/go, if: "way == 'a'", to: left}
      - {id: hidden, label: little/unsaid, if: "way == 'b'", to: never}
    other: {reprompt: [little/again, little/open_again], max_tries: 3, give_up: lapsed}
    timers: [{id: nudge, after: 20h, say: little/nudge}, {id: lapse, after: 72h, to: lapsed}]
  never: {end: right}
"""


@pytest.fixture
def world(tmp_path: Path) -> Path:
    little_world(tmp_path)
    (tmp_path / "flows/fork.yaml").write_text(FORK, encoding="utf-8")
    return tmp_path


def played(world: Path, *tests: str, flow: str = "fork") -> tuple[Content, dict[Mark, set[str]]]:
    """Play tests, each given by its steps, and return what they met."""
    lines = [f"  - {{name: t{number}, {steps}}}" for number, steps in enumerate(tests)]
    (world / f"flows/{flow}.test.yaml").write_text("\n".join(["tests:", *lines]), encoding="utf-8")
    settings = Settings(world / "x.db", world / "flows", world / "prompts")
    content = load(settings.flows, settings.prompts)
    met, missed = measure(settings, content)
    assert not missed
    return content, met.marks


def unmet(content: Content, met: dict[Mark, set[str]], flow: str = "fork") -> set[tuple[object, ...]]:
    return {
        tuple(one.mark[:1] + one.mark[2:]) for one in things(content.flows.flows[flow]) if one.mark not in met
    }


def test_a_conversation_meets_what_it_went_through_and_nothing_else(world: Path) -> None:
    content, met = played(world, "steps: [{press: go, expect: {outcome: left}}]")

    assert unmet(content, met) == {
        ("outcome", "", "right", None),
        ("outcome", "", "lapsed", None),
        ("guard", "middle", "goto → 1", False),
        ("option", "ask", "hidden", None),
        ("guard", "ask", "go if", False),
        ("guard", "ask", "hidden if", True),
        ("reprompt", "ask", "1", None),
        ("reprompt", "ask", "2", None),
        ("give-up", "ask", "", None),
        ("timer", "ask", "nudge", None),
        ("timer", "ask", "lapse", None),
        ("state", "never", "", None),
    }


def test_silence_and_misses_are_met_as_they_befall(world: Path) -> None:
    mumble = "{user: mumble mumble}"
    content, met = played(
        world,
        "steps: [{advance: 20h, expect: {said: little/nudge}}]",
        f"steps: [{mumble}, {mumble}, {mumble}, {{expect: {{outcome: lapsed}}}}]",
        "given: {slots: {way: b}}, steps: [{expect: {outcome: right}}]",
    )

    left = unmet(content, met)
    assert ("timer", "ask", "lapse", None) in left
    assert not {kind for kind, *_ in left} & {"reprompt", "give-up"}
    assert not [one for one in left if one[1] == "middle"]


def test_an_overruled_silence_is_not_met(world: Path) -> None:
    content, met = played(world, "steps: [{advance: 20h}, {advance: 60h, expect: {outcome: lapsed}}]")

    assert not [one for one in unmet(content, met) if one[0] == "timer"]


def test_interrupts_dangers_and_the_lines_of_the_core_are_met_too(world: Path) -> None:
    _, met = played(
        world,
        "steps: [{command: back, expect: {said: common/nothing_back}}, {user: i want to die},"
        " {press: resume}, {command: delete}, {press: keep}, {command: stop}]",
    )

    everywhere = {mark[:1] + mark[3:4] for mark in met if not mark.flow}
    assert everywhere == {
        ("interrupt", "back"), ("interrupt", "delete"), ("interrupt", "stop"), ("danger", "self hard"),
        ("line", "nothing_back"),
    }  # fmt: skip
    assert Mark("outcome", "delete_me", "", "kept") in met


def test_what_was_met_is_counted_in_the_language_it_was_said_in(world: Path) -> None:
    (world / "prompts/es/little").mkdir(parents=True)
    (world / "prompts/es/little/open.j2").write_text("¿Quién es?\n", encoding="utf-8")

    content, met = played(
        world, "given: {slots: {language: es}}, steps: [{press: go}]", "steps: [{press: go}]"
    )

    assert met[Mark("state", "fork", "ask")] == {"es", "en"}
    settings = Settings(world / "x.db", world / "flows", world / "prompts")
    spoken = {one.language: one for one in coverage(content, measure(settings, content)[0]).spoken(content)}
    assert (spoken["es"].prompts, spoken["es"].all_prompts) == (1, 1)
    assert spoken["es"].states == 3


def test_the_marked_engine_says_what_the_plain_one_says(
    world: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    steps = "steps: [{user: Sam}, {press: go, expect: {outcome: planned}}, {advance: 20h}]"
    played(world, steps, flow="little")

    assert main(["test", str(world)]) == GOOD
    assert "1 passed" in capsys.readouterr().out


def test_what_is_never_met_is_told_with_its_place_and_a_way_there(
    world: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    played(world, "steps: [{press: go}]")

    assert main(["cover", str(world), "--flow", "fork"]) == GOOD

    out = capsys.readouterr().out
    assert "flows/fork.yaml:15:9 option fork.ask hidden: {press: hidden}, shown if way == 'b'" in out
    assert "guard fork.middle goto → 1 never false: with `way == 'a'` false at middle" in out
    assert "timer fork.ask lapse: {advance: 3d}" in out
    assert 'reprompt fork.ask 2: {user: "(what fits no answer)"} ×2' in out
    assert "state fork.never: {press: hidden}, and it is entered" in out
    assert "outcome fork right: " in out
    assert out.splitlines()[-2].split()[:3] == ["fork", "3/4", "1/2"]


@pytest.mark.parametrize(
    ("floors", "code", "told"),
    [
        (["--fail-under", "30"], GOOD, ""),
        (["--fail-under", "states=75", "--fail-under", "options=50"], GOOD, ""),
        (["--fail-under", "90", "--fail-under", "states=100"], FAULTS, "states: 75.0 % is below 100 %"),
        (["--fail-under", "doors=90"], WRONG, "write 95, or KIND=95 with one of states, options"),
    ],
)
def test_a_floor_holds_or_the_command_fails(
    world: Path, floors: list[str], code: int, told: str, capsys: pytest.CaptureFixture[str]
) -> None:
    played(world, "steps: [{press: go}]")

    assert main(["cover", str(world), "--flow", "fork", *floors]) == code
    assert told in "".join(capsys.readouterr())


def test_the_same_is_data(world: Path, capsys: pytest.CaptureFixture[str]) -> None:
    played(world, "steps: [{press: go}]")

    assert main(["cover", str(world), "--json"]) == GOOD

    found = json.loads(capsys.readouterr().out)
    assert found["flows"]["fork"]["states"] == [3, 4]
    assert {"kind": "state", "state": "never", "line": 18}.items() <= next(
        one for one in found["missing"] if one["kind"] == "state" and one["flow"] == "fork"
    ).items()


def test_pictures_show_where_no_test_goes(world: Path, capsys: pytest.CaptureFixture[str]) -> None:
    played(world, "steps: [{press: go}]")

    assert main(["cover", str(world), "--mermaid", "--svg", str(world / "drawn")]) == GOOD

    out, drawn = capsys.readouterr().out, (world / "drawn/fork.svg").read_text(encoding="utf-8")
    assert "✗ hidden (if way == 'b')" in out
    assert "½ if way == 'a'" in out
    assert "style s_never stroke" in out
    assert "linkStyle" in out
    assert '<g class="lt-node lt-moves lt-unmet">' in drawn
    assert '<g class="lt-node lt-waits">' in drawn


def test_a_test_that_fails_is_told_and_fails_the_command(
    world: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    played(world, "steps: [{press: go}]")
    tests = world / "flows/fork.test.yaml"
    tests.write_text(tests.read_text().replace("{press: go}", "{press: go, expect: {outcome: right}}"))

    assert main(["cover", str(world)]) == FAULTS
    assert "FAILED fork: t0; `lowtide test` shows it" in capsys.readouterr().out
