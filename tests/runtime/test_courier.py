"""The courier: in order, at least once, replies first, and one person's trouble is nobody else's."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Callable

import pytest

from bot.errors import PersonGone, Refused, Unreachable
from bot.runtime.clocks import VirtualClock
from bot.runtime.courier import Courier
from bot.runtime.desk import MOST_TRIES, Habits
from bot.runtime.messages import Address, Message
from bot.runtime.ports import Change, Store
from bot.storage.memory import MemoryStore
from tests.runtime.worlds import ANNA, BEN, NOON, Platform

Make = Callable[..., Courier]


@pytest.fixture
async def store() -> Store:
    kept = MemoryStore()
    await kept.open()
    return kept


@pytest.fixture
def platform() -> Platform:
    return Platform()


@pytest.fixture
async def make(store: Store, platform: Platform) -> AsyncIterator[Make]:
    made: list[Courier] = []

    def courier(hands: int = 8) -> Courier:
        habits = Habits(hands, waits=(0.001, 0.002))
        made.append(Courier(store, {"test": platform}, VirtualClock(NOON), habits=habits))
        return made[-1]

    yield courier
    for one in made:
        await one.stop()


def message(address: Address, number: int, lane: str = "reply") -> Message:
    return Message(f"{address.chat}:{number}:0", address, f"{address.chat} {number}", (), lane, number)  # type: ignore[arg-type]


async def kept(store: Store, *messages: Message) -> None:
    for one in messages:
        person = await store.load(one.address)
        await store.commit(Change(person.id, person.address, person.revision, NOON, "{}", outbox=(one,)))


async def test_messages_of_one_person_arrive_in_order(make: Make, platform: Platform) -> None:
    courier = make()
    await courier.start()

    courier.post(message(ANNA, number) for number in range(20))
    await courier.settle()

    assert platform.texts == [f"anna {number}" for number in range(20)]


async def test_a_sent_message_is_marked_and_not_sent_by_the_next_run(
    make: Make, store: Store, platform: Platform
) -> None:
    await kept(store, message(ANNA, 1))
    first = make()
    await first.start()
    await first.settle()
    await first.stop()

    second = make()
    await second.start()
    await second.settle()

    assert platform.texts == ["anna 1"]
    assert not await store.undelivered()
    assert (await store.load(ANNA, NOON)).seen == 1


async def test_what_an_earlier_run_left_is_sent_first_and_in_order(
    make: Make, store: Store, platform: Platform
) -> None:
    await kept(store, *(message(ANNA, number) for number in range(1, 4)))
    courier = make()

    await courier.start()
    courier.post([message(ANNA, 4)])
    await courier.settle()

    assert platform.texts == ["anna 1", "anna 2", "anna 3", "anna 4"]


async def test_more_leftovers_than_a_page_are_all_sent(make: Make, store: Store, platform: Platform) -> None:
    person = await store.load(ANNA)
    many = tuple(message(ANNA, number) for number in range(1201))
    await store.commit(Change(person.id, ANNA, 0, NOON, "{}", outbox=many))

    courier = make()
    await courier.start()
    await courier.settle()

    assert len(platform.shown) == 1201


async def test_replies_go_before_nudges(make: Make, platform: Platform) -> None:
    courier = make(hands=1)
    people = [Address("test", f"p{number}") for number in range(5)]

    courier.post(message(one, 1, "nudge") for one in people)
    courier.post([message(ANNA, 1)])
    await courier.start()
    await courier.settle()

    assert platform.texts[0] == "anna 1"
    assert platform.texts[1:] == [f"{one.chat} 1" for one in people]


async def test_a_reply_takes_its_person_s_earlier_nudge_along(make: Make, platform: Platform) -> None:
    courier = make(hands=1)

    courier.post([message(BEN, 1, "nudge"), message(ANNA, 1, "nudge"), message(ANNA, 2)])
    await courier.start()
    await courier.settle()

    assert platform.texts == ["anna 1", "anna 2", "ben 1"]


async def test_an_unreachable_platform_is_tried_again_and_order_is_kept(
    make: Make, platform: Platform
) -> None:
    platform.troubles.extend([Unreachable("no route"), Unreachable("slow down", retry_after=0.001)])
    courier = make()
    await courier.start()

    courier.post([message(ANNA, 1), message(ANNA, 2)])
    await arrived(platform, 2)

    assert platform.texts == ["anna 1", "anna 2"]
    assert platform.tried == 4


async def test_settling_does_not_wait_for_what_is_to_be_tried_later(make: Make, platform: Platform) -> None:
    platform.troubles.append(Unreachable("come back tomorrow", retry_after=3600))
    courier = make()
    await courier.start()

    courier.post([message(ANNA, 1), message(BEN, 1)])
    await courier.settle()

    assert platform.texts == ["ben 1"]


async def test_a_person_who_cannot_be_reached_holds_up_nobody_else(make: Make, platform: Platform) -> None:
    platform.shut = asyncio.Event()
    courier = make(hands=2)
    await courier.start()
    courier.post([message(ANNA, 1)])
    await tried(platform, 1)
    stuck, platform.shut = platform.shut, None

    courier.post([message(BEN, 1)])
    await arrived(platform, 1)

    assert platform.texts == ["ben 1"]
    stuck.set()
    await courier.settle()
    assert platform.texts == ["ben 1", "anna 1"]


async def test_a_refused_message_is_dropped_and_the_next_one_goes_out(
    make: Make, store: Store, platform: Platform
) -> None:
    await kept(store, message(ANNA, 1), message(ANNA, 2))
    platform.troubles.append(Refused("too long"))

    courier = make()
    await courier.start()
    await courier.settle()

    assert platform.texts == ["anna 2"]
    assert not await store.undelivered()


async def test_a_person_who_left_is_not_written_to_again(
    make: Make, store: Store, platform: Platform
) -> None:
    await kept(store, message(ANNA, 1), message(ANNA, 2), message(BEN, 1))
    platform.troubles.append(PersonGone("blocked"))

    courier = make(hands=1)
    await courier.start()
    await courier.settle()

    assert platform.texts == ["ben 1"]
    assert not await store.undelivered()


async def test_an_adapter_s_own_fault_is_given_up_after_some_tries(
    make: Make, store: Store, platform: Platform, caplog: pytest.LogCaptureFixture
) -> None:
    await kept(store, message(ANNA, 1), message(ANNA, 2))
    platform.troubles.extend(ValueError("canary") for _ in range(MOST_TRIES))

    with caplog.at_level(logging.DEBUG):
        courier = make()
        await courier.start()
        await arrived(platform, 1)
        await courier.settle()

    assert platform.texts == ["anna 2"]
    assert not await store.undelivered()
    assert "canary" not in caplog.text
    assert "ValueError at worlds.py" in caplog.text


async def test_a_store_that_fails_does_not_stop_the_post(
    make: Make, store: Store, platform: Platform
) -> None:
    courier = make()
    await courier.start()
    await store.close()

    courier.post([message(ANNA, 1), message(ANNA, 2)])
    await courier.settle()

    assert platform.texts == ["anna 1", "anna 2"]


async def test_what_is_dropped_is_not_sent_even_if_it_was_to_be_tried_again(
    make: Make, platform: Platform
) -> None:
    platform.troubles.append(Unreachable("later", retry_after=3600))
    courier = make()
    await courier.start()
    courier.post([message(ANNA, 1), message(ANNA, 2)])
    await courier.settle()

    courier.drop(ANNA)
    courier.post([message(ANNA, 3)])
    await courier.settle()

    assert platform.texts == ["anna 3"]


async def test_dropping_while_a_message_is_on_its_way_loses_nothing_that_comes_after(
    make: Make, platform: Platform
) -> None:
    platform.shut = asyncio.Event()
    platform.troubles.append(Unreachable("broke", retry_after=0))
    courier = make()
    await courier.start()
    courier.post([message(ANNA, 1), message(ANNA, 2)])
    await tried(platform, 1)

    courier.drop(ANNA)
    courier.post([message(ANNA, 3)])
    platform.shut.set()
    await courier.settle()

    assert platform.texts == ["anna 3"]


async def test_messages_for_a_platform_that_is_not_served_stay_in_the_store(make: Make, store: Store) -> None:
    other = Address("elsewhere", "anna")
    await kept(store, message(other, 1))

    courier = make()
    await courier.start()
    await courier.settle()

    assert len(await store.undelivered()) == 1


async def tried(platform: Platform, count: int) -> None:
    async with asyncio.timeout(5):
        while platform.tried < count:  # noqa: ASYNC110  as below
            await asyncio.sleep(0)


async def arrived(platform: Platform, count: int) -> None:
    async with asyncio.timeout(5):
        while len(platform.shown) < count:  # noqa: ASYNC110  the platform fake has no event to wait for
            await asyncio.sleep(0.001)
