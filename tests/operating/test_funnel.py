"""The funnel counts people in whole fives: what each did, how long they took, and never one of them."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import TypeAlias
from xml.etree import ElementTree

import pytest

from bot.content.library import Content
from bot.dialogue.events import Answered, Commanded, Due, Event, Pressed, Reading, TimerFired
from bot.dialogue.session import Session
from bot.dialogue.step import step
from bot.operating.funnel import FIGURES, Figure, Funnel, Life, Place, Row
from bot.operating.funnel_svg import svg
from bot.operating.funnel_words import explained, plain, span, table
from bot.runtime.chronicle import chronicle
from bot.runtime.fives import FEW
from bot.runtime.ports import Entry, Moment
from tests.operating.invented import PICTURE, community, picture
from tests.runtime.little import little_world
from tests.runtime.worlds import ANNA, NOON

Lived: TypeAlias = Sequence[tuple[float, Event]]
"""What happened, and how many minutes after the thing before."""
HELLO, SAM, LOST = Answered("hello"), Answered("Sam"), Answered("?")
GO, BACK, WHY, STOP = (
    Answered("go on", reading=Reading(option="go")),
    *map(Commanded, ("back", "why", "stop")),
)
OPEN, CHOOSE = Place("little", 1, "open"), Place("little", 1, "choose")


@pytest.fixture(scope="module")
def content(tmp_path_factory: pytest.TempPathFactory) -> Content:
    return little_world(tmp_path_factory.mktemp("little"))


def logged(content: Content, lived: Lived) -> list[Entry]:
    """Let somebody live through some things, and return what the log tells of it."""
    session, now, log = Session("anna"), NOON, list[Entry]()
    for minutes, event in lived:
        now += timedelta(minutes=minutes)
        after, effects = step(content.flows, session, event, now)
        log += chronicle(content.flows, Moment(ANNA, event, session, after, effects), now)
        session = after
    return log


def life(content: Content, lived: Lived, since: datetime | None = None) -> Life:
    return Life(since).lived(logged(content, lived))


def nudge(turn: int, timer: str = "nudge") -> Event:
    return TimerFired((Due(timer, turn),))


CAME: set[Figure] = {"entered", "asked"}


@pytest.mark.parametrize(
    ("lived", "place", "did"),
    [
        ([(0, HELLO)], OPEN, CAME),
        ([(0, HELLO), (1, SAM)], OPEN, {*CAME, "answered"}),
        ([(0, HELLO), (1, SAM)], CHOOSE, {"asked"}),
        ([(0, HELLO), (1, SAM), (1, LOST)], CHOOSE, {"asked", "reprompted"}),
        ([(0, HELLO), (1, SAM), (1, LOST), (1, GO)], CHOOSE, {"asked", "reprompted", "answered"}),
        (
            [(0, HELLO), (1, SAM), (1, LOST), (1, LOST), (1, LOST)],
            CHOOSE,
            {"asked", "reprompted", "gave_up"},
        ),
        ([(0, HELLO), (1, SAM), (1, BACK)], CHOOSE, {"asked", "back"}),
        ([(0, HELLO), (1, SAM), (1, WHY), (1, STOP)], CHOOSE, {"asked"}),
        ([(0, HELLO), (1, SAM), (1, nudge(2, "lapse"))], CHOOSE, {"asked", "lapsed"}),
        ([(0, HELLO), (1, SAM), (1, Pressed(2, "go", "little", "choose"))], CHOOSE, {"asked", "answered"}),
    ],
)
def test_what_came_of_a_question_is_counted_where_it_was_asked(
    content: Content, lived: Lived, place: Place, did: set[Figure]
) -> None:
    assert life(content, lived).did[place] == did


def test_an_answer_after_a_nudge_is_told_apart_from_one_that_needed_none(content: Content) -> None:
    asked, woken, lapse = (0.0, HELLO), (1200.0, nudge(1)), (10.0, nudge(1, "lapse"))
    stories: list[Lived] = [
        [asked, woken, (1, SAM)],
        [asked, (1, SAM)],
        [asked, woken, lapse],
        [asked, woken, (1, SAM), (1, GO)],
    ]

    lives = [life(content, lived) for lived in stories]

    found = [{"nudged", "nudged_answered"} & one.did[OPEN] for one in lives]
    assert found == [{"nudged", "nudged_answered"}, set(), {"nudged"}, {"nudged", "nudged_answered"}]
    assert "nudged_answered" not in lives[3].did[CHOOSE]


def test_a_promise_that_begins_a_conversation_is_a_nudge_in_the_flow_it_begins() -> None:
    due = Entry(NOON, 4, "timer", "report:1", lands="report.ask", mark="nudged")
    came = Entry(NOON, 5, "entered", "", "report", 1, "ask")
    told = Entry(NOON, 5, "pressed", "well", "report", 1, "ask", 0, "", "answered")

    found = Life().lived([due, came, told]).did

    assert found == {Place("report", 1, "ask"): {"entered", "asked", "nudged", "nudged_answered", "answered"}}


def test_a_time_to_answer_runs_from_the_question_and_an_interrupt_does_not_begin_it_anew(
    content: Content,
) -> None:
    lived = [(0, HELLO), (2, WHY), (1, SAM), (5, BACK), (4, SAM), (7, LOST), (3, GO)]

    took = life(content, lived).took

    assert took == {OPEN: [180.0, 240.0], CHOOSE: [600.0]}


def test_who_is_carried_to_another_version_is_counted_there_and_their_question_is_as_old_as_it_is() -> None:
    asked = Entry(NOON, 0, "answered", lands="little.open", mark="other")
    came = Entry(NOON, 1, "entered", "", "little", 1, "open")
    later = NOON + timedelta(minutes=10)
    moved = Entry(later, 1, "migrated", "", "little", 2, "who")
    answer = Entry(later, 1, "answered", "", "little", 2, "who", 0, "little.pick", "answered")

    found = Life().lived([asked, came, moved, answer])

    assert found.did == {
        OPEN: {"entered", "asked"},
        Place("little", 2, "who"): {"migrated", "asked", "answered"},
        Place("little", 2, "pick"): {"asked"},
    }
    assert found.took == {Place("little", 2, "who"): [600.0]}


def test_what_was_before_a_day_is_known_and_not_counted(content: Content) -> None:
    lived = [(0, HELLO), (10, SAM)]

    found = life(content, lived, since=NOON + timedelta(minutes=5))

    assert found.did == {OPEN: {"answered"}, CHOOSE: {"asked"}}
    assert found.took == {OPEN: [600.0]}


# --- nobody alone ----------------------------------------------------------------------------------------


def crowd(content: Content, people: int, lived: Lived = ((0, HELLO), (1, SAM), (1, LOST))) -> Funnel:
    funnel = Funnel()
    for _ in range(people):
        funnel.add(life(content, lived))
    return funnel


@pytest.mark.parametrize("people", range(1, 13))
def test_every_figure_is_a_whole_five_so_that_no_difference_of_two_is_one_person(
    content: Content, people: int
) -> None:
    funnel = crowd(content, people)

    rows = [*funnel.flows(), *funnel.states("little")]

    figures = {count for row in rows for count in row.people.values()}
    assert figures == ({0, people - people % FEW} if people >= FEW else set())
    assert all((row.seconds is None) == (people < FEW) for row in rows if row.people["answered"])
    assert all(row.seconds is None for row in rows if not row.people["answered"])


def test_who_does_a_thing_often_is_one_person_and_weighs_as_one(content: Content) -> None:
    often = [(0, HELLO), (1, SAM), *[(90.0, BACK), (90.0, SAM)] * 20]
    funnel = crowd(content, 5, [(0, HELLO), (1, SAM)])
    funnel.add(life(content, often))

    (flow,) = funnel.flows()

    assert flow.people["answered"] == 5
    assert flow.people["back"] == 0
    assert flow.seconds == 60


def test_where_few_came_not_even_the_name_is_told(content: Content) -> None:
    few, enough = crowd(content, 4), crowd(content, 5)

    assert [*few.flows(), *few.states("little")] == []
    assert json.loads(plain(few.flows(), None))["rows"] == []
    assert "little" not in svg(few.flows(), "a note") + "".join(table(few.flows()))
    assert [row.place for row in (*enough.flows(), *enough.states("little"))] == [
        Place("little", 1),
        CHOOSE,
        OPEN,
    ]


def test_a_figure_of_few_is_null_beside_one_that_is_told(content: Content) -> None:
    (told,) = json.loads(plain(crowd(content, 5, [(0, HELLO)]).flows(), None))["rows"]

    assert told["entered"] == 5
    assert {name for name, value in told.items() if value is None} == {
        *(figure for figure in FIGURES if figure not in {"asked", "entered"}),
        "median_seconds",
    }


def test_what_an_older_release_logged_is_not_counted_and_that_is_said() -> None:
    funnel = Funnel()
    funnel.add(Life().lived([Entry(NOON, 1, "answered", "", "little", 1, "open", 0, "little.choose")]))

    assert funnel.flows() == []
    assert "an older release logged a part of this" in list(explained(None, funnel.unmarked))[-1]


# --- how it is told --------------------------------------------------------------------------------------


def test_a_table_shows_states_only_where_there_are_some() -> None:
    funnel = community()

    flows, states = ([*table(rows)] for rows in (funnel.flows(), funnel.states("ladder")))

    assert flows[0].split()[:4] == ["flow", "version", "entered", "answered"]
    assert states[0].split()[:5] == ["flow", "version", "state", "asked", "answered"]
    assert flows[1].split()[:4] == ["ladder", "4", "85", "80"]
    assert flows[1].endswith("█████████░")


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(None, "·"), (5, "5 s"), (59, "59 s"), (60, "1 min"), (5400, "2 h"), (3600, "1 h"), (172800, "2 d")],
)
def test_a_time_is_told_in_one_unit(seconds: int | None, words: str) -> None:
    assert span(seconds) == words


def test_the_picture_can_be_read_by_a_program_and_by_a_screen_reader_in_light_and_in_dark() -> None:
    row = Row(Place("a<b", 2), dict.fromkeys(FIGURES, 0) | {"entered": 10, "nudged_answered": 5}, 60)

    drawn = svg([row], "people, in whole fives")

    space = "{http://www.w3.org/2000/svg}"
    root = ElementTree.fromstring(drawn)
    assert root.get("role") == "img"
    assert [root.findtext(f"{space}{name}") for name in ("title", "desc")] == [
        "How far people come",
        "people, in whole fives. a<b 2: entered 10, then answered 5, usual answer 1 min.",
    ]
    assert "prefers-color-scheme: dark" in drawn
    assert len(root.findall(f"{space}rect")) == 3


def test_a_picture_of_nobody_can_be_drawn() -> None:
    assert svg([], "nobody").endswith("</svg>\n")


def test_the_picture_in_the_docs_is_as_it_is_drawn_today() -> None:
    assert Path(PICTURE).read_text(encoding="utf-8") == picture()
