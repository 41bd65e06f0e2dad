"""The one task that writes: it takes what has arrived since the last commit and commits it together."""

from __future__ import annotations

import asyncio
import contextlib
import sqlite3
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Generic, TypeVar

import aiosqlite

from bot.storage.faults import explain

T = TypeVar("T")
Work = Callable[[aiosqlite.Connection], Awaitable[T]]

TOGETHER = 256
"""Jobs in one transaction at most, so that nobody waits long for the others."""


@dataclass(frozen=True, slots=True, eq=False)
class _Job(Generic[T]):
    work: Work[T]
    sweep: bool = False
    done: asyncio.Future[T] = field(default_factory=lambda: asyncio.get_running_loop().create_future())

    def succeed(self, result: T) -> None:
        if not self.done.done():
            self.done.set_result(result)

    def fail(self, error: BaseException) -> None:
        if not self.done.done():
            self.done.set_exception(error)


class Writer:
    """Own a connection: two tasks that wrote on one would meet inside a transaction."""

    def __init__(self, connection: aiosqlite.Connection, path: Path) -> None:
        self._connection = connection
        self._path = path
        self._jobs: asyncio.Queue[_Job[object]] = asyncio.Queue()
        self._task = asyncio.create_task(self._run(), name="lowtide-writer")

    async def do(self, work: Work[T], sweep: bool = False) -> T:
        """Run `work` inside a transaction and return its result once that is on the disk.

        `sweep` empties the write-ahead log afterwards: what was deleted must not live on in it.
        """
        job: _Job[T] = _Job(work, sweep)
        self._jobs.put_nowait(job)  # type: ignore[arg-type]  # the queue holds jobs of any result
        return await job.done

    async def close(self) -> None:
        """Finish what was asked for, then stop."""
        await self._jobs.join()
        self._task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await self._task
        await self._connection.close()

    async def _run(self) -> None:
        while True:
            batch = [await self._jobs.get()]
            while len(batch) < TOGETHER and not self._jobs.empty():
                batch.append(self._jobs.get_nowait())
            await self._settle(batch)
            for _ in batch:
                self._jobs.task_done()

    async def _settle(self, batch: list[_Job[object]]) -> None:
        try:
            results = await self._commit(batch)
        except sqlite3.OperationalError as error:
            self._fail(batch, explain(error, self._path))
        except Exception as error:
            await self._blame(batch, error)
        else:
            for job, result in zip(batch, results, strict=True):
                job.succeed(result)

    async def _commit(self, batch: list[_Job[object]]) -> list[object]:
        await self._connection.execute("BEGIN IMMEDIATE")
        try:
            results = [await job.work(self._connection) for job in batch]
            await self._connection.execute("COMMIT")
        except BaseException:
            with contextlib.suppress(sqlite3.Error):
                await self._connection.execute("ROLLBACK")
            raise
        if any(job.sweep for job in batch):
            await self._connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        return results

    async def _blame(self, batch: list[_Job[object]], error: Exception) -> None:
        """Let one bad job fail alone: the others of its batch have done nothing wrong."""
        if len(batch) > 1:
            for job in batch:
                await self._settle([job])
        else:
            self._fail(batch, explain(error, self._path) if isinstance(error, sqlite3.Error) else error)

    def _fail(self, batch: list[_Job[object]], error: Exception) -> None:
        for job in batch:
            job.fail(error)
