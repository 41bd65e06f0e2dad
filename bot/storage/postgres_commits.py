"""How changes become the arrays of one order: sealed once, each row beside the place of its change."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, TypeAlias

from bot.dialogue.effects import Disarm
from bot.errors import Superseded
from bot.runtime.messages import Outgoing
from bot.runtime.ports import Change, Verdict
from bot.storage.postgres_sealing import Remembering
from bot.storage.rows import day_of, pack, to_micros
from bot.storage.sealing import Seal

if TYPE_CHECKING:
    import asyncpg

Rows: TypeAlias = list[tuple[object, ...]]

VERDICTS = (Verdict.COMMITTED, Verdict.DUPLICATE, Verdict.CONFLICT)
"""By the numbers that lowtide_commit_3 returns."""
SUPERSEDED = 3
"""What it returns for each change where other flows are live."""
WIDTHS = (10, 3, 4, 7, 2, 11)
"""Columns of changes, cleared timers, set timers, messages, counts and log, as the order takes them."""
_COMMIT = f"SELECT lowtide_commit_3({', '.join(f'${n}' for n in range(1, sum(WIDTHS) + 3))})"


async def commit(
    connection: asyncpg.Connection, columns: Sequence[object], release: str, note: str
) -> list[Verdict]:
    """Keep the columns of a sheet in one round trip, and notify the others of it once.

    Raises:
        Superseded: they were made with other flows than those that are live; nothing is kept.
    """
    numbers = await connection.fetchval(_COMMIT, *columns, release, note)
    if SUPERSEDED in numbers:
        raise Superseded
    return [VERDICTS[number] for number in numbers]


async def laid_out(connection: asyncpg.Connection, vault: Remembering, changes: Sequence[Change]) -> Sheet:
    """Seal changes and lay them out; the key of a person who was not seen of late is read first."""
    strange = [one.person for one in changes if one.expected and not vault.known(one.person)]
    if strange:
        rows = await connection.fetch("SELECT id, key FROM persons WHERE id = ANY($1::text[])", strange)
        for row in rows:
            vault.seal_of(row["id"], row["key"])
    sheet = Sheet(vault)
    for change in changes:
        sheet.add(change)
    return sheet


class Sheet:
    """Hold the rows of a batch, table by table."""

    def __init__(self, vault: Remembering) -> None:
        self._vault = vault
        self._new: dict[str, Seal] = {}
        self._tables: tuple[Rows, ...] = tuple([] for _ in WIDTHS)

    def columns(self) -> list[object]:
        """Turn rows into columns."""
        found: list[object] = []
        for rows, width in zip(self._tables, WIDTHS, strict=True):
            found += [list(column) for column in zip(*rows, strict=True)] if rows else [[]] * width
        return found

    def add(self, change: Change) -> None:
        """Add a change; a person whose key is gone was forgotten, and only a conflict can come of it."""
        persons, drops, arms, posts, counts, log = self._tables
        nth = len(persons) + 1
        key, seal = (None, self._vault.known(change.person)) if change.expected else self._made(change.person)
        persons.append(self._person(change, key, seal))
        posts += ((nth, *self._post(change, message, seal)) for message in change.outbox)
        counts += ((nth, name) for name in change.counts)
        cleared, armed = timers(change)
        drops += ((nth, since, timer) for since, timer in cleared)
        arms += ((nth, since, timer, due) for (since, timer), due in armed.items())
        log += (
            (
                nth,
                to_micros(e.at),
                e.turn,
                e.kind,
                e.what,
                e.flow,
                e.version,
                e.state,
                e.tries,
                e.lands,
                e.mark,
            )
            for e in change.log
        )

    def _made(self, person: str) -> tuple[bytes, Seal]:
        key, self._new[person] = self._vault.new_key(person)
        return key, self._new[person]

    def settled(self, changes: Sequence[Change], verdicts: Sequence[Verdict]) -> None:
        """Remember the keys of those who came, and let go of those of the forgotten."""
        for change, verdict in zip(changes, verdicts, strict=True):
            if verdict is Verdict.COMMITTED and change.forget:
                self._vault.forget(change.person)
            elif verdict is Verdict.COMMITTED and change.person in self._new:
                self._vault.remember(change.person, self._new[change.person])

    def _person(self, change: Change, key: bytes | None, seal: Seal | None) -> tuple[object, ...]:
        mark, farewell = self._marks(change, seal)
        address = self._vault.address(change.person, change.address, seal) if seal else b""
        session = seal.seal("session", change.session.encode()) if seal else b""
        place, expected = self._vault.place(change.address), change.expected if seal else -1
        at = day_of(change.at)
        return change.person, place, address, key, expected, at, session, mark, farewell, change.forget

    def _marks(self, change: Change, seal: Seal | None) -> tuple[bytes | None, bytes | None]:
        """Mark an update with its person's key, and with the root, as a farewell is."""
        if not change.update:
            return None, None
        theirs, farewell = self._vault.known(change.person) or seal, self._vault.farewell(change.update)
        return farewell if change.forget or not theirs else theirs.mark(change.update), farewell

    def _post(self, change: Change, message: Outgoing, seal: Seal | None) -> tuple[object, ...]:
        where, packed = message.address, pack(message)
        nobodys = change.forget or seal is None
        sealed = self._vault.seal("message", packed) if nobodys or not seal else seal.seal("message", packed)
        place = self._vault.place(where)
        return message.key, where.platform, place, message.turn, change.owner, sealed


def timers(change: Change) -> tuple[set[tuple[int, str | None]], dict[tuple[int, str], int]]:
    """Sum up the orders to timers: which to clear (None: all of a turn), then which to set, and for when."""
    cleared: set[tuple[int, str | None]] = {(due.turn, due.timer) for due in change.fired}
    armed: dict[tuple[int, str], int] = {}
    for order in change.timers:
        if isinstance(order, Disarm):
            cleared.add((order.since, order.timer))
            for key in _meant(order, armed):
                del armed[key]
        else:
            armed[order.since, order.timer] = to_micros(order.due)
    return cleared, armed


def _meant(order: Disarm, armed: Iterable[tuple[int, str]]) -> list[tuple[int, str]]:
    return [key for key in armed if key[0] == order.since and order.timer in (None, key[1])]
