"""How many durable messages a second PostgreSQL takes, ours beside two other ways to ask it.

`python -m tests.bench.storage_postgres [SECONDS] [PERSONS]`. A message is what one answer costs: read the
person, keep the update's fingerprint, the session and a message to be sent, on the disk. Everybody does it
with the same rows in the same server, one after the other, with 1, 16 and 64 in flight.
"""

from __future__ import annotations

import asyncio
import itertools
import sys
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Protocol

import asyncpg

from bot.runtime.messages import Address, Message
from bot.runtime.ports import Change
from bot.storage.keyfile import Keyring
from bot.storage.postgres import PostgresStore
from tests.storage.postgres_server import Cluster, cluster

FLIGHTS = (1, 16, 64)
SESSION = '{"flow": "notice", "state": "since", "turn": 4, "slots": {"driver": "shame"}, "pad": "%s"}' % (
    "x" * 900
)
TEXT = "When there’s so little fuel, you close doors to save it. That isn’t lazy, and it isn’t cold."
NOON = datetime(2026, 1, 5, 12, tzinfo=UTC)
KEYS = Keyring((b"k" * 32,))

Once = Callable[[int], Awaitable[None]]


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


@dataclass
class Bench:
    """Run contestants on one server for `seconds` each, over so many persons."""

    server: Cluster
    seconds: float
    persons: int
    numbers: Any = None

    def __post_init__(self) -> None:
        self.numbers = itertools.count(1)

    async def rate(self, one: Contestant, url: str, flight: int) -> float:
        """Return messages a second with so many in flight; each person has one at a time."""
        await one.open(url, flight)
        start = time.monotonic()
        end = start + self.seconds
        done = 0

        async def work(first: int) -> None:
            nonlocal done
            person = first
            while time.monotonic() < end:
                await one.once(person, next(self.numbers))
                person = (person + 64) % self.persons or 64
                done += 1

        await asyncio.gather(*(work(first) for first in range(flight)))
        taken = time.monotonic() - start
        await one.close()
        return done / taken


async def main(seconds: float, persons: int) -> None:
    with cluster(durable=True) as server:
        async with server.database() as ours, server.database() as plain:
            bench = Bench(server, seconds, persons)
            contestants: list[tuple[str, Contestant, str]] = [
                ("SQLAlchemy async + asyncpg", SqlAlchemy(), plain),
                ("asyncpg, six round trips", Asyncpg(), plain),
                ("Lowtide", Ours(), ours),
            ]
            await Asyncpg().open(plain, 1)
            print(f"durable messages a second, {persons} persons, {seconds:g} s each")
            print(f"{'':28}" + "".join(f"{flight:>8} in flight" for flight in FLIGHTS))
            for name, one, url in contestants:
                rates = [await bench.rate(one, url, flight) for flight in FLIGHTS]
                print(f"{name:28}" + "".join(f"{rate:>18,.0f}" for rate in rates), flush=True)


if __name__ == "__main__":
    given = [float(text) for text in sys.argv[1:]]
    asyncio.run(main(given[0] if given else 3.0, int(given[1]) if len(given) > 1 else 1000))
