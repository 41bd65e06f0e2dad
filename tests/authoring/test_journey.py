"""The order of conversation: everything that can be met is met once, first what a newcomer meets first."""

from __future__ import annotations

from bot.authoring.journey import before, journey, silent
from tests import ours

FLOWS = ours.content().flows
MET = journey(FLOWS)


def test_every_state_of_ours_is_met_once() -> None:
    every = {(flow.id, state) for flow in FLOWS.flows.values() for state in flow.states}

    assert len(MET) == len(set(MET))
    assert set(MET) == every


def test_a_newcomer_says_yes_before_they_are_asked_anything_and_checks_in_last() -> None:
    place = {one: rank for rank, one in enumerate(MET)}

    assert MET[0] == ("start", FLOWS.flows["start"].entry)
    first_of = {
        flow: min(rank for (owner, _), rank in place.items() if owner == flow) for flow in FLOWS.flows
    }
    assert first_of["consent"] < first_of["reflect"] < first_of["notice"] < first_of["report"]


def test_what_was_read_just_before_a_place_leads_there_and_has_words() -> None:
    came = before(FLOWS)

    assert ("notice", "slope") in came["notice", "since"]
    assert all(
        not silent(FLOWS.flows[flow].states[state]) for places in came.values() for flow, state in places
    )
