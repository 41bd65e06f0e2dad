"""How many durable messages a second PostgreSQL takes, ours beside two other ways to ask it.

`python -m tests.bench.storage_postgres [SECONDS]`; `… grow 1000000` tells what it costs that many are stored.
A message is what one answer costs: read the person, keep the update's fingerprint, the session and a message
to be sent, on the disk. Everybody does it on the same server, in turn, with 1, 16 and 64 in flight.
"""

from __future__ import annotations

import asyncio
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import count
from statistics import median
from typing import Protocol

import asyncpg

from bot.runtime.messages import Address, Message
from bot.runtime.ports import Change
from bot.storage.keyfile import Keyring
from bot.storage.postgres import PostgresStore
from tests.storage.postgres_server import cluster

FLIGHTS = (1, 16, 64)
FIRST, SECOND, OURS = "SQLAlchemy async + asyncpg", "asyncpg, six round trips", "Lowtide"
ROUNDS = 5
WARM = 5
SESSION = '{"flow": "notice", "state": "since", "turn": 4, "slots": {"driver": "shame"}, "pad": "%s"}' % (
    "x" * 900
)
TEXT = "When there’s so little fuel, you close doors to save it. That isn’t lazy, and it isn’t cold."
NOON = datetime(2026, 1, 5, 12, tzinfo=UTC)
KEYS = Keyring((b"k" * 32,))


class Contestant(Protocol):
    """Take one message of a person after the other."""

    async def open(self, url: str, most: int) -> None: ...

    async def once(self, person: int, number: int) -> None: ...

    async def close(self) -> None: ...


PLAIN = """
    CREATE TABLE IF NOT EXISTS plain_persons (
        chat text PRIMARY KEY, revision integer NOT NULL, session text NOT NULL) WITH (fillfactor = 70);
    CREATE TABLE IF NOT EXISTS plain_updates (fingerprint text PRIMARY KEY, at bigint NOT NULL);
    CREATE TABLE IF NOT EXISTS plain_outbox (
        number bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY, chat text NOT NULL, message text NOT NULL)"""


class Asyncpg:
    """Six round trips: BEGIN, read, fingerprint, session, message, COMMIT."""

    async def open(self, url: str, most: int) -> None:
        self.pool = await asyncpg.create_pool(url, min_size=most, max_size=most, reset=_nothing)
        await self.pool.execute(PLAIN)

    async def once(self, person: int, number: int) -> None:
        chat = f"p{person}"
        async with self.pool.acquire() as one, one.transaction():
            await one.fetchrow("SELECT revision, session FROM plain_persons WHERE chat = $1", chat)
            await one.execute("INSERT INTO plain_updates VALUES ($1, $2)", f"a{number}", number)
            await one.execute(
                "INSERT INTO plain_persons VALUES ($1, 1, $2) ON CONFLICT (chat) DO UPDATE"
                " SET session = excluded.session, revision = plain_persons.revision + 1",
                *(chat, SESSION),
            )
            await one.execute("INSERT INTO plain_outbox (chat, message) VALUES ($1, $2)", chat, TEXT)

    async def close(self) -> None:
        await self.pool.close()


async def _nothing(connection: object) -> None:
    """Leave a connection as it is: the usual way costs a seventh round trip."""


class SqlAlchemy:
    """The same through SQLAlchemy Core, as its documentation does it."""

    async def open(self, url: str, most: int) -> None:
        import sqlalchemy as sa  # noqa: PLC0415  one contestant of three needs it
        from sqlalchemy.dialects.postgresql import insert  # noqa: PLC0415  as above
        from sqlalchemy.ext.asyncio import create_async_engine  # noqa: PLC0415  as above

        self.insert, self.sa = insert, sa
        where = url.replace("postgresql://", "postgresql+asyncpg://", 1).replace("postgres:@", "postgres@")
        self.engine = create_async_engine(where, pool_size=most, max_overflow=0)
        data = sa.MetaData()
        self.persons = sa.Table(
            "plain_persons", data, sa.Column("chat", sa.Text, primary_key=True),
            sa.Column("revision", sa.Integer), sa.Column("session", sa.Text),
        )  # fmt: skip
        self.updates = sa.Table(
            "plain_updates", data, sa.Column("fingerprint", sa.Text, primary_key=True),
            sa.Column("at", sa.BigInteger),
        )  # fmt: skip
        self.outbox = sa.Table(
            "plain_outbox", data, sa.Column("number", sa.BigInteger, sa.Identity(), primary_key=True),
            sa.Column("chat", sa.Text), sa.Column("message", sa.Text),
        )  # fmt: skip

    async def once(self, person: int, number: int) -> None:
        chat, persons = f"p{person}", self.persons
        upsert = self.insert(persons).values(chat=chat, revision=1, session=SESSION)
        async with self.engine.begin() as one:
            await one.execute(self.sa.select(persons).where(persons.c.chat == chat))
            await one.execute(self.sa.insert(self.updates).values(fingerprint=f"s{number}", at=number))
            await one.execute(
                upsert.on_conflict_do_update(
                    index_elements=[persons.c.chat],
                    set_={"session": upsert.excluded.session, "revision": persons.c.revision + 1},
                )
            )
            await one.execute(self.sa.insert(self.outbox).values(chat=chat, message=TEXT))

    async def close(self) -> None:
        await self.engine.dispose()


class Ours:
    """The store as the bot uses it: sealed, with keys of persons, an optimistic revision and batches."""

    async def open(self, url: str, most: int) -> None:
        del most
        self.store = PostgresStore(url, KEYS)
        await self.store.open()

    async def once(self, person: int, number: int) -> None:
        found = await self.store.load(Address("telegram", f"p{person}"), NOON)
        said = Message(f"{found.id}:{number}:0", found.address, TEXT, turn=number % 1000 + 1)
        await self.store.commit(
            Change(
                found.id, found.address, found.revision, NOON, SESSION, update=f"u{number}", outbox=(said,)
            )
        )

    async def close(self) -> None:
        await self.store.close()


FILL = """
    INSERT INTO persons (id, place, revision, key, address, session)
    SELECT md5(n::text), decode(md5('p' || n), 'hex'), 1, decode(repeat(md5(n::text), 4), 'hex'),
        decode(repeat(md5(n::text), 3), 'hex'), decode(repeat(md5(n::text), 32), 'hex')
    FROM generate_series(1, $1) AS n"""
"""People of whom nothing can be opened, as large as others: they only stand in the way."""


async def fill(url: str, people: int) -> None:
    """Store so many more people, and let the server settle."""
    connection = await asyncpg.connect(url)
    await connection.execute(FILL, people, timeout=600)
    await connection.execute("VACUUM ANALYZE persons", timeout=600)
    await connection.execute("CHECKPOINT", timeout=600)
    await connection.close()


@dataclass
class Bench:
    """Let contestants have `seconds` each, over so many persons who write."""

    seconds: float
    persons: int
    numbers: Iterator[int] = field(default_factory=lambda: count(1))

    async def rate(self, one: Contestant, url: str, flight: int) -> float:
        """Return messages a second with so many in flight; each person has one at a time."""
        await one.open(url, flight)
        for person in range(WARM):  # connections are made and plans are laid: that is no message's cost
            await one.once(person, next(self.numbers))
        start = time.monotonic()
        done = 0

        async def work(first: int) -> None:
            nonlocal done
            person = first
            while time.monotonic() < start + self.seconds:
                await one.once(person, next(self.numbers))
                person = (person + flight) % self.persons
                done += 1

        await asyncio.gather(*(work(first) for first in range(flight)))
        taken = time.monotonic() - start
        await one.close()
        return done / taken


async def compare(bench: Bench, rounds: int, flights: Sequence[int] = FLIGHTS) -> None:
    """Let everybody have a turn, again and again, and print the middle of each; noise is the same for all."""
    found: dict[tuple[str, int], float] = {}
    with cluster(durable=True) as server:
        async with server.database() as ours, server.database() as plain:
            contestants: dict[str, tuple[Contestant, str]] = {
                FIRST: (SqlAlchemy(), plain),
                SECOND: (Asyncpg(), plain),
                OURS: (Ours(), ours),
            }
            await bench.rate(Asyncpg(), plain, 1)
            await bench.rate(Ours(), ours, 64)
            print(f"durable messages a second, middle of {rounds} rounds of {bench.seconds:g} s")
            for flight in flights:
                rates: dict[str, list[float]] = {name: [] for name in contestants}
                for _ in range(rounds):
                    for name, (one, url) in contestants.items():
                        rates[name].append(await bench.rate(one, url, flight))
                for name, each in rates.items():
                    found[name, flight] = median(each)
                    times = [mine / base for mine, base in zip(each, rates[FIRST], strict=True)]
                    print(f"{flight:>3} in flight  {name:28}{median(each):>8,.0f}{median(times):>8.1f} x")
    one, most = min(flights), max(flights)
    print(f"PostgreSQL at {most}: {found[OURS, most] / found[FIRST, most]:.1f} x SQLAlchemy (aim 15)")
    print(
        f"PostgreSQL at {one}: {found[OURS, one] / found[SECOND, one]:.2f} x asyncpg, statement by statement"
    )


async def grow(bench: Bench, people: int) -> None:
    """Print the rate with few people stored and with `people`, side by side."""
    with cluster(durable=True) as server:
        async with server.database() as few, server.database() as many:
            for url in (few, many):
                await bench.rate(Ours(), url, 64)
            await fill(many, people)
            pairs = [[await bench.rate(Ours(), url, 64) for url in (few, many)] for _ in range(ROUNDS)]
            costs = [small / large for small, large in pairs]
            print(f"64 in flight, {bench.persons} persons: {median(pair[0] for pair in pairs):,.0f} a second")
            print(f"with {people} more stored: {median(pair[1] for pair in pairs):,.0f} a second")
            print(f"cost of a message: {median(costs):.2f} x (middle of {ROUNDS} pairs)")


if __name__ == "__main__":
    if sys.argv[1:2] == ["grow"]:
        asyncio.run(grow(Bench(1.0, 1000), int(sys.argv[2])))
    else:
        asyncio.run(compare(Bench(float((sys.argv[1:] or ["1"])[0]), 1000), ROUNDS))
