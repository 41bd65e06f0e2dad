"""The one thread that writes: it takes what has arrived since the last commit and commits it together."""

from __future__ import annotations

import asyncio
import contextlib
import sqlite3
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from itertools import groupby, islice
from pathlib import Path
from queue import Empty, SimpleQueue
from threading import Thread
from typing import Generic, TypeVar, cast

from bot.runtime.ports import Change, Verdict
from bot.storage.batches import commit_all
from bot.storage.faults import explain
from bot.storage.pen import Pen

T = TypeVar("T")
Work = Callable[[Pen], T]

TOGETHER = 512
"""Jobs in one transaction at most, so that nobody waits long for the others."""


@dataclass(slots=True, eq=False)
class _Job(Generic[T]):
    work: Work[T]
    sweep: bool
    done: asyncio.Future[T]
    changes: Sequence[Change] = ()
    result: T | None = None
    error: BaseException | None = field(default=None, repr=False)

    def settle(self) -> None:
        """Tell who waits; it is called on the loop."""
        if self.done.done():  # whoever waited has gone; what was asked for is done all the same
            return
        if self.error:
            self.done.set_exception(self.error)
        else:
            self.done.set_result(cast("T", self.result))


class Writer:
    """Own the pen: two that wrote with one would meet inside a transaction."""

    def __init__(self, pen: Pen, path: Path) -> None:
        self._pen = pen
        self._path = path
        self._jobs: SimpleQueue[_Job[object] | None] = SimpleQueue()
        self._loop = asyncio.get_running_loop()
        self._thread = Thread(target=self._run, name="lowtide-writer", daemon=True)
        self._thread.start()

    async def do(self, work: Work[T], sweep: bool = False) -> T:
        """Run `work` inside a transaction and return its result once that is on the disk.

        `sweep` empties the write-ahead log afterwards: what was deleted must not live on in it.
        """
        done: asyncio.Future[T] = self._loop.create_future()
        self._jobs.put(cast("_Job[object]", _Job(work, sweep, done)))
        return await done

    async def keep(self, changes: Sequence[Change]) -> list[Verdict]:
        """Keep changes, together with whatever else is to be kept now; what is forgotten is swept."""
        sweep = any(change.forget for change in changes)
        done: asyncio.Future[list[Verdict]] = self._loop.create_future()
        job = _Job(lambda pen: commit_all(pen, changes), sweep, done, changes)
        self._jobs.put(cast("_Job[object]", job))
        return await done

    async def close(self) -> None:
        """Finish what was asked for, then stop."""
        self._jobs.put(None)
        await asyncio.to_thread(self._thread.join)

    # --- on the thread

    def _run(self) -> None:
        open_ = True
        while open_:
            batch, open_ = self._gather()
            if batch:
                self._settle(batch)
                self._tell(batch)
        self._pen.close()

    def _gather(self) -> tuple[list[_Job[object]], bool]:
        """Wait for a job and take those that came meanwhile; False once we were told to stop."""
        batch: list[_Job[object]] = []
        job = self._jobs.get()
        with contextlib.suppress(Empty):
            while job:
                batch.append(job)
                if len(batch) == TOGETHER:
                    break
                job = self._jobs.get_nowait()
        return batch, job is not None

    def _tell(self, batch: list[_Job[object]]) -> None:
        def settle() -> None:
            for job in batch:
                job.settle()

        with contextlib.suppress(RuntimeError):  # the loop is closed: nobody waits any more
            self._loop.call_soon_threadsafe(settle)

    def _settle(self, batch: list[_Job[object]]) -> None:
        try:
            self._commit(batch)
        except sqlite3.OperationalError as error:
            self._fail(batch, explain(error, self._path))
        except Exception as error:
            self._blame(batch, error)

    def _commit(self, batch: list[_Job[object]]) -> None:
        self._pen.run("BEGIN IMMEDIATE")
        try:
            for together, jobs in groupby(batch, key=lambda job: bool(job.changes)):
                if together:
                    self._keep(list(jobs))
                else:
                    for job in jobs:
                        job.result = job.work(self._pen)
            self._pen.run("COMMIT")
        except BaseException:
            with contextlib.suppress(sqlite3.Error):
                self._pen.run("ROLLBACK")
            raise
        if any(job.sweep for job in batch):
            self._pen.run("PRAGMA wal_checkpoint(TRUNCATE)")

    def _keep(self, jobs: list[_Job[object]]) -> None:
        """Let the changes of many who wait go into the same statements."""
        verdicts = iter(commit_all(self._pen, [change for job in jobs for change in job.changes]))
        for job in jobs:
            job.result = list(islice(verdicts, len(job.changes)))

    def _blame(self, batch: list[_Job[object]], error: Exception) -> None:
        """Let one bad job fail alone: the others of its batch have done nothing wrong."""
        if len(batch) > 1:
            for job in batch:
                self._settle([job])
        else:
            self._fail(batch, explain(error, self._path) if isinstance(error, sqlite3.Error) else error)

    def _fail(self, batch: list[_Job[object]], error: Exception) -> None:
        for job in batch:
            job.error = error
