"""Many are woken together: each once, in one commit, and nobody waits for the others or because of them."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest

from bot.dialogue.flow import Line
from bot.errors import StoreError
from bot.runtime.messages import Address, Text, Update
from bot.runtime.ports import Change, Claim, Store, Verdict, Waiting
from bot.runtime.waking import Waking
from tests.runtime.conftest import World
from tests.runtime.worlds import ANNA, BEN, NOON

LATER = NOON + timedelta(hours=20)


async def people(world: World, count: int) -> list[Address]:
    """Let people be asked a question, so that all of them are nudged in twenty hours."""
    found = [Address("test", f"p{number}") for number in range(count)]
    for number, who in enumerate(found):
        await world.app.handle(Update(f"u{number}", who, None, Text("hello")))
    await world.app.settle()
    world.platform.shown.clear()
    return found


def waking(world: World) -> Waking:
    return Waking(world.app.conversations.keeping, world.app.conversations.doors)


async def due(store: Store) -> list[Waiting]:
    return list(await store.claim(LATER, Claim("test", LATER + timedelta(seconds=30))))


def commits(world: World) -> list[int]:
    """Count the changes of each commit from now on."""
    counted, kept = [], world.store.commit_all

    async def commit_all(changes: list[Change]) -> list[Verdict]:
        counted.append(len(changes))
        return list(await kept(changes))

    world.store.commit_all = commit_all  # type: ignore[method-assign, assignment]
    return counted


async def test_all_who_are_due_are_kept_in_one_commit_and_each_hears_one_thing(world: World) -> None:
    everybody = await people(world, 60)
    counted = commits(world)

    said = await world.wait(hours=20)

    assert said == ["Still there?"] * 60
    assert {message.address for message in world.platform.messages} == set(everybody)
    assert counted[0] == 60


async def test_the_same_claim_fired_twice_says_it_once(world: World) -> None:
    await people(world, 3)
    world.clock.turn_to(LATER)
    batch = await due(world.store)

    await asyncio.gather(waking(world).wake(batch), waking(world).wake(batch))
    await waking(world).wake(batch)
    await world.app.settle()

    assert world.said == ["Still there?"] * 3


async def test_whoever_is_heard_just_now_is_woken_after_them_and_holds_up_nobody(world: World) -> None:
    who, other = (await people(world, 2))[:2]
    world.clock.turn_to(LATER)
    batch = await due(world.store)
    async with world.app.conversations.doors.through(who):
        task = asyncio.create_task(waking(world).wake(batch))
        while not world.platform.said_to(other):  # noqa: ASYNC110  only the other can tell that they were
            await asyncio.sleep(0)
        assert world.platform.said_to(who) == []

    await task
    await world.app.settle()
    assert world.platform.said_to(who) == ["Still there?"]


async def test_one_whose_row_has_moved_meanwhile_is_read_again(world: World) -> None:
    who, other = (await people(world, 2))[:2]
    world.clock.turn_to(LATER)
    batch = await due(world.store)
    await world.text("Sam", who)
    world.platform.shown.clear()

    await waking(world).wake(batch)
    await world.app.settle()

    assert world.platform.said_to(who) == []  # the question has its answer
    assert world.platform.said_to(other) == ["Still there?"]


async def test_a_flow_with_a_fault_spoils_it_for_nobody_else(
    world: World, caplog: pytest.LogCaptureFixture
) -> None:
    who, other = (await people(world, 2))[:2]
    await world.text("Sam", who)
    await world.text("go on", who)
    keeping = world.app.conversations.keeping
    flows = dict(world.content.flows.flows)
    ask = flows["report"].states["ask"]
    flows["report"] = replace(flows["report"], states={"ask": replace(ask, say=(Line("report/lost"),))})
    keeping.flows = replace(world.content.flows, flows=flows)

    said = await world.wait(hours=21)

    assert said == ["Still there?"]
    assert world.platform.messages[0].address == other
    assert caplog.text.count("timers of") == 1


async def test_where_nothing_can_be_kept_nothing_is_said_and_the_rows_stay(world: World) -> None:
    await people(world, 3)
    world.clock.turn_to(LATER)
    batch = await due(world.store)
    await world.store.close()

    with pytest.raises(StoreError):
        await waking(world).wake(batch)

    assert world.said == []
    await world.store.open()
    assert len(await due(world.store)) == 3


async def test_others_have_their_turn_while_many_are_woken(world: World) -> None:
    await people(world, 250)
    turns = 0

    async def others() -> None:
        nonlocal turns
        while True:
            await asyncio.sleep(0)
            turns += 1

    task = asyncio.create_task(others())
    await world.wait(hours=20)
    task.cancel()

    assert len(world.said) == 250
    assert turns > 10


async def test_a_nudge_and_a_person_who_writes_at_that_moment_are_both_answered(world: World) -> None:
    await people(world, 20)
    who = Address("test", "p7")
    world.clock.turn_to(LATER)

    await asyncio.gather(world.app.nudger.fire(), world.app.handle(Update("now", who, None, Text("Sam"))))
    await world.app.settle()

    assert "You wrote Sam." in world.platform.said_to(who)
    assert sum(text == "Still there?" for text in world.said) in (19, 20)


async def test_two_who_are_due_and_one_who_has_left_do_not_disturb_each_other(world: World) -> None:
    await world.text("hello", ANNA)
    await world.text("hello", BEN)
    await world.app.part(ANNA)

    said = await world.wait(hours=20)

    assert said == ["Still there?"]
    assert world.platform.messages[0].address == BEN
