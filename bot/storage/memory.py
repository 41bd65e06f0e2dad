"""The twin of the file, in memory: the same promises until the process ends."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from secrets import token_hex

from bot.dialogue.effects import Arm, Disarm
from bot.dialogue.events import Due
from bot.errors import StoreError
from bot.runtime.messages import Address, Outgoing
from bot.runtime.ports import Change, Joined, Person, Posted, Verdict, Waiting
from bot.storage.rows import REACHED_KEPT, pack


@dataclass
class _Row:
    """Everything of one person but what waits to be sent."""

    id: str
    address: Address
    session: str = ""
    revision: int = 0
    timers: dict[tuple[int, str], datetime] = field(default_factory=dict)
    reached: dict[int, datetime] = field(default_factory=dict)
    resting: dict[tuple[int, str], datetime] = field(default_factory=dict)
    joined: set[Address] = field(default_factory=set)


@dataclass
class _Code:
    """A code that joins an address to a person."""

    person: str
    until: datetime
    used: bool = False


@dataclass
class _Post:
    """A message that waits to be sent, for a person or, after a farewell, for nobody known."""

    person: str | None
    message: Outgoing


class MemoryStore:
    """Keep everything in dictionaries; nothing awaits, so every method is one transaction."""

    def __init__(self) -> None:
        self._open = False
        self._persons: dict[Address, _Row] = {}
        self._updates: dict[str, tuple[str | None, datetime]] = {}
        self._outbox: dict[int, _Post] = {}
        self._codes: dict[str, _Code] = {}
        self._posted = 0
        self._counters: Counter[str] = Counter()

    async def open(self) -> None:
        """Get ready."""
        self._open = True

    async def close(self) -> None:
        """Refuse everything until opened again; what was kept stays."""
        self._open = False

    async def load(self, address: Address, at: datetime | None = None) -> Person:
        """Read the person at an address, or make up a new one."""
        self._check()
        row = self._at(address)
        if row is None:
            return Person(token_hex(8), address)
        return Person(row.id, address, row.revision, row.session, self._seen(row, at) if at else None)

    async def commit(self, change: Change) -> Verdict:
        """Keep a change whole, or say why not."""
        self._check()
        if change.update in self._updates:
            return Verdict.DUPLICATE
        row = self._at(change.address)
        if (row.id, row.revision) != (change.person, change.expected) if row else change.expected:
            return Verdict.CONFLICT
        if change.forget:
            self._drop(change.person)
        else:
            self._move(row or _Row(change.person, change.address), change)
        self._post(change)
        self._counters.update(change.counts)
        return Verdict.COMMITTED

    async def undelivered(self, after: int = 0, limit: int = 500) -> Sequence[Posted]:
        """Read what waits to be sent, in order."""
        self._check()
        numbers = [number for number in self._outbox if number > after]
        return [Posted(number, self._outbox[number].message) for number in numbers[:limit]]

    async def delivered(self, keys: Collection[str], at: datetime) -> None:
        """Drop messages that have reached their person."""
        self._check()
        for number, post in list(self._outbox.items()):
            if post.message.key in keys:
                self._reach(self._outbox.pop(number), at)

    async def left(self, address: Address, at: datetime) -> None:
        """Rest timers and drop messages of a person who cannot be reached."""
        self._check()
        if row := self._persons.get(address):
            row.resting |= row.timers
            row.timers = {}
        waiting = [post.message.key for post in self._outbox.values() if post.message.address == address]
        await self.delivered(waiting, at)

    async def returned(self, address: Address) -> None:
        """Let the timers of a person go on."""
        self._check()
        if row := self._at(address):
            row.timers, row.resting = row.timers | row.resting, {}

    async def offer(self, person: str, code: str, until: datetime) -> bool:
        """Keep a code; False for a stranger."""
        self._check()
        self._codes = {code: kept for code, kept in self._codes.items() if kept.person != person}
        known = any(row.id == person for row in self._persons.values())
        if known:
            self._codes[code] = _Code(person, until)
        return known

    async def join(self, code: str, address: Address, at: datetime) -> Joined:
        """Give an address to the person who was shown a code, and remove who was there before."""
        self._check()
        kept, there = self._codes.get(code), self._at(address)
        row = next((row for row in self._persons.values() if kept and row.id == kept.person), None)
        if kept is None or row is None or kept.until <= at:
            return Joined.UNKNOWN
        if there is row:
            return Joined.YES if kept.used else Joined.SAME
        if kept.used:
            return Joined.UNKNOWN
        if there:
            self._drop(there.id)
        row.joined |= {row.address, address}
        kept.used = True
        self._settle_at(row, address)
        return Joined.YES

    async def due(self, now: datetime, limit: int = 100) -> Sequence[Waiting]:
        """Read who has timers due."""
        self._check()
        late = [(row, _late(row, now)) for row in self._persons.values()]
        ranked = sorted(((timers[0][0], row.id, row, timers) for row, timers in late if timers))
        return [
            Waiting(row.id, row.address, tuple(Due(timer, since) for _, since, timer in timers))
            for _, _, row, timers in ranked[:limit]
        ]

    async def next_due(self) -> datetime | None:
        """Read the earliest due time."""
        self._check()
        return min((due for row in self._persons.values() for due in row.timers.values()), default=None)

    async def forget(self, person: str) -> None:
        """Remove a person."""
        self._check()
        self._drop(person)

    async def export(self, person: str) -> Mapping[str, object]:
        """Read everything of a person."""
        self._check()
        row = next((row for row in self._persons.values() if row.id == person), None)
        tables = self._tables(row) if row else {}
        return {table: rows for table, rows in tables.items() if rows}

    async def counters(self) -> Mapping[str, int]:
        """Read how often what happened."""
        self._check()
        return dict(self._counters)

    async def tidy(self, before: datetime) -> None:
        """Drop fingerprints older than a time."""
        self._check()
        self._updates = {update: known for update, known in self._updates.items() if known[1] >= before}

    def _check(self) -> None:
        if not self._open:
            raise StoreError("memory: the store is not open; open it before use")

    def _seen(self, row: _Row, at: datetime) -> int:
        pending = {post.message.turn for post in self._outbox.values() if post.person == row.id}
        seen = [turn for turn, when in row.reached.items() if when <= at and turn not in pending]
        return max(seen, default=min(row.reached, default=1) - 1)

    def _at(self, address: Address) -> _Row | None:
        joined = (row for row in self._persons.values() if address in row.joined)
        return self._persons.get(address) or next(joined, None)

    def _settle_at(self, row: _Row, address: Address) -> None:
        self._persons.pop(row.address, None)
        row.address = address
        self._persons[address] = row

    def _move(self, row: _Row, change: Change) -> None:
        row.session, row.revision = change.session, row.revision + 1
        self._settle_at(row, change.address if change.update else row.address)
        if change.update:
            row.timers, row.resting = row.timers | row.resting, {}
        for due in change.fired:
            row.timers.pop((due.turn, due.timer), None)
        for order in change.timers:
            _obey(row, order)

    def _drop(self, person: str) -> None:
        self._persons = {address: row for address, row in self._persons.items() if row.id != person}
        self._updates = {update: known for update, known in self._updates.items() if known[0] != person}
        self._outbox = {number: post for number, post in self._outbox.items() if post.person != person}

    def _post(self, change: Change) -> None:
        owner = None if change.forget else change.person
        if change.update:
            self._updates[change.update] = (owner, change.at)
        for message in change.outbox:
            self._posted += 1
            self._outbox[self._posted] = _Post(owner, message)

    def _reach(self, post: _Post, at: datetime) -> None:
        row = self._at(post.message.address)
        if row and row.id == post.person and post.message.turn:
            oldest = post.message.turn - REACHED_KEPT
            row.reached[post.message.turn] = at
            row.reached = {turn: when for turn, when in row.reached.items() if turn > oldest}

    def _tables(self, row: _Row) -> dict[str, list[dict[str, object]]]:
        where = {"platform": row.address.platform, "chat": row.address.chat}
        waiting = [post.message for post in self._outbox.values() if post.person == row.id]
        updates = [(update, at) for update, (owner, at) in self._updates.items() if owner == row.id]
        return {
            "person": [where | {"session": json.loads(row.session)}],
            "addresses": [
                {"platform": one.platform, "chat": one.chat}
                for one in sorted(row.joined, key=lambda one: (one.platform, one.chat))
            ],
            "waiting to be sent": [{"turn": one.turn, "message": json.loads(pack(one))} for one in waiting],
            "reached": [{"turn": turn, "at": at.isoformat()} for turn, at in sorted(row.reached.items())],
            "timers": _listed(row.timers),
            "resting timers": _listed(row.resting),
            "handled updates": [{"fingerprint": update, "at": at.isoformat()} for update, at in updates],
        }


def _listed(timers: Mapping[tuple[int, str], datetime]) -> list[dict[str, object]]:
    return [
        {"since": since, "timer": timer, "due": due.isoformat()}
        for (since, timer), due in sorted(timers.items(), key=lambda item: item[1])
    ]


def _obey(row: _Row, order: Arm | Disarm) -> None:
    if isinstance(order, Arm):
        row.timers[order.since, order.timer] = order.due
    elif order.timer:
        row.timers.pop((order.since, order.timer), None)
    else:
        row.timers = {key: due for key, due in row.timers.items() if key[0] != order.since}


def _late(row: _Row, now: datetime) -> list[tuple[datetime, int, str]]:
    return sorted((due, since, timer) for (since, timer), due in row.timers.items() if due <= now)
