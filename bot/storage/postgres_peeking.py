"""A look into a PostgreSQL that replicas use: it reads one moment of it, and changes nothing."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

from bot.errors import LowtideError, StoreError
from bot.runtime.ports import Entry
from bot.runtime.standing import Standing
from bot.storage import postgres_logs as logs
from bot.storage import postgres_releases as releases
from bot.storage.keyfile import Keyring
from bot.storage.postgres_faults import explain, place, too_new
from bot.storage.postgres_opening import connect, migrations, schema_of, tried, unlocked
from bot.storage.sealing import Vault

if TYPE_CHECKING:
    import asyncpg


class PostgresPeek:
    """Read where everybody stands, what went live last, and what happened."""

    def __init__(self, line: asyncpg.Connection, vault: Vault) -> None:
        self._line = line
        self._vault = vault

    async def sessions(self, after: str = "", limit: int = 500) -> Standing:
        """Read the sessions of the next persons."""
        return await releases.sessions(self._line, self._vault, after, limit)

    async def live(self) -> Mapping[str, str]:
        """Read what went live last."""
        return await releases.live(self._line)

    async def whose(self, after: str = "", limit: int = 500) -> Sequence[str]:
        """Read the next persons that there is an event log of."""
        return await logs.whose(self._line, after, limit)

    async def entries(self, person: str) -> Sequence[Entry]:
        """Read the event log of one person."""
        return await logs.entries(self._line, person)


@asynccontextmanager
async def peek(url: str, keys: Keyring, older: bool = False) -> AsyncIterator[PostgresPeek]:
    """Open a database for reading alone, as it is at this moment. One of an `older` release tells no log.

    Raises:
        StoreError: it is of another release, no key fits, or it cannot be read.
    """
    async with _called(url) as line, line.transaction(isolation="repeatable_read", readonly=True):
        version, known = await schema_of(line), len(migrations())
        if version > known:
            raise too_new(url, version, known)
        if not version or (version < known and not older):
            raise StoreError(
                f"{place(url)}: this database is of an older release, or new; run `lowtide upgrade --check`"
            )
        yield PostgresPeek(line, await unlocked(line, keys))


async def trial(url: str, keys: Keyring) -> tuple[int, int]:
    """Upgrade a database on trial; return the version it has (0: none yet) and the one it would have.

    Raises:
        StoreError: it cannot be upgraded.
    """
    async with _called(url) as line:
        return await tried(line, url, keys)


@asynccontextmanager
async def _called(url: str) -> AsyncIterator[asyncpg.Connection]:
    try:
        line = await connect(url)
        try:
            yield line
        finally:
            await line.close(timeout=1.0)
    except LowtideError:
        raise
    except Exception as error:
        raise explain(error, url) from error
