"""The disks under the lives: how a store is made, copied and dropped."""

from __future__ import annotations

import asyncio
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from itertools import count
from pathlib import Path
from typing import Protocol

from bot.runtime.nudger import HELD
from bot.runtime.ports import Store
from bot.storage.keyfile import Keyring
from bot.storage.postgres import PostgresStore
from bot.storage.sqlite import SqliteStore
from tests.storage.postgres_server import Cluster, cluster


class Disk(Protocol):
    """Hold what a store keeps, for each room a copy of its own.

    `patience` is how long after a death whoever comes next has what the dead one held.
    """

    patience: timedelta

    def make(self, room: Path) -> None:
        """Make an empty one."""

    def copy(self, source: Path, room: Path) -> None:
        """Copy what files alone do not hold."""

    def store(self, room: Path) -> Store:
        """Give the store of a room, in the process that uses it."""

    def drop(self, room: Path) -> None:
        """Throw it away."""


class SqliteDisk:
    """One file a room; it is copied with the room."""

    patience = timedelta()

    def make(self, room: Path) -> None:
        pass

    def copy(self, source: Path, room: Path) -> None:
        pass

    def store(self, room: Path) -> Store:
        return SqliteStore(room / "lowtide.db")

    def drop(self, room: Path) -> None:
        shutil.rmtree(room)


class PostgresDisk:
    """A database a room, each copied from the one before while nobody is connected."""

    patience = HELD

    def __init__(self, server: Cluster) -> None:
        self._server = server
        self._numbers = count()

    def make(self, room: Path) -> None:
        self._order(f'CREATE DATABASE "{self._name(room)}" TEMPLATE template0')

    def copy(self, source: Path, room: Path) -> None:
        template = (source / "database").read_text()
        self._order(f'CREATE DATABASE "{self._name(room)}" TEMPLATE "{template}" STRATEGY FILE_COPY')

    def store(self, room: Path) -> Store:
        return PostgresStore(self._server.at((room / "database").read_text()), Keyring((b"k" * 32,)))

    def drop(self, room: Path) -> None:
        self._order(f'DROP DATABASE "{(room / "database").read_text()}" WITH (FORCE)')
        shutil.rmtree(room)

    def _name(self, room: Path) -> str:
        name = f"lowtide_crash_{os.getpid()}_{next(self._numbers)}"
        (room / "database").write_text(name)
        return name

    def _order(self, sql: str) -> None:
        asyncio.run(self._server.order(sql))


@contextmanager
def disk(kind: str) -> Iterator[Disk]:
    """Give the disk of a kind of store, with the server it needs."""
    if kind == "sqlite":
        yield SqliteDisk()
        return
    with cluster() as server:
        yield PostgresDisk(server)
