"""The disks under the lives: how a store is made, copied and dropped."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Protocol

from bot.runtime.ports import Store
from bot.storage.sqlite import SqliteStore


class Disk(Protocol):
    """Hold what a store keeps, for each room a copy of its own."""

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

    def make(self, room: Path) -> None:
        pass

    def copy(self, source: Path, room: Path) -> None:
        pass

    def store(self, room: Path) -> Store:
        return SqliteStore(room / "lowtide.db")

    def drop(self, room: Path) -> None:
        shutil.rmtree(room)
