"""Small makings for the tests of stores: two people, changes, messages, and a clock's hands."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from bot.dialogue.effects import Arm, Disarm
from bot.dialogue.events import Due
from bot.runtime.messages import Address, Button, Message
from bot.runtime.ports import Change, Claim, Person, Store, Waiting

NOON = datetime(2026, 1, 5, 12, tzinfo=UTC)
ANNA = Address("console", "anna")
BEN = Address("console", "ben")


def after(**passed: float) -> datetime:
    """Tell the time some while after noon."""
    return NOON + timedelta(**passed)


def message(person: Person, turn: int = 1, index: int = 0, text: str = "hello") -> Message:
    """Make a message of a turn, with a button."""
    button = Button("Yes", f"{turn}:0")
    return Message(f"{person.id}:{turn}:{index}", person.address, text, (button,), turn=turn)


def change(person: Person, session: str = "{}", **fields: Any) -> Change:
    """Make the next change of a person as they were read."""
    return Change(person.id, person.address, person.revision, NOON, session, **fields)


def arm(timer: str, due: datetime, since: int = 1) -> Arm:
    """Set a timer."""
    return Arm(since, 0, timer, since, due)


def disarm(since: int, timer: str | None = None) -> Disarm:
    """Clear the timers of a turn, or one of them."""
    return Disarm(since, 0, since, timer)


async def due(store: Store, now: datetime, limit: int = 100) -> Sequence[Waiting]:
    """See who has timers due: a claim that ends at once."""
    return await store.claim(now, Claim("test", now), limit)


async def due_of(store: Store, now: datetime) -> list[tuple[str, tuple[Due, ...]]]:
    """See whose timers are due, by id."""
    return [(one.person.id, one.due) for one in await due(store, now)]
