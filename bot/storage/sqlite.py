"""The default store: one private file, one task that writes it, and what was committed is on the disk."""

from __future__ import annotations

import sqlite3
from collections.abc import AsyncIterator, Collection, Mapping, Sequence
from contextlib import asynccontextmanager
from datetime import datetime
from pathlib import Path
from typing import TypeVar

import aiosqlite

from bot.errors import StoreError
from bot.runtime.messages import Address
from bot.runtime.ports import Change, Joined, Person, Posted, Verdict, Waiting
from bot.storage import hearings, places, reads, statements
from bot.storage.faults import explain
from bot.storage.opening import connect, make_private, upgrade
from bot.storage.writer import Work, Writer

T = TypeVar("T")


class SqliteStore:
    """Keep everything in the file at `path`; wait `patience` seconds where another process holds it."""

    def __init__(self, path: Path, patience: float = 5.0) -> None:
        self.path = path
        self._patience = patience
        self._reader: aiosqlite.Connection | None = None
        self._writer: Writer | None = None

    async def open(self) -> None:
        """Make or upgrade the file and take hold of it."""
        make_private(self.path)
        try:
            writing = await connect(self.path, self._patience)
            try:
                await upgrade(writing, self.path)
                self._reader = await connect(self.path, self._patience)
            except BaseException:
                await writing.close()
                raise
        except sqlite3.Error as error:
            raise explain(error, self.path) from error
        self._writer = Writer(writing, self.path)

    async def close(self) -> None:
        """Commit what was asked for and let the file go."""
        writer, self._writer = self._writer, None
        reader, self._reader = self._reader, None
        if reader:
            await reader.close()
        if writer:
            await writer.close()

    async def load(self, address: Address, at: datetime | None = None) -> Person:
        """Read the person at an address, or make up a new one."""
        async with self._reading() as connection:
            return await reads.load(connection, address, at)

    async def commit(self, change: Change) -> Verdict:
        """Keep a change whole, or say why not."""
        return await self._write(lambda connection: statements.commit(connection, change), change.forget)

    async def undelivered(self, after: int = 0, limit: int = 500) -> Sequence[Posted]:
        """Read what waits to be sent, in order."""
        async with self._reading() as connection:
            return await reads.undelivered(connection, after, limit)

    async def delivered(self, keys: Collection[str], at: datetime) -> None:
        """Drop messages that have reached their person."""
        await self._write(lambda connection: statements.delivered(connection, keys, at))

    async def left(self, address: Address, at: datetime) -> None:
        """Rest timers and drop messages of a person who cannot be reached."""
        await self._write(lambda connection: statements.left(connection, address, at))

    async def returned(self, address: Address) -> None:
        """Let the timers of a person go on."""
        await self._write(lambda connection: places.returned(connection, address))

    async def offer(self, person: str, code: str, until: datetime) -> bool:
        """Keep a code; False for a stranger."""
        return await self._write(lambda connection: places.offer(connection, person, code, until))

    async def join(self, code: str, address: Address, at: datetime) -> Joined:
        """Give an address to the person who was shown a code, and remove who was there before."""
        return await self._write(lambda connection: places.join(connection, code, address, at), sweep=True)

    async def due(self, now: datetime, limit: int = 100) -> Sequence[Waiting]:
        """Read who has timers due."""
        async with self._reading() as connection:
            return await reads.due(connection, now, limit)

    async def next_due(self) -> datetime | None:
        """Read the earliest due time."""
        async with self._reading() as connection:
            return await reads.next_due(connection)

    async def forget(self, person: str) -> None:
        """Remove a person from the file and from its log."""
        await self._write(lambda connection: statements.forget(connection, person), sweep=True)

    async def export(self, person: str) -> Mapping[str, object]:
        """Read every row of a person."""
        async with self._reading() as connection:
            return await reads.export(connection, person)

    async def counters(self) -> Mapping[str, int]:
        """Read how often what happened."""
        async with self._reading() as connection:
            return await reads.counters(connection)

    async def tidy(self, before: datetime) -> None:
        """Drop fingerprints older than a time."""
        await self._write(lambda connection: statements.tidy(connection, before))

    async def note(self, address: Address, channel: int, last: int, handled: bool) -> None:
        """Keep up to where a chat was heard; `handled` says that its last message was kept."""
        await self._write(lambda connection: hearings.note(connection, address, channel, last, handled))

    async def heard(self, platform: str) -> Sequence[tuple[str, int, int]]:
        """Read chat, channel and place of those who wrote last, the latest first."""
        async with self._reading() as connection:
            return await hearings.recent(connection, platform)

    async def _write(self, work: Work[T], sweep: bool = False) -> T:
        if not self._writer:
            raise self._closed()
        return await self._writer.do(work, sweep)

    @asynccontextmanager
    async def _reading(self) -> AsyncIterator[aiosqlite.Connection]:
        if not self._reader:
            raise self._closed()
        try:
            yield self._reader
        except sqlite3.Error as error:
            raise explain(error, self.path) from error

    def _closed(self) -> StoreError:
        return StoreError(f"{self.path}: the store is not open; open it before use")
