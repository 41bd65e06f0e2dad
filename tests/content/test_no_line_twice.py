"""Who answers, whatever they answer, reads no line twice in a conversation; what is asked anew is excused."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime
from random import Random

import pytest

from bot.content.library import Content, load_sound
from bot.dialogue.effects import Say
from bot.dialogue.events import Answered, Event, Pressed, Reading
from bot.dialogue.expect import expected
from bot.dialogue.session import Session
from bot.dialogue.step import begin, step
from tests.content.copybook import ROOT

NOW = datetime(2026, 1, 5, 14, tzinfo=UTC)
MEMORY = {"consented": True, "country": "GB", "invited": True}
ANSWERS = 60
PEOPLE = 120
TEXTS = ("Ana", "it is like a fog between us and i cannot say since when", "17:30", "after the school run")
BUTTONS = 5
CARE = ("unsafe/", "coerced/", "crisis/", "safety/", "gate/")
"""What is said to somebody in danger is said again whenever they ask for it."""


@pytest.fixture(scope="module")
def content() -> Content:
    return load_sound(ROOT / "flows", ROOT / "prompts")


class Talker:
    """Answer by a chance that is the same every time, mostly by a tap, and keep what was read."""

    def __init__(self, content: Content, seed: int) -> None:
        self.content, self.chance = content, Random(seed)
        self.read: Counter[str] = Counter()
        session = Session(f"talker {seed}", memory=MEMORY)
        self.session, effects = begin(content.flows, session, "start", NOW)
        self.keep(effects)

    def answer(self) -> None:
        """Answer once."""
        self.session, effects = step(self.content.flows, self.session, self.event(), NOW)
        self.keep(effects)

    def event(self) -> Event:
        open_now = expected(self.content.flows, self.session, NOW).options
        options = [option.id for option in open_now if not option.typed]
        top = self.session.frames[-1]
        if options and self.chance.random() < 0.65:
            return Pressed(self.session.turn, self.chance.choice(options), top.flow, top.state, top.version)
        return Answered(self.chance.choice(TEXTS), reading=Reading())

    def keep(self, effects: object) -> None:
        for say in effects:  # type: ignore[attr-defined]
            if isinstance(say, Say):
                assert len(say.choices) <= BUTTONS, f"{say.lines} have {len(say.choices)} buttons"
                for line in say.lines:
                    if not line.prompt.startswith(CARE):
                        self.read[self.content.prompts.render(line.prompt, line.variant, say.slots)] += 1


@pytest.mark.parametrize("seed", range(PEOPLE))
def test_no_line_is_read_twice(content: Content, seed: int) -> None:
    talker = Talker(content, seed)
    for _ in range(ANSWERS):
        if not talker.session.frames:
            break
        talker.answer()

    assert {line: times for line, times in talker.read.items() if times > 1} == {}
