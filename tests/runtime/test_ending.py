"""What is kept of people ends by a row that outlives turns, blocks and faults, in every store."""

from __future__ import annotations

import json
from collections import deque
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

from bot.app import build
from bot.content.library import Content
from bot.dialogue.codec import to_json
from bot.dialogue.retention import GRACE, KEEP, SILENT
from bot.errors import PersonGone
from bot.runtime.messages import Text, Update
from bot.runtime.ports import Change
from bot.settings import Settings
from bot.storage.memory import MemoryStore
from tests.runtime.conftest import World
from tests.runtime.worlds import ANNA, NOON, Platform

MONTH = SILENT // 86400


def keeping_names(content: Content) -> Content:
    """Return the little world with a name that is kept for a week."""
    flows = dict(content.flows.flows)
    little = flows["little"]
    slots = {**little.slots, "person": replace(little.slots["person"], keep=7 * 86400)}
    flows["little"] = replace(little, slots=slots)
    return replace(content, flows=replace(content.flows, flows=flows))


async def told(world: World) -> str:
    """Tell a name that is kept for a week, in a world that is not quite the usual one."""
    world.app.conversations.flows = keeping_names(world.content).flows
    world.app.conversations.keeping.flows = world.app.conversations.flows
    await world.text("hello")
    await world.text("Samantha")
    return (await world.store.load(ANNA)).id


async def kept(world: World, person: str) -> str:
    return json.dumps(await world.store.export(person), default=str)


async def test_a_value_is_gone_from_the_store_at_its_hour_though_its_person_does_nothing(
    world: World,
) -> None:
    person = await told(world)
    await world.wait(days=6)
    assert "Samantha" in await kept(world, person)

    await world.wait(days=1, minutes=1)

    assert "Samantha" not in await kept(world, person)
    assert (await world.store.load(ANNA)).id == person


async def test_the_row_moves_only_when_it_has_to(world: World) -> None:
    await world.text("hello")
    before = await row(world)

    await world.wait(hours=1)
    await world.text("Sam")

    assert await row(world) == before


async def row(world: World) -> object:
    tables = await world.store.export((await world.store.load(ANNA)).id)
    return next(one for one in tables["timers"] if one["timer"] == KEEP)  # type: ignore[attr-defined]


async def test_who_blocked_us_is_forgotten_as_well(world: World) -> None:
    await world.text("hello")
    world.platform.troubles = deque([PersonGone("blocked")] * 9)
    await world.wait(days=1)
    assert await world.timers() == [KEEP]

    said = await world.wait(days=MONTH + 8)

    assert said == []
    assert (await world.store.load(ANNA)).revision == 0
    assert await world.store.next_due() is None


async def test_after_silence_nothing_is_left_and_a_newcomer_begins(world: World) -> None:
    await world.text("hello")
    person = (await world.store.load(ANNA)).id

    silence = await world.wait(days=MONTH)
    farewell = await world.wait(seconds=GRACE)

    assert (silence, farewell) == (["Still there?", "It has been quiet."], [])
    assert await world.store.export(person) == {}
    assert await world.text("hello again") == ["Who is it?"]
    assert (await world.store.load(ANNA)).id != person


async def test_a_row_that_fails_comes_again_a_day_later(world: World) -> None:
    await world.text("hello")
    person = await world.store.load(ANNA)
    whole = person.session
    assert whole is not None
    broken = whole.replace('"format":1', '"format":99')
    await world.store.commit(Change(person.id, ANNA, person.revision, NOON, broken))
    await world.wait(days=MONTH + 20)
    person = await world.store.load(ANNA)
    await world.store.commit(Change(person.id, ANNA, person.revision, NOON, whole))

    await world.wait(days=9)

    assert (await world.store.load(ANNA)).revision == 0


async def test_who_was_only_ever_let_go_of_ends_too(world: World) -> None:
    await world.app.conversations.keeping.pass_over(ANNA, "u")
    assert await world.timers() == [KEEP]

    await world.wait(days=MONTH + 8)

    assert (await world.store.load(ANNA)).revision == 0


async def test_a_conversation_begun_for_somebody_ends_too(world: World) -> None:
    await world.begin("little")

    assert KEEP in await world.timers()


async def test_a_session_of_a_release_that_noted_no_ends_is_looked_at_once_it_moves(world: World) -> None:
    await world.text("hello")
    person = await world.store.load(ANNA)
    old = {key: one for key, one in to_json(await world.session()).items() if key != "ending"}
    await world.store.commit(Change(person.id, ANNA, person.revision, NOON, json.dumps(old)))

    await world.app.handle(Update("77", ANNA, world.clock.now() + timedelta(hours=1), Text("Sam")))

    assert (await world.session()).ending == int(NOON.timestamp()) + SILENT


class Jumping:
    """Tell a time that is set, forward and back."""

    def __init__(self) -> None:
        self.time = NOON

    def now(self) -> datetime:
        return self.time


async def test_a_clock_that_jumps_an_hour_either_way_gives_nothing_twice_and_leaves_nothing_out(
    content: Content,
) -> None:
    clock, platform = Jumping(), Platform()
    app = build(Settings(Path("unused")), content, MemoryStore(), {"test": platform}, clock=clock)
    async with app:
        await app.handle(Update("1", ANNA, clock.now(), Text("hello")))
        for hours in (19, 20, 19, 21, 20, 22, 71, 72, 71, 73):
            clock.time = NOON + timedelta(hours=hours)
            await app.settle()
        session = await app.session(ANNA)
        kept = await app.store.next_due()

    assert platform.texts == ["Who is it?", "Still there?"]
    assert session is not None
    assert session.frames == ()
    assert kept == NOON + timedelta(seconds=SILENT)
