"""The row by which what is kept of a person ends: it follows their session, and never goes before they do."""

from __future__ import annotations

from collections.abc import Collection
from datetime import UTC, datetime, timedelta

from bot.dialogue.effects import Arm
from bot.dialogue.events import Due
from bot.dialogue.retention import KEEP, SILENT
from bot.dialogue.session import Session

AGAIN = timedelta(days=1)
"""When we look again after a session could not be moved."""

Arms = tuple[Arm, ...]


def ending(before: Session | None, after: Session, fired: Collection[Due], now: datetime) -> Arms:
    """Order the row anew where a session looks at another time, the row has fired, or nobody was there."""
    if before is not None and before.ending == after.ending and not _is_among(fired):
        return ()
    when = after.ending or int(now.timestamp()) + SILENT
    return (_row(datetime.fromtimestamp(when, UTC)),)


def ending_of_new(known: bool, now: datetime) -> Arms:
    """Order the row of somebody who is kept for the first time, and who made no step."""
    return () if known else (_row(now + timedelta(seconds=SILENT)),)


def ending_again(fired: Collection[Due], now: datetime) -> Arms:
    """Order the row once more where it was let go with others."""
    return (_row(now + AGAIN),) if _is_among(fired) else ()


def _is_among(fired: Collection[Due]) -> bool:
    return any(due.timer == KEEP for due in fired)


def _row(due: datetime) -> Arm:
    return Arm(0, 0, KEEP, 0, due)
