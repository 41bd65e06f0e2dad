"""Of two replicas with different flows, only the one whose flows are live answers; the other is silent."""

from __future__ import annotations

from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import asyncpg
import pytest

from bot.app import App, build
from bot.content.library import Content
from bot.dialogue.flows import Flows
from bot.errors import Older, Stranded, Superseded
from bot.runtime.clocks import VirtualClock
from bot.runtime.messages import Text, Update
from bot.runtime.ports import Entry, Verdict
from bot.runtime.releasing import go_live, versions
from bot.runtime.standing import release_of
from bot.settings import Settings
from bot.storage.postgres import PostgresStore
from bot.storage.postgres_commits import laid_out
from bot.storage.postgres_logs import entries
from tests.runtime.little import little_world
from tests.runtime.worlds import ANNA, BEN, NOON, Platform
from tests.storage.conftest import KEYS
from tests.storage.keeping import change


@pytest.fixture(scope="module")
def first(tmp_path_factory: pytest.TempPathFactory) -> Content:
    return little_world(tmp_path_factory.mktemp("little"))


@pytest.fixture
async def store(url: str) -> AsyncIterator[PostgresStore]:
    one = PostgresStore(url, KEYS)
    await one.open()
    yield one
    await one.close()


def newer(flows: Flows, *, without: str = "") -> Flows:
    """Return flows with a second version of the little one, which may lack a state."""
    little = flows.flows["little"]
    states = {name: state for name, state in little.states.items() if name != without}
    return replace(flows, flows={**flows.flows, "little": replace(little, version=2, states=states)})


@asynccontextmanager
async def replica(content: Content, url: str, platform: Platform) -> AsyncIterator[App]:
    """Run the app as one of several, holding to its flows as a replica does."""
    store = PostgresStore(url, KEYS)
    settings = Settings(db=Path("unused"))
    app = build(settings, content, store, {"test": platform}, clock=VirtualClock(NOON), shared=True)
    async with app:
        store.release = release_of(versions(content.flows))
        yield app


async def test_what_was_made_with_other_flows_than_the_live_ones_is_not_kept(store: PostgresStore) -> None:
    await store.go_live({"little": "1 a"})
    store.release = release_of({"little": "1 a"})
    anna = await store.load(ANNA)
    kept = await store.commit(change(anna, update="u1"))

    await store.go_live({"little": "2 b"})
    with pytest.raises(Superseded):
        await store.commit(change(await store.load(ANNA), update="u2"))

    assert kept is Verdict.COMMITTED
    assert await store.superseded()
    assert (await store.load(ANNA)).revision == 1
    store.release = release_of({"little": "2 b"})
    assert not await store.superseded()
    assert await store.commit(change(await store.load(ANNA), update="u2")) is Verdict.COMMITTED


async def test_a_database_of_which_nobody_said_what_is_live_takes_what_any_replica_keeps(
    store: PostgresStore,
) -> None:
    store.release = "anything"

    assert await store.commit(change(await store.load(ANNA))) is Verdict.COMMITTED
    assert not await store.superseded()


async def test_a_replica_of_the_release_before_goes_on_with_its_own_order_on_these_tables(
    store: PostgresStore, url: str
) -> None:
    anna = await store.load(ANNA)
    told = Entry(NOON, 1, "answered", "yes", "little", 1, "open", 0, "little.choose", "answered")
    vault = store._vault
    assert vault
    line = await asyncpg.connect(url)

    columns = (await laid_out(line, vault, [change(anna, update="u1", log=(told,))])).columns()[:-1]
    places = ", ".join(f"${n}" for n in range(1, len(columns) + 2))
    verdicts = await line.fetchval(f"SELECT lowtide_commit_2({places})", *columns, "")
    kept = await entries(line, anna.id)
    await line.close()

    assert verdicts == [0]
    assert [(one.kind, one.lands, one.mark) for one in kept] == [("answered", "little.choose", "")]


async def test_the_older_replica_says_nothing_at_all_of_what_it_leaves_to_the_newer(
    first: Content, url: str
) -> None:
    old, new = Platform(), Platform()
    second = replace(first, flows=newer(first.flows))
    async with replica(first, url, old) as older:
        await older.handle(Update("1", ANNA, None, Text("hello")))
        async with replica(second, url, new) as newest:
            left = [await older.handle(Update("2", who, None, Text("Sam"))) for who in (ANNA, BEN)]
            taken = await newest.handle(Update("2", ANNA, None, Text("Sam")))
            again = await older.handle(Update("3", ANNA, None, Text("go on")))
            said = [one.message.turn for one in await newest.store.undelivered()]

    assert left == [None, None]
    assert (taken, again) == (Verdict.COMMITTED, None)
    assert said[0] == 1
    assert set(said[1:]) == {2}
    assert old.shown == []


async def test_a_replica_with_older_flows_does_not_start_beside_newer_ones(first: Content, url: str) -> None:
    second = replace(first, flows=newer(first.flows))
    async with replica(second, url, Platform()):
        with pytest.raises(Older, match="flow little: version 2, these have 1"):
            async with replica(first, url, Platform()):
                pytest.fail("it started")


async def test_older_flows_go_live_again_where_an_operator_says_so(first: Content, url: str) -> None:
    second = replace(first, flows=newer(first.flows))
    async with replica(second, url, Platform()) as app:
        await go_live(first.flows, app.store, NOON, lambda: _nothing, shared=True)

        assert await app.store.superseded()
    async with replica(first, url, Platform()):
        pass


def _nothing(_flow: str, _state: str) -> tuple[str, ...]:
    return ()


class Slipping(PostgresStore):
    """A store in which somebody is answered by another replica between our look and our going live."""

    async def go_live(self, versions: dict[str, str]) -> None:  # type: ignore[override]
        if versions["little"].startswith("2"):
            await self.between()
        await super().go_live(versions)

    async def between(self) -> None:
        raise NotImplementedError


async def test_who_slipped_in_between_the_look_and_the_going_live_is_seen_and_all_is_taken_back(
    first: Content, url: str
) -> None:
    without = newer(first.flows, without="choose")
    async with replica(first, url, Platform()) as older:
        await older.handle(Update("1", ANNA, None, Text("hello")))
        store = Slipping(url, KEYS)

        async def between() -> None:
            assert await older.handle(Update("2", ANNA, None, Text("Sam"))) is Verdict.COMMITTED

        store.between = between  # type: ignore[method-assign]
        await store.open()
        with pytest.raises(Stranded, match=r"1 waits in little.choose \(version 1\) → no place"):
            await go_live(without, store, datetime.now(NOON.tzinfo), lambda: _nothing, shared=True)
        live = await store.live()
        await store.close()

        assert live == versions(first.flows)
        assert not await older.store.superseded()


def test_the_same_flows_have_the_same_name_in_whatever_order() -> None:
    names = Counter([release_of({"a": "1 x", "b": "2 y"}), release_of({"b": "2 y", "a": "1 x"})])

    assert list(names.values()) == [2]
    assert release_of({"a": "2 x", "b": "2 y"}) not in names
