"""The SQL of where people are reached: who left, who is back, and who joins a second chat to themselves."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from bot.dialogue.retention import KEEP
from bot.runtime.messages import Address
from bot.runtime.ports import Joined
from bot.storage.pen import Pen
from bot.storage.rows import to_micros

FIND = """coalesce(
        (SELECT id FROM persons WHERE place = {0}), (SELECT person FROM addresses WHERE place = {0}))"""
"""The id of the person at an address, as a term of SQL with a hole for its keyed hash."""


def person_at(pen: Pen, place: bytes) -> str | None:
    """Return the id of the person at an address."""
    rows = pen.run(f"SELECT {FIND.format('?1')}", (place,))
    return rows[0][0] if rows else None


def rest(pen: Pen, place: bytes) -> None:
    """Put the timers of the person who was last at this address to rest, but for the one that ends things."""
    sql = (
        "DELETE FROM timers WHERE person IN (SELECT id FROM persons WHERE place = ?) AND timer <> ?"
        " RETURNING person, since, timer, due"
    )
    pen.each("INSERT OR REPLACE INTO resting VALUES (?, ?, ?, ?)", pen.run(sql, (place, KEEP)))


def rouse(pen: Pen, persons: Collection[str]) -> None:
    """Let the timers of persons go on."""
    rows = pen.rows_of("DELETE FROM resting WHERE person", persons, "RETURNING person, since, timer, due")
    pen.rows("INSERT OR REPLACE INTO timers (person, since, timer, due)", rows)


def returned(pen: Pen, address: Address) -> None:
    """Let the timers of the person at an address go on."""
    person = person_at(pen, pen.vault.place(address))
    if person:
        rouse(pen, (person,))


def offer(pen: Pen, person: str, code: str, until: datetime) -> bool:
    """Keep a code in place of an older one of the same person; False for a stranger."""
    pen.run("DELETE FROM codes WHERE person = ?", (person,))
    sql = "INSERT INTO codes (code, person, until) SELECT ?, id, ? FROM persons WHERE id = ?"
    return pen.touched(sql, (pen.vault.lookup("code", code), to_micros(until), person)) == 1


def join(pen: Pen, code: str, address: Address, at: datetime) -> Joined:
    """Give an address to the person who was shown a code; whoever was there before is forgotten."""
    sql = "SELECT person, used FROM codes WHERE code = ? AND until > ?"
    rows = pen.run(sql, (pen.vault.lookup("code", code), to_micros(at)))
    if not rows:
        return Joined.UNKNOWN
    ((person, used),) = rows
    there = person_at(pen, pen.vault.place(address))
    if there == person:
        return Joined.YES if used else Joined.SAME
    if used:
        return Joined.UNKNOWN
    if there:
        pen.run("DELETE FROM persons WHERE id = ?", (there,))
        pen.vault.forget(there)
    _add(pen, person, address)
    return Joined.YES


def _add(pen: Pen, person: str, address: Address) -> None:
    """Put an address beside those a person has, and write to them there from now on."""
    sql = "INSERT OR REPLACE INTO addresses (place, person, address) SELECT place, id, address FROM persons"
    pen.run(f"{sql} WHERE id = ?", (person,))
    sql = "UPDATE persons SET place = ?, address = ? WHERE id = ?"
    pen.run(sql, (pen.vault.place(address), pen.address(person, address), person))
    sql = "INSERT OR REPLACE INTO addresses (place, person, address) SELECT place, id, address FROM persons"
    pen.run(f"{sql} WHERE id = ?", (person,))
    pen.run("UPDATE codes SET used = 1 WHERE person = ?", (person,))
