"""The nudger: everyone whose timers are due is handed over once, together, and it sleeps until the next."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from datetime import timedelta
from typing import Any

import pytest

from bot.dialogue.effects import Arm
from bot.dialogue.events import Due
from bot.errors import StoreError
from bot.runtime.clocks import SystemClock, VirtualClock
from bot.runtime.messages import Address
from bot.runtime.nudger import REMEMBERED, Nudger
from bot.runtime.ports import Change, Clock, Store, Verdict, Waiting
from bot.storage.memory import MemoryStore
from tests.runtime.worlds import ANNA, BEN, NOON


@pytest.fixture
async def store() -> Store:
    kept = MemoryStore()
    await kept.open()
    return kept


async def arm(store: Store, address: Address, clock: Clock, *after: float) -> None:
    person = await store.load(address)
    timers = tuple(
        Arm(1, 0, f"t{index}", 1, clock.now() + timedelta(seconds=each)) for index, each in enumerate(after)
    )
    await store.commit(Change(person.id, person.address, person.revision, clock.now(), "{}", timers=timers))


def taking(store: Store, heard: list[Waiting]) -> Callable[[Sequence[Waiting]], Awaitable[None]]:
    """Make a door that notes who came and clears their timers, as waking does."""

    async def wake_all(batch: Sequence[Waiting]) -> None:
        heard.extend(batch)
        for waiting in batch:
            person = await store.load(waiting.person.address)
            change = Change(person.id, person.address, person.revision, NOON, "{}", fired=waiting.due)
            await store.commit(change)

    return wake_all


async def test_all_timers_of_a_person_come_together_and_each_comes_once(store: Store) -> None:
    clock, heard = VirtualClock(NOON), list[Waiting]()
    await arm(store, ANNA, clock, 10, 5, 5000)
    await arm(store, BEN, clock, 7)
    nudger = Nudger(store, clock, taking(store, heard))

    await nudger.fire()
    clock.turn_to(NOON + timedelta(seconds=10))
    await asyncio.gather(nudger.fire(), nudger.fire())

    assert [(one.person.address, one.due) for one in heard] == [
        (ANNA, (Due("t1", 1), Due("t0", 1))),
        (BEN, (Due("t0", 1),)),
    ]


async def test_more_people_than_a_page_are_all_woken(store: Store) -> None:
    clock, heard = VirtualClock(NOON), list[Waiting]()
    for number in range(250):
        await arm(store, Address("test", f"p{number}"), clock, 0)

    await Nudger(store, clock, taking(store, heard)).fire()

    assert len({one.person.address for one in heard}) == len(heard) == 250


async def test_it_sleeps_until_the_next_is_due(store: Store) -> None:
    clock, heard = SystemClock(), list[Waiting]()
    await arm(store, ANNA, clock, 0.2)
    nudger = Nudger(store, clock, taking(store, heard))

    await nudger.start()
    await until(lambda: bool(heard))

    await nudger.stop()
    assert [one.person.address for one in heard] == [ANNA]


async def test_a_timer_set_meanwhile_wakes_it(store: Store) -> None:
    clock, heard = SystemClock(), list[Waiting]()
    nudger = Nudger(store, clock, taking(store, heard))
    await nudger.start()
    await asyncio.sleep(0)

    await arm(store, ANNA, clock, 0)
    nudger.wake()
    await until(lambda: bool(heard))

    await nudger.stop()
    assert len(heard) == 1


async def test_what_is_set_for_later_than_it_sleeps_does_not_wake_it(store: Store) -> None:
    clock, looked = SystemClock(), list[float]()
    await arm(store, ANNA, clock, 30)
    nudger = Nudger(store, clock, taking(store, []))
    claim = store.claim

    async def counted(*arguments: Any) -> Sequence[Waiting]:
        looked.append(1)
        return await claim(*arguments)

    store.claim = counted  # type: ignore[method-assign, assignment]
    await nudger.start()
    await until(lambda: nudger.sleeps)

    for _ in range(100):
        nudger.wake(clock.now() + timedelta(hours=20))
        await asyncio.sleep(0)
    assert len(looked) == 1

    nudger.wake(clock.now() + timedelta(seconds=10))
    await until(lambda: len(looked) == 2)
    await nudger.stop()


async def test_what_is_set_while_it_works_is_not_slept_through(store: Store) -> None:
    clock, heard = SystemClock(), list[Waiting]()
    await arm(store, ANNA, clock, 0)
    take, tasks = taking(store, heard), list[asyncio.Task[None]]()

    async def arm_once_it_sleeps() -> None:
        await until(lambda: nudger.sleeps)
        await arm(store, BEN, clock, 0)

    async def wake_all(batch: Sequence[Waiting]) -> None:
        await take(batch)
        nudger.wake(clock.now() + timedelta(seconds=0.1))
        tasks.append(asyncio.create_task(arm_once_it_sleeps()))

    nudger = Nudger(store, clock, wake_all)

    await nudger.start()
    await until(lambda: len(heard) == 2)

    await nudger.stop()
    await asyncio.gather(*tasks, return_exceptions=True)
    assert [one.person.address for one in heard] == [ANNA, BEN]


async def test_a_store_that_fails_once_does_not_end_the_watch(
    store: Store, caplog: pytest.LogCaptureFixture
) -> None:
    clock, heard = SystemClock(), list[Waiting]()
    await arm(store, ANNA, clock, 0)
    nudger = Nudger(store, clock, taking(store, heard))
    await store.close()
    await nudger.start()
    await until(lambda: "timers could not be fired" in caplog.text)

    await store.open()
    nudger.wake()
    await until(lambda: bool(heard))

    await nudger.stop()
    assert "StoreError" in caplog.text


async def test_firing_by_hand_tells_that_the_store_failed(store: Store) -> None:
    nudger = Nudger(store, VirtualClock(NOON), taking(store, []))
    await store.close()

    with pytest.raises(StoreError):
        await nudger.fire()


async def test_old_fingerprints_are_cleared_away_while_it_watches(store: Store) -> None:
    clock = VirtualClock(NOON)
    person = await store.load(ANNA)
    await store.commit(Change(person.id, ANNA, 0, NOON, "{}", update="u"))
    clock.turn_to(NOON + REMEMBERED + timedelta(seconds=1))

    nudger = Nudger(store, clock, taking(store, []))
    await nudger.start()

    async def gone() -> Verdict:
        now = await store.load(ANNA)
        return await store.commit(Change(now.id, ANNA, now.revision, clock.now(), "{}", update="u"))

    await asyncio.sleep(0.01)
    assert await gone() is Verdict.COMMITTED
    await nudger.stop()


async def until(holds: Callable[[], bool]) -> None:
    async with asyncio.timeout(5):
        while not holds():  # noqa: ASYNC110  any condition may be waited for
            await asyncio.sleep(0.005)
