"""People who answer what they are asked: no talk says a thing twice, crowds them with buttons or runs on."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from random import Random

import pytest

from bot.content.library import Content, load
from bot.content.markup import plain
from bot.dialogue.effects import Choice, Effect, Say
from bot.dialogue.events import Answered, Concern, Event, Pressed
from bot.dialogue.session import Session
from bot.dialogue.step import begin, step
from tests.content.copybook import count, wordings_of

HOUSE = Path(__file__).parent.parent
TURNS, TALKS, FEWER = 60, 400, 8
TEXTS = ("Ana", "7pm", "after work", "we had a fight about nothing", "2")
MOST_BUTTONS, MOST_WORDS, FREQUENT, VARIANTS, MOSTLY = 5, 60, 0.2, 4, 0.6
ONWARD = {"pulling", "fits", "step", "space", "use"}
"""What leads on where it is offered: three in four like to go on, and so come to the ladder."""
SAID_AGAIN = {"helpline.", "line('crisis/lines')"}
"""What a line holds that gives a number: nobody should have to scroll for one."""


@cache
def content() -> Content:
    return load(HOUSE / "flows", HOUSE / "prompts")


@cache
def gives_a_number(prompt: str) -> bool:
    return any(sign in one.text for one in wordings_of(prompt) for sign in SAID_AGAIN)


class Stroller:
    """Take a seat and answer, never the same way twice to the same question while another is left.

    `known` counts what was answered in other talks: what was answered least is the likeliest.
    """

    def __init__(self, seed: int, known: Counter[tuple[str, str, str]]) -> None:
        self.willing = seed % 4 > 0
        self.chance, self.tried, self.known = Random(seed), Counter[tuple[str, str, str]](), known
        memory = {"consented": True, "country": "GB", "zone": "UTC"}
        self.session = Session(f"stroller {seed}", memory=memory)
        self.now = datetime(2026, 1, 5, 14, 0, tzinfo=UTC)

    def talk(self, danger: Concern | None = None, flow: str = "") -> Iterator[Say]:
        """Yield every message until the talk is over; `flow` begins it, else what is written."""
        if flow:
            self.session, effects = begin(content().flows, self.session, flow, self.now)
        else:
            effects = self.move(Answered("hello", danger))
        for _ in range(TURNS):
            says = [one for one in effects if isinstance(one, Say)]
            yield from says
            if not self.session.frames:
                return
            effects = self.move(self.answer(says[-1].choices if says else ()))

    def move(self, event: Event) -> tuple[Effect, ...]:
        self.session, effects = step(content().flows, self.session, event, self.now)
        self.now += timedelta(minutes=1)
        return effects

    def answer(self, shown: tuple[Choice, ...]) -> Event:
        """Choose a button that was not chosen before, or type, where a text is asked for."""
        top = self.session.frames[-1]
        state = content().flows.flows[top.flow].states[top.state]
        if state.ask and (not shown or self.chance.random() < 0.5):
            return Answered(self.chance.choice(TEXTS))
        keys = {one.option: (top.flow, top.state, one.option) for one in shown}
        passing = {one.id for one in state.options if one.passes}
        eager = self.willing and self.chance.random() < 0.8
        option = min(
            keys,
            key=lambda one: (
                self.tried[keys[one]],
                not (eager and (one in passing or one in ONWARD)),
                self.known[keys[one]],
                self.chance.random(),
            ),
        )
        self.tried[keys[option]] += 1
        self.known[keys[option]] += 1
        return Pressed(self.session.turn, option, top.flow, top.state, top.version)


def words(say: Say) -> list[tuple[str, str]]:
    """Render a message, line by line, each with its prompt."""
    render = content().prompts.render
    return [(line.prompt, render(line.prompt, line.variant, say.slots, "en")) for line in say.lines]


def talks() -> Iterator[tuple[str, list[Say]]]:
    """Yield ordinary talks, some that a danger begins, and some that begin with an interrupt or reminder."""
    known, flows = Counter[tuple[str, str, str]](), content().flows
    for seed in range(TALKS):
        yield f"talk {seed}", list(Stroller(seed, known).talk())
    for seed in range(FEWER):
        for one in flows.globals.dangers:
            name = f"{one.gate} {one.tier} {seed}"
            yield name, list(Stroller(seed, known).talk(Concern(one.gate, one.tier)))
        for flow in sorted(begun_alone()):
            yield f"{flow} {seed}", list(Stroller(seed, known).talk(flow=flow))


def begun_alone() -> set[str]:
    """Return the flows that an interrupt or a reminder begins."""
    states = (state for flow in content().flows.flows.values() for state in flow.states.values())
    reminded = {one.flow for state in states for one in state.remind}
    return reminded | {one.call for one in content().flows.globals.interrupts if one.call}


@pytest.fixture(scope="module")
def strolled() -> dict[str, list[Say]]:
    return dict(talks())


def test_the_talks_come_nearly_everywhere(strolled: dict[str, list[Say]]) -> None:
    said = {line.prompt for says in strolled.values() for say in says for line in say.lines}
    spoken = {one for one in content().prompts.names() if not one.startswith(("why/", "link/", "platform/"))}

    assert len(said) >= MOSTLY * len(spoken)


def test_no_line_is_said_twice_in_a_talk_but_for_numbers_to_call(strolled: dict[str, list[Say]]) -> None:
    twice = {
        f"{prompt}: {text!r} in {name}"
        for name, says in strolled.items()
        for (prompt, text), times in Counter(line for say in says for line in words(say)).items()
        if times > 1 and not gives_a_number(prompt)
    }

    assert sorted(twice) == []


def test_nobody_is_shown_more_than_five_buttons(strolled: dict[str, list[Say]]) -> None:
    crowded = {
        f"{say.lines[-1].prompt} shows {[one.option for one in say.choices]}"
        for says in strolled.values()
        for say in says
        if len(say.choices) > MOST_BUTTONS
    }

    assert sorted(crowded) == []


def test_no_message_runs_on(strolled: dict[str, list[Say]]) -> None:
    long = {
        f"{[line.prompt for line in say.lines]} has {size} words"
        for says in strolled.values()
        for say in says
        if (size := count(plain("\n\n".join(text for _, text in words(say))))) > MOST_WORDS
    }

    assert sorted(long) == []


def test_what_is_said_often_has_four_wordings(strolled: dict[str, list[Say]]) -> None:
    ordinary = [says for name, says in strolled.items() if name.startswith("talk ")]
    heard = Counter(
        prompt for says in ordinary for prompt in {line.prompt for say in says for line in say.lines}
    )
    known = content().flows.globals
    often = {prompt for prompt, talks in heard.items() if talks >= FREQUENT * len(ordinary)}
    often |= {line.prompt for name, line in known.lines.items() if name != "stopped_nudging"}
    often |= {one.say.prompt for one in known.interrupts if one.id == "human" and one.say}
    often |= {known.notice.say.prompt} if known.notice else set()

    assert len(often) > 12
    assert {one: len(wordings_of(one)) for one in sorted(often) if len(wordings_of(one)) < VARIANTS} == {}
