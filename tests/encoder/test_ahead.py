"""What is worked out ahead is there for whoever asks for it, and in nobody's way otherwise."""

from __future__ import annotations

import threading

import pytest

from bot.encoder.ahead import Ahead

SOON = 10.0
"""Seconds after which a test gives up."""


class Slow:
    """Work on one thing after the other, and be done with none until it may."""

    def __init__(self) -> None:
        self.begun, self.may = threading.Event(), threading.Event()
        self.done: list[str] = []

    def __call__(self, thing: str) -> None:
        self.begun.set()
        self.may.wait(SOON)
        self.done.append(thing)


@pytest.fixture
def slow() -> Slow:
    return Slow()


@pytest.fixture
def ahead(slow: Slow) -> Ahead[str]:
    return Ahead(slow)


def test_whoever_asks_for_what_was_begun_waits_until_it_is_there(slow: Slow, ahead: Ahead[str]) -> None:
    ahead.begin(b"this", "this")
    threading.Timer(0.05, slow.may.set).start()

    ahead.wait_for(b"this")

    assert slow.done == ["this"]


def test_whoever_asks_for_something_else_waits_for_nothing(slow: Slow, ahead: Ahead[str]) -> None:
    ahead.wait_for(b"this")
    ahead.begin(b"this", "this")

    ahead.wait_for(b"that")

    assert slow.done == []
    slow.may.set()


def test_of_what_stands_in_line_only_the_last_is_worked_on(slow: Slow, ahead: Ahead[str]) -> None:
    for thing in ("first", "second", "third"):
        ahead.begin(thing.encode(), thing)
        slow.begun.wait(SOON)
    slow.may.set()
    ahead.wait_for(b"third")

    assert slow.done == ["first", "third"]


def test_what_goes_wrong_ahead_is_no_fault_of_who_waits() -> None:
    def work(_: str) -> None:
        raise ValueError("not today")

    ahead: Ahead[str] = Ahead(work)
    ahead.begin(b"this", "this")

    ahead.wait_for(b"this")


def test_a_process_that_is_leaving_begins_nothing(slow: Slow, ahead: Ahead[str]) -> None:
    ahead._thread.shutdown()

    ahead.begin(b"this", "this")
    ahead.wait_for(b"this")

    assert not slow.begun.is_set()
