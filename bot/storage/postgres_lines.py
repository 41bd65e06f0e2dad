"""A line to PostgreSQL that mends itself, and whoever gives it what has arrived since the last answer."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Collection, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Generic, TypeVar

from bot.errors import StoreError
from bot.storage.postgres_faults import explain, passing, place
from bot.storage.postgres_opening import connect

if TYPE_CHECKING:
    import asyncpg

T = TypeVar("T")
R = TypeVar("R")
Work = Callable[["asyncpg.Connection"], Awaitable[T]]

TOGETHER = 256
"""Things in one statement at most, so that nobody waits long for the others."""
FIRST_WAIT, LONGEST_WAIT = 0.05, 0.5
"""Seconds between tries to reach a server that went away."""


class Line:
    """Own a connection to `url`, used by one at a time; wait `patience` seconds for a server that is away."""

    def __init__(self, url: str, patience: float) -> None:
        self._url = url
        self._patience = patience
        self._connection: asyncpg.Connection | None = None
        self._busy = asyncio.Lock()
        self._open = True

    async def do(self, work: Work[T]) -> T:
        """Do some work; it is done again where the line broke, so doing it twice must be harmless."""
        async with self._busy:
            until, wait = asyncio.get_running_loop().time() + self._patience, FIRST_WAIT
            while True:
                try:
                    return await work(await self._connected())
                except Exception as error:
                    if isinstance(error, StoreError) or not self._open:
                        raise
                    if not passing(error) or asyncio.get_running_loop().time() + wait > until:
                        raise explain(error, self._url) from error
                    self._hang_up(error)
                await asyncio.sleep(wait)
                wait = min(2 * wait, LONGEST_WAIT)

    async def close(self) -> None:
        """Let what is under way finish, and take no more."""
        self._open = False
        async with self._busy:
            connection, self._connection = self._connection, None
            if connection and not connection.is_closed():
                await connection.close(timeout=1.0)

    async def _connected(self) -> asyncpg.Connection:
        if not self._open:
            raise StoreError(f"{place(self._url)}: the store is not open; open it before use")
        if self._connection is None or self._connection.is_closed():
            self._connection = await connect(self._url)
        return self._connection

    def _hang_up(self, error: Exception) -> None:
        """Drop a line that broke; after a deadlock it is as good as before."""
        state = str(getattr(error, "sqlstate", None) or "")
        if self._connection and not state.startswith("40"):
            self._connection.terminate()
            self._connection = None


@dataclass(frozen=True, slots=True, eq=False)
class Asked(Generic[T, R]):
    """Hold a thing and where its answer is waited for; whoever waited may have gone."""

    thing: T
    answer: asyncio.Future[R]

    def succeed(self, result: R) -> None:
        """Answer."""
        if not self.answer.done():
            self.answer.set_result(result)

    def fail(self, error: Exception) -> None:
        """Say why there is no answer."""
        if not self.answer.done():
            self.answer.set_exception(error)


class Batches(Generic[T, R]):
    """Give all that arrived while the last round trip ran to the next, `most` at a time.

    `names` says what must not stand twice in one batch; whoever would, waits for the one after it.
    """

    def __init__(
        self,
        run: Callable[[Sequence[T]], Awaitable[Sequence[R]]],
        names: Callable[[T], Collection[object]] = lambda _: (),
        most: int = TOGETHER,
    ) -> None:
        self._run = run
        self._names = names
        self._most = most
        self._waiting: deque[Asked[T, R]] = deque()
        self._task: asyncio.Task[None] | None = None

    async def do(self, thing: T) -> R:
        """Let a thing go with the next batch, and return what came of it."""
        answer: asyncio.Future[R] = asyncio.get_running_loop().create_future()
        self._waiting.append(Asked(thing, answer))
        if self._task is None:
            self._task = asyncio.create_task(self._work(), name="lowtide-batches")
        return await answer

    async def do_all(self, things: Sequence[T]) -> list[R]:
        """Let things go with the next batches, in order, and return what came of each."""
        return list(await asyncio.gather(*map(self.do, things)))

    async def _work(self) -> None:
        batch: list[Asked[T, R]] = []
        try:
            while self._waiting:
                await self._settle(batch := self._next())
        finally:
            self._task = None
            for one in (*batch, *self._waiting):  # the process is told to end: nobody waits for ever
                one.answer.cancel()

    def _next(self) -> list[Asked[T, R]]:
        batch: list[Asked[T, R]] = []
        later: list[Asked[T, R]] = []
        taken: set[object] = set()
        while self._waiting and len(batch) < self._most:
            one = self._waiting.popleft()
            names = self._names(one.thing)
            (later if taken.intersection(names) else batch).append(one)
            taken.update(names)
        self._waiting.extendleft(reversed(later))
        return batch

    async def _settle(self, batch: list[Asked[T, R]]) -> None:
        try:
            results = await self._run([one.thing for one in batch])
        except Exception as error:
            await self._blame(batch, error)
        else:
            for one, result in zip(batch, results, strict=True):
                one.succeed(result)

    async def _blame(self, batch: list[Asked[T, R]], error: Exception) -> None:
        """Let one bad thing fail alone: the others of its batch have done nothing wrong."""
        everybodys = error.__cause__ is not None and passing(error.__cause__)
        if len(batch) > 1 and not everybodys:
            for one in batch:
                await self._settle([one])
        else:
            for one in batch:
                one.fail(error)
