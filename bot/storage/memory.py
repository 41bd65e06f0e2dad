"""The twin of the file, in memory: the same promises until the process ends."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import datetime
from secrets import token_hex

from bot.dialogue.events import Due
from bot.dialogue.retention import KEEP
from bot.errors import StoreError
from bot.runtime.messages import Address
from bot.runtime.ports import Asked, Change, Claim, Joined, Person, Posted, Verdict, Waiting
from bot.runtime.standing import Standing
from bot.storage.claims import Claims
from bot.storage.hearings import MOST
from bot.storage.memory_rows import Code, Heard, Post, Row, late, obey, tables
from bot.storage.rows import REACHED_KEPT


class MemoryStore:
    """Keep everything in dictionaries; nothing awaits, so every method is one transaction.

    `name` makes up the id of a new person; who wants the same words each time gives the same ids.
    """

    def __init__(self, name: Callable[[], str] = lambda: token_hex(8)) -> None:
        self._name = name
        self._open = False
        self._claims = Claims()
        self._persons: dict[Address, Row] = {}
        self._updates: dict[tuple[str, str], datetime] = {}
        """When an update of a person was handled; of the one that forgot them, for nobody."""
        self._outbox: dict[int, Post] = {}
        self._codes: dict[str, Code] = {}
        self._posted = 0
        self._heard: dict[Address, Heard] = {}
        self._counters: Counter[str] = Counter()
        self._live: dict[str, str] = {}

    async def open(self) -> None:
        """Get ready."""
        self._open = True
        self._claims = Claims()

    async def close(self) -> None:
        """Refuse everything until opened again; what was kept stays."""
        self._open = False

    async def load(self, address: Address, at: datetime | None = None) -> Person:
        """Read the person at an address, or make up a new one."""
        self._check()
        row = self._at(address)
        if row is None:
            return Person(self._name(), address)
        return Person(row.id, address, row.revision, row.session, self._seen(row, at) if at else None)

    async def load_all(self, asked: Sequence[Asked]) -> Sequence[Person]:
        """Read many persons."""
        return [await self.load(*one) for one in asked]

    async def commit_all(self, changes: Sequence[Change]) -> Sequence[Verdict]:
        """Keep changes, each whole or not at all."""
        return [await self.commit(change) for change in changes]

    async def commit(self, change: Change) -> Verdict:
        """Keep a change whole, or say why not."""
        self._check()
        verdict = self._commit(change)
        self._claims.end((change,), (verdict,))
        return verdict

    def _commit(self, change: Change) -> Verdict:
        if {(change.person, change.update), ("", change.update)} & self._updates.keys():
            return Verdict.DUPLICATE
        row = self._at(change.address)
        if (row.id, row.revision) != (change.person, change.expected) if row else change.expected:
            return Verdict.CONFLICT
        if change.forget:
            self._drop(change.person)
        else:
            self._move(row or Row(change.person, change.address), change)
        self._post(change)
        self._counters.update(change.counts)
        return Verdict.COMMITTED

    async def claim_outbox(self, platform: str, owner: str, limit: int = 500) -> Sequence[Posted]:
        """Take the next messages of a platform."""
        self._check()
        after = self._claims.taken_to(platform, owner)
        found = [
            Posted(number, post.message)
            for number, post in self._outbox.items()
            if number > after and post.message.address.platform == platform and post.owner != owner
        ][:limit]
        self._claims.take_to(platform, owner, found)
        return found

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
            row.resting |= {key: due for key, due in row.timers.items() if key[1] != KEEP}
            row.timers = {key: due for key, due in row.timers.items() if key[1] == KEEP}
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
            self._codes[code] = Code(person, until)
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

    async def claim(self, now: datetime, claim: Claim, limit: int = 1000) -> Sequence[Waiting]:
        """Take who has timers due."""
        self._check()
        held = self._claims.held(now)
        waiting = [(row, late(row, now)) for row in self._persons.values() if row.id not in held]
        ranked = sorted(((timers[0][0], row.id, row, timers) for row, timers in waiting if timers))
        found = [
            Waiting(_person(row), tuple(Due(timer, since) for _, since, timer in timers), timers[0][0])
            for _, _, row, timers in ranked[:limit]
        ]
        return self._claims.hold(found, claim, now)

    async def next_due(self) -> datetime | None:
        """Read the earliest due time."""
        self._check()
        return min((due for row in self._persons.values() for due in row.timers.values()), default=None)

    async def note(self, address: Address, channel: int, last: int, handled: bool) -> None:
        """Keep up to where a chat was heard; `handled` says that its last message was kept."""
        self._check()
        kept = self._heard.get(address)
        if kept is None or last > kept.last:
            self._heard[address] = Heard(channel, last)
        if handled and self._at(address) is None:
            self._heard.pop(address)

    async def heard(self, platform: str) -> Sequence[tuple[str, int, int]]:
        """Read chat, channel and place of those who wrote last, the latest first."""
        self._check()
        there = [
            (at.chat, one.channel, one.last) for at, one in self._heard.items() if at.platform == platform
        ]
        return sorted(there, key=lambda one: one[2], reverse=True)[:MOST]

    async def forget(self, person: str) -> None:
        """Remove a person."""
        self._check()
        self._drop(person)

    async def export(self, person: str) -> Mapping[str, object]:
        """Read everything of a person."""
        self._check()
        row = next((row for row in self._persons.values() if row.id == person), None)
        return tables(row, self._outbox.values()) if row else {}

    async def sessions(self, after: str = "", limit: int = 500) -> Standing:
        """Read the sessions of the next persons."""
        self._check()
        known = sorted((row.id, row.session) for row in self._persons.values() if row.id > after)
        return known[:limit]

    async def live(self) -> Mapping[str, str]:
        """Read what went live last."""
        self._check()
        return dict(self._live)

    async def go_live(self, versions: Mapping[str, str]) -> None:
        """Remember what is live now."""
        self._check()
        self._live = dict(versions)

    async def superseded(self) -> bool:
        """Tell that nobody else is there."""
        return False

    async def counters(self) -> Mapping[str, int]:
        """Read how often what happened."""
        self._check()
        return dict(self._counters)

    async def tidy(self, before: datetime, logged_before: datetime | None = None) -> None:
        """Drop fingerprints and log older than a time."""
        self._check()
        for row in self._persons.values():
            row.log = [entry for entry in row.log if not logged_before or entry.at >= logged_before]
        self._updates = {update: at for update, at in self._updates.items() if at >= before}

    def _check(self) -> None:
        if not self._open:
            raise StoreError("memory: the store is not open; open it before use")

    def _seen(self, row: Row, at: datetime) -> int:
        pending = {post.message.turn for post in self._outbox.values() if post.person == row.id}
        seen = [turn for turn, when in row.reached.items() if when <= at and turn not in pending]
        return max(seen, default=min(row.reached, default=1) - 1)

    def _at(self, address: Address) -> Row | None:
        joined = (row for row in self._persons.values() if address in row.joined)
        return self._persons.get(address) or next(joined, None)

    def _settle_at(self, row: Row, address: Address) -> None:
        self._persons.pop(row.address, None)
        row.address = address
        self._persons[address] = row

    def _move(self, row: Row, change: Change) -> None:
        row.session, row.revision = change.session, row.revision + 1
        self._settle_at(row, change.address if change.update else row.address)
        if change.update:
            row.timers, row.resting = row.timers | row.resting, {}
        for due in change.fired:
            row.timers.pop((due.turn, due.timer), None)
        for order in change.timers:
            obey(row, order)
        row.log += change.log

    def _drop(self, person: str) -> None:
        gone = next((row for row in self._persons.values() if row.id == person), None)
        for address in {gone.address, *gone.joined} if gone else ():
            self._heard.pop(address, None)
        self._persons = {address: row for address, row in self._persons.items() if row.id != person}
        self._outbox = {number: post for number, post in self._outbox.items() if post.person != person}
        self._updates = {key: at for key, at in self._updates.items() if key[0] != person}

    def _post(self, change: Change) -> None:
        owner = None if change.forget else change.person
        if change.update:
            self._updates["" if change.forget else change.person, change.update] = change.at
        for message in change.outbox:
            self._posted += 1
            self._outbox[self._posted] = Post(owner, message, change.owner)

    def _reach(self, post: Post, at: datetime) -> None:
        row = self._at(post.message.address)
        if row and row.id == post.person and post.message.turn:
            oldest = post.message.turn - REACHED_KEPT
            row.reached[post.message.turn] = at
            row.reached = {turn: when for turn, when in row.reached.items() if turn > oldest}


def _person(row: Row) -> Person:
    return Person(row.id, row.address, row.revision, row.session)
