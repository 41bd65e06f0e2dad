"""What only PostgreSQL promises: several replicas on one database, and a server that goes and comes back."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import asyncpg
import pytest

from bot.errors import StoreError
from bot.runtime.messages import Address
from bot.runtime.ports import Change, Claim, Verdict
from bot.storage.keyfile import Keyring
from bot.storage.postgres import PostgresStore
from bot.storage.postgres_commits import commit, laid_out
from bot.storage.postgres_faults import explain
from bot.storage.postgres_lines import Batches
from bot.storage.postgres_opening import migrations
from tests.storage.conftest import KEYS
from tests.storage.keeping import ANNA, BEN, NOON, after, arm, change, message
from tests.storage.postgres_server import Cluster


@pytest.fixture
async def url(postgres: Cluster) -> AsyncIterator[str]:
    """Give the address of an empty database."""
    async with postgres.database() as one:
        yield one


@asynccontextmanager
async def replicas(url: str, count: int = 2) -> AsyncIterator[list[PostgresStore]]:
    """Open so many stores on one database, all at once."""
    async with AsyncExitStack() as stack:
        found = [PostgresStore(url, KEYS) for _ in range(count)]
        await asyncio.gather(*(one.open() for one in found))
        for one in found:
            stack.push_async_callback(one.close)
        yield found


async def tell(url: str, sql: str) -> object:
    """Ask the database something as an operator would."""
    connection = await asyncpg.connect(url)
    try:
        return await connection.fetchval(sql)
    finally:
        await connection.close()


# --- opening -------------------------------------------------------------------------------------------


async def test_replicas_that_start_at_once_make_the_tables_once(url: str) -> None:
    async with replicas(url, 4) as found:
        anna = await found[0].load(ANNA)
        await found[1].commit(change(anna, '{"n": 1}'))

        assert [(await one.load(ANNA)).session for one in found] == ['{"n": 1}'] * 4


async def test_a_database_of_a_newer_release_is_refused_and_left_alone(url: str) -> None:
    async with replicas(url, 1):
        await tell(url, "UPDATE lowtide SET version = 99")

    with pytest.raises(StoreError, match=r"version 99, this lowtide knows .*nothing was changed"):
        await PostgresStore(url, KEYS).open()
    assert await tell(url, "SELECT version FROM lowtide") == 99


async def test_a_database_of_another_program_is_refused_and_left_alone(url: str) -> None:
    await tell(url, "CREATE TABLE theirs (a integer)")

    with pytest.raises(StoreError, match="belongs to another program"):
        await PostgresStore(url, KEYS).open()
    assert await tell(url, "SELECT count(*) FROM pg_tables WHERE schemaname = 'public'") == 1


async def test_a_database_of_a_release_that_ended_nothing_ends_everybody_within_a_day(url: str) -> None:
    async with replicas(url, 1) as (store,):
        await store.commit(change(await store.load(ANNA)))
    await tell(url, "DELETE FROM timers")
    await tell(url, next(step for step in migrations() if "0, 'keep:'" in step).split(";")[0])

    async with replicas(url, 1) as (store,):
        found = await store.next_due()

    assert found is not None
    assert found - datetime.now(UTC) < timedelta(days=1)


async def test_another_key_is_refused(url: str) -> None:
    async with replicas(url, 1):
        pass

    with pytest.raises(StoreError, match="does not fit"):
        await PostgresStore(url, Keyring((b"x" * 32,))).open()


@pytest.mark.parametrize(
    "wrong",
    [
        "postgresql://anna:hush@127.0.0.1:1/lowtide",
        "postgresql://anna:hush@nowhere.invalid/lowtide",
        "postgresql://anna:hush@/lowtide?host=/nowhere",
    ],
)
async def test_a_server_that_is_not_there_is_told_without_the_password(wrong: str) -> None:
    with pytest.raises(StoreError, match=r"cannot be reached .* mend LOWTIDE_DB_URL") as caught:
        await PostgresStore(wrong, KEYS).open()

    assert "hush" not in f"{caught.value!r} {PostgresStore(wrong, KEYS)!r}"


async def test_a_database_or_user_that_is_not_there_is_told_with_what_to_do(url: str) -> None:
    missing = url.replace("/lowtide_test", "/nobodys")
    with pytest.raises(StoreError, match=r"there is no such database .*createdb"):
        await PostgresStore(missing, KEYS).open()

    stranger = url.replace("postgres:@", "stranger:hush@")
    with pytest.raises(StoreError, match="refuses this user or password") as caught:
        await PostgresStore(stranger, KEYS).open()
    assert "hush" not in str(caught.value)


def test_what_a_server_says_of_values_is_not_repeated() -> None:
    error = asyncpg.exceptions.UniqueViolationError("Key (chat)=(what Anna wrote) already exists")

    told = explain(error, "postgresql://a:hush@db.example/lowtide")

    assert str(told).startswith("postgresql db.example/lowtide: the server refused an order (SQLSTATE 23505)")
    assert "Anna" not in str(told)


# --- two replicas --------------------------------------------------------------------------------------


async def test_of_two_replicas_that_answer_one_person_at_once_one_wins(url: str) -> None:
    async with replicas(url) as (one, two):
        await one.commit(change(await one.load(ANNA)))
        person = await one.load(ANNA)

        verdicts = await asyncio.gather(
            one.commit(change(person, '{"n": 1}', update="u1", outbox=(message(person, 1),))),
            two.commit(change(person, '{"n": 2}', update="u2", outbox=(message(person, 2),))),
        )

        assert sorted(verdict.name for verdict in verdicts) == ["COMMITTED", "CONFLICT"]
        assert len(await one.undelivered()) == 1


async def test_an_update_that_came_to_two_replicas_at_once_is_kept_once(url: str) -> None:
    async with replicas(url) as (one, two):
        strangers = [
            await store.load(Address("telegram", f"p{n}")) for n in range(50) for store in (one, two)
        ]
        stores = [one, two] * 50

        verdicts = await asyncio.gather(
            *(
                store.commit(change(person, update=person.address.chat, outbox=(message(person),)))
                for store, person in zip(stores, strangers, strict=True)
            )
        )

        pairs = [{verdicts[n], verdicts[n + 1]} for n in range(0, 100, 2)]
        assert all(pair == {Verdict.COMMITTED, Verdict.CONFLICT} for pair in pairs)
        there = await two.load_all([(person.address, None) for person in strangers[::2]])
        again = await two.commit_all([change(person, update=person.address.chat) for person in there])
        assert set(again) == {Verdict.DUPLICATE}
        assert len(await one.undelivered()) == 50


async def test_replicas_that_keep_many_people_in_any_order_do_not_lock_each_other_out(url: str) -> None:
    async with replicas(url) as (one, two):
        people = [await one.load(Address("telegram", f"p{n}")) for n in range(60)]
        await one.commit_all([change(person) for person in people])

        for turn in range(1, 6):
            changes = [
                change(replace(person, revision=turn), update=f"{person.id}{turn}") for person in people
            ]
            first, second = await asyncio.gather(
                one.commit_all(changes), two.commit_all([replace(c, update=None) for c in reversed(changes)])
            )
            assert all(
                {a, b} == {Verdict.COMMITTED, Verdict.CONFLICT}
                for a, b in zip(first, reversed(second), strict=True)
            )


async def test_due_timers_are_given_to_one_replica_and_to_another_when_it_died(url: str) -> None:
    async with replicas(url) as (one, two):
        for n in range(20):
            person = await one.load(Address("telegram", f"p{n}"))
            await one.commit(change(person, timers=(arm("t", NOON),)))

        until = after(seconds=30)
        both = await asyncio.gather(
            *(store.claim(NOON, Claim(name, until), 1000) for store, name in ((one, "a"), (two, "b")) * 2)
        )
        later = await two.claim(until, Claim("b", after(seconds=60)), 1000)

        taken = [waiting.person.id for batch in both for waiting in batch]
        assert len(taken) == len(set(taken)) == 20
        assert len(later) == 20


async def test_the_outbox_is_claimed_once_by_each_owner_in_order(url: str) -> None:
    async with replicas(url) as (one, two):
        for n in range(6):
            anna = await one.load(ANNA)
            await (one, two)[n % 2].commit(change(anna, outbox=(message(anna, n + 1),)))

        first = await one.claim_outbox("console", "console/1", 4)
        second = await two.claim_outbox("console", "console/2", 10)
        again = await two.claim_outbox("console", "console/2", 10)

        assert [posted.message.turn for posted in first] == [1, 2, 3, 4]
        assert [posted.message.turn for posted in second] == [1, 2, 3, 4, 5, 6]
        assert again == []


async def test_an_owner_whose_lease_is_anothers_claims_nothing(url: str) -> None:
    async with replicas(url) as (one, two):
        anna = await one.load(ANNA)
        await one.commit(change(anna, outbox=(message(anna),)))
        await tell(url, "INSERT INTO leases (name, epoch) VALUES ('console', 2)")

        assert await one.claim_outbox("console", "console/1") == []
        assert len(await two.claim_outbox("console", "console/2")) == 1


async def test_whoever_is_forgotten_by_one_replica_is_forgotten_by_all(url: str) -> None:
    async with replicas(url) as (one, two):
        await one.commit(change(await one.load(ANNA), update="u", outbox=(message(await one.load(ANNA)),)))
        anna = await two.load(ANNA)

        await one.forget(anna.id)

        assert await two.commit(change(anna, '{"late": 1}', outbox=(message(anna),))) is Verdict.CONFLICT
        assert await two.export(anna.id) == {}
        tables = ("persons", "addresses", "codes", "outbox", "reached", "timers", "resting", "log")
        assert [await tell(url, f"SELECT count(*) FROM {table}") for table in tables] == [0] * len(tables)


# --- a line that breaks --------------------------------------------------------------------------------


async def test_what_was_kept_before_the_line_broke_is_told_as_kept_and_not_kept_twice(url: str) -> None:
    async with replicas(url, 1) as (store,):
        anna = await store.load(ANNA)
        order = change(anna, '{"n": 1}', outbox=(message(anna),), counts=("c",), timers=(arm("t", NOON),))
        vault = store._vault
        assert vault
        connection = await asyncpg.connect(url)
        columns = (await laid_out(connection, vault, [order])).columns()

        verdicts = [await commit(connection, columns, "", "") for _ in range(2)]
        await connection.close()

        assert verdicts == [[Verdict.COMMITTED], [Verdict.COMMITTED]]
        assert len(await store.undelivered()) == 1
        assert await store.counters() == {"c": 1}


async def test_everybody_waits_while_the_server_is_started_again_and_nothing_is_lost(
    url: str, postgres: Cluster
) -> None:
    if postgres.ours is None:
        pytest.skip("a real server is not ours to stop")
    async with replicas(url, 1) as (store,):

        async def talk(name: str) -> int:
            for turn in range(1, 41):
                person = await store.load(Address("telegram", name))
                said = (message(person, turn),)
                await store.commit(change(person, f'{{"n": {turn}}}', update=f"{name} {turn}", outbox=said))
            return (await store.load(Address("telegram", name))).revision

        talks = [asyncio.create_task(talk(f"p{n}")) for n in range(8)]
        await asyncio.sleep(0)
        await postgres.crash()
        await postgres.start()

        assert await asyncio.gather(*talks) == [40] * 8
        assert len(await store.undelivered(limit=1000)) == 320


async def test_a_server_that_stays_away_is_told(url: str, postgres: Cluster) -> None:
    if postgres.ours is None:
        pytest.skip("a real server is not ours to stop")
    store = PostgresStore(url, KEYS, patience=0.3)
    await store.open()
    try:
        await postgres.stop()
        with pytest.raises(StoreError, match=r"cannot be reached|is stopping or starting"):
            await store.load(ANNA)
    finally:
        await postgres.start()

    assert (await store.load(ANNA)).revision == 0
    await store.close()


async def test_one_change_that_cannot_be_kept_does_not_spoil_those_beside_it(url: str) -> None:
    async with replicas(url, 1) as (store,):
        anna, ben = await store.load(ANNA), await store.load(BEN)
        await store.commit(change(ben, outbox=(replace(message(ben), key="twice"),)))

        results = await asyncio.gather(
            store.commit(change(anna, '{"n": 1}')),
            store.commit(change(await store.load(BEN), outbox=(replace(message(ben), key="twice"),))),
            return_exceptions=True,
        )

        assert results[0] is Verdict.COMMITTED
        assert isinstance(results[1], StoreError)


# --- batches -------------------------------------------------------------------------------------------


async def test_what_arrives_while_a_batch_runs_goes_in_the_next() -> None:
    batches: list[list[int]] = []

    async def run(things: list[int]) -> list[int]:
        batches.append(list(things))
        await asyncio.sleep(0)
        return [10 * thing for thing in things]

    results = await Batches(run, lambda thing: (thing % 4,), most=3).do_all([1, 2, 5, 3, 4, 9])

    assert results == [10, 20, 50, 30, 40, 90]
    assert batches == [[1, 2, 3], [5, 4], [9]]


async def test_a_change_is_sealed_before_it_leaves_the_process(url: str) -> None:
    async with replicas(url, 1) as (store,):
        anna = await store.load(ANNA)
        said = message(anna, text="a word nobody else reads: Minoushka")
        order = Change(anna.id, ANNA, 0, NOON, '{"cat": "Minoushka"}', update="u", outbox=(said,))
        await store.commit(order)

        rows = "SELECT string_agg(r, ' ') FROM (SELECT persons::text AS r FROM persons UNION ALL SELECT outbox::text FROM outbox) AS all_rows"  # noqa: E501  one question
        found = str(await tell(url, f"{rows}")).lower()

        assert b"Minoushka".hex() not in found
        assert b"anna".hex() not in found
        assert timedelta(0) == NOON - order.at
