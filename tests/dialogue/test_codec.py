"""A session as JSON: it comes back as it was, and what did not change is written once."""

import json
from dataclasses import asdict, replace

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.dialogue.codec import from_json, to_json
from bot.dialogue.effects import Spoken
from bot.dialogue.flow import Value
from bot.dialogue.recurring import Again
from bot.dialogue.session import Frame, Past, Reminder, Session
from tests.dialogue.talk import QUESTION, Talk, asks, flow, text

NAMES = st.sampled_from("abcde")
COUNTS = st.integers(0, 2)
VALUES = st.booleans() | COUNTS | st.text(max_size=3) | st.lists(NAMES, max_size=2).map(tuple)
SLOTS = st.dictionaries(NAMES, VALUES, max_size=5)
TURNS = st.integers(0, 2**40)
ENDS = st.dictionaries(NAMES, TURNS, max_size=2)
FRAMES = st.builds(
    Frame,
    NAMES,
    COUNTS,
    NAMES,
    TURNS,
    st.sampled_from(["root", "call", "interrupt"]),
    COUNTS,
    SLOTS,
    st.none() | st.builds(Spoken, NAMES, COUNTS),
    st.lists(NAMES, max_size=2).map(tuple),
    ends=ENDS,
)
STACKS = st.lists(FRAMES, max_size=3).map(tuple)
AGAIN = st.builds(Again, st.sampled_from(["day", "week"]), NAMES, COUNTS, COUNTS, TURNS)
PROMISES = st.builds(
    Reminder, NAMES, NAMES, SLOTS, NAMES, TURNS, TURNS, st.none() | NAMES, st.none() | AGAIN, ENDS
)
REMINDERS = st.lists(PROMISES, max_size=2).map(tuple)
SESSIONS = st.builds(
    Session,
    id=st.text(),
    turn=TURNS,
    frames=STACKS,
    memory=SLOTS,
    said=st.dictionaries(NAMES, TURNS, max_size=3),
    past=st.lists(st.builds(Past, STACKS, SLOTS, REMINDERS, ENDS), max_size=4).map(tuple),
    parked=STACKS,
    reminders=REMINDERS,
    pressed=st.none() | st.tuples(TURNS, NAMES, COUNTS),
    last=st.none() | st.tuples(COUNTS, NAMES),
    asides=st.lists(st.text(), max_size=2).map(tuple),
    careful=COUNTS,
    visits=COUNTS,
    unanswered=COUNTS,
    met=TURNS,
    noticed=TURNS,
    nudged=TURNS,
    asking=st.text(max_size=3),
    denied=st.lists(st.text(max_size=3), max_size=2).map(tuple),
    ends=ENDS,
    ending=TURNS,
    warned=TURNS,
)
CHANGES = st.lists(st.tuples(st.sampled_from(["memory", "slots", "push", "pop", "state"]), NAMES, VALUES))


def through_json(session: Session) -> Session:
    return from_json(json.loads(json.dumps(to_json(session))))


def exact(session: Session) -> str:
    """Write a session so that `True` is not `1`, and the order of slots does not matter."""
    return json.dumps(asdict(session), sort_keys=True)


def lived(session: Session, what: str, name: str, value: Value) -> Session:
    """Change one thing about a session and keep the rest, object by object, as a step does."""
    past = (*session.past, Past(session.frames, session.memory, session.reminders))
    frames, session = session.frames, replace(session, turn=session.turn + 1, past=past)
    if what == "memory":
        return replace(session, memory={**session.memory, name: value})
    if what == "push" or not frames:
        return replace(session, frames=(*frames, Frame(name, 1, "a", session.turn)))
    if what == "pop":
        return replace(session, frames=frames[:-1])
    *below, top = frames
    slots = {key: kept for key, kept in top.slots.items() if key != name}
    changed = {"state": name} if what == "state" else {"slots": {**slots, name: value} if value else slots}
    return replace(session, frames=(*below, replace(top, **changed)))


@settings(deadline=None)  # a busy machine is no fault
@given(SESSIONS)
def test_any_session_comes_back_as_it_was(session: Session) -> None:
    read = through_json(session)

    assert read == session
    assert exact(read) == exact(session)


@settings(deadline=None)  # a busy machine is no fault
@given(SESSIONS, CHANGES)
def test_a_session_that_was_lived_comes_back_as_it_was(
    session: Session, changes: list[tuple[str, str, Value]]
) -> None:
    for change in changes:
        session = lived(session, *change)

    assert exact(through_json(session)) == exact(session)
    assert exact(through_json(through_json(session))) == exact(session)


def test_what_an_answer_did_not_change_is_one_object_again() -> None:
    talk = Talk(QUESTION, memory={"country": "DE"}).begin().type("Sam").command("settings")

    read = through_json(talk.session)

    assert len(read.past) == 2
    assert all(past.memory is read.memory and past.reminders is read.reminders for past in read.past)
    assert read.past[-1].frames[0] is read.frames[0]


def test_what_a_person_wrote_is_kept_once_however_often_they_can_go_back() -> None:
    names = [f"s{number}" for number in range(8)]
    states = [asks(one, one, then) for one, then in zip(names, [*names[1:], "done"], strict=True)]
    talk = Talk(flow("long", *states, slots={key: slot for one in names for key, slot in text(one).items()}))
    talk.begin()
    for number in range(7):
        talk.type(f"answer {number}")

    written = json.dumps(to_json(talk.session))

    assert len(talk.session.past) == 7
    assert [written.count(f"answer {number}") for number in range(7)] == [1] * 7


def test_a_slot_that_was_cleared_is_written_into_the_past_it_stood_in() -> None:
    before = Session("s", frames=(Frame("f", 1, "a", 1, slots={"name": "Sam", "age": 3}),))
    after = lived(before, "slots", "name", "")

    read = through_json(after)

    assert read.past[0].frames[0].slots == {"name": "Sam", "age": 3}
    assert read.frames[0].slots == {"age": 3}


def test_a_yes_in_the_past_does_not_turn_into_the_number_one() -> None:
    before = Session("s", memory={"nudges": True})

    read = through_json(lived(before, "memory", "nudges", 1))

    assert read.past[0].memory["nudges"] is True
    assert read.memory["nudges"] is not True
