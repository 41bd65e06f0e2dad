"""The SQL of what becomes of rows besides changes: delivered, left, forgotten, tidied away."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from bot.runtime.messages import Address
from bot.storage.hearings import drop
from bot.storage.pen import Pen
from bot.storage.places import rest
from bot.storage.rows import REACHED_KEPT, to_micros


def delivered(pen: Pen, keys: Collection[str], at: datetime) -> None:
    """Drop messages that have reached their person, and note when their turns did."""
    gone = pen.rows_of("DELETE FROM outbox WHERE key", keys, "RETURNING person, turn")
    turns = [(person, turn) for person, turn in gone if person and turn]
    when = to_micros(at)
    pen.rows("INSERT OR REPLACE INTO reached (person, turn, at)", [(*one, when) for one in turns])
    old = [(person, turn - REACHED_KEPT) for person, turn in turns if turn > REACHED_KEPT]
    pen.each("DELETE FROM reached WHERE person = ? AND turn <= ?", old)


def left(pen: Pen, address: Address, at: datetime) -> None:
    """Rest the timers of the person at an address and treat what waited for them as sent."""
    place = pen.vault.place(address)
    rest(pen, place)
    sql = "SELECT key FROM outbox WHERE place = ?"
    delivered(pen, [row[0] for row in pen.run(sql, (place,))], at)


def forget(pen: Pen, person: str) -> None:
    """Destroy a person's key and remove them; every row of theirs goes with them."""
    drop(pen, person)
    pen.run("DELETE FROM persons WHERE id = ?", (person,))
    pen.vault.forget(person)


def tidy(pen: Pen, before: datetime, logged_before: datetime | None) -> None:
    """Drop codes that have lapsed by a time, and log older than another."""
    pen.run("DELETE FROM codes WHERE until < ?", (to_micros(before),))
    if logged_before:
        _shorten(pen, to_micros(logged_before))


def tidy_updates(pen: Pen, part: tuple[bytes, bytes], before: datetime) -> None:
    """Drop marks of updates older than a time from a part of them."""
    sql = "DELETE FROM updates WHERE fingerprint >= ? AND fingerprint < ? AND at < ?"
    pen.run(sql, (*part, to_micros(before)))


def _shorten(pen: Pen, before: int) -> None:
    """Drop the old end of the log. It is in order of time, so that it needs no index to find it."""
    sql = (
        "DELETE FROM log WHERE at < ?1 AND number <="
        " coalesce((SELECT min(number) - 1 FROM log WHERE at >= ?1), (SELECT max(number) FROM log))"
    )
    pen.run(sql, (before,))
