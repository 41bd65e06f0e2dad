"""Leases of replicas on one PostgreSQL: an advisory lock, a beat that others watch, and an epoch that grows.

An owner holds the lock on a connection of its own and beats. Whoever wants the lease must get the lock (the
owner's session is over; PostgreSQL ends one that falls silent) and must have watched the beat stand still for
a whole lease on its own clock. An owner trusts itself for three quarters of a lease after it asked for a
beat. So no two ever trust themselves at once, whatever was cut, hung or killed; no clock on a wall counts.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from bot.runtime.blame import describe
from bot.storage.postgres_faults import explain
from bot.storage.postgres_opening import connect

if TYPE_CHECKING:
    import asyncpg

log = logging.getLogger(__name__)

LEASE = 8.0
"""Seconds of silence after which a lease is another's: with beats and rounding it moves within twelve."""
BEATS = 6
"""Beats in a lease."""
TRUST = 0.75
"""The part of a lease for which an owner trusts its last beat."""

_LOOK = """
    SELECT name, epoch, beat, released,
        pg_try_advisory_lock(hashtextextended('lowtide ' || current_schema() || ' ' || name, 0)) AS locked
    FROM leases WHERE name = ANY($1::text[])"""
_MAKE = "INSERT INTO leases SELECT unnest($1::text[]) ON CONFLICT DO NOTHING"
_BEAT = """
    UPDATE leases SET beat = beat + 1
    FROM unnest($1::text[], $2::bigint[]) AS mine (name, epoch)
    WHERE leases.name = mine.name AND leases.epoch = mine.epoch RETURNING leases.name"""
_TAKE = """
    UPDATE leases SET epoch = epoch + 1, beat = beat + 1, released = false
    WHERE name = $1 AND epoch = $2 AND beat = $3 RETURNING epoch"""
_RELEASE = """
    UPDATE leases SET released = true
    FROM unnest($1::text[], $2::bigint[]) AS mine (name, epoch)
    WHERE leases.name = mine.name AND leases.epoch = mine.epoch"""


@dataclass
class _Watched:
    """What was last seen of a lease that is not ours, and since when it looks like that."""

    seen: tuple[int, int] = (0, 0)
    since: float = 0.0


@dataclass
class PostgresLeases:
    """Try for leases at the server `url` names; one moves after about `lease` seconds of silence."""

    url: str = field(repr=False)
    lease: float = LEASE
    _ours: dict[str, int] = field(default_factory=dict)
    _last: dict[str, int] = field(default_factory=dict)
    _watched: dict[str, _Watched] = field(default_factory=dict)
    _proven: float = float("-inf")
    _news: asyncio.Event = field(default_factory=asyncio.Event)
    _lapse: asyncio.TimerHandle | None = None
    _connection: asyncpg.Connection | None = None
    _failing: bool = False
    _task: asyncio.Task[None] | None = None

    async def start(self, names: frozenset[str]) -> None:
        """Begin to try; those that nobody holds are ours when this returns."""
        self._watched = {name: _Watched() for name in names}
        await self._round()
        self._task = asyncio.create_task(self._run(), name="lowtide-leases")

    async def stop(self) -> None:
        """Give back what is ours; if that cannot be said, the silence says it."""
        if self._task:
            self._task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._task
        ours, self._ours = self._ours, {}
        if self._connection:
            with contextlib.suppress(Exception):
                async with asyncio.timeout(self.lease / BEATS):
                    await self._connection.execute(_RELEASE, list(ours), list(ours.values()))
        await self._hang_up()

    def epoch(self, name: str) -> int | None:
        """Give the epoch of a lease while it is proven to be ours."""
        return self._ours.get(name) if _now() < self._proven else None

    async def changed(self) -> None:
        """Wait until a lease may have become ours or been lost."""
        await self._news.wait()
        self._news.clear()

    # --- every beat ----------------------------------------------------------------------------------

    async def _run(self) -> None:
        while True:
            await asyncio.sleep(self.lease / BEATS)
            await self._round()

    async def _round(self) -> None:
        try:
            async with asyncio.timeout(self.lease / 2):
                await self._beat(self._connection or await self._call())
        except Exception as error:
            if not self._failing:
                log.warning("leases cannot be renewed: %s", describe(explain(error, self.url)))
            self._failing = True
            self._lose()
            await self._hang_up()
        else:
            self._failing = False

    async def _beat(self, connection: asyncpg.Connection) -> None:
        asked = _now()
        if self._ours and asked >= self._proven:
            self._lose()  # what was let go for a moment is begun anew, under a new epoch
        if self._ours:
            beaten = await connection.fetch(_BEAT, list(self._ours), list(self._ours.values()))
            kept = {row["name"] for row in beaten}
            if kept != set(self._ours):
                raise LookupError("a lease of ours has another owner")
            self._prove(asked)
        wanted = [name for name in self._watched if name not in self._ours]
        for row in await connection.fetch(_LOOK, wanted) if wanted else ():
            await self._try(connection, row)

    async def _try(self, connection: asyncpg.Connection, row: asyncpg.Record) -> None:
        """Take a lease whose lock we got, and whose owner gave it back, was silent long enough, or was us."""
        name, seen = row["name"], (row["epoch"], row["beat"])
        watched = self._watched[name]
        if watched.seen != seen:
            watched.seen, watched.since = seen, _now()
        silent = _now() - watched.since >= self.lease
        free = row["released"] or silent or self._last.get(name) == row["epoch"]
        if row["locked"] and free and (epoch := await self._take(connection, row)):
            log.warning("%s is ours to do (epoch %d)", name, epoch)
            self._ours[name] = self._last[name] = epoch
            self._news.set()

    async def _take(self, connection: asyncpg.Connection, row: asyncpg.Record) -> int | None:
        asked = _now()
        epoch: int | None = await connection.fetchval(_TAKE, row["name"], row["epoch"], row["beat"])
        if epoch and not self._ours:
            self._prove(asked)
        return epoch

    # --- what is proven ------------------------------------------------------------------------------

    def _prove(self, asked: float) -> None:
        self._proven = asked + TRUST * self.lease
        if self._lapse:
            self._lapse.cancel()
        self._lapse = asyncio.get_running_loop().call_at(self._proven, self._news.set)

    def _lose(self) -> None:
        if self._ours:
            log.warning("not ours any more: %s", ", ".join(sorted(self._ours)))
        self._ours, self._proven = {}, float("-inf")
        for watched in self._watched.values():
            watched.seen = (0, 0)
        self._news.set()

    # --- the line ------------------------------------------------------------------------------------

    async def _call(self) -> asyncpg.Connection:
        connection = await connect(self.url)
        self._connection = connection
        connection.add_termination_listener(self._cut)
        await connection.execute(f"SET idle_session_timeout = {int(self.lease * 1000)}")
        await connection.execute(_MAKE, list(self._watched))
        return connection

    def _cut(self, connection: object) -> None:
        if connection is self._connection:
            self._connection = None
            self._lose()

    async def _hang_up(self) -> None:
        connection, self._connection = self._connection, None
        if self._lapse:
            self._lapse.cancel()
        if connection:
            connection.terminate()


def _now() -> float:
    return asyncio.get_running_loop().time()
