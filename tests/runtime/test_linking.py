"""A person may be one person in two places, by a code that is good once and not for long."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.app import App, build
from bot.runtime.clocks import VirtualClock
from bot.runtime.messages import Address, Command, Outgoing, Text, Update
from bot.runtime.ports import Verdict
from bot.settings import Settings
from bot.storage.memory import MemoryStore
from tests import ours

NOON = datetime(2026, 1, 5, 12, tzinfo=UTC)
HERE, THERE, OTHER = Address("one", "anna"), Address("two", "anna"), Address("two", "ben")


@dataclass
class Both:
    """Two platforms in one, that remember what was shown where."""

    shown: list[Outgoing] = field(default_factory=list)

    async def send(self, message: Outgoing) -> None:
        self.shown.append(message)

    def last(self, address: Address) -> str:
        return [message.text for message in self.shown if message.address == address][-1]


@dataclass
class World:
    app: App
    both: Both
    clock: VirtualClock
    updates: int = 0

    async def say(self, address: Address, text: str) -> Verdict | None:
        self.updates += 1
        name, _, rest = text[1:].partition(" ")
        what = Command(name, rest) if text.startswith("/") else Text(text)
        verdict = await self.app.handle(Update(str(self.updates), address, None, what))
        await self.app.settle()
        return verdict

    async def code(self) -> str:
        await self.say(HERE, "/link")
        found = re.search(r"/link (\d{4}-\d{4})", self.both.last(HERE))
        assert found
        return found[1]


@pytest.fixture
async def world() -> AsyncIterator[World]:
    both, clock = Both(), VirtualClock(NOON)
    content = ours.content()
    adapters = {"one": both, "two": both}
    async with build(Settings(Path("unused")), content, MemoryStore(), adapters, clock=clock) as app:
        world = World(app, both, clock)
        await world.say(HERE, "hello")
        yield world


async def test_a_code_shown_here_and_entered_there_makes_one_person_of_both(world: World) -> None:
    code = await world.code()

    verdict = await world.say(THERE, f"/link {code}")

    assert verdict is Verdict.COMMITTED
    assert "same person now" in world.both.last(THERE)
    here, there = await world.app.session(HERE), await world.app.session(THERE)
    assert here is not None
    assert here == there


async def test_a_conversation_goes_on_in_the_other_place(world: World) -> None:
    await world.say(THERE, f"/link {await world.code()}")
    before = await world.app.session(HERE)

    await world.say(THERE, "/help")

    after = await world.app.session(HERE)
    assert before
    assert after
    assert after.id == before.id
    assert any("/back" in one.text for one in world.both.shown if one.address == THERE)


async def test_after_ten_minutes_a_code_is_good_for_nothing(world: World) -> None:
    code = await world.code()
    world.clock.turn_to(NOON + timedelta(minutes=10))

    await world.say(THERE, f"/link {code}")

    assert "do not know that code" in world.both.last(THERE)
    assert await world.app.session(THERE) is None


async def test_a_code_is_good_once(world: World) -> None:
    code = await world.code()
    await world.say(THERE, f"/link {code}")

    await world.say(OTHER, f"/link {code}")

    assert "do not know that code" in world.both.last(OTHER)


async def test_nobody_can_try_codes_until_one_fits(world: World) -> None:
    code = await world.code()
    for n in range(5):
        await world.say(OTHER, f"/link 0000-000{n}")

    await world.say(OTHER, f"/link {code}")
    tired = world.both.last(OTHER)
    world.clock.turn_to(NOON + timedelta(minutes=11))
    await world.say(OTHER, f"/link {code}")

    assert "Take ten minutes" in tired
    assert "do not know that code" in world.both.last(OTHER)


async def test_a_code_entered_where_it_was_shown_changes_nothing(world: World) -> None:
    before = await world.app.session(HERE)

    await world.say(HERE, f"/link {await world.code()}")

    assert "already you here" in world.both.last(HERE)
    assert await world.app.session(HERE) == before


@pytest.mark.parametrize("text", ["/link i want to die", "/link please", "i link 1234-5678 you"])
async def test_words_behind_the_command_are_heard_as_ever(world: World, text: str) -> None:
    turn = (await world.app.session(HERE) or pytest.fail("nobody is here")).turn

    await world.say(HERE, text)

    session = await world.app.session(HERE)
    assert session
    assert session.turn > turn
    assert ("crisis_self" in {frame.flow for frame in session.frames}) is ("die" in text)


async def test_a_stranger_who_asks_for_a_code_is_welcomed_instead(world: World) -> None:
    await world.say(OTHER, "/link")

    assert "/link" not in world.both.last(OTHER)
    assert await world.app.session(OTHER) is not None
