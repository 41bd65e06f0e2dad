"""Drafts, and the steps they are for: short, in every tone, for everybody; and three steps for each day."""

from __future__ import annotations

from datetime import UTC, datetime
from itertools import product
from typing import Any

import pytest

from bot.dialogue.expect import expected
from bot.dialogue.session import Session
from bot.dialogue.step import begin
from tests import ours
from tests.content.copybook import PROMPTS, count

FLOWS = ours.content().flows
DRIVERS = FLOWS.flows["ladder"].slots["driver"].of
RELATIONS = FLOWS.flows["ladder"].slots["relation"].of
ONE_LINE, TWO_LINES = ("L1", "L2", "L6", "L7"), ("L3", "L4", "L5", "L8", "late")
DISTANCE = ("space", "boundary", "hold", "goodbye")
WITH_OWN_WORDS = ("L4", "L5", "L6", "L8")
OWN_WORDS = "shouted at you in front of Mo"
DRAFTS = [
    *(f"draft/{rung}/{who}" for rung, who in product((*ONE_LINE, *TWO_LINES, *DISTANCE), RELATIONS)),
    "draft/Lw/easy",
]


def said(draft: str, **values: Any) -> list[str]:
    """Return the four wordings of a draft: plain, warm, playful, short."""
    given = {"until": "week"} | values
    return [PROMPTS.render(draft, number, given) for number in range(PROMPTS.variants(draft))]


@pytest.mark.parametrize("draft", DRAFTS)
def test_a_draft_is_there_in_four_tones_and_all_differ(draft: str) -> None:
    four = said(draft, person="Sam")

    assert len(four) == len(set(four)) == 4
    assert count(four[3]) <= count(four[1]), "the last one is the short one"


@pytest.mark.parametrize("draft", DRAFTS)
def test_a_draft_is_short_with_a_name_and_their_own_words_in_it(draft: str) -> None:
    for values in ({}, {"person": "Sam"}, {"person": "Sam", "part": OWN_WORDS, "until": "open"}):
        for text in said(draft, **values):
            assert count(text) <= 25, f"{draft} has {count(text)} words:\n{text}"


@pytest.mark.parametrize("rung", [*ONE_LINE, *TWO_LINES, *DISTANCE])
def test_a_draft_is_not_the_same_for_everybody(rung: str) -> None:
    texts = [text for who in RELATIONS for text in said(f"draft/{rung}/{who}")]

    assert len(set(texts)) == 16


@pytest.mark.parametrize("draft", DRAFTS)
def test_what_can_be_changed_line_by_line_has_two_lines(draft: str) -> None:
    lines = 2 if draft.split("/")[1] in (*TWO_LINES, *DISTANCE) else 1

    assert {len(text.splitlines()) for text in said(draft, person="Sam")} == {lines}


@pytest.mark.parametrize(("rung", "who"), list(product(WITH_OWN_WORDS, RELATIONS)))
def test_their_own_words_stand_in_the_draft_and_their_full_stop_does_not(rung: str, who: str) -> None:
    for text in said(f"draft/{rung}/{who}", person="Sam", part="lost it, twice."):
        assert "lost it, twice" in text
        assert ".." not in text
        assert ".?" not in text


@pytest.mark.parametrize("rung", [*ONE_LINE, *TWO_LINES, *DISTANCE])
def test_a_draft_calls_them_what_the_person_calls_them(rung: str) -> None:
    texts = [text for who in RELATIONS for text in said(f"draft/{rung}/{who}", person="Wim")]

    assert sum("Wim" in text for text in texts) >= (4 if rung == "L1" else 12)


# --- three steps, whatever pulls and whatever strength there is --------------------------------------------


def steps_for(**slots: Any) -> list[str]:
    """Return the steps that are offered."""
    now = datetime(2026, 1, 5, 12, tzinfo=UTC)
    session, _ = begin(FLOWS, Session("somebody"), "ladder", now, slots)
    return [option.id for option in expected(FLOWS, session, now).options]


@pytest.mark.parametrize(("driver", "energy"), list(product(DRIVERS, range(4))))
@pytest.mark.parametrize("slope", ["quiet", "fights", "unclear"])
def test_three_steps_are_offered_and_nothing_at_all(driver: str, energy: int, slope: str) -> None:
    offered = steps_for(driver=driver, energy=energy, slope=slope, since="months")

    assert offered[3:] == ["nothing", "why"]
    assert len(set(offered)) == 5


@pytest.mark.parametrize("driver", DRIVERS)
def test_with_nothing_left_nothing_has_to_be_sent(driver: str) -> None:
    assert steps_for(driver=driver, energy=0, slope="quiet")[0] == "l0"


@pytest.mark.parametrize("driver", ["shame_avoidance", "social_anxiety", "unworthy_burden", "other_withdrew"])
def test_where_sending_is_the_fear_an_easy_person_comes_first(driver: str) -> None:
    for energy in (1, 2):
        assert steps_for(driver=driver, energy=energy, slope="quiet")[0] == "lw"


@pytest.mark.parametrize(
    ("driver", "fitting"),
    [("low_capacity", "l8"), ("grief_illness", "l8"), ("unworthy_burden", "l8"), ("closeness_alarm", "l4"),
     ("preemptive_abandonment", "l4"), ("shame_avoidance", "late"), ("conflict_anger", "l5"),
     ("social_anxiety", "l6"), ("overwhelm", "l3"), ("healthy_boundary", "l3"), ("growing_apart", "l6"),
     ("other_withdrew", "l2")],
)  # fmt: skip
def test_a_driver_has_the_step_that_answers_it(driver: str, fitting: str) -> None:
    assert fitting in steps_for(driver=driver, energy=2, slope="avoiding")


def test_who_was_left_is_not_sent_after_them_with_much() -> None:
    offered = {
        one for energy in range(3) for one in steps_for(driver="other_withdrew", energy=energy, slope="quiet")
    }

    assert offered.isdisjoint({"l3", "l4", "l5", "l7", "l8", "late"})
