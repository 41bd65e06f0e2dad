"""The SQL that keeps changes: those of different people go into the same few statements, whole waves at once.

A wave holds at most one change of a person, of an address and of an update, so that the order within it does
not matter; what depends on an earlier change waits for the next wave. Every statement runs in the writer's
transaction.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain

from bot.dialogue.effects import Arm, Disarm
from bot.runtime.ports import Change, Entry, Verdict
from bot.storage.pen import Pen
from bot.storage.places import rouse
from bot.storage.rows import enclose, to_micros
from bot.storage.statements import forget

TOGETHER = 64
"""Changes in a wave at most."""


def commit_all(pen: Pen, changes: Sequence[Change]) -> list[Verdict]:
    """Keep changes in order, each whole or not at all."""
    return [verdict for wave in _waves(changes) for verdict in _keep(pen, wave)]


def _waves(changes: Sequence[Change]) -> Iterator[list[Change]]:
    """Part changes where one might depend on another before it."""
    wave: list[Change] = []
    seen: set[object] = set()
    for change in changes:
        names = {change.person, change.address, change.update or change.person}
        if len(wave) == TOGETHER or not seen.isdisjoint(names) or (wave and wave[-1].forget):
            yield wave
            wave, seen = [], set()
        wave.append(change)
        seen |= names
    if wave:
        yield wave


@dataclass(frozen=True, slots=True)
class _Kept:
    """A change that is kept, with the hash of its update; after a farewell nobody owns its rows."""

    change: Change
    update: bytes | None

    @property
    def owner(self) -> str | None:
        return None if self.change.forget else self.change.person


def _keep(pen: Pen, wave: list[Change]) -> list[Verdict]:
    hashes = [pen.vault.lookup("update", change.update) if change.update else None for change in wave]
    sql = "SELECT fingerprint FROM updates WHERE fingerprint"
    known = {row[0] for row in pen.rows_of(sql, [update for update in hashes if update])}
    fresh = [change for change, update in zip(wave, hashes, strict=True) if update not in known]
    moved = _move(pen, fresh)
    kept = [
        _Kept(change, update)
        for change, update in zip(wave, hashes, strict=True)
        if update not in known and change.person in moved
    ]
    _write(pen, kept)
    return [
        Verdict.DUPLICATE
        if update in known
        else Verdict.COMMITTED
        if change.person in moved
        else Verdict.CONFLICT
        for change, update in zip(wave, hashes, strict=True)
    ]


def _write(pen: Pen, kept: Sequence[_Kept]) -> None:
    """Write everything that hangs on the persons who moved."""
    updates = [(one.update, to_micros(one.change.at)) for one in kept if one.update]
    pen.rows("INSERT INTO updates (fingerprint, at)", updates)
    _post(pen, kept)
    rouse(pen, [one.change.person for one in kept if one.owner and one.update])
    staying = [one.change for one in kept if one.owner]
    _set_timers(pen, staying)
    _write_down(pen, staying)
    _count(pen, [one.change for one in kept])


# --- persons -------------------------------------------------------------------------------------------


def _move(pen: Pen, changes: Sequence[Change]) -> set[str]:
    """Move the persons who are still where they were read; return who moved."""
    moved = _go_on(pen, [change for change in changes if change.expected and not change.forget])
    moved |= _begin(pen, [change for change in changes if not change.expected and not change.forget])
    return moved | {change.person for change in changes if change.forget and _forget(pen, change)}


def _begin(pen: Pen, changes: Sequence[Change]) -> set[str]:
    new = {change.person: pen.vault.new_key(change.person) for change in changes}
    rows = []
    for change in changes:
        key, seal = new[change.person]
        address, session = enclose(change.address), change.session.encode()
        sealed = seal.seal("address", address), seal.seal("session", session)
        rows.append((change.person, pen.vault.place(change.address), 1, key, *sealed))
    sql = "INSERT INTO persons (id, place, revision, key, address, session)"
    begun = {row[0] for row in pen.rows(sql, rows, "ON CONFLICT DO NOTHING RETURNING id")}
    for person in begun:
        pen.vault.remember(person, new[person][1])
    return begun


def _go_on(pen: Pen, changes: Sequence[Change]) -> set[str]:
    sql = "SELECT id, revision, place, key FROM persons WHERE id"
    found = {row[0]: row for row in pen.rows_of(sql, [change.person for change in changes])}
    there = [
        change for change in changes if change.person in found and found[change.person][1] == change.expected
    ]
    sessions, places = [], []
    for change in there:
        _, _, was, key = found[change.person]
        seal = pen.vault.seal_of(change.person, key)
        sessions.append((seal.seal("session", change.session.encode()), change.person))
        place = pen.vault.place(change.address) if change.update else was
        if place != was:  # what they are written to first goes where they last wrote
            places.append((place, seal.seal("address", enclose(change.address)), change.person))
    pen.each("UPDATE persons SET session = ?, revision = revision + 1 WHERE id = ?", sessions)
    pen.each("UPDATE persons SET place = ?, address = ? WHERE id = ?", places)
    return {change.person for change in there}


def _forget(pen: Pen, change: Change) -> bool:
    sql = "SELECT 1 FROM persons WHERE id = ? AND revision = ?"
    kept = pen.run(sql, (change.person, change.expected))
    if kept:
        forget(pen, change.person)
    return bool(kept) or change.expected == 0


# --- what hangs on them --------------------------------------------------------------------------------


def _post(pen: Pen, kept: Sequence[_Kept]) -> None:
    rows = []
    for one in kept:
        for message in one.change.outbox:
            pen.number += 1
            where, place = message.address.platform, pen.vault.place(message.address)
            sealed = pen.sealed(one.owner, message)
            key, turn, hand = message.key, message.turn, one.change.owner
            rows.append((pen.number, key, one.owner, where, place, turn, hand, sealed))
    pen.rows("INSERT INTO outbox (number, key, person, platform, place, turn, owner, message)", rows)


def _set_timers(pen: Pen, changes: Sequence[Change]) -> None:
    """Clear first and set then: an order that a later one undoes is left out."""
    fired = [(change.person, due.turn, due.timer) for change in changes for due in change.fired]
    orders = [(change.person, order) for change in changes for order in change.timers]
    cleared = [(person, order.since, order.timer) for person, order in orders if isinstance(order, Disarm)]
    turns = [(person, since) for person, since, timer in cleared if timer is None]
    ones = [(person, since, timer) for person, since, timer in cleared if timer is not None]
    pen.each("DELETE FROM timers WHERE person = ? AND since = ? AND timer = ?", [*fired, *ones])
    pen.each("DELETE FROM timers WHERE person = ? AND since = ?", turns)
    armed = chain.from_iterable(_armed(change.person, change.timers) for change in changes)
    pen.rows("INSERT OR REPLACE INTO timers (person, since, timer, due)", list(armed))


def _armed(person: str, orders: Iterable[Arm | Disarm]) -> Iterator[tuple[object, ...]]:
    """Yield the timers that are set once all orders were obeyed."""
    armed: dict[tuple[int, str], Arm] = {}
    for order in orders:
        if isinstance(order, Arm):
            armed[order.since, order.timer] = order
        else:
            gone = [key for key in armed if key[0] == order.since and order.timer in (None, key[1])]
            for key in gone:
                del armed[key]
    for (since, timer), order in armed.items():
        yield person, since, timer, to_micros(order.due)


def _write_down(pen: Pen, changes: Sequence[Change]) -> None:
    rows = [(change.person, *_columns(entry)) for change in changes for entry in change.log]
    sql = "INSERT INTO log (person, at, turn, kind, what, flow, version, state, tries, lands)"
    pen.rows(sql, rows)


def _columns(entry: Entry) -> tuple[object, ...]:
    stood = (entry.flow, entry.version, entry.state, entry.tries)
    return to_micros(entry.at), entry.turn, entry.kind, entry.what, *stood, entry.lands


def _count(pen: Pen, changes: Sequence[Change]) -> None:
    counts: Mapping[str, int] = Counter(chain.from_iterable(change.counts for change in changes))
    sql = "INSERT INTO counters (name, count)"
    again = "ON CONFLICT (name) DO UPDATE SET count = count + excluded.count"
    pen.rows(sql, list(counts.items()), again)
