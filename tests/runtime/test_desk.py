"""A platform's desk: late nudges dropped, silence kept, slow sends and other platforms in nobody's way."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

import pytest

from bot.errors import Unreachable
from bot.runtime.clocks import VirtualClock
from bot.runtime.courier import Courier
from bot.runtime.desk import MOST_SLOW, Habits
from bot.runtime.limits import Limits, Pace
from bot.runtime.messages import Address, Outgoing
from bot.runtime.ports import Adapter, Room, Store
from bot.runtime.room import Boundless
from bot.storage.memory import MemoryStore
from tests.runtime.conftest import World
from tests.runtime.test_courier import kept, message, tried
from tests.runtime.worlds import ANNA, BEN, NOON, Platform

QUICK = Habits(waits=(0.001, 0.002), slow=0.005, grace=0.01)
WIDE = Limits(1000)


@dataclass
class Doors(Platform):
    """A platform on which some chats are still to be opened."""

    closed: set[str] = field(default_factory=set)

    def opens(self, chat: str) -> bool:
        return chat in self.closed


@dataclass
class Stumbling(Platform):
    """A platform that twice cannot tell which chats are open: when one is looked at, and when it is taken."""

    asked: int = 0

    def opens(self, chat: str) -> bool:
        self.asked += 1
        if self.asked in (1, 3):
            raise ValueError("canary")
        return False


@pytest.fixture
async def store() -> Store:
    made = MemoryStore()
    await made.open()
    return made


@asynccontextmanager
async def courier(
    store: Store,
    platform: Adapter,
    limits: Limits = WIDE,
    habits: Habits = QUICK,
    at: datetime = NOON,
) -> AsyncIterator[Courier]:
    one = Courier(store, {"test": platform}, VirtualClock(at), {"test": limits}, habits)
    await one.start()
    yield one
    await one.stop()


def nudge(address: Address, number: int, until: datetime) -> Outgoing:
    return replace(message(address, number, "nudge"), until=until)


async def until_shown(platform: Platform, count: int) -> None:
    async with asyncio.timeout(5):
        while len(platform.shown) < count:  # noqa: ASYNC110  the platform fake has no event to wait for
            await asyncio.sleep(0.001)


async def test_a_nudge_that_would_come_too_late_is_dropped_and_what_follows_is_sent(store: Store) -> None:
    late, reply = nudge(ANNA, 1, NOON), message(ANNA, 2)
    await kept(store, late, reply, nudge(BEN, 1, NOON + timedelta(seconds=1)))
    platform = Platform()

    async with courier(store, platform) as one:
        await one.settle()

    assert sorted(platform.texts) == ["anna 2", "ben 1"]
    assert not await store.undelivered()


async def test_a_nudge_left_overnight_by_a_run_that_died_is_not_sent_in_the_night(store: Store) -> None:
    await kept(store, nudge(ANNA, 1, NOON + timedelta(hours=6)))
    platform = Platform()

    async with courier(store, platform, at=NOON + timedelta(hours=15)) as one:
        await one.settle()

    assert platform.tried == 0
    assert not await store.undelivered()


async def test_a_nudge_that_is_tried_again_too_late_is_dropped(store: Store) -> None:
    await kept(store, nudge(ANNA, 1, NOON + timedelta(minutes=1)))
    platform, clock = Platform(), VirtualClock(NOON)
    platform.troubles.append(Unreachable("down"))
    one = Courier(store, {"test": platform}, clock, habits=Habits(waits=(0.02, 0.02)))
    await one.start()
    await one.settle()

    clock.turn_to(NOON + timedelta(minutes=2))
    async with asyncio.timeout(5):
        while await store.undelivered():  # noqa: ASYNC110  the store has no event to wait for
            await asyncio.sleep(0.001)
    await one.stop()

    assert (platform.tried, platform.texts) == (1, [])


async def test_when_the_platform_asks_for_silence_nobody_is_written_to(store: Store) -> None:
    platform = Platform()
    platform.troubles.append(Unreachable("slow down", retry_after=3600))
    async with courier(store, platform) as one:
        one.post([message(ANNA, 1)])
        await tried(platform, 1)
        one.post([message(BEN, 1)])

        await asyncio.sleep(0.02)

        assert platform.tried == 1


async def test_after_the_silence_everything_is_sent_in_order(store: Store) -> None:
    platform = Platform()
    platform.troubles.append(Unreachable("slow down", retry_after=0.01))
    async with courier(store, platform, habits=replace(QUICK, hands=1)) as one:
        one.post([message(ANNA, 1), message(ANNA, 2)])

        await until_shown(platform, 2)

    assert platform.texts == ["anna 1", "anna 2"]


async def test_trouble_with_one_person_s_message_keeps_nobody_else_waiting(store: Store) -> None:
    platform = Platform()
    platform.troubles.append(Unreachable("500"))
    async with courier(store, platform, habits=Habits(waits=(3600, 3600))) as one:
        one.post([message(ANNA, 1)])
        await tried(platform, 1)
        one.post([message(BEN, 1)])
        await until_shown(platform, 1)

    assert platform.texts == ["ben 1"]


async def test_a_send_that_hangs_gives_its_hand_back(store: Store) -> None:
    platform = Platform(shut=asyncio.Event())
    async with courier(store, platform, habits=replace(QUICK, hands=1)) as one:
        one.post([message(ANNA, 1)])
        await tried(platform, 1)
        stuck, platform.shut = platform.shut, None
        one.post([message(BEN, 1)])

        await until_shown(platform, 1)

        assert platform.texts == ["ben 1"]
        assert stuck
        stuck.set()
        await one.settle()
        assert platform.texts == ["ben 1", "anna 1"]


async def test_so_many_sends_may_hang_and_no_more(store: Store) -> None:
    platform = Platform(shut=asyncio.Event())
    people = [Address("test", str(number)) for number in range(MOST_SLOW + 50)]
    async with courier(store, platform, Limits(), replace(QUICK, grace=0.0)) as one:
        one.post(message(person, 1) for person in people)
        await tried(platform, MOST_SLOW)
        await asyncio.sleep(0.03)

        assert MOST_SLOW <= platform.tried <= MOST_SLOW + QUICK.hands


async def test_a_platform_that_hangs_holds_up_no_other(store: Store) -> None:
    dead, alive = Platform(shut=asyncio.Event()), Platform()
    adapters = {"dead": dead, "test": alive}
    one = Courier(store, adapters, VirtualClock(NOON), habits=replace(QUICK, slow=3600))
    await one.start()

    one.post(message(Address("dead", str(number)), 1) for number in range(20))
    one.post([message(ANNA, 1)])
    await until_shown(alive, 1)
    await one.stop()

    assert dead.tried == QUICK.hands


async def test_when_we_stop_what_is_on_its_way_arrives_and_is_marked(store: Store) -> None:
    await kept(store, message(ANNA, 1), message(ANNA, 2))
    platform = Platform(shut=asyncio.Event())
    one = Courier(store, {"test": platform}, VirtualClock(NOON))
    await one.start()
    await tried(platform, 1)

    stopping = asyncio.create_task(one.stop())
    await asyncio.sleep(0)
    assert platform.shut
    platform.shut.set()
    await stopping

    assert platform.texts == ["anna 1"]
    assert [posted.message.turn for posted in await store.undelivered()] == [2]


async def test_what_hangs_longer_than_our_patience_stays_in_the_store(store: Store) -> None:
    await kept(store, message(ANNA, 1))
    platform = Platform(shut=asyncio.Event())

    async with courier(store, platform):
        await tried(platform, 1)

    assert len(await store.undelivered()) == 1


async def test_order_is_kept_where_a_chat_has_a_pace(store: Store) -> None:
    platform = Platform()
    async with courier(store, platform, Limits(1000, chat=Pace(0.005, 2))) as one:
        one.post(message(ANNA, number) for number in range(6))
        await one.settle()

    assert platform.texts == [f"anna {number}" for number in range(6)]


async def test_chats_are_opened_one_after_another_and_known_ones_do_not_wait(store: Store) -> None:
    platform = Doors(closed={"new", "newer"})
    async with courier(store, platform, Limits(1000, opening=0.03)) as one:
        one.post(message(Address("test", chat), 1) for chat in ("new", "newer", "known"))
        await one.settle()

    assert platform.texts == ["new 1", "known 1", "newer 1"]


async def test_an_adapter_that_cannot_tell_what_it_opens_does_not_end_the_post(
    store: Store, caplog: pytest.LogCaptureFixture
) -> None:
    platform = Stumbling()
    async with courier(store, platform, Limits(1000, opening=0.001)) as one:
        one.post([message(ANNA, 1), message(BEN, 1)])
        await one.settle()

    assert sorted(platform.texts) == ["anna 1", "ben 1"]
    assert "the courier stumbled: ValueError at test_desk.py" in caplog.text
    assert "canary" not in caplog.text


@dataclass
class Chatty(Platform):
    """A platform whose adapter does more than to send."""

    room: Room = field(default_factory=Boundless)

    def keep_to(self, room: Room) -> None:
        self.room = room


async def test_an_aside_waits_for_the_reply_that_stands_in_line_and_counts_like_it(store: Store) -> None:
    platform = Chatty()
    async with courier(store, platform, Limits(1, span=0.05)) as one:
        one.post([message(ANNA, 1)])
        await until_shown(platform, 1)
        aside = asyncio.create_task(shown_before(platform))
        await asyncio.sleep(0)
        one.post([message(BEN, 1)])
        before = await aside

    assert before == ["anna 1", "ben 1"]


async def shown_before(platform: Chatty) -> list[str]:
    """Do something that is no message; return what had been sent by then."""
    async with platform.room.aside():
        return platform.texts


async def test_a_silence_that_an_aside_was_told_of_is_kept_by_every_message(store: Store) -> None:
    platform = Chatty()
    async with courier(store, platform) as one:
        with pytest.raises(Unreachable):
            async with platform.room.aside():
                raise Unreachable("slow down", retry_after=3600)
        one.post([message(ANNA, 1)])
        await asyncio.sleep(0.02)

        assert platform.tried == 0


async def test_an_aside_that_is_given_up_while_it_waits_holds_nobody_up(store: Store) -> None:
    platform = Chatty()
    async with courier(store, platform, Limits(1, span=0.05)) as one:
        one.post([message(ANNA, 1)])
        await until_shown(platform, 1)
        aside = asyncio.create_task(shown_before(platform))
        await asyncio.sleep(0)
        aside.cancel()
        one.post([message(BEN, 1)])
        await one.settle()

    assert platform.texts == ["anna 1", "ben 1"]


async def test_a_nudge_of_the_real_app_knows_when_it_comes_too_late_and_a_reply_never_does(
    world: World,
) -> None:
    await world.begin("little")
    replied = [one.until for one in world.platform.messages]

    await world.wait(hours=20)

    assert replied == [None]
    assert [one.until for one in world.platform.messages] == [NOON + timedelta(hours=26)]
