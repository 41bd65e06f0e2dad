"""What the store in memory holds of people, and how a copy of it looks."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from datetime import datetime

from bot.dialogue.effects import Arm, Disarm
from bot.runtime.messages import Address, Outgoing
from bot.runtime.ports import Entry
from bot.storage.rows import shown


@dataclass
class Row:
    """Hold everything of one person but what waits to be sent."""

    id: str
    address: Address
    session: str = ""
    revision: int = 0
    timers: dict[tuple[int, str], datetime] = field(default_factory=dict)
    reached: dict[int, datetime] = field(default_factory=dict)
    resting: dict[tuple[int, str], datetime] = field(default_factory=dict)
    joined: set[Address] = field(default_factory=set)
    log: list[Entry] = field(default_factory=list)


@dataclass
class Code:
    """Hold a code that joins an address to a person."""

    person: str
    until: datetime
    used: bool = False


@dataclass
class Post:
    """Hold a message that waits to be sent, for a person or, after a farewell, for nobody known."""

    person: str | None
    message: Outgoing
    owner: str | None = None


@dataclass
class Heard:
    """Hold up to where a chat was heard."""

    channel: int
    last: int


def obey(row: Row, order: Arm | Disarm) -> None:
    """Set or clear timers."""
    if isinstance(order, Arm):
        row.timers[order.since, order.timer] = order.due
    elif order.timer:
        row.timers.pop((order.since, order.timer), None)
    else:
        row.timers = {key: due for key, due in row.timers.items() if key[0] != order.since}


def late(row: Row, now: datetime) -> list[tuple[datetime, int, str]]:
    """List the timers that are due, earliest first."""
    return sorted((due, since, timer) for (since, timer), due in row.timers.items() if due <= now)


def tables(row: Row, outbox: Iterable[Post]) -> Mapping[str, object]:
    """Write down everything of a person, by table."""
    waiting = [post.message for post in outbox if post.person == row.id]
    found: dict[str, list[dict[str, object]]] = {
        "person": [_place(row.address) | {"session": json.loads(row.session)}],
        "addresses": [_place(one) for one in sorted(row.joined, key=lambda one: (one.platform, one.chat))],
        "waiting to be sent": [{"turn": one.turn, "message": shown(one)} for one in waiting],
        "reached": [{"turn": turn, "at": at.isoformat()} for turn, at in sorted(row.reached.items())],
        "timers": _listed(row.timers),
        "resting timers": _listed(row.resting),
        "what happened": [asdict(entry) | {"at": entry.at.isoformat()} for entry in row.log],
    }
    return {table: rows for table, rows in found.items() if rows}


def _place(address: Address) -> dict[str, object]:
    return {"platform": address.platform, "chat": address.chat}


def _listed(timers: Mapping[tuple[int, str], datetime]) -> list[dict[str, object]]:
    return [
        {"since": since, "timer": timer, "due": due.isoformat()}
        for (since, timer), due in sorted(timers.items(), key=lambda item: item[1])
    ]
