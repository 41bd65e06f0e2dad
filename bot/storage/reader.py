"""The connection that reads: whoever is to be loaded while it reads is loaded together, with the next."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

import aiosqlite

from bot.runtime.ports import Asked, Person
from bot.storage import reads
from bot.storage.faults import explain
from bot.storage.sealing import Vault

TOGETHER = 256
"""Persons loaded by one task at most."""


class Reader:
    """Read from one connection, with the keys of its database."""

    def __init__(self, connection: aiosqlite.Connection, vault: Vault, path: Path) -> None:
        self.vault = vault
        self._connection = connection
        self._path = path
        self._waiting: list[tuple[Asked, asyncio.Future[Person]]] = []
        self._task: asyncio.Task[None] | None = None

    @asynccontextmanager
    async def reading(self) -> AsyncIterator[aiosqlite.Connection]:
        """Give the connection; its faults are told to an operator."""
        try:
            yield self._connection
        except sqlite3.Error as error:
            raise explain(error, self._path) from error

    async def load(self, asked: Asked) -> Person:
        """Load a person, together with whoever else is asked for now."""
        done: asyncio.Future[Person] = asyncio.get_running_loop().create_future()
        self._waiting.append((asked, done))
        if self._task is None:
            self._task = asyncio.create_task(self._load(), name="lowtide-reader")
        return await done

    async def load_all(self, asked: Sequence[Asked]) -> Sequence[Person]:
        """Load many persons."""
        async with self.reading() as connection:
            return await reads.load_all(connection, self.vault, asked)

    async def close(self) -> None:
        """Finish what was asked for, then let go."""
        if self._task:
            await self._task
        await self._connection.close()

    async def _load(self) -> None:
        while self._waiting:
            page, self._waiting = self._waiting[:TOGETHER], self._waiting[TOGETHER:]
            try:
                persons = await self.load_all([asked for asked, _ in page])
            except Exception as error:
                await self._blame(page, error)
            else:
                for (_, done), person in zip(page, persons, strict=True):
                    _settle(done, person)
        self._task = None

    async def _blame(self, page: list[tuple[Asked, asyncio.Future[Person]]], error: Exception) -> None:
        """Let one who cannot be read fail alone."""
        for asked, done in page:
            try:
                person = (await self.load_all([asked]))[0] if len(page) > 1 else None
            except Exception as own:
                person, error = None, own
            if person:
                _settle(done, person)
            elif not done.done():
                done.set_exception(error)


def _settle(done: asyncio.Future[Person], person: Person) -> None:
    if not done.done():
        done.set_result(person)
