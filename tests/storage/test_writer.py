"""The one writer: what arrives together is committed together, and a bad order fails alone."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest

from bot.errors import StoreError
from bot.storage.pen import Pen
from bot.storage.sealing import Vault
from bot.storage.writer import Writer

Traced = tuple[Writer, list[str]]


def pen_of(path: Path) -> tuple[Pen, list[str]]:
    connection = sqlite3.connect(path, isolation_level=None, timeout=0.01, check_same_thread=False)
    connection.execute("CREATE TABLE t (n INTEGER UNIQUE)")
    statements: list[str] = []
    connection.set_trace_callback(statements.append)
    return Pen(connection, Vault((b"k" * 32,))), statements


@pytest.fixture
async def writer(tmp_path: Path) -> AsyncIterator[Traced]:
    """Give a writer on an empty table `t (n UNIQUE)`, and the statements it runs."""
    pen, statements = pen_of(tmp_path / "t.db")
    writer = Writer(pen, tmp_path / "t.db")
    yield writer, statements
    await writer.close()


def insert(number: int) -> Callable[[Pen], int]:
    def work(pen: Pen) -> int:
        pen.run("INSERT INTO t VALUES (?)", (number,))
        return number

    return work


def numbers(pen: Pen) -> list[int]:
    return [row[0] for row in pen.run("SELECT n FROM t ORDER BY n")]


async def test_what_arrives_while_a_commit_runs_goes_into_the_next(writer: Traced) -> None:
    one, statements = writer

    results = await asyncio.gather(*(one.do(insert(number)) for number in range(400)))

    assert results == list(range(400))
    assert statements.count("COMMIT") < 100
    assert await one.do(numbers) == list(range(400))


async def test_a_bad_order_fails_alone_and_the_others_of_its_batch_are_kept(writer: Traced) -> None:
    one, _ = writer

    results = await asyncio.gather(*(one.do(insert(n)) for n in (1, 2, 2, 3)), return_exceptions=True)

    assert results[:2] == [1, 2]
    assert isinstance(results[2], StoreError)
    assert results[3] == 3
    assert await one.do(numbers) == [1, 2, 3]


async def test_an_error_that_is_not_the_database_s_comes_back_as_it_is(writer: Traced) -> None:
    one, statements = writer

    def broken(pen: Pen) -> None:
        pen.run("INSERT INTO t VALUES (7)")
        raise LookupError("mine")

    with pytest.raises(LookupError, match="mine"):
        await one.do(broken)

    assert "ROLLBACK" in statements
    assert await one.do(numbers) == []


async def test_whoever_stops_waiting_does_not_undo_the_order(writer: Traced) -> None:
    one, _ = writer
    impatient = asyncio.create_task(one.do(insert(1)))
    await asyncio.sleep(0)

    impatient.cancel()

    await asyncio.gather(impatient, return_exceptions=True)
    assert await one.do(numbers) == [1]


async def test_closing_finishes_what_was_asked_for(tmp_path: Path) -> None:
    pen, _ = pen_of(tmp_path / "t.db")
    writer = Writer(pen, tmp_path / "t.db")
    asked = [asyncio.create_task(writer.do(insert(number))) for number in range(10)]
    await asyncio.sleep(0)

    await writer.close()

    assert [await task for task in asked] == list(range(10))
    with sqlite3.connect(tmp_path / "t.db") as after:
        assert after.execute("SELECT count(*) FROM t").fetchone() == (10,)
    after.close()
