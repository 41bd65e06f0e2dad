"""`lowtide replay`: what people did ends as it did with the same flows, and elsewhere where those changed."""

from __future__ import annotations

import asyncio
import json
from collections import Counter
from collections.abc import Sequence
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

import pytest

from bot.authoring.gathering import gather
from bot.authoring.playing import play
from bot.authoring.replaying.chances import Chances
from bot.authoring.replaying.command import Tally, outline
from bot.authoring.replaying.following import Follower, Verdict
from bot.cli import main
from bot.content.library import load
from bot.dialogue.codec import to_json
from bot.dialogue.events import Answered, Commanded, Due, Event, Pressed, Reading, TimerFired
from bot.dialogue.flows import Flows
from bot.dialogue.session import Session
from bot.dialogue.step import step
from bot.listening import Listener
from bot.orders.asking import FAULTS, GOOD
from bot.runtime.chronicle import BESIDE, chronicle
from bot.runtime.messages import Address
from bot.runtime.ports import Change, Entry, Moment
from bot.settings import Settings
from bot.storage.opening import operator_keys
from bot.storage.sqlite import SqliteStore
from tests.authoring.test_diff import Edits, edited
from tests.content.house import build

HERE = Address("console", "anna")
NOON = datetime(2026, 1, 5, 12, tzinfo=UTC)
TALK = "flows/talk.yaml"
HELLO, SAM, TIRED = Answered("hello"), Answered("Sam"), Answered("so tired", reading=Reading(option="tired"))


def lived(flows: Flows, events: Sequence[Event]) -> tuple[Session, list[Entry]]:
    """Let somebody do some things, and return where they stand and what the event log tells."""
    session, log = Session("anna"), list[Entry]()
    for event in events:
        after, effects = step(flows, session, event, NOON)
        log += chronicle(flows, Moment(HERE, event, session, after, effects), NOON)
        session = after
    return session, log


def first(index: int, state: str = "name") -> Pressed:
    """Press a button of the question that is open after some steps."""
    return Pressed(index, "first", "talk", state)


def replayed(root: Path, events: Sequence[Event], edits: Edits) -> list[Verdict]:
    """Live through the house, and follow that through an edited one."""
    _, log = lived(build(root / "a").flows, events)
    flows = build(root / "b", edited(edits)).flows
    return list(Follower(flows, Chances(flows)).follow(log))


WHOLE: tuple[Sequence[Event], ...] = (
    (HELLO, SAM, first(2)),
    (HELLO, SAM, Answered("?"), TIRED),
    (HELLO, Commanded("why"), SAM, Commanded("stop"), HELLO),
    (HELLO, TimerFired((Due("lapse", 1),)), HELLO, SAM),
    (HELLO, SAM, Pressed(1, "first", "talk", "open"), first(2)),
    (HELLO, Commanded("nothing like this"), Answered("x" * 70), Answered("x" * 70), first(4)),
)


@pytest.mark.parametrize("events", WHOLE)
def test_with_the_same_flows_every_step_ends_as_it_did(events: Sequence[Event], tmp_path: Path) -> None:
    verdicts = replayed(tmp_path, events, [])

    assert {one.how for one in verdicts} <= {"same", "trusted"}
    assert len(verdicts) == len(events)


def test_only_what_hangs_on_words_is_on_trust(tmp_path: Path) -> None:
    verdicts = replayed(tmp_path, (HELLO, SAM, first(2)), [])

    assert [one.how for one in verdicts] == ["trusted", "trusted", "same"]


FIRST_WAY = "set: {driver: first}, to: tell"


@pytest.mark.parametrize(
    ("edits", "expected"),
    [
        (
            [(TALK, FIRST_WAY, "set: {driver: first}, to: lapsed")],
            ("differs", "talk.name", "pressed first", "the end (done)", "the end (lapsed)"),
        ),
        (
            [(TALK, FIRST_WAY, "set: {driver: first}, to: open")],
            ("differs", "talk.name", "pressed first", "the end", "talk.open"),
        ),
        ([(TALK, "{id: first,", "{id: later,")], ("gone", "talk.name", "pressed first", "", "")),
        (
            [(TALK, "goto: name", "goto: tell"), (TALK, "give_up: name", "give_up: tell")],
            ("differs", "talk.open", "answered", "talk.name", "the end"),
        ),
        (
            [
                (TALK, "to: name", "to: menu"),
                (TALK, "give_up: name", "give_up: menu"),
                (TALK, "name:\n", "menu:\n"),
            ],
            ("gone", "talk.name", "state", "", ""),
        ),
    ],
)
def test_what_ends_elsewhere_is_told_where_it_does(
    edits: Edits, expected: tuple[str, ...], tmp_path: Path
) -> None:
    verdicts = replayed(tmp_path, (HELLO, SAM, first(2)), edits)

    otherwise = [one for one in verdicts if one.how in {"differs", "gone"}]
    assert Verdict(*expected) in otherwise  # type: ignore[arg-type]
    assert all(one.place in {expected[1], "talk.open"} for one in otherwise)


def test_a_condition_on_what_was_pressed_is_sure_and_one_on_words_is_on_trust(tmp_path: Path) -> None:
    tell = 'tell:\n            say: "driver/{driver}"\n            end: done'
    sure = tell.replace("end: done", "goto: [{if: \"driver == 'first'\", to: lapsed}, {else: done}]")
    words = tell.replace("end: done", 'goto: [{if: "length(person) > 40", to: lapsed}, {else: done}]')
    longer = tell.replace("end: done", 'goto: [{if: "length(person) < 40", to: lapsed}, {else: done}]')

    lived_through = (HELLO, SAM, first(2))
    ends = [
        replayed(tmp_path / str(n), lived_through, [(TALK, tell, way)])[-1]
        for n, way in enumerate((sure, words, longer))
    ]

    assert [one.how for one in ends] == ["differs", "same", "trusted"]


def test_a_migrated_state_and_option_are_known_by_their_new_names(tmp_path: Path) -> None:
    moved = "        migrate: [{from: 1, states: {name: menu}, options: {first: later}}]\n"
    edits = [
        (TALK, "version: 1", "version: 2"),
        (TALK, "goto: name", "goto: menu"),
        (TALK, "give_up: name", "give_up: menu"),
        (TALK, "name:\n", "menu:\n"),
        (TALK, "{id: first,", "{id: later,"),
        (TALK, "            end: done\n", f"            end: done\n{moved}"),
    ]

    verdicts = replayed(tmp_path, (HELLO, SAM, first(2)), edits)

    assert [one.how for one in verdicts] == ["trusted", "trusted", "same"]


def test_a_log_whose_beginning_is_gone_is_followed_from_where_it_begins(tmp_path: Path) -> None:
    flows = build(tmp_path).flows
    _, log = lived(flows, (HELLO, SAM, first(2)))
    third = [place for place, one in enumerate(log) if one.kind not in BESIDE][2]

    verdicts = list(Follower(flows, Chances(flows)).follow(log[third:]))

    assert [one.how for one in verdicts] == ["same"]


async def test_rehearsals_of_ours_end_as_they_did_danger_and_reminders_too(tmp_path: Path) -> None:
    settings = Settings(tmp_path / "none.db")
    content = load(settings.flows, settings.prompts)
    ear = Listener(content, lambda _: None, tmp_path, patient=False)
    found: Counter[str] = Counter()
    for rehearsal in gather(settings, "")[0]:
        if rehearsal.flow == "start" and len(rehearsal.steps) > 8:
            log: list[Entry] = []
            seen = partial(_note, content.flows, log)
            await play(settings, content, rehearsal, ear, seen)
            found.update(one.how for one in Follower(content.flows, Chances(content.flows)).follow(log))

    assert found["same"] > 100
    assert found["same"] > 2 * found["trusted"]
    assert found["differs"] == found["gone"] == 0


def _note(flows: Flows, log: list[Entry], moment: Moment) -> None:
    log.extend(chronicle(flows, moment, NOON))


# --- the command -----------------------------------------------------------------------------------------


def kept(root: Path, people: int) -> None:
    """Keep some people who all pressed the same button."""
    session, log = lived(build(root).flows, (HELLO, SAM, first(2)))
    written = json.dumps(to_json(session))

    async def keep() -> None:
        store = SqliteStore(root / "db", operator_keys(root / "db", ()))
        await store.open()
        for number in range(people):
            person = await store.load(Address("console", str(number)))
            await store.commit(Change(person.id, person.address, 0, NOON, written, log=tuple(log)))
        await store.close()

    asyncio.run(keep())


def replay(root: Path, *words: str) -> int:
    return main(["replay", str(root), "--db", str(root / "db"), *words])


def test_only_counts_of_enough_people_are_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    kept(tmp_path, 5)

    assert replay(tmp_path) == GOOD
    build(tmp_path, edited([(TALK, FIRST_WAY, "set: {driver: first}, to: lapsed")]))
    assert replay(tmp_path) == FAULTS

    rows = capsys.readouterr().out.splitlines()
    assert rows[0] == "15 steps of 5 people: 5 the same, 10 on trust, 0 otherwise, 0 gone"
    assert rows[3] == "  talk.name pressed first: the end (done) → the end (lapsed): 5 people"
    assert rows[1].startswith("on trust are")


def test_of_few_people_nothing_is_told_but_one_of_a_test_database_can_be_followed(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    kept(tmp_path, 1)

    assert replay(tmp_path) == GOOD
    assert replay(tmp_path, "--person", "console:0") == GOOD
    assert replay(tmp_path, "--person", "console:9") == 2
    assert main(["replay", str(tmp_path), "--db", str(tmp_path / "none.db")]) == 2

    few, *steps = capsys.readouterr().out.splitlines()
    assert few.startswith("fewer than 5 people")
    assert steps == [
        "trusted  nowhere answered",
        "trusted  talk.open answered",
        "same     talk.name pressed first",
    ]


def test_a_difference_of_few_people_has_no_number() -> None:
    tally = Tally()
    rare, usual = (
        Verdict("differs", f"talk.{name}", "pressed x", "a.b", "a.c") for name in ("rare", "usual")
    )
    for number in range(9):
        tally.add([usual, usual, rare] if number < 2 else [usual])

    rows = list(outline(tally))

    assert rows[1:3] == [
        "  talk.usual pressed x: a.b → a.c: 9 people",
        "  talk.rare pressed x: a.b → a.c: fewer than 5 people",
    ]
