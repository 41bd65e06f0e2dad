"""Every danger is answered at once, wherever somebody is; what plays it down afterwards stays inside."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path

import pytest

from bot.app import build
from bot.content.library import Content
from bot.content.markup import plain
from bot.content.needs import Needs
from bot.dialogue.effects import Effect, Finish, Forget, Say
from bot.dialogue.events import Answered, Commanded, Concern, Due, Event, Pressed, Reading, TimerFired
from bot.dialogue.expect import expected
from bot.dialogue.flow import State
from bot.dialogue.flows import Danger
from bot.dialogue.session import Frame, Session
from bot.dialogue.step import begin, step
from bot.publishing.spoken import chapters
from bot.settings import Settings
from bot.storage.memory import MemoryStore
from bot.understanding.matching import read
from tests import ours

NOON = datetime(2026, 1, 5, 12, 0, tzinfo=UTC)
LATER = NOON + timedelta(minutes=3)
KNOWN = {"consented": True, "country": "GB", "zone": "UTC"}
GRAVEST_FIRST = ["self", "other", "unsafe", "coerced", "unreal", "minor", "unwanted", "controller"]
PLAYED_DOWN = ("yes", "ok", "lol jk", "👍")


@cache
def content() -> Content:
    return ours.content()


def dangers() -> list[Danger]:
    return list(content().flows.globals.dangers)


def hard() -> list[Danger]:
    return [one for one in dangers() if one.tier == "hard"]


def cards() -> set[str]:
    return {one.call for one in dangers()}


def named(one: Danger) -> str:
    return f"{one.gate}-{one.tier}"


def waits() -> Iterator[tuple[str, State]]:
    """Yield every question of every flow that answers no danger."""
    for flow in content().flows.flows.values():
        if flow.id not in cards():
            yield from ((flow.id, state) for state in flow.states.values() if state.waits)


def standing(flow: str, state: str, turn: int = 7) -> Session:
    """Stand at a question, as somebody does who came there by themselves."""
    found = content().flows.flows[flow]
    slots = {one.id: one.default for one in found.slots.values() if one.default is not None}
    frame = Frame(flow, found.version, state, turn, slots=slots)
    met = int(NOON.timestamp())
    return Session("p", turn, (frame,), dict(KNOWN), visits=1, met=met, noticed=met)


def move(session: Session, event: Event, now: datetime = LATER) -> tuple[Session, tuple[Effect, ...]]:
    return step(content().flows, session, event, now)


def said(effects: tuple[Effect, ...]) -> list[str]:
    return [line.prompt for one in effects if isinstance(one, Say) for line in one.lines]


def shown(effects: tuple[Effect, ...]) -> list[str]:
    """Render what is sent, message by message."""
    render = content().prompts.render
    return [
        "\n\n".join(render(line.prompt, line.variant, say.slots, "en") for line in say.lines)
        for say in effects
        if isinstance(say, Say)
    ]


def first_words(danger: Danger) -> str:
    """Return the folder of what a danger's flow says first."""
    flow = content().flows.flows[danger.call]
    return next(line.prompt for state in flow.states.values() for line in state.say).partition("/")[0]


def answered(danger: Danger, session: Session, effects: tuple[Effect, ...]) -> bool:
    """Tell whether a danger was answered at once: by its own words, and by nothing before them."""
    there = any(frame.flow == danger.call for frame in session.frames)
    gone = any(isinstance(one, Forget) for one in effects)
    return (there or gone) and said(effects)[0].startswith(first_words(danger))


# --- the order -------------------------------------------------------------------------------------------


def test_the_gates_stand_in_their_order_each_in_two_tiers() -> None:
    assert [(one.gate, one.tier) for one in dangers()] == [
        (gate, tier) for gate in GRAVEST_FIRST for tier in ("hard", "soft")
    ]


def test_what_the_lexicon_hears_is_in_the_same_order() -> None:
    heard = list(content().lexicon.gates)

    assert heard == [gate for gate in GRAVEST_FIRST if gate in heard]


def test_whether_this_is_a_script_is_told_at_every_question_and_the_question_stays() -> None:
    for flow, states in ((one.id, one.states) for one in content().flows.flows.values()):
        for state in (one for one in states.values() if one.waits):
            for event in (Commanded("human"), Answered("are you human?", None, Reading(interrupt="human"))):
                after, effects = move(standing(flow, state.id), event)
                assert said(effects)[0] == "common/human", f"{flow}.{state.id}"
                assert (after.frames[-1].flow, after.frames[-1].state) == (flow, state.id)


# --- from everywhere, in one message ---------------------------------------------------------------------


@pytest.mark.parametrize("danger", dangers(), ids=named)
def test_a_danger_is_answered_in_one_message_from_every_question_there_is(danger: Danger) -> None:
    text = Answered("…", Concern(danger.gate, danger.tier), Reading(interrupt="stop"))

    for flow, state in waits():
        here = standing(flow, state.id)
        over_it = replace(
            here, frames=(*here.frames, replace(standing("settings", "menu").frames[0], kind="interrupt"))
        )
        for session in (here, over_it):
            after, effects = move(session, text)
            assert answered(danger, after, effects), f"{flow}.{state.id}"
            assert 1 <= len(shown(effects)) <= 3, f"{flow}.{state.id}"
            assert all(0 < len(plain(one)) <= 2000 for one in shown(effects)), f"{flow}.{state.id}"


@pytest.mark.parametrize("danger", dangers(), ids=named)
def test_a_danger_behind_a_command_or_from_nowhere_is_answered_in_one_message(danger: Danger) -> None:
    concern = Concern(danger.gate, danger.tier)
    idle = replace(standing("settings", "menu"), frames=())

    for session in (idle, Session("new"), standing("notice", "slope")):
        for event in (
            Answered("…", concern),
            Commanded("why", "…", None, concern),
            Commanded("nothing_of_ours", "…", None, concern),
        ):
            assert answered(danger, *move(session, event)), event


@pytest.mark.parametrize("danger", dangers(), ids=named)
def test_a_danger_in_an_answer_to_an_older_question_is_answered(danger: Danger) -> None:
    late = Answered("…", Concern(danger.gate, danger.tier), seen=3)

    assert answered(danger, *move(standing("notice", "slope"), late))


@pytest.mark.parametrize("danger", [one for one in dangers() if one.tier == "soft"], ids=named)
def test_one_tap_on_yes_brings_the_card_in_one_message_and_one_tap_on_no_leads_back(danger: Danger) -> None:
    card = next(one for one in hard() if one.gate == danger.gate)
    asked, _ = move(standing("notice", "slope"), Answered("…", Concern(danger.gate, "soft")))
    top = asked.frames[-1]
    yes, no = ("minor", "adult") if danger.gate == "minor" else ("yes", "no")

    carded, effects = move(asked, Pressed(asked.turn, yes, top.flow, top.state, top.version))
    back, _ = move(asked, Pressed(asked.turn, no, top.flow, top.state, top.version))

    assert answered(card, carded, effects)
    assert [(frame.flow, frame.state) for frame in back.frames] == [("notice", "slope")]
    assert back.careful == 0


def test_a_tap_that_tells_of_somebody_dangerous_brings_the_card_in_one_message() -> None:
    here = standing("person_check", "ask")

    after, effects = move(here, Pressed(here.turn, "yes", "person_check", "ask", here.frames[0].version))

    assert answered(next(one for one in hard() if one.gate == "unsafe"), after, effects)


@pytest.mark.parametrize("over", hard(), ids=named)
@pytest.mark.parametrize("under", [one for one in dangers() if one.gate != "minor"], ids=named)
def test_a_graver_danger_is_heard_inside_the_care_for_a_lesser_one_and_no_lesser_inside_a_graver(
    over: Danger, under: Danger
) -> None:
    inside, _ = move(standing("notice", "slope"), Answered("…", Concern(under.gate, under.tier)))
    graver = dangers().index(over) < dangers().index(under) or under.tier == "soft"

    after, effects = move(inside, Answered("…", Concern(over.gate, over.tier)))

    assert answered(over, after, effects) or not graver
    assert graver or after.frames[-1].flow == under.call


# --- after it was said -----------------------------------------------------------------------------------


def type_into(session: Session, text: str) -> tuple[Session, tuple[Effect, ...]]:
    """Type a text as a person does: it is read against what is on the table."""
    house = content()
    table = expected(house.flows, session, LATER)
    reading = read(text, table, house.words.speaking("en"), house.why.find)
    return move(session, Answered(text, None, reading))


@pytest.mark.parametrize("words", [*((one,) * 4 for one in PLAYED_DOWN), PLAYED_DOWN, PLAYED_DOWN[::-1]])
@pytest.mark.parametrize("danger", [one for one in hard() if one.gate != "minor"], ids=named)
def test_what_plays_it_down_stays_careful_and_leads_back_to_nothing(
    danger: Danger, words: tuple[str, ...]
) -> None:
    session, _ = move(standing("notice", "slope"), Answered("…", Concern(danger.gate, "hard")))

    for text in words:
        session, effects = type_into(session, text)
        ended = [one.outcome for one in effects if isinstance(one, Finish)]
        assert session.careful == 2, f"{text!r} at {danger.call}"
        assert not set(ended) & content().flows.globals.resume, f"{text!r} at {danger.call} led back"
        assert all(frame.flow != "notice" for frame in session.frames)
        if not session.frames:
            assert ended == ["closed"]
            break


@pytest.mark.parametrize("danger", [one for one in hard() if one.gate != "minor"], ids=named)
def test_silence_says_nothing_and_stays_careful(danger: Danger) -> None:
    session, _ = move(standing("notice", "slope"), Answered("…", Concern(danger.gate, "hard")))
    top = session.frames[-1]

    quiet, effects = move(session, TimerFired((Due("lapse", top.since),)), LATER + timedelta(days=1))

    assert (quiet.frames, said(effects)) == ((), [])
    assert quiet.careful == 2
    assert [one.id for one in content().flows.flows[top.flow].states[top.state].timers] == ["lapse"], (
        "no nudge"
    )


@pytest.mark.parametrize("danger", [one for one in hard() if one.gate != "minor"], ids=named)
def test_check_ins_rest_until_the_person_asks_for_them(danger: Danger) -> None:
    here = standing("notice", "slope")
    session = replace(here, memory={**here.memory, "nudges": True, "paused": False})
    session, _ = move(session, Answered("…", Concern(danger.gate, "hard")))

    session, _ = type_into(session, "ok")
    session, _ = move(session, Commanded("stop"))

    assert session.memory["paused"] is True
    assert session.reminders == ()


@pytest.mark.parametrize("danger", [one for one in hard() if not one.keep and one.gate != "minor"], ids=named)
def test_nothing_answered_before_is_kept_after_a_danger_that_is_another_person(danger: Danger) -> None:
    here = standing("person_check", "someone")
    named_them = replace(here, frames=(replace(here.frames[0], slots={"person": "Robin"}),))
    session, _ = move(named_them, Answered("…", Concern(danger.gate, "hard")))

    session, _ = type_into(session, "lol jk")
    while session.frames:
        top = session.frames[-1]
        session, _ = move(session, Pressed(session.turn, "enough", top.flow, top.state, top.version))

    assert "Robin" not in repr(session)


def test_a_minor_is_told_a_line_and_everything_is_deleted_in_the_same_message() -> None:
    session, effects = move(standing("notice", "slope"), Answered("…", Concern("minor", "hard")))

    assert (session.frames, session.memory, session.parked) == ((), {}, ())
    assert any(isinstance(one, Forget) for one in effects)
    assert "Childline" in shown(effects)[-1]


# --- every way ---------------------------------------------------------------------------------------------


def ways(danger: Danger) -> Iterator[tuple[Session, tuple[Effect, ...]]]:
    """Follow every answer, every miss and every silence of a danger's flow, each place once."""
    seen: set[object] = set()
    heard = Answered("…", Concern(danger.gate, danger.tier))
    new = Session("p", visits=1)
    rest = [move(session, heard) for session in (standing("notice", "slope"), new)]
    while rest:
        session, effects = rest.pop()
        yield session, effects
        frames = tuple((one.flow, one.state, one.tries, *one.slots.items()) for one in session.frames)
        place = (frames, bool(session.parked))
        if place not in seen and any(frame.flow in cards() for frame in session.frames):
            seen.add(place)
            rest += [move(session, event) for event in answers(session)]


def answers(session: Session) -> Iterator[Event]:
    """Yield all that can be done at a question."""
    top = session.frames[-1]
    state = content().flows.flows[top.flow].states[top.state]
    for option in state.options:
        yield Answered("…", None, Reading(option=option.id))
    yield Answered("purple")
    yield TimerFired((Due("lapse", top.since),))


@pytest.mark.parametrize("danger", hard(), ids=named)
def test_no_way_through_a_danger_reaches_the_ladder(danger: Danger) -> None:
    places = [frame.flow for session, _ in ways(danger) for frame in session.frames]

    assert "ladder" not in places
    assert danger.gate == "minor" or len(places) > 10


def test_every_line_of_a_danger_is_reached_by_some_answer() -> None:
    reached: set[str] = set()
    for danger in dangers():
        for _, effects in ways(danger):
            reached |= set(said(effects))
    needs, sources = Needs(content().prompts), content().prompts.sources.of("en")
    reached |= {inner for name in reached for one in sources[name].variants for inner in needs.said(one)}

    written = {name for one in chapters(content()) if one.title.startswith("Danger") for name in one.prompts}

    assert sorted(written - reached) == []


@pytest.mark.parametrize("danger", dangers(), ids=named)
def test_every_answer_of_a_danger_is_known_in_a_dozen_ways_or_more(danger: Danger) -> None:
    options = {
        option.says
        for state in content().flows.flows[danger.call].states.values()
        for option in state.options
    }

    few = {key: len(content().words.says(key)) for key in options if len(content().words.says(key)) < 12}

    assert few == {}


@pytest.mark.parametrize("danger", dangers(), ids=named)
def test_every_way_through_a_danger_ends_for_who_only_says_nothing_or_nonsense(danger: Danger) -> None:
    for event in (Answered("purple"), None):
        session, _ = begin(content().flows, Session("p", memory=dict(KNOWN), visits=1), danger.call, NOON)
        for _ in range(25):
            if not session.frames:
                break
            lapse = TimerFired((Due("lapse", session.frames[-1].since),))
            session, effects = move(session, event or lapse)
            assert len(shown(effects)) <= 3
        assert session.frames == ()


# --- when all else fails -----------------------------------------------------------------------------------


@pytest.mark.parametrize("gate", GRAVEST_FIRST)
def test_the_card_that_needs_nothing_names_the_line_that_fits_the_gate(gate: str) -> None:
    app = build(Settings(Path("nowhere")), content(), MemoryStore(), {})
    lines = {"unsafe": "National Domestic Abuse Helpline", "coerced": "National Domestic Abuse Helpline"}
    lines["minor"] = "Childline"

    known, unknown = (
        app.conversations.rescue.card(Concern(gate, "hard"), place, "en") for place in ("GB", "XX")
    )

    assert lines.get(gate, "Samaritans") in known
    assert "999" in known
    assert "findahelpline.com" in unknown
    assert not any(sign.isdigit() for sign in unknown)
