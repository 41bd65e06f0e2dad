"""Rule 1: the core is a function."""

from dataclasses import FrozenInstanceError

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.dialogue.codec import from_json, to_json
from bot.dialogue.events import Answered, Commanded, Due, Event, Operated, Pressed, Reading, TimerFired
from bot.dialogue.session import Session
from bot.dialogue.step import step
from tests.dialogue.talk import MONDAY, QUESTION, Talk, flows_of, nudging

READINGS = st.builds(
    Reading,
    interrupt=st.sampled_from([None, "why", "help", "back", "stop", "settings"]),
    option=st.sampled_from([None, "good", "bad", "nowhere"]),
)
EVENTS = st.one_of(
    st.builds(Answered, st.text(max_size=60), reading=READINGS, seen=st.none() | st.integers(0, 9)),
    st.builds(
        Pressed, st.integers(0, 9), st.sampled_from(["good", "bad"]), st.just("question"), st.just("mood")
    ),
    st.builds(Commanded, st.sampled_from(["why", "back", "start", "stop", "settings", "nonsense"])),
    st.builds(TimerFired, st.lists(st.builds(Due, st.just("lapse"), st.integers(0, 9))).map(tuple)),
    st.builds(Operated, st.sampled_from(["stop", "again"])),
)


def play(events: list[Event]) -> list[tuple[Session, object]]:
    flows, session = flows_of(QUESTION), Session("s")
    trail: list[tuple[Session, object]] = []
    for event in events:
        session, effects = step(flows, from_json(to_json(session)), event, MONDAY)
        trail.append((session, effects))
    return trail


@settings(max_examples=150, deadline=None)
@given(st.lists(EVENTS, max_size=12))
def test_the_same_events_give_the_same_sessions_and_effects(events: list[Event]) -> None:
    assert play(events) == play(events)


@settings(max_examples=150, deadline=None)
@given(st.lists(EVENTS, max_size=12))
def test_the_turn_only_grows_and_the_bounds_hold(events: list[Event]) -> None:
    turns = [0]
    for session, effects in play(events):
        turns.append(session.turn)
        assert turns[-1] >= turns[-2]
        assert len(session.frames) <= 8
        assert sum(type(effect).__name__ == "Say" for effect in effects) <= 3  # type: ignore[attr-defined]


def test_a_step_leaves_the_session_it_was_given_as_it_was() -> None:
    talk = Talk(QUESTION).begin()
    before = to_json(talk.session)

    step(talk.flows, talk.session, Answered("Sam"), MONDAY)

    assert to_json(talk.session) == before


def test_a_session_cannot_be_written_to() -> None:
    with pytest.raises(FrozenInstanceError):
        Session("s").turn = 3  # type: ignore[misc]


def test_a_session_with_everything_in_it_round_trips_through_json() -> None:
    talk = Talk(nudging(), QUESTION, memory={"country": "DE"}).begin()
    talk.command("settings").press("zone").type("Europe/Berlin").danger()

    assert from_json(to_json(talk.session)) == talk.session
    assert talk.session.parked


def test_a_session_from_a_later_version_is_refused_rather_than_misread() -> None:
    data = to_json(Session("s")) | {"format": 99}

    with pytest.raises(ValueError, match="newer"):
        from_json(data)


def test_the_variants_of_a_line_take_turns_without_chance() -> None:
    talk = Talk(QUESTION, variants={"name_again": 3}).begin()
    long = "x" * 41

    variants = [talk.type(long).says[0].lines[0].variant, talk.type(long).says[0].lines[0].variant]
    talk.type("Sam").command("back")
    variants.append(talk.type(long).says[0].lines[0].variant)

    assert sorted(variants) == [0, 1, 2]


def test_different_people_may_hear_different_variants_first() -> None:
    heard = set()
    for name in "abcdefgh":
        talk = Talk(QUESTION, variants={"name?": 4})
        talk.session = Session(name)
        heard.add(talk.begin().says[0].lines[0].variant)

    assert len(heard) > 1
