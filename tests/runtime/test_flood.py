"""Whoever sends more than a person writes is told once, is still heard for danger, and holds up nobody."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

import pytest

from bot.app import App, build
from bot.content.library import Content
from bot.runtime import flood
from bot.runtime.clocks import VirtualClock
from bot.runtime.flood import AT_ONCE, EVERY, Allowance
from bot.runtime.limits import Limits
from bot.runtime.messages import Address, Text, Update
from bot.runtime.ports import Verdict
from bot.safety.lexicon import Tier
from bot.safety.units import Opinion, Sense, Unit
from bot.settings import Settings
from bot.storage.memory import MemoryStore
from tests import ours
from tests.runtime.worlds import ANNA, BEN, NOON, Platform

SLOWLY = "more than I can read"


@dataclass
class Crowd:
    """Speak for everybody who writes; every line is an update of its own."""

    app: App
    platform: Platform
    clock: VirtualClock
    updates: int = 0
    verdicts: list[Verdict | None] = field(default_factory=list)

    async def say(self, *texts: str, who: Address = ANNA) -> list[Verdict | None]:
        verdicts = []
        for text in texts:
            self.updates += 1
            verdicts.append(await self.app.handle(Update(str(self.updates), who, None, Text(text))))
        await self.app.courier.settle()
        return verdicts

    def wait(self, seconds: float) -> None:
        self.clock.turn_to(self.clock.now() + timedelta(seconds=seconds))

    def told_to_slow_down(self, who: Address = ANNA) -> int:
        return sum(SLOWLY in text for text in self.platform.said_to(who))


@pytest.fixture(scope="module")
def content() -> Content:
    return ours.content()


@dataclass
class Seer:
    """A model that hears danger in one word alone, and counts how much it is given to hear."""

    asked: int = 0

    def opinion(self, units: tuple[Unit, ...], careful: bool) -> Opinion | None:
        self.asked += len(units)
        hears = any("lighthouse" in unit.words for unit in units)
        return Opinion("self", "hard", "model 0.90: its words") if hears else None

    def allays(self, units: tuple[Unit, ...], tier: Tier) -> bool:
        return False


@asynccontextmanager
async def crowd_on(
    content: Content, platform: str = "test", sense: Sense | None = None
) -> AsyncIterator[Crowd]:
    clock, shown = VirtualClock(NOON), Platform()
    settings, adapters = Settings(db=Path("unused")), {"test": shown}
    limits = {platform: Limits()}
    async with build(
        settings, content, MemoryStore(), adapters, clock=clock, limits=limits, sense=sense
    ) as app:
        yield Crowd(app, shown, clock)


@pytest.fixture
async def crowd(content: Content) -> AsyncIterator[Crowd]:
    async with crowd_on(content) as one:
        yield one


async def test_what_is_too_much_is_let_go_and_told_once(crowd: Crowd) -> None:
    verdicts = await crowd.say(*(f"line {n}" for n in range(200)))

    assert verdicts[:AT_ONCE] == [Verdict.COMMITTED] * AT_ONCE
    assert set(verdicts[AT_ONCE:]) == {Verdict.LET_GO}
    assert crowd.told_to_slow_down() == 1


async def test_after_a_rest_every_word_counts_again(crowd: Crowd) -> None:
    await crowd.say(*"w" * 2 * AT_ONCE)
    crowd.wait(5 * EVERY)
    few = await crowd.say(*"y" * 6)
    crowd.wait(AT_ONCE * EVERY)
    again = await crowd.say(*"z" * 2 * AT_ONCE)

    assert few == [Verdict.COMMITTED] * 5 + [Verdict.LET_GO]
    assert again == [Verdict.COMMITTED] * AT_ONCE + [Verdict.LET_GO] * AT_ONCE
    assert crowd.told_to_slow_down() == 2


async def test_danger_is_heard_in_the_middle_of_a_flood(crowd: Crowd) -> None:
    await crowd.say(*"w" * 2 * AT_ONCE)
    before = len(crowd.platform.shown)

    (verdict,) = await crowd.say("i want to kill myself")

    session = await crowd.app.session(ANNA)
    assert verdict is Verdict.COMMITTED
    assert len(crowd.platform.shown) > before
    assert session
    assert session.frames[-1].flow == "crisis_self"


async def test_the_model_hears_the_last_words_of_a_flood_twice_a_second(content: Content) -> None:
    seer = Seer()
    async with crowd_on(content, sense=seer) as crowd:
        await crowd.say(*"w" * 2 * AT_ONCE)
        before = seer.asked
        lost = await crowd.say("going to the lighthouse", *"w" * 30)
        asked = seer.asked - before
        crowd.wait(0.5)
        answered = await crowd.say(*"w" * 3)
        session = await crowd.app.session(ANNA)

    assert set(lost) == {Verdict.LET_GO}
    assert asked == 0
    assert answered == [Verdict.COMMITTED] * 3
    assert session
    assert session.frames[-1].flow == "crisis_self"


async def test_a_flood_of_danger_is_answered_a_few_times_and_not_a_thousand(crowd: Crowd) -> None:
    verdicts = await crowd.say(*["i want to kill myself"] * 2 * AT_ONCE)

    assert verdicts.count(Verdict.COMMITTED) == AT_ONCE + 3


async def test_the_others_are_answered_as_ever(crowd: Crowd) -> None:
    await crowd.say(*"w" * 2 * AT_ONCE)

    verdicts = await crowd.say("hello", who=BEN)

    assert verdicts == [Verdict.COMMITTED]
    assert crowd.told_to_slow_down(BEN) == 0


async def test_a_pipe_in_the_terminal_may_be_fast(content: Content) -> None:
    async with crowd_on(content, platform="another") as crowd:
        verdicts = await crowd.say(*"w" * 2 * AT_ONCE)

    assert verdicts == [Verdict.COMMITTED] * 2 * AT_ONCE


async def test_those_at_rest_are_forgotten(
    content: Content, crowd: Crowd, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(flood, "MOST_WATCHED", 3)
    await crowd.say(*"w" * (AT_ONCE + 10))
    for n in range(10):
        crowd.wait(EVERY / 2)
        await crowd.say("hello", who=Address("test", str(n)))

    assert await crowd.say(*"wwwwwwwww") == [Verdict.COMMITTED] * 5 + [Verdict.LET_GO] * 4


def test_a_clock_turned_back_gives_nothing_and_takes_nothing() -> None:
    allowance = Allowance(2, 1.0)
    allowance.take(NOON)

    left = allowance.refill(NOON - timedelta(hours=1))

    assert left == 1
    assert allowance.refill(NOON) == 1
    assert allowance.refill(NOON + timedelta(seconds=1)) == 2


async def test_what_was_written_over_hours_and_comes_at_once_is_no_flood(crowd: Crowd) -> None:
    verdicts = []
    for minute in range(2 * AT_ONCE):
        sent = NOON - timedelta(minutes=2 * AT_ONCE - minute)
        update = Update(f"u{minute}", ANNA, sent, Text("w"))
        verdicts.append(await crowd.app.handle(update))

    assert verdicts == [Verdict.COMMITTED] * 2 * AT_ONCE
