"""Whoever waits in an older version has a place in this one, or `check` says how to give them one."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from bot.content.checks import check_all
from bot.content.checks.versions import faults
from bot.content.faults import CODES, Fault
from bot.content.flows import LoadedFlow, load_flow
from bot.content.library import load
from bot.content.lock import Lock, record, write_lock
from bot.content.yaml12 import read
from tests.runtime.little import little_world

TODAY = date(2026, 1, 5)
FLOW = """\
schema: flow/1
flow: talk
version: {version}
entry: open
outcomes: [done]
slots:
  mood: {{type: enum, of: [bad, ok]}}
  person: {{type: text, max: 60}}
states:
  open:
    say: talk/open
    options: [{{id: a, label: talk/a, to: deep}}, {{id: b, label: talk/b, to: done}}]
    other: {{give_up: done}}
    timers: [{{id: lapse, after: 72h, to: done}}]
  deep: {{call: deeper, returns: {{done: close}}}}
  close: {{say: talk/close, end: done}}
{more}"""


def flow(version: int = 2, more: str = "", *changes: tuple[str, str], file: str = "talk.yaml") -> LoadedFlow:
    text = FLOW.format(version=version, more=more)
    for before, after in changes:
        assert before in text
        text = text.replace(before, after, 1)
    tree, unread = read(text, file)
    assert tree is not None
    loaded, wrong = load_flow(tree)
    assert loaded is not None
    assert unread + wrong == []
    return loaded


FIRST: Lock = {"talk": {1: record(flow(1).flow)}}


def found(now: LoadedFlow, *older: LoadedFlow, lock: Lock = FIRST) -> list[Fault]:
    kept = {(one.flow.id, one.flow.version): one for one in older}
    return list(faults({"talk": now}, kept, lock, TODAY))


def codes(now: LoadedFlow, *older: LoadedFlow, lock: Lock = FIRST) -> list[str]:
    return [fault.code for fault in found(now, *older, lock=lock)]


def migrate(entry: str) -> str:
    return f"migrate: [{{from: 1, {entry}}}]\n"


RENAMED = (("entry: open", "entry: start"), ("  open:", "  start:"))


def test_a_version_in_which_everybody_has_a_place_has_no_fault() -> None:
    assert codes(flow(2, "", ("of: [bad, ok]", "of: [bad, ok, good]"), ("max: 60", "max: 90"))) == []


def test_a_state_that_is_gone_is_told_until_it_is_sent_somewhere() -> None:
    (fault,) = found(flow(2, "", *RENAMED))

    assert str(fault).startswith(
        "talk.yaml:3:10 V903 whoever waits in state 'open' of version 1 has no place"
    )
    assert codes(flow(2, migrate("states: {open: start}"), *RENAMED)) == []


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("  deep: {call: deeper, returns: {done: close}}", "  deep: {goto: close}"),
        ("call: deeper", "call: another"),
        ("  deep: {call: deeper, returns: {done: close}}\n", ""),
    ],
)
def test_a_caller_that_calls_no_more_has_no_place(before: str, after: str) -> None:
    assert "V903" in codes(flow(2, "", (before, after)))


@pytest.mark.parametrize(
    ("before", "after", "mend"),
    [
        ("  person: {type: text, max: 60}\n", "", "slots: {person: null}"),
        ("max: 60", "max: 40", "slots: {person: null}"),
        ("of: [bad, ok]", "of: [ok]", "slots: {mood: {to: mood, map: {bad: ok}}}"),
        (
            "  mood: {type: enum, of: [bad, ok]}",
            "  mood: {type: int}",
            "slots: {mood: {to: mood, map: {bad: 0}}}",
        ),
        ("  person:", "  who:", "slots: {person: who}"),
    ],
)
def test_a_slot_that_cannot_hold_what_it_held_is_told_until_somebody_says_what_becomes_of_it(
    before: str, after: str, mend: str
) -> None:
    assert codes(flow(2, "", (before, after))) == ["V904"]
    assert codes(flow(2, migrate(mend), (before, after))) == []


def test_a_button_that_means_nothing_any_more_is_a_warning_until_its_option_is_sent_somewhere() -> None:
    (fault,) = found(flow(2, "", ("id: a,", "id: aa,")))

    assert (fault.code, fault.severity) == ("V905", "warning")
    assert codes(flow(2, migrate("options: {a: aa}"), ("id: a,", "id: aa,"))) == []


@pytest.mark.parametrize(
    ("entry", "code", "place"),
    [
        ("states: {open: opne}", "V901", "opne"),
        ("states: {open: close}", "V901", "wait"),
        ("slots: {mood: nood}", "V901", "no slot"),
        ("options: {a: c}", "V901", "no option"),
        ("slots: {mood: {to: mood, map: {bad: 3}}}", "V902", "cannot hold 3"),
        ("set: {mood: awful}", "V902", "cannot hold 'awful'"),
        ("states: {opened: open}", "V906", "did you mean 'open'"),
    ],
)
def test_a_migration_that_leads_nowhere_is_told_at_its_place(entry: str, code: str, place: str) -> None:
    told = [fault for fault in found(flow(2, migrate(entry))) if fault.code == code]

    assert [fault.spot.line for fault in told] == [17]
    assert place in str(told[0])


def test_a_chain_is_followed_to_its_end() -> None:
    chain = (
        "migrate:\n"
        "  - {from: 1, states: {open: middle}, slots: {person: who}, options: {a: x}}\n"
        "  - {from: 2, states: {middle: start}, slots: {who: name}, options: {x: aa}}\n"
    )

    now = flow(3, chain, *RENAMED, ("  person:", "  name:"), ("id: a,", "id: aa,"))

    assert codes(now) == []


def test_who_begins_anew_needs_no_place() -> None:
    assert codes(flow(2, "policy: {restart: talk/changed}\n", *RENAMED)) == []


def test_a_pin_needs_an_older_version_and_an_end_within_thirty_days() -> None:
    older = flow(1, file="older/talk.v1.yaml")

    assert codes(flow(2, "policy: {pin_until: 2026-01-20}\n"), older) == []
    assert codes(flow(2, "policy: {pin_until: 2026-01-20}\n")) == ["V907"]
    assert codes(flow(2, "policy: {pin_until: 2026-03-20}\n"), older) == ["V908"]
    assert codes(flow(2, "policy: {pin_until: 2026-01-01}\n"), older) == ["V908"]
    assert codes(flow(2), older) == ["V907"]


def test_a_folder_with_an_older_version_loads_it_and_checks_it_in_its_place(tmp_path: Path) -> None:
    little_world(tmp_path)
    (tmp_path / "flows/older").mkdir()
    report = (tmp_path / "flows/report.yaml").read_text()
    old = report.replace("label: report/well", "label: report/gone").replace(
        "say: report/ask", "say: report/aks"
    )
    (tmp_path / "flows/older/report.v1.yaml").write_text(old)
    pinned = report.replace("version: 1", "version: 2\npolicy: {pin_until: 2026-01-20}")
    (tmp_path / "flows/report.yaml").write_text(pinned)

    content = load(tmp_path / "flows", tmp_path / "prompts")

    assert content.flows.older["report", 1].states["ask"].ids == ("well", "bad")
    told = [one for one in check_all(content, tmp_path / "flows", TODAY) if "older" in one.spot.file]
    assert {one.code for one in told} >= {"W601"}


def test_what_is_said_on_arrival_is_checked_like_every_other_line(tmp_path: Path) -> None:
    little_world(tmp_path)
    content = load(tmp_path / "flows", tmp_path / "prompts")
    write_lock(content.loaded, tmp_path / "flows")
    path = tmp_path / "flows/report.yaml"
    renamed = path.read_text().replace("version: 1", "version: 2").replace("ask", "question")
    path.write_text(
        renamed.replace("report/question", "report/ask")
        + "\nmigrate:\n  - from: 1\n    states: {ask: {to: question, say: report/nwe}}\n"
    )

    told = check_all(load(tmp_path / "flows", tmp_path / "prompts"), tmp_path / "flows", TODAY)

    assert [str(one) for one in told if one.code == "W601" and "nwe" in one.message]


def test_every_code_of_the_family_is_shown_here() -> None:
    shown = Path(__file__).read_text()

    assert [code for code in CODES if code.startswith("V") and f'"{code}"' not in shown] == []
