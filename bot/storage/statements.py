"""The SQL of every change, in one place; each function runs inside the writer's transaction."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence
from datetime import datetime

from bot.dialogue.effects import Arm, Disarm
from bot.runtime.messages import Address
from bot.runtime.ports import Change, Entry, Verdict
from bot.storage.hearings import drop
from bot.storage.pen import Pen
from bot.storage.places import rest, rouse
from bot.storage.rows import REACHED_KEPT, enclose, to_micros


def commit_all(pen: Pen, changes: Sequence[Change]) -> list[Verdict]:
    """Keep changes in order, each whole or not at all."""
    return [commit(pen, change) for change in changes]


def commit(pen: Pen, change: Change) -> Verdict:
    """Keep a whole change, or say why not and keep nothing."""
    update = pen.vault.lookup("update", change.update) if change.update else None
    if update and pen.run("SELECT 1 FROM updates WHERE fingerprint = ?", (update,)):
        return Verdict.DUPLICATE
    if not (_forget(pen, change) if change.forget else _move(pen, change)):
        return Verdict.CONFLICT
    owner = None if change.forget else change.person
    if update:
        sql = "INSERT INTO updates (fingerprint, person, at) VALUES (?, ?, ?)"
        pen.run(sql, (update, owner, to_micros(change.at)))
    _post(pen, change, owner)
    if owner:
        if change.update:
            rouse(pen, owner)
        _set_timers(pen, change)
        _write_down(pen, change)
    _count(pen, change)
    return Verdict.COMMITTED


def _move(pen: Pen, change: Change) -> bool:
    return _go_on(pen, change) if change.expected else _begin(pen, change)


def _begin(pen: Pen, change: Change) -> bool:
    sql = (
        "INSERT INTO persons (id, place, revision, key, address, session) VALUES (?, ?, 1, ?, ?, ?)"
        " ON CONFLICT DO NOTHING"
    )
    key, seal = pen.vault.new_key(change.person)
    place = pen.vault.place(change.address)
    sealed = seal.seal("address", enclose(change.address)), seal.seal("session", change.session.encode())
    kept = pen.touched(sql, (change.person, place, key, *sealed)) == 1
    if kept:
        pen.vault.remember(change.person, seal)
    return kept


def _go_on(pen: Pen, change: Change) -> bool:
    sql = (
        "UPDATE persons SET session = ?, revision = revision + 1 WHERE id = ? AND revision = ?"
        " RETURNING place"
    )
    seal = pen.seal_if_kept(change.person)
    if seal is None:
        return False
    session = seal.seal("session", change.session.encode())
    found = pen.run(sql, (session, change.person, change.expected))
    if found and change.update:  # what they are written to first goes where they last wrote
        _settle_at(pen, change, found[0][0])
    return bool(found)


def _settle_at(pen: Pen, change: Change, was: bytes) -> None:
    place = pen.vault.place(change.address)
    if place != was:
        sql = "UPDATE persons SET place = ?, address = ? WHERE id = ?"
        pen.run(sql, (place, pen.address(change.person, change.address), change.person))


def _forget(pen: Pen, change: Change) -> bool:
    sql = "SELECT 1 FROM persons WHERE id = ? AND revision = ?"
    kept = pen.run(sql, (change.person, change.expected))
    if kept:
        forget(pen, change.person)
    return bool(kept) or change.expected == 0


def _post(pen: Pen, change: Change, owner: str | None) -> None:
    sql = (
        "INSERT INTO outbox (number, key, person, platform, place, turn, owner, message)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?)"
    )
    for message in change.outbox:
        pen.number += 1
        where, place = message.address, pen.vault.place(message.address)
        sealed = pen.sealed(owner, message)
        row = (pen.number, message.key, owner, where.platform, place, message.turn, change.owner, sealed)
        pen.run(sql, row)


def _set_timers(pen: Pen, change: Change) -> None:
    for due in change.fired:
        _drop_timer(pen, change.person, due.turn, due.timer)
    for order in change.timers:
        if isinstance(order, Disarm):
            _drop_timer(pen, change.person, order.since, order.timer)
        else:
            _arm(pen, change.person, order)


def _drop_timer(pen: Pen, person: str, since: int, timer: str | None) -> None:
    sql = "DELETE FROM timers WHERE person = ?1 AND since = ?2 AND (?3 IS NULL OR timer = ?3)"
    pen.run(sql, (person, since, timer))


def _arm(pen: Pen, person: str, order: Arm) -> None:
    sql = "INSERT OR REPLACE INTO timers (person, since, timer, due) VALUES (?, ?, ?, ?)"
    pen.run(sql, (person, order.since, order.timer, to_micros(order.due)))


def _write_down(pen: Pen, change: Change) -> None:
    sql = (
        "INSERT INTO log (person, at, turn, kind, what, flow, version, state, tries, lands)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
    )
    pen.each(sql, [(change.person, to_micros(one.at), *_ids(one)) for one in change.log])


def _ids(entry: Entry) -> tuple[object, ...]:
    return (
        entry.turn, entry.kind, entry.what, entry.flow, entry.version, entry.state, entry.tries, entry.lands
    )  # fmt: skip


def _count(pen: Pen, change: Change) -> None:
    sql = (
        "INSERT INTO counters (name, count) VALUES (?, ?)"
        " ON CONFLICT (name) DO UPDATE SET count = count + excluded.count"
    )
    for name, times in Counter(change.counts).items():
        pen.run(sql, (name, times))


def delivered(pen: Pen, keys: Collection[str], at: datetime) -> None:
    """Drop messages that have reached their person, and note when their turns did."""
    for key in keys:
        sql = "DELETE FROM outbox WHERE key = ? RETURNING person, turn"
        for person, turn in pen.run(sql, (key,)):
            if person and turn:
                _reach(pen, person, turn, at)


def _reach(pen: Pen, person: str, turn: int, at: datetime) -> None:
    sql = "INSERT OR REPLACE INTO reached (person, turn, at) VALUES (?, ?, ?)"
    pen.run(sql, (person, turn, to_micros(at)))
    sql = "DELETE FROM reached WHERE person = ? AND turn <= ?"
    pen.run(sql, (person, turn - REACHED_KEPT))


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
    """Drop fingerprints older than a time, codes that have lapsed by then, and log older than another."""
    pen.run("DELETE FROM codes WHERE until < ?", (to_micros(before),))
    pen.run("DELETE FROM updates WHERE at < ?", (to_micros(before),))
    if logged_before:
        _shorten(pen, to_micros(logged_before))


def _shorten(pen: Pen, before: int) -> None:
    """Drop the old end of the log. It is in order of time, so that it needs no index to find it."""
    sql = (
        "DELETE FROM log WHERE at < ?1 AND number <="
        " coalesce((SELECT min(number) - 1 FROM log WHERE at >= ?1), (SELECT max(number) FROM log))"
    )
    pen.run(sql, (before,))
