"""The store of several replicas: one PostgreSQL, where what arrives together goes in one round trip."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Collection, Iterable, Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, TypeVar

from bot.errors import StoreError
from bot.runtime.leases import NUDGER
from bot.runtime.messages import Address
from bot.runtime.ports import Asked, Change, Claim, Joined, Person, Posted, Verdict, Waiting
from bot.runtime.standing import Standing
from bot.storage import postgres_places as places
from bot.storage import postgres_reads as reads
from bot.storage import postgres_releases as releases
from bot.storage.keyfile import Keyring
from bot.storage.postgres_commits import commit, laid_out
from bot.storage.postgres_exports import export
from bot.storage.postgres_faults import explain, place
from bot.storage.postgres_leases import LEASE, PostgresLeases
from bot.storage.postgres_lines import Batches, Line
from bot.storage.postgres_news import News
from bot.storage.postgres_opening import connect, opened
from bot.storage.postgres_sealing import Remembering
from bot.storage.rows import REACHED_KEPT, parts, to_micros

if TYPE_CHECKING:
    import asyncpg

T = TypeVar("T")
R = TypeVar("R")
Mark = tuple[str, int]

PATIENCE = 10.0
"""Seconds for which everybody waits when the server is away; then they are told."""


class PostgresStore:
    """Keep everything in the database at `url`, with a replica's `keys`, which are the same for all replicas.

    `leases` says what is ours to do; whoever owns what a commit is about is notified of it. Once `release`
    names the flows that changes are made with, nothing is kept while others are live.
    """

    def __init__(self, url: str, keys: Keyring, patience: float = PATIENCE, lease: float = LEASE) -> None:
        self.leases = PostgresLeases(url, lease)
        self.news = News(url, self.leases)
        self.url = url
        self.release = ""
        self._keys = keys
        self._patience = patience
        self._vault: Remembering | None = None
        self._lines: tuple[Line, ...] = ()

    def __repr__(self) -> str:
        return f"PostgresStore({place(self.url)})"

    async def open(self) -> None:
        """Make or upgrade the schema, one replica after the other, and take up the lines."""
        try:
            connection = await connect(self.url)
            try:
                self._vault = await opened(connection, self.url, self._keys)
            finally:
                await connection.close()
        except StoreError:
            raise
        except Exception as error:
            raise explain(error, self.url) from error
        self._reading, self._writing, self._marking = self._lines = tuple(
            Line(self.url, self._patience) for _ in range(3)
        )
        self._loads = Batches(self._load_now)
        self._commits = Batches(self._commit_now, _names)
        self._marks = Batches(self._mark_now, lambda mark: mark[:1])
        await self.news.start()

    async def close(self) -> None:
        """Finish what was asked for and hang up."""
        lines, self._lines, self._vault = self._lines, (), None
        await self.news.stop()
        for line in lines:
            await line.close()

    # --- persons and their changes

    async def load(self, address: Address, at: datetime | None = None) -> Person:
        """Read the person at an address, or make up a new one."""
        self._open()
        return await self._loads.do((address, at))

    async def load_all(self, asked: Sequence[Asked]) -> Sequence[Person]:
        """Read many persons."""
        self._open()
        return await self._loads.do_all(asked)

    async def commit(self, change: Change) -> Verdict:
        """Keep a change whole, or say why not."""
        self._open()
        return await self._commits.do(change)

    async def commit_all(self, changes: Sequence[Change]) -> Sequence[Verdict]:
        """Keep changes, each whole or not at all."""
        self._open()
        return await self._commits.do_all(changes)

    async def left(self, address: Address, at: datetime) -> None:
        """Rest timers and drop messages of a person who cannot be reached."""
        await self._write(lambda line, vault: places.left(line, vault.place(address), at))

    async def returned(self, address: Address) -> None:
        """Let the timers of a person go on."""
        await self._write(lambda line, vault: places.returned(line, vault.place(address)))
        await self.news.tell({NUDGER})

    async def offer(self, person: str, code: str, until: datetime) -> bool:
        """Keep a code; False for a stranger."""
        return await self._write(
            lambda line, vault: places.offer(line, person, vault.lookup("code", code), until)
        )

    async def join(self, code: str, address: Address, at: datetime) -> Joined:
        """Give an address to the person who was shown a code, and remove who was there before."""
        return await self._write(lambda line, vault: places.join(line, vault, code, address, at))

    # --- the outbox

    async def claim_outbox(self, platform: str, owner: str, limit: int = 500) -> Sequence[Posted]:
        """Take the next messages of a platform; nothing, where the lease is another's by now."""
        return await self._mark(lambda line, vault: reads.claim_outbox(line, vault, platform, owner, limit))

    async def undelivered(self, after: int = 0, limit: int = 500) -> Sequence[Posted]:
        """Read what waits to be sent, in order."""
        return await self._read(lambda line, vault: reads.undelivered(line, vault, after, limit))

    async def delivered(self, keys: Collection[str], at: datetime) -> None:
        """Drop messages that have reached their person."""
        self._open()
        await self._marks.do_all([(key, to_micros(at)) for key in dict.fromkeys(keys)])

    # --- timers

    async def claim(self, now: datetime, claim: Claim, limit: int = 1000) -> Sequence[Waiting]:
        """Take who has timers due; rows that another replica looks at just now are passed over."""
        return await self._mark(lambda line, vault: reads.claim(line, vault, now, claim, limit))

    async def next_due(self) -> datetime | None:
        """Read the earliest due time."""
        return await self._read(lambda line, _: reads.next_due(line))

    # --- up to where chats were heard

    async def note(self, address: Address, channel: int, last: int, handled: bool) -> None:
        """Keep up to where a chat was heard; `handled` says that its last message was kept."""
        await self._write(lambda line, vault: places.note(line, vault, address, channel, last, handled))

    async def heard(self, platform: str) -> Sequence[tuple[str, int, int]]:
        """Read chat, channel and place of those who wrote last, the latest first."""
        return await self._read(lambda line, vault: places.heard(line, vault, platform))

    # --- everything of one, a little of everyone

    async def forget(self, person: str) -> None:
        """Destroy a person's key and remove every row of theirs."""
        await self._write(lambda line, vault: places.forget(line, vault, person))

    async def export(self, person: str) -> Mapping[str, object]:
        """Read every row of a person."""
        return await self._read(lambda line, vault: export(line, vault, person))

    async def sessions(self, after: str = "", limit: int = 500) -> Standing:
        """Read the sessions of the next persons."""
        return await self._read(lambda line, vault: releases.sessions(line, vault, after, limit))

    async def live(self) -> Mapping[str, str]:
        """Read what went live last."""
        return await self._read(lambda line, _: releases.live(line))

    async def go_live(self, versions: Mapping[str, str]) -> None:
        """Remember what is live now."""
        await self._write(lambda line, _: releases.go_live(line, versions))

    async def superseded(self) -> bool:
        """Tell whether other flows are live than ours."""
        named = await self._read(lambda line, _: releases.named(line))
        return bool(self.release and named) and named != self.release

    async def counters(self) -> Mapping[str, int]:
        """Read how often what happened."""
        return await self._read(lambda line, _: reads.counters(line))

    async def tidy(self, before: datetime, logged_before: datetime | None = None) -> None:
        """Drop fingerprints and log older than a time."""
        await self._write(lambda line, _: places.tidy(line, before, logged_before))
        for part in parts():
            await self._tidy_updates(part, before)

    async def _tidy_updates(self, part: tuple[bytes, bytes], before: datetime) -> None:
        await self._write(lambda line, _: places.tidy_updates(line, part, before))

    # --- what arrived together

    async def _load_now(self, asked: Sequence[Asked]) -> Sequence[Person]:
        return await self._read(lambda line, vault: reads.load_all(line, vault, asked))

    async def _commit_now(self, changes: Sequence[Change]) -> Sequence[Verdict]:
        """Keep a batch; it is sealed once, so that a second try is known as the same."""
        names = _owners(changes)
        sheet = await self._write(lambda line, vault: laid_out(line, vault, changes))
        columns, note = sheet.columns(), self.news.note(names)
        verdicts = await self._write(lambda line, _: commit(line, columns, self.release, note))
        sheet.settled(changes, verdicts)
        self.news.wake(names)
        return verdicts

    async def _mark_now(self, marks: Sequence[Mark]) -> Sequence[None]:
        keys, times = [key for key, _ in marks], [at for _, at in marks]
        sql = "SELECT lowtide_delivered($1, $2, $3)"
        await self._mark(lambda line, _: line.execute(sql, keys, times, REACHED_KEPT))
        return [None] * len(marks)

    # --- lines

    def _open(self) -> Remembering:
        if self._vault is None:
            raise StoreError(f"{place(self.url)}: the store is not open; open it before use")
        return self._vault

    async def _read(self, work: Callable[[asyncpg.Connection, Remembering], Awaitable[R]]) -> R:
        vault = self._open()
        return await self._reading.do(lambda connection: work(connection, vault))

    async def _write(self, work: Callable[[asyncpg.Connection, Remembering], Awaitable[R]]) -> R:
        vault = self._open()
        return await self._writing.do(lambda connection: work(connection, vault))

    async def _mark(self, work: Callable[[asyncpg.Connection, Remembering], Awaitable[R]]) -> R:
        vault = self._open()
        return await self._marking.do(lambda connection: work(connection, vault))


def _names(change: Change) -> Collection[object]:
    """Name what may stand in a batch once."""
    found = (change.person, change.address)
    return (*found, change.update) if change.update else found


def _owners(changes: Iterable[Change]) -> frozenset[str]:
    """Name the leases whose owners have something to do after these changes."""
    changes = tuple(changes)
    posts = (message.address.platform for change in changes if not change.owner for message in change.outbox)
    return frozenset(posts) | ({NUDGER} if any(change.timers for change in changes) else set())
