"""A moment is heard beside an hour that is asked for, and kept as a duration; everything else is a fault."""

from __future__ import annotations

import pytest

from tests.content.checks.shelf import faults_of, flow

SLOTS = "slots:\n  at: {type: time}\n  ahead: {type: duration}\n  name: {type: text}\n"
USED = '  next: {goto: [{if: "known(ahead) and known(at) and known(name)", to: done}, {else: left}]}\n'


def asking(slot: str, hears: str) -> list[str]:
    """Ask for a slot and listen for a moment in another; return the codes of the faults there are."""
    asked = f"    ask: {{slot: {slot}, hears: {{{hears}: moment}}, give_up: left}}\n"
    lapse = "    timers: [{id: lapse, after: 72h, to: left}]\n"
    text = flow(f"  open:\n    say: a/b\n{asked}    goto: next\n{lapse}", USED, more=SLOTS)
    return [fault.code for fault in faults_of({"talk.yaml": text})]


@pytest.mark.parametrize(
    ("slot", "hears", "right"),
    [("at", "ahead", True), ("at", "name", False), ("name", "ahead", False), ("ahead", "ahead", False)],
)
def test_a_moment_is_heard_beside_an_hour_and_kept_as_a_duration(slot: str, hears: str, right: bool) -> None:
    assert ("S224" not in asking(slot, hears)) is right


def test_what_begins_a_conversation_names_no_moment() -> None:
    more = "opening: name\nhears: {ahead: moment}\n" + SLOTS

    found = faults_of({"talk.yaml": flow("  open: {goto: next}\n", USED, more=more)})

    assert [fault.code for fault in found if fault.code == "S224"] == ["S224"]
