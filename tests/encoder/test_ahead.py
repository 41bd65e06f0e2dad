"""What is worked out ahead is there for whoever asks for it, and in nobody's way otherwise."""

from __future__ import annotations

import threading

import pytest

from bot.encoder.ahead import Ahead

SOON = 10.0
"""Seconds after which a test gives up."""


def test_whoever_asks_for_what_was_begun_waits_until_it_is_there() -> None:
    may, done = threading.Event(), threading.Event()

    def work(_: str) -> None:
        may.wait(SOON)
        done.set()

    ahead: Ahead[str] = Ahead(work)
    ahead.begin(b"this", "this")
    threading.Timer(0.05, may.set).start()

    ahead.wait_for(b"this")

    assert done.is_set()


def test_whoever_asks_for_something_else_waits_for_nothing() -> None:
    may, done = threading.Event(), threading.Event()

    def work(_: str) -> None:
        may.wait(SOON)
        done.set()

    ahead: Ahead[str] = Ahead(work)
    ahead.wait_for(b"this")
    ahead.begin(b"this", "this")

    ahead.wait_for(b"that")

    assert not done.is_set()
    may.set()


def test_of_what_stands_in_line_only_the_last_is_worked_on() -> None:
    may, begun, worked = threading.Event(), threading.Event(), []

    def work(thing: str) -> None:
        begun.set()
        may.wait(SOON)
        worked.append(thing)

    ahead: Ahead[str] = Ahead(work)
    for thing in ("first", "second", "third"):
        ahead.begin(thing.encode(), thing)
        begun.wait(SOON)
    may.set()
    ahead.wait_for(b"third")

    assert worked == ["first", "third"]


def test_what_goes_wrong_ahead_is_no_fault_of_who_waits() -> None:
    def work(_: str) -> None:
        raise ValueError("not today")

    ahead: Ahead[str] = Ahead(work)
    ahead.begin(b"this", "this")

    ahead.wait_for(b"this")


def test_a_process_that_is_leaving_begins_nothing() -> None:
    ahead: Ahead[str] = Ahead(pytest.fail)
    ahead._thread.shutdown()

    ahead.begin(b"this", "this")
    ahead.wait_for(b"this")
