"""The pen: the one place where a statement that writes is executed, and where what it writes is sealed."""

from __future__ import annotations

import sqlite3
from collections.abc import Collection, Iterator, Sequence
from typing import Any, TypeAlias, TypeVar

from bot.runtime.messages import Address, Outgoing
from bot.storage.rows import enclose, pack
from bot.storage.sealing import Seal, Vault

Row: TypeAlias = tuple[Any, ...]
T = TypeVar("T")


MOST = 64
"""Rows in a statement at most."""


def pages(rows: Sequence[T]) -> Iterator[Sequence[T]]:
    """Part rows into pages of a power of two: few texts of a statement, so that each is parsed once."""
    start = 0
    while start < len(rows):
        size = min(MOST, 1 << ((len(rows) - start).bit_length() - 1))
        yield rows[start : start + size]
        start += size


class Pen:
    """Write on the one connection that may, with the keys of one database."""

    def __init__(self, connection: sqlite3.Connection, vault: Vault) -> None:
        self._connection = connection
        self.vault = vault
        self.number = 0
        """The highest number in the outbox."""

    def run(self, sql: str, values: Sequence[object] = ()) -> list[Row]:
        """Execute a statement and return its rows."""
        return self._connection.execute(sql, values).fetchall()

    def touched(self, sql: str, values: Sequence[object] = ()) -> int:
        """Execute a statement and count the rows it changed."""
        return self._connection.execute(sql, values).rowcount

    def rows(self, insert: str, rows: Sequence[Row], ending: str = "") -> list[Row]:
        """Insert rows, many with a statement, and return what it returns."""
        if not rows:
            return []
        found: list[Row] = []
        for page in pages(rows):
            hole = f"({', '.join('?' * len(page[0]))})"
            sql = f"{insert} VALUES {', '.join([hole] * len(page))} {ending}"
            found += self.run(sql, [value for row in page for value in row])
        return found

    def rows_of(self, sql: str, names: Collection[object], ending: str = "") -> list[Row]:
        """Execute a statement, which ends in the name of a column, for all rows it names."""
        if len(names) == 1:
            return self.run(f"{sql} IN (?) {ending}", tuple(names))
        found: list[Row] = []
        for page in pages(list(names)):
            found += self.run(f"{sql} IN ({', '.join('?' * len(page))}) {ending}", page)
        return found

    def each(self, sql: str, rows: Sequence[Sequence[object]]) -> None:
        """Execute a statement for each of the rows."""
        if rows:
            self._connection.executemany(sql, rows)

    def close(self) -> None:
        """Put the pen down."""
        self._connection.close()

    # --- seals

    def seal_of(self, person: str) -> Seal:
        """Return the seal of a person who is kept."""
        seal = self.seal_if_kept(person)
        if seal is None:
            raise LookupError(person)
        return seal

    def seal_if_kept(self, person: str) -> Seal | None:
        """Return the seal of a person; None where nobody has this id."""
        known = self.vault.known(person)
        if known:
            return known
        for (key,) in self.run("SELECT key FROM persons WHERE id = ?", (person,)):
            return self.vault.seal_of(person, key)
        return None

    def sealed(self, person: str | None, message: Outgoing) -> bytes:
        """Seal a message for its person, or a farewell for nobody."""
        packed = pack(message)
        return self.seal_of(person).seal("message", packed) if person else self.vault.seal("message", packed)

    def address(self, person: str, address: Address) -> bytes:
        """Seal the address of a person."""
        return self.seal_of(person).seal("address", enclose(address))
