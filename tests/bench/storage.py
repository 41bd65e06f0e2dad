"""How many messages a second each way of storing keeps, durably: `python -m tests.bench.storage [--short]`.

One message is what one answer costs: read the person, know the update again, write their session, one row
for the outbox, commit. Every contestant does the same on the same disk, and the commit is on it
(synchronous=FULL). PostgreSQL follows in the same run, see tests/bench/storage_postgres.py.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import random
import sqlite3
import tempfile
import time
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from statistics import median
from typing import Protocol

import aiosqlite
import sqlalchemy as sa
from sqlalchemy.dialects.sqlite import insert
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

from bot.runtime.messages import Address, Button, Message
from bot.runtime.ports import Change, Person, Store, Verdict
from bot.storage import sealing
from bot.storage.sqlite import SqliteStore
from tests.bench.storage_postgres import Bench, compare

NOW = datetime(2026, 1, 5, 12, tzinfo=UTC)
IN_FLIGHT = (1, 16, 64)
PERSONS = 1000
SAID = "When there is so little fuel, you close doors to save it. That isn't lazy, and it isn't cold. " * 2
SESSION = json.dumps({"format": 1, "id": "0123456789abcdef", "turn": 7, "memory": {"said": SAID}})


class Contestant(Protocol):
    """Keep one message after the other, many at once."""

    async def message(self, person: int, number: int) -> None:
        """Keep everything one message changes; return once it is on the disk."""


Ring = Callable[[Path], "AsyncIterator[Contestant]"]


# --- ours ----------------------------------------------------------------------------------------------


class Ours:
    """A store behind the port, as the runtime uses it."""

    def __init__(self, store: Store) -> None:
        self.store = store

    async def message(self, person: int, number: int) -> None:
        address = Address("telegram", str(person))
        found = await self.store.load(address)
        said = Message(f"{found.id}:{number}:0", address, SAID, (Button("Yes", "1:0"),), turn=7)
        change = Change(
            found.id, address, found.revision, NOW, SESSION, update=f"{number:032x}", outbox=(said,)
        )
        assert await self.store.commit(change) is Verdict.COMMITTED


@asynccontextmanager
async def ours(folder: Path) -> AsyncIterator[Contestant]:
    store = SqliteStore(folder / "ours.db")
    await store.open()
    yield Ours(store)
    await store.close()


class _Clear:
    """A cipher that leaves everything readable, to see what sealing costs."""

    def __init__(self, key: bytes) -> None:
        del key

    def encrypt(self, nonce: bytes, data: bytes, bound: bytes) -> bytes:
        del nonce, bound
        return data

    decrypt = encrypt


@contextmanager
def unsealed() -> Iterator[None]:
    cipher, sealing.AESGCM = sealing.AESGCM, _Clear  # type: ignore[misc, assignment]
    try:
        yield
    finally:
        sealing.AESGCM = cipher  # type: ignore[misc]


@asynccontextmanager
async def ours_unsealed(folder: Path) -> AsyncIterator[Contestant]:
    with unsealed():
        async with ours(folder) as contestant:
            yield contestant


# --- as one would write it first -----------------------------------------------------------------------

SCHEMA = """
    CREATE TABLE persons (
        address TEXT PRIMARY KEY, id TEXT NOT NULL, revision INTEGER NOT NULL, session TEXT NOT NULL);
    CREATE TABLE updates (fingerprint TEXT PRIMARY KEY, at INTEGER NOT NULL);
    CREATE TABLE outbox (
        number INTEGER PRIMARY KEY, key TEXT NOT NULL UNIQUE, person TEXT, message TEXT NOT NULL);
"""
PRAGMAS = ("PRAGMA journal_mode = WAL", "PRAGMA synchronous = FULL")
READ = "SELECT id, revision, session FROM persons WHERE address = :address"
KNOW = "INSERT INTO updates (fingerprint, at) VALUES (:fingerprint, :at)"
WRITE = (
    "INSERT INTO persons (address, id, revision, session) VALUES (:address, :id, 1, :session)"
    " ON CONFLICT (address) DO UPDATE SET session = excluded.session, revision = revision + 1"
)
POST = "INSERT INTO outbox (key, person, message) VALUES (:key, :id, :message)"


def values(person: int, number: int) -> dict[str, object]:
    address = f"telegram {person}"
    return {
        "address": address,
        "id": address,
        "session": SESSION,
        "fingerprint": f"{number:032x}",
        "at": 1,
        "key": f"{person}:{number}:0",
        "message": json.dumps({"text": SAID, "buttons": [["Yes", "1:0"]]}),
    }


class Bare:
    """aiosqlite, statement by statement; a lock keeps its one connection from meeting itself at BEGIN."""

    def __init__(self, connection: aiosqlite.Connection) -> None:
        self.connection = connection
        self.lock = asyncio.Lock()

    async def message(self, person: int, number: int) -> None:
        row = values(person, number)
        async with self.lock:
            await self.connection.execute("BEGIN IMMEDIATE")
            await self.connection.execute_fetchall(READ, row)
            for sql in (KNOW, WRITE, POST):
                await self.connection.execute(sql, row)
            await self.connection.execute("COMMIT")


@asynccontextmanager
async def bare(folder: Path) -> AsyncIterator[Contestant]:
    async with aiosqlite.connect(folder / "bare.db", isolation_level=None) as connection:
        for pragma in PRAGMAS:
            await connection.execute(pragma)
        await connection.executescript(SCHEMA)
        yield Bare(connection)


PLAN = sa.MetaData()
PERSONS_TABLE = sa.Table(
    "persons",
    PLAN,
    sa.Column("address", sa.Text, primary_key=True),
    sa.Column("id", sa.Text),
    sa.Column("revision", sa.Integer),
    sa.Column("session", sa.Text),
)
UPDATES_TABLE = sa.Table(
    "updates", PLAN, sa.Column("fingerprint", sa.Text, primary_key=True), sa.Column("at", sa.Integer)
)
OUTBOX_TABLE = sa.Table(
    "outbox",
    PLAN,
    sa.Column("number", sa.Integer, primary_key=True),
    sa.Column("key", sa.Text, unique=True),
    sa.Column("person", sa.Text),
    sa.Column("message", sa.Text),
)


class Alchemy:
    """SQLAlchemy Core over a pool of one connection: SQLite lets one write at a time."""

    def __init__(self, engine: AsyncEngine) -> None:
        self.engine = engine

    async def message(self, person: int, number: int) -> None:
        row = values(person, number)
        new = {"address": row["address"], "id": row["id"], "revision": 1, "session": row["session"]}
        written = insert(PERSONS_TABLE).values(new)
        again = {"session": written.excluded.session, "revision": PERSONS_TABLE.c.revision + 1}
        async with self.engine.begin() as connection:
            await connection.execute(
                sa.select(PERSONS_TABLE).where(PERSONS_TABLE.c.address == row["address"])
            )
            await connection.execute(
                sa.insert(UPDATES_TABLE).values(fingerprint=row["fingerprint"], at=row["at"])
            )
            await connection.execute(written.on_conflict_do_update(index_elements=["address"], set_=again))
            posted = {"key": row["key"], "person": row["id"], "message": row["message"]}
            await connection.execute(sa.insert(OUTBOX_TABLE).values(posted))


@asynccontextmanager
async def alchemy(folder: Path) -> AsyncIterator[Contestant]:
    path = folder / "alchemy.db"
    engine = create_async_engine(f"sqlite+aiosqlite:///{path}", pool_size=1, max_overflow=0)
    with sqlite3.connect(path) as made:
        made.executescript(SCHEMA)
        made.execute(PRAGMAS[0])
    made.close()
    async with engine.connect() as connection:
        await connection.execute(sa.text(PRAGMAS[1]))
    yield Alchemy(engine)
    await engine.dispose()


CONTESTANTS = {
    "SQLAlchemy async + aiosqlite": alchemy,
    "aiosqlite, statement by statement": bare,
    "ours, SQLite": ours,
    "ours, SQLite, without sealing": ours_unsealed,
}
FIRST, SECOND, OURS = "SQLAlchemy async + aiosqlite", "aiosqlite, statement by statement", "ours, SQLite"


# --- the race ------------------------------------------------------------------------------------------


async def rate(contestant: Contestant, in_flight: int, seconds: float, persons: Sequence[int]) -> float:
    """Count the messages kept a second by so many tasks, each with persons of its own."""
    until, numbers, begun = time.perf_counter() + seconds, iter(range(10**12)), time.perf_counter()
    kept = 0

    async def one(mine: Sequence[int]) -> None:
        nonlocal kept
        nth = 0
        while time.perf_counter() < until:
            number = next(numbers)
            await contestant.message(mine[nth % len(mine)], time.time_ns() * 1000 + number)
            kept, nth = kept + 1, nth + 1

    await asyncio.gather(*(one(persons[start::in_flight]) for start in range(in_flight)))
    return kept / (time.perf_counter() - begun)


@dataclass(frozen=True)
class Result:
    """Messages a second, by contestant and number in flight."""

    rates: dict[str, dict[int, float]]

    def __str__(self) -> str:
        rows = [f"{'durable messages a second':36}" + "".join(f"{n:>5} in flight" for n in IN_FLIGHT)]
        rows += [
            f"{name:36}" + "".join(f"{found[n]:>14,.0f}" for n in IN_FLIGHT)
            for name, found in self.rates.items()
        ]
        return "\n".join(rows)

    def times(self, other: str, in_flight: int) -> float:
        return self.rates[OURS][in_flight] / self.rates[other][in_flight]


async def race(seconds: float, rounds: int) -> Result:
    """Let all contestants run in turn, several rounds, and take the median of each."""
    found: dict[str, dict[int, list[float]]] = {name: {n: [] for n in IN_FLIGHT} for name in CONTESTANTS}
    for _ in range(rounds):
        for name, ring in CONTESTANTS.items():
            with tempfile.TemporaryDirectory() as folder:
                async with ring(Path(folder)) as contestant:
                    for n in IN_FLIGHT:
                        found[name][n].append(await rate(contestant, n, seconds, range(PERSONS)))
    return Result({name: {n: median(each) for n, each in one.items()} for name, one in found.items()})


# --- how much the number of persons costs ----------------------------------------------------------------


async def fill(store: Store, persons: int) -> None:
    """Keep so many persons."""
    for start in range(0, persons, 512):
        found = [
            Person(f"{number:016x}", Address("telegram", str(number)))
            for number in range(start, min(persons, start + 512))
        ]
        await store.commit_all([Change(one.id, one.address, 0, NOW, SESSION) for one in found])


async def scale(sizes: Sequence[int], seconds: float, rounds: int) -> dict[int, float]:
    """Return the microseconds a message takes with so many persons stored, 64 in flight, the median."""
    found: dict[int, list[float]] = {size: [] for size in sizes}
    with tempfile.TemporaryDirectory() as folder:
        stores = {size: SqliteStore(Path(folder) / f"{size}.db") for size in sizes}
        for size, store in stores.items():
            await store.open()
            await fill(store, size)
        for _ in range(rounds):  # in turn: a noisy neighbour disturbs all of them
            for size, store in stores.items():
                chosen = random.Random(7).sample(range(size), min(size, 100_000))
                found[size].append(1e6 / await rate(Ours(store), 64, seconds, chosen))
        for store in stores.values():
            await store.close()
    return {size: median(each) for size, each in found.items()}


def main(arguments: Sequence[str] | None = None) -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=2.0)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--file-only", action="store_true", help="leave PostgreSQL out")
    parser.add_argument("--persons", type=int, nargs="*", default=[1_000, 1_000_000])
    args = parser.parse_args(arguments)
    result = asyncio.run(race(args.seconds, args.rounds))
    print(result)
    sixty, eight = result.times(FIRST, 64), result.times(SECOND, 64)
    print(f"at 64: {sixty:.1f} x SQLAlchemy (aim 60), {eight:.1f} x aiosqlite (aim 8)")
    print(f"at 1: {result.times(SECOND, 1):.2f} x aiosqlite (aim 1)")
    costs = asyncio.run(scale(args.persons, args.seconds, args.rounds)) if args.persons else {}
    for size, cost in costs.items():
        share = cost / next(iter(costs.values()))
        print(f"a message with {size:,} persons stored: {cost:,.0f} us ({share:.2f} x; aim 1.2)")
    if not args.file_only:
        asyncio.run(compare(Bench(args.seconds, PERSONS), args.rounds))  # on a server of its own


if __name__ == "__main__":
    main()
