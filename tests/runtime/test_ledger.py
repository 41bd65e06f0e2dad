"""A ledger knows for how long each message waits, and the oldest of each lane."""

from __future__ import annotations

from dataclasses import replace

from bot.runtime.ledger import Ledger
from bot.runtime.messages import Message
from tests.runtime.worlds import ANNA

FIRST, SECOND = Message("a:1:0", ANNA, "hello"), Message("a:2:0", ANNA, "you")


def test_the_oldest_is_who_came_first_and_still_waits() -> None:
    ledger = Ledger()
    ledger.came(FIRST, 10.0)
    ledger.came(SECOND, 14.0)
    both = ledger.waiting("reply"), ledger.oldest("reply", 20.0)

    ledger.went(FIRST)

    assert both == (2, 10.0)
    assert (ledger.waiting("reply"), ledger.oldest("reply", 20.0)) == (1, 6.0)


def test_a_message_that_comes_again_waits_since_it_first_came() -> None:
    ledger = Ledger()
    ledger.came(FIRST, 10.0)
    ledger.came(FIRST, 15.0)

    assert (ledger.waiting("reply"), ledger.waited(FIRST, 20.0)) == (1, 10.0)


def test_lanes_do_not_wait_for_one_another() -> None:
    ledger = Ledger()
    ledger.came(replace(FIRST, lane="nudge"), 10.0)

    assert (ledger.oldest("nudge", 20.0), ledger.oldest("reply", 20.0)) == (10.0, 0.0)


def test_what_never_came_has_not_waited_and_may_go() -> None:
    ledger = Ledger()
    ledger.went(FIRST)

    assert ledger.waited(FIRST, 20.0) == 0.0
