"""`lowtide diff`: what a person can notice is told, each thing once, and nothing else is."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import pytest

from bot.authoring.differing.change import Change
from bot.authoring.differing.whole import difference
from bot.cli import main
from bot.orders.asking import FAULTS, GOOD
from tests.content.house import FILES, build

TALK, GLOBALS, OPTIONS = "flows/talk.yaml", "flows/globals.yaml", "prompts/en/talk/options.yaml"
OPEN_TIMER = "[{id: lapse, after: 3d, to: lapsed}]\n          name:"

Edits = list[tuple[str, str, str]]


def edited(edits: Edits) -> dict[str, str | None]:
    """Return files with some texts in them replaced; an empty text is a whole new file."""
    files: dict[str, str | None] = dict(FILES)
    for file, old, new in edits:
        text = files.get(file) or ""
        assert old in text, f"{file} holds no {old!r}"
        files[file] = text.replace(old, new, 1) if old else new
    return files


def changes(root: Path, edits: Edits, gone: tuple[str, ...] = ()) -> tuple[Change, ...]:
    """Return the difference that edits of the house make."""
    after = {**edited(edits), **dict.fromkeys(gone)}
    return difference(build(root / "a"), build(root / "b", after))


def told(found: tuple[Change, ...]) -> list[str]:
    return [f"{one.flow}.{one.state} {one.kind}: {one.what}" for one in found]


@pytest.mark.parametrize(
    ("edits", "expected"),
    [
        (
            [("prompts/en/talk/again.j2", "once", "one")],
            ["talk.open reworded: `talk/again` is reworded, also said in 1 more place"],
        ),
        (
            [("prompts/en/talk/open.j2", "Who do you", "Whom do you")],
            ["talk.open reworded: `talk/open` is reworded: 1 of 2 wordings is new"],
        ),
        (
            [("prompts/en/talk/open.j2", "\n---\nWho do you think of?", "")],
            ["talk.open reworded: `talk/open` has 1 wording in the place of 2"],
        ),
        (
            [
                (TALK, "to: tell}\n              - {id: first", "to: tell}\n              - {id: later"),
                (OPTIONS, "I leave first", "I leave"),
            ],
            ["talk.name option: option `later` is called"],
        ),
        ([(TALK, "say: talk/name", "say: [talk/open, talk/name]")], ["talk.name asks: asks more"]),
        ([(TALK, "say: talk/name", "say: talk/open")], ["talk.name asks: asks something else"]),
        (
            [(TALK, "set: {driver: first}, to: tell", "set: {driver: first}, to: lapsed")],
            ["talk.name leads: option `first` leads elsewhere"],
        ),
        (
            [(TALK, "set: {driver: first}, to: tell", "set: {driver: tired}, to: tell")],
            ["talk.name means: option `first` is noted as something else"],
        ),
        (
            [(TALK, "{id: first,", "{id: first, if: known(person),")],
            ["talk.name option: option `first` is offered on another condition"],
        ),
        (
            [(TALK, "{id: first,", "{id: first, typed: true,")],
            ["talk.name option: option `first` has no button any more"],
        ),
        (
            [(OPTIONS, "I am tired", "I am so tired")],
            ["talk.name label: label `talk/tired` is reworded"],
        ),
        (
            [(OPTIONS, "no energy left", "no energy, zero")],
            ["talk.name heard: `talk/tired` is heard in 2 more phrases and 1 fewer"],
        ),
        ([(TALK, OPEN_TIMER, OPEN_TIMER.replace("3d", "1d"))], ["talk.open lapse: the wait lapses sooner"]),
        (
            [(TALK, OPEN_TIMER, OPEN_TIMER.replace("[", "[{id: nudge, after: 1d, say: talk/open}, "))],
            ["talk.open nudge: 1 nudge more"],
        ),
        (
            [(TALK, "max_tries: 2, give_up: name", "max_tries: 2, give_up: lapsed")],
            ["talk.open leads: giving up"],
        ),
        (
            [(TALK, "max_tries: 2, give_up: name", "max_tries: 3, give_up: name")],
            ["talk.open miss: gives up after another number of misses"],
        ),
        (
            [(TALK, "{type: text, max: 60", "{type: text, max: 90")],
            ["talk.open asks: takes something else"],
        ),
        ([(TALK, "why: why-leave", "deny: [why]")], ["talk. page: has", "talk. command: refuses"]),
        (
            [(TALK, "say: talk/name", "say: talk/name\n            gate: person_check")],
            ["talk.name gate: asks"],
        ),
        (
            [(TALK, "entry: open", "entry: name")],
            ["talk. leads: the beginning", "talk.open unreachable: is no"],
        ),
        (
            [
                (TALK, "goto: name", "goto: more"),
                (
                    TALK,
                    "          name:\n",
                    "          more: {say: talk/open, goto: name}\n          name:\n",
                ),
            ],
            ["talk.open leads: the answer leads elsewhere", "talk.more says: is new"],
        ),
        (
            [
                (
                    TALK,
                    'say: "driver/{driver}"\n            end: done',
                    'say: "driver/{driver}"\n            end: lapsed',
                )
            ],
            ["talk.tell outcome: ends otherwise"],
        ),
        (
            [(TALK, 'say: "driver/{driver}"', 'say: "driver/{driver}"\n            careful: true')],
            ["talk.tell care: the person is met with care from here on"],
        ),
        (
            [
                (
                    TALK,
                    'say: "driver/{driver}"',
                    'say: "driver/{driver}"\n            remind: {flow: talk, after: 20h}',
                )
            ],
            ["talk.tell reminder: comes back with talk at another time"],
        ),
        (
            [(GLOBALS, "command: stop", "command: halt")],
            [". command: command `/stop`", ". command: command `/halt`"],
        ),
        (
            [(GLOBALS, "tier: soft, call: talk", "tier: soft, call: talk, parked: drop")],
            [". danger: danger `self"],
        ),
        (
            [(GLOBALS, "welcome_back: common/line", "welcome_back: talk/open")],
            [". says: line `welcome_back`"],
        ),
        ([(GLOBALS, "default: other", "default: US")], [". memory: memory `country` is otherwise"]),
        (
            [("flows/why.yaml", "title: Why people", "title: Why some")],
            [". page: page `why-leave` is otherwise"],
        ),
        ([("flows/helplines.yaml", 'call: "988"', 'call: "989"')], [". helpline: helplines of `US`"]),
        (
            [("flows/lexicon.yaml", "want to die", "wish to die")],
            [". danger: other words are heard as danger"],
        ),
        (
            [("prompts/de/talk/open.j2", "", "Um wen geht es?")],
            [". translation: de is spoken now: 1 of 7 prompts"],
        ),
    ],
)
def test_what_a_person_notices_is_told(edits: Edits, expected: list[str], tmp_path: Path) -> None:
    found = told(changes(tmp_path, edits))

    unexpected = [one for one in found if not any(one.startswith(words) for words in expected)]
    if expected[0].startswith("talk.name option: option `later`"):
        assert (
            "talk.name label: label `talk/first` is reworded" in found
        )  # the rename of an id is nobody's business
        assert len(found) == 1
    else:
        assert unexpected == []
        assert len(found) == len(expected)


@pytest.mark.parametrize(
    ("edits", "gone"),
    [
        ([], ()),
        (
            [
                (TALK, "schema: flow/1", "# a comment\n        schema: flow/1"),
                (TALK, "version: 1", "version:   1"),
            ],
            (),
        ),
        (
            [
                (TALK, "to: tell}", "to: say_it}"),
                (TALK, "to: tell}", "to: say_it}"),
                (TALK, "tell:", "say_it:"),
            ],
            (),
        ),
        ([(TALK, "{id: lapse, after: 3d", "{id: over, after: 72h")], ()),
        (
            [
                (TALK, "driver: {type", "pull: {type"),
                *[(TALK, "driver: ", "pull: ")] * 2,
                (TALK, "{driver}", "{pull}"),
            ],
            (),
        ),
        (
            [(TALK, "talk/again", "common/once_more")] * 2
            + [("prompts/en/common/once_more.j2", "", FILES["prompts/en/talk/again.j2"])],
            ("prompts/en/talk/again.j2",),
        ),
        (
            [
                (TALK, "goto: name", "goto: route"),
                (TALK, "          name:\n", "          route: {goto: name}\n          name:\n"),
            ],
            (),
        ),
        ([("prompts/en/talk/open.j2", "Who is it", "{# to be read aloud #}Who is it")], ()),
        ([("prompts/en/talk/again.j2", "Say it once more?", "  Say it once more?  \n\n")], ()),
        (
            [
                (TALK, "label: talk/first", "label: talk/leaving"),
                (OPTIONS, "first:", "leaving:"),
                ("prompts/en/driver/first.j2", "talk/first", "talk/leaving"),
            ],
            (),
        ),
    ],
    ids="same comments state timer slot prompt router remark blanks label".split(),
)
def test_what_nobody_notices_is_no_difference(edits: Edits, gone: tuple[str, ...], tmp_path: Path) -> None:
    assert told(changes(tmp_path, edits, gone)) == []


def test_a_change_holds_the_words_before_and_after(tmp_path: Path) -> None:
    (one,) = changes(tmp_path, [("prompts/en/talk/open.j2", "Who is it", "Whom is it")])

    assert (one.old, one.new) == ("Who is it about?", "Whom is it about?")


def test_an_option_that_comes_or_goes_is_told_with_its_label(tmp_path: Path) -> None:
    first = "\n              - {id: first, label: talk/first, set: {driver: first}, to: tell}"

    (gone,) = changes(tmp_path, [(TALK, first, "")])
    back = difference(build(tmp_path / "b"), build(tmp_path / "a"))

    assert (gone.what, gone.old) == ("option `first` is gone", "I leave first")
    assert back == ()


def test_two_folders_or_revisions_are_compared_and_the_exit_code_says_whether_they_differ(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    build(tmp_path / "a")
    build(tmp_path / "b", edited([("prompts/en/talk/open.j2", "Who is it", "Whom is it")]))

    assert main(["diff", str(tmp_path / "a"), str(tmp_path / "a")]) == GOOD
    assert main(["diff", str(tmp_path / "a"), str(tmp_path / "b")]) == FAULTS

    assert capsys.readouterr().out.splitlines() == [
        "0 changes for a person",
        "talk",
        "  open: `talk/open` is reworded: 1 of 2 wordings is new",
        "    - Who is it about?",
        "    + Whom is it about?",
        "",
        "1 change for a person",
    ]


def test_a_revision_is_compared_with_what_is_here(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    build(tmp_path)
    git = ["git", "-C", str(tmp_path), "-c", "user.name=n", "-c", "user.email=e@example.org"]
    for order in (["init", "-q"], ["add", "."], ["commit", "-qm", "first"]):
        subprocess.run([*git, *order], check=True)
    here = ["--flows", str(tmp_path / "flows"), "--prompts", str(tmp_path / "prompts")]
    (tmp_path / "prompts/en/talk/again.j2").write_text("Once more?")

    assert main(["diff", "HEAD", *here, "--json"]) == FAULTS
    assert [one["kind"] for one in json.loads(capsys.readouterr().out)["changes"]] == ["reworded"]
    assert main(["diff", "HEAD..HEAD", *here]) == GOOD
    assert main(["diff", "nowhere", *here]) == 2
    assert main(["diff", "HEAD", str(tmp_path / "prompts"), *here]) == 2
    assert "nowhere is no folder, and no revision" in capsys.readouterr().err
