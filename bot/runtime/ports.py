"""What the async core needs of the world: a store, an adapter, a clock, a screen and a reader.

The runtime owns these shapes; whoever keeps, speaks or listens fits itself to them.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, field
from datetime import datetime
from enum import Enum
from typing import Protocol, TypeAlias, runtime_checkable

from bot.dialogue.effects import Arm, Disarm, Effect
from bot.dialogue.events import Concern, Due, Event, Reading
from bot.dialogue.expect import Expectation
from bot.dialogue.session import Session
from bot.runtime.messages import Address, Outgoing
from bot.runtime.standing import Going


class Clock(Protocol):
    """Tell the time."""

    def now(self) -> datetime:
        """Give the aware time in UTC."""


class Adapter(Protocol):
    """Speak for one platform."""

    async def send(self, message: Outgoing) -> None:
        """Show a message, or raise a `DeliveryError` that says whether to try again."""


@runtime_checkable
class Opener(Protocol):
    """Know, as an adapter may, which chats are still to be opened: the courier opens them slowly."""

    def opens(self, chat: str) -> bool:
        """Tell whether a message to a chat would open it."""


@runtime_checkable
class Foreseeing(Protocol):
    """Want to know, as an adapter may, what will be sent: an answer to a press may have to wait for it."""

    def foresee(self, message: Outgoing) -> None:
        """Hear of a message once it is committed, before its turn to be sent."""


class Room(Protocol):
    """Give room, within what a platform takes, to calls that are no message."""

    def aside(self) -> AbstractAsyncContextManager[None]:
        """Wait for room for one call, behind replies and before nudges.

        An `Unreachable` that leaves the block and says for how long is kept by every message too.
        """


@runtime_checkable
class Considerate(Protocol):
    """Make calls, as an adapter may, that are no message and count against the platform's limits."""

    def keep_to(self, room: Room) -> None:
        """Ask here for room from now on."""


Screen: TypeAlias = Callable[[str, bool], Concern | None]
"""Hear whether a text is a sign of danger; with True as for a person who was in danger a moment ago."""

Reader: TypeAlias = Callable[[str, Expectation, str], Reading]
"""Understand a text in the light of what is on the table, in a language."""

Tongue: TypeAlias = Callable[[str], str]
"""Tell which language a text is in beyond doubt; "" where that is not clear."""

Finder: TypeAlias = Callable[[str], str | None]
"""Find the why page that words are about."""

Card: TypeAlias = Callable[[Concern, str, str], str]
"""Give the words for a person in danger when nothing else works: by concern, country and language."""


@dataclass(frozen=True, slots=True)
class Person:
    """Hold what is kept of one person. `session` is JSON text, None before the first commit (revision 0).

    `seen` is the last turn whose messages had all reached them at the time asked about (None: not asked).
    """

    id: str
    address: Address
    revision: int = 0
    session: str | None = field(default=None, repr=False)
    seen: int | None = None


@dataclass(frozen=True, slots=True)
class Entry:
    """Note one thing that happened in a conversation. It holds ids and numbers only, never a text.

    `kind` is what came (`answered`, `pressed`, `commanded`, `timer`, `operated`, `begun`), or what follows
    from it: a conversation `finished`, a flow was `entered`, somebody was `migrated` to another version.
    `what` is the id of the option, interrupt, command, timers or outcome. `flow`, `version` and `state` are
    where the person stood, `lands` is where they stand then (`flow.state`; empty for nowhere). `mark` is what
    came of it, in a word of `bot/runtime/marking.py`.
    """

    at: datetime
    turn: int
    kind: str
    what: str = ""
    flow: str = ""
    version: int = 0
    state: str = ""
    tries: int = 0
    lands: str = ""
    mark: str = ""


@dataclass(frozen=True, slots=True)
class Change:
    """Order everything one step changes, to be kept in one transaction or not at all.

    `expected` is the revision that was read. `update` is the fingerprint of the update that caused it.
    `fired` timers go first, then `timers` are obeyed in order. With `forget` every row of the person goes,
    and only `outbox` remains until it is delivered. `owner` is who has the `outbox` in hand already: it is
    not given to them by `claim_outbox` any more.
    """

    person: str
    address: Address
    expected: int
    at: datetime
    session: str = field(repr=False)
    update: str | None = None
    outbox: tuple[Outgoing, ...] = ()
    fired: tuple[Due, ...] = ()
    timers: tuple[Arm | Disarm, ...] = ()
    counts: tuple[str, ...] = ()
    log: tuple[Entry, ...] = ()
    owner: str | None = None
    forget: bool = False


class Verdict(Enum):
    """Say what became of a change."""

    COMMITTED = "committed"
    DUPLICATE = "duplicate"
    CONFLICT = "conflict"
    LET_GO = "let go"
    """Nothing was kept, on purpose: more came at once than a person writes, and they were told."""


class Joined(Enum):
    """Say what became of a code that was entered: who wrote it joined, was that person already, or erred."""

    YES = "yes"
    SAME = "same"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Posted:
    """Hold an undelivered message and its place in the order of posting."""

    number: int
    message: Outgoing


@dataclass(frozen=True, slots=True)
class Claim:
    """Say who takes due timers, and until when nobody else may: should they die, others take them then."""

    owner: str
    until: datetime


@dataclass(frozen=True, slots=True)
class Waiting:
    """Hold a person as they are kept, with all their timers that are due; the first was due at `since`."""

    person: Person
    due: tuple[Due, ...]
    since: datetime | None = field(default=None, compare=False)


Asked: TypeAlias = tuple[Address, datetime | None]
"""Whom to load, and the time for which `seen` is asked."""


class Store(Going, Protocol):
    """Keep everything. Every method may raise `StoreError`; what was committed survives a crash.

    A store groups what arrives together: many tasks may load and commit at once, each one thing.
    """

    async def open(self) -> None:
        """Get ready; make or upgrade what is needed."""

    async def close(self) -> None:
        """Finish what was begun and let go."""

    # --- persons and their changes

    async def load(self, address: Address, at: datetime | None = None) -> Person:
        """Read the person at an address, or give a new one that is kept with their first change."""

    async def load_all(self, asked: Sequence[Asked]) -> Sequence[Person]:
        """Read many persons, in the order they were asked for."""

    async def commit(self, change: Change) -> Verdict:
        """Keep a change whole; nothing of it when its update is known or its revision has moved."""

    async def commit_all(self, changes: Sequence[Change]) -> Sequence[Verdict]:
        """Keep changes in order, each whole or not at all; those of one call reach the disk together."""

    async def left(self, address: Address, at: datetime) -> None:
        """Note that a person cannot be reached any more: their timers rest, nothing waits to be sent."""

    async def returned(self, address: Address) -> None:
        """Note that a person can be reached again: their timers go on, as they do when they write."""

    async def offer(self, person: str, code: str, until: datetime) -> bool:
        """Keep a code by which a person may join another address to theirs; False if nobody has this id."""

    async def join(self, code: str, address: Address, at: datetime) -> Joined:
        """Make an address one of the person who was shown the code; who was there before is forgotten."""

    # --- the outbox

    async def claim_outbox(self, platform: str, owner: str, limit: int = 500) -> Sequence[Posted]:
        """Take the next messages for a platform that nobody delivered, in the order of posting.

        An owner gets each message once. Whoever becomes the one that delivers takes a name never used before
        and so gets everything that is left, whoever had it in hand.
        """

    async def undelivered(self, after: int = 0, limit: int = 500) -> Sequence[Posted]:
        """Read messages that were not marked as delivered, in order, and take none of them."""

    async def delivered(self, keys: Collection[str], at: datetime) -> None:
        """Mark messages as having reached their person; their texts go."""

    # --- timers

    async def claim(self, now: datetime, claim: Claim, limit: int = 1000) -> Sequence[Waiting]:
        """Take persons who have timers due and whom nobody has taken, those who waited longest first.

        A committed change of theirs with `fired` timers ends the claim, as does its time.
        """

    async def next_due(self) -> datetime | None:
        """Tell when the earliest timer is due, in UTC, be it claimed or not."""

    # --- up to where chats were heard, on platforms that send nothing again

    async def note(self, address: Address, channel: int, last: int, handled: bool) -> None:
        """Keep up to where a chat was heard, unless a later place is kept.

        `handled` says that its last message was kept: then only of those we know.
        """

    async def heard(self, platform: str) -> Sequence[tuple[str, int, int]]:
        """Read chat, channel and place of those who wrote last, the latest first."""

    # --- everything of one, a little of everyone

    async def forget(self, person: str) -> None:
        """Destroy a person's key and remove every row of theirs."""

    async def export(self, person: str) -> Mapping[str, object]:
        """Give everything kept of a person as plain data, by table; empty for an unknown person."""

    async def counters(self) -> Mapping[str, int]:
        """Read the anonymous counters."""

    async def tidy(self, before: datetime, logged_before: datetime | None = None) -> None:
        """Drop fingerprints of updates handled before a time, and the event log before another."""


@dataclass(frozen=True, slots=True)
class Moment:
    """Show one committed step: what happened, from where to where, and what was ordered."""

    address: Address
    event: Event | None
    before: Session
    after: Session
    effects: tuple[Effect, ...] = ()


Witness: TypeAlias = Callable[[Moment], None]
"""Watch every committed step."""
