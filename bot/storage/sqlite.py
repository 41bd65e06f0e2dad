"""The default store: one private file, one thread that writes it, and what was committed is on the disk."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import TypeVar

from bot.errors import StoreError
from bot.runtime.messages import Address
from bot.runtime.ports import Asked, Change, Claim, Joined, Person, Posted, Verdict, Waiting
from bot.runtime.standing import Standing
from bot.storage import exports, hearings, places, reads, releases, statements
from bot.storage.claims import Claims
from bot.storage.faults import explain
from bot.storage.keyfile import Keyring
from bot.storage.locking import Lock
from bot.storage.opening import check, connect, make_private, take_pen
from bot.storage.pen import Pen
from bot.storage.reader import Reader
from bot.storage.rows import parts
from bot.storage.writer import Work, Writer

T = TypeVar("T")


class SqliteStore:
    """Keep everything in the file at `path`; wait `patience` seconds where another process holds it.

    Without `keys` those of the file beside it are used, which is made with a new database.
    """

    def __init__(self, path: Path, keys: Keyring | None = None, patience: float = 5.0) -> None:
        self.path = path
        self._keys = keys
        self._patience = patience
        self._lock = Lock(path)
        self._claims = Claims()
        self._reader: Reader | None = None
        self._writer: Writer | None = None

    async def open(self) -> None:
        """Make or upgrade the file and take hold of it."""
        make_private(self.path)
        await asyncio.to_thread(self._lock.take, self._patience)
        try:
            pen = await asyncio.to_thread(self._take_pen)
            try:
                connection = await connect(self.path, self._patience)
            except BaseException:
                pen.close()
                raise
        except BaseException as error:
            self._lock.free()
            if isinstance(error, sqlite3.Error):
                raise explain(error, self.path) from error
            raise
        self._reader = Reader(connection, pen.vault, self.path)
        self._writer = Writer(pen, self.path)
        self._claims = Claims()

    def _take_pen(self) -> Pen:
        if self.path.stat().st_size:
            check(self.path, self._patience)
        return take_pen(self.path, self._patience, self._keys)

    async def close(self) -> None:
        """Commit what was asked for and let the file go."""
        writer, self._writer = self._writer, None
        reader, self._reader = self._reader, None
        if reader:
            await reader.close()
        if writer:
            await writer.close()
        self._lock.free()

    # --- persons and their changes

    async def load(self, address: Address, at: datetime | None = None) -> Person:
        """Read the person at an address, or make up a new one."""
        return await self._read().load((address, at))

    async def load_all(self, asked: Sequence[Asked]) -> Sequence[Person]:
        """Read many persons."""
        return await self._read().load_all(asked)

    async def commit(self, change: Change) -> Verdict:
        """Keep a change whole, or say why not."""
        return (await self.commit_all((change,)))[0]

    async def commit_all(self, changes: Sequence[Change]) -> Sequence[Verdict]:
        """Keep changes, each whole or not at all."""
        verdicts = await self._write_with().keep(changes)
        self._claims.end(changes, verdicts)
        return verdicts

    async def left(self, address: Address, at: datetime) -> None:
        """Rest timers and drop messages of a person who cannot be reached."""
        await self._write(lambda pen: statements.left(pen, address, at))

    async def returned(self, address: Address) -> None:
        """Let the timers of a person go on."""
        await self._write(lambda pen: places.returned(pen, address))

    async def offer(self, person: str, code: str, until: datetime) -> bool:
        """Keep a code; False for a stranger."""
        return await self._write(lambda pen: places.offer(pen, person, code, until))

    async def join(self, code: str, address: Address, at: datetime) -> Joined:
        """Give an address to the person who was shown a code, and remove who was there before."""
        return await self._write(lambda pen: places.join(pen, code, address, at), sweep=True)

    # --- the outbox

    async def claim_outbox(self, platform: str, owner: str, limit: int = 500) -> Sequence[Posted]:
        """Take the next messages of a platform. Here numbers are given in the order of committing."""
        reader, after = self._read(), self._claims.taken_to(platform, owner)
        async with reader.reading() as connection:
            found = await reads.unowned(connection, reader.vault, (platform, owner), after, limit)
        self._claims.take_to(platform, owner, found)
        return found

    async def undelivered(self, after: int = 0, limit: int = 500) -> Sequence[Posted]:
        """Read what waits to be sent, in order."""
        reader = self._read()
        async with reader.reading() as connection:
            return await reads.undelivered(connection, reader.vault, after, limit)

    async def delivered(self, keys: Collection[str], at: datetime) -> None:
        """Drop messages that have reached their person."""
        await self._write(lambda pen: statements.delivered(pen, keys, at))

    # --- timers

    async def claim(self, now: datetime, claim: Claim, limit: int = 1000) -> Sequence[Waiting]:
        """Take who has timers due. One process has the file, so it keeps in mind who was taken."""
        reader = self._read()
        async with reader.reading() as connection:
            found = await reads.due(connection, reader.vault, now, limit, self._claims.held(now))
        return self._claims.hold(found, claim, now)

    async def next_due(self) -> datetime | None:
        """Read the earliest due time."""
        async with self._read().reading() as connection:
            return await reads.next_due(connection)

    # --- up to where chats were heard

    async def note(self, address: Address, channel: int, last: int, handled: bool) -> None:
        """Keep up to where a chat was heard; `handled` says that its last message was kept."""
        await self._write(lambda pen: hearings.note(pen, address, channel, last, handled))

    async def heard(self, platform: str) -> Sequence[tuple[str, int, int]]:
        """Read chat, channel and place of those who wrote last, the latest first."""
        reader = self._read()
        async with reader.reading() as connection:
            return await hearings.recent(connection, reader.vault, platform)

    # --- everything of one, a little of everyone

    async def forget(self, person: str) -> None:
        """Destroy a person's key and remove them from the file and from its log."""
        await self._write(lambda pen: statements.forget(pen, person), sweep=True)

    async def export(self, person: str) -> Mapping[str, object]:
        """Read every row of a person."""
        reader = self._read()
        async with reader.reading() as connection:
            return await exports.export(connection, reader.vault, person)

    async def sessions(self, after: str = "", limit: int = 500) -> Standing:
        """Read the sessions of the next persons."""
        reader = self._read()
        async with reader.reading() as connection:
            return await releases.sessions(connection, reader.vault, after, limit)

    async def live(self) -> Mapping[str, str]:
        """Read what went live last."""
        async with self._read().reading() as connection:
            return await releases.live(connection)

    async def go_live(self, versions: Mapping[str, str]) -> None:
        """Remember what is live now."""
        await self._write(lambda pen: releases.go_live(pen, versions))

    async def superseded(self) -> bool:
        """Tell that nobody else is there: the file is ours alone."""
        return False

    async def counters(self) -> Mapping[str, int]:
        """Read how often what happened."""
        async with self._read().reading() as connection:
            return await reads.counters(connection)

    async def tidy(self, before: datetime, logged_before: datetime | None = None) -> None:
        """Drop fingerprints and log older than a time."""
        await self._write(lambda pen: statements.tidy(pen, before, logged_before))
        for part in parts():
            await self._write(partial(statements.tidy_updates, part=part, before=before))

    async def _write(self, work: Work[T], sweep: bool = False) -> T:
        return await self._write_with().do(work, sweep)

    def _write_with(self) -> Writer:
        if not self._writer:
            raise self._closed()
        return self._writer

    def _read(self) -> Reader:
        if not self._reader:
            raise self._closed()
        return self._reader

    def _closed(self) -> StoreError:
        return StoreError(f"{self.path}: the store is not open; open it before use")
