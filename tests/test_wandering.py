"""People who wander through our own flows at random: nothing breaks, and the promises hold at every turn."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random

import pytest

from bot.content.library import Content, load
from bot.content.markup import plain
from bot.dialogue.codec import from_json, to_json
from bot.dialogue.effects import Effect, Say
from bot.dialogue.events import Answered, Commanded, Concern, Due, Event, Pressed, Reading, TimerFired
from bot.dialogue.session import Session
from bot.dialogue.step import step

HOUSE = Path(__file__).parent.parent
TURNS = 400
TEXTS = ("hm", "Ana", "7pm", "it is my sister, we had a fight about nothing", "👍", "*bold* <b>", "x" * 300)
COMMANDS = (
    "why",
    "back",
    "help",
    "settings",
    "pause",
    "start",
    "human",
    "export",
    "resume",
    "delete",
    "stop",
)


@pytest.fixture(scope="module")
def content() -> Content:
    return load(HOUSE / "flows", HOUSE / "prompts")


class Wanderer:
    """Walk through the flows by chance that is the same every time."""

    def __init__(self, content: Content, seed: int) -> None:
        self.content, self.chance = content, Random(seed)
        self.session = Session(f"wanderer {seed}")
        self.now = datetime(2026, 1, 5, 14, 0, tzinfo=UTC)
        self.armed: dict[tuple[str, int], datetime] = {}

    def event(self) -> Event:
        """Choose what happens next: mostly a press, sometimes a text, a command, a timer or danger."""
        top = self.session.frames[-1] if self.session.frames else None
        state = self.content.flows.flows[top.flow].states[top.state] if top else None
        roll = self.chance.random()
        if state and top and state.options and roll < 0.62:
            option = self.chance.choice(state.options)
            return Pressed(self.session.turn, option.id, top.flow, top.state, top.version)
        if roll < 0.80:
            return Answered(self.chance.choice(TEXTS), reading=Reading())
        if roll < 0.90:
            name = self.chance.choice(COMMANDS)
            return Commanded(
                name, "", self.chance.choice(sorted(self.content.why)) if name == "why" else None
            )
        if roll < 0.98:
            return self.timers()
        heard = self.chance.choice(self.content.flows.globals.dangers)
        return Answered("…", Concern(heard.gate, heard.tier))

    def timers(self) -> TimerFired:
        """Let some days pass, and hand over all that came due."""
        self.now += timedelta(hours=self.chance.choice([1, 20, 50, 100]))
        due = [key for key, when in self.armed.items() if when <= self.now]
        for key in due:
            del self.armed[key]
        return TimerFired(tuple(Due(timer, since) for timer, since in due))

    def move(self, event: Event) -> tuple[Effect, ...]:
        """Take one step, through JSON."""
        session = from_json(json.loads(json.dumps(to_json(self.session))))
        assert session == self.session
        self.session, effects = step(self.content.flows, session, event, self.now)
        for effect in effects:
            if hasattr(effect, "due"):
                self.armed[effect.timer, effect.since] = effect.due
        self.now += timedelta(minutes=2)
        return effects

    def shown(self, effects: tuple[Effect, ...]) -> list[str]:
        """Render what is said."""
        return [
            "\n\n".join(
                self.content.prompts.render(line.prompt, line.variant, say.slots, "en") for line in say.lines
            )
            for say in effects
            if isinstance(say, Say)
        ]


@pytest.mark.parametrize("seed", range(24))
def test_nothing_breaks_and_nothing_is_too_much_wherever_people_wander(content: Content, seed: int) -> None:
    wanderer = Wanderer(content, seed)
    for _ in range(TURNS):
        event = wanderer.event()
        effects = wanderer.move(event)
        shown = wanderer.shown(effects)

        where = [f"{frame.flow}.{frame.state}" for frame in wanderer.session.frames]
        assert len(shown) <= 3, where
        assert all(0 < len(plain(text)) <= 2000 for text in shown), where
        assert all(len(say.choices) <= 6 for say in effects if isinstance(say, Say)), where
        assert len(wanderer.session.frames) <= 8, where
        if wanderer.session.frames and wanderer.session.careful > 1:
            assert not any(frame.flow == "ladder" for frame in wanderer.session.frames), where


@pytest.mark.parametrize("seed", range(24, 36))
def test_stop_and_danger_are_honoured_from_wherever_people_are(content: Content, seed: int) -> None:
    wanderer = Wanderer(content, seed)
    for _ in range(TURNS // 4):
        wanderer.move(wanderer.event())
        here = wanderer.session

        stopped, effects = step(content.flows, here, Commanded("stop"), wanderer.now)
        cared, card = step(content.flows, here, Answered("…", Concern("self", "hard")), wanderer.now)

        assert stopped.frames == ()
        assert len(wanderer.shown(effects)) == 1
        assert any(frame.flow == "crisis_self" for frame in cared.frames)
        assert wanderer.shown(card)


@pytest.mark.parametrize("seed", range(36, 48))
def test_no_step_toward_them_is_reached_after_any_answer_but_no(content: Content, seed: int) -> None:
    """The proof of `check`, seen from outside: who did not say no at a gate meets no rung in that talk."""
    wanderer = Wanderer(content, seed)
    failed = False
    for _ in range(TURNS):
        event = wanderer.event()
        at = wanderer.session.frames[-1] if wanderer.session.frames else None
        gate = content.flows.flows[at.flow].states[at.state].gate if at else None
        wanderer.move(event)
        after = wanderer.session.frames[-1] if wanderer.session.frames else None
        if gate and isinstance(event, Pressed) and after and after.flow != "ladder":
            failed = failed or event.option in {"yes", "not_sure", "rather_not"}
        if after and content.flows.flows[after.flow].states[after.state].gate:
            failed = False  # it is asked again
        if not wanderer.session.frames or isinstance(event, TimerFired | Commanded):
            failed = False  # another conversation, or one gone back to before the gate
        rung = content.flows.flows[after.flow].states[after.state].rung if after else None
        assert not (failed and rung == "toward")
