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
from bot.storage.pen import Pen, Row
from bot.storage.places import rouse
from bot.storage.rows import day_of, enclose, to_micros
from bot.storage.sealing import Seal
from bot.storage.statements import forget

TOGETHER = 64
"""Changes in a wave at most."""


def commit_all(pen: Pen, changes: Sequence[Change]) -> list[Verdict]:
    """Keep changes in order, each whole or not at all."""
    return [verdict for wave in _waves(changes) for verdict in _keep(pen, wave)]


def _waves(changes: Sequence[Change]) -> Iterator[list[Change]]:
    """Part changes where one might depend on another before it."""
    if len(changes) == 1:
        yield list(changes)
        return
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
class _Known:
    """Hold what a wave is kept against: its persons as they are, the new ones, and the marks of its updates.

    A row of `there` is id, revision, place, key, and whether timers of theirs rest.
    """

    there: Mapping[str, Row]
    new: Mapping[str, tuple[bytes, Seal]]
    marks: Mapping[str, tuple[bytes, bytes]]
    """For an update its mark under its person's key, and that of a farewell."""


def _keep(pen: Pen, wave: list[Change]) -> list[Verdict]:
    known = _look(pen, wave)
    names = [mark for marks in known.marks.values() for mark in marks]
    sql = "SELECT fingerprint FROM updates WHERE fingerprint"
    handled = {row[0] for row in pen.rows_of(sql, names)} if names else set()
    again = {update for update, marks in known.marks.items() if not handled.isdisjoint(marks)}
    fresh = [change for change in wave if change.update not in again]
    moved = _move(pen, fresh, known)
    _write(pen, [change for change in fresh if change.person in moved], known)
    return [
        Verdict.DUPLICATE
        if change.update in again
        else Verdict.COMMITTED
        if change.person in moved
        else Verdict.CONFLICT
        for change in wave
    ]


def _look(pen: Pen, wave: Sequence[Change]) -> _Known:
    """Read the persons of a wave, and mark its updates with their keys: with a key its marks are gone."""
    sql = (
        "SELECT id, revision, place, key, EXISTS (SELECT 1 FROM resting WHERE person = id)"
        " FROM persons WHERE id"
    )
    there = {row[0]: row for row in pen.rows_of(sql, [change.person for change in wave])}
    new = {one.person: pen.vault.new_key(one.person) for one in wave if one.person not in there}
    marks = {}
    for one in wave:
        if one.update:
            row = there.get(one.person)
            seal = new[one.person][1] if row is None else pen.vault.seal_of(one.person, row[3])
            marks[one.update] = (seal.mark(one.update), pen.vault.farewell(one.update))
    return _Known(there, new, marks)


def _write(pen: Pen, kept: Sequence[Change], known: _Known) -> None:
    """Write everything that hangs on the persons who moved."""
    updates = [(known.marks[one.update][one.forget], day_of(one.at)) for one in kept if one.update]
    pen.rows("INSERT INTO updates (fingerprint, at)", updates)
    _post(pen, kept)
    staying = [one for one in kept if not one.forget]
    rest = [one.person for one in staying if one.update and known.there.get(one.person, _NOBODY)[4]]
    if rest:
        rouse(pen, rest)
    _set_timers(pen, staying)
    _write_down(pen, staying)
    _count(pen, kept)


_NOBODY: Row = (None, 0, None, None, 0)

# --- persons -------------------------------------------------------------------------------------------


def _move(pen: Pen, changes: Sequence[Change], known: _Known) -> set[str]:
    """Move the persons who are still where they were read; return who moved."""
    moved = _go_on(pen, [change for change in changes if change.expected and not change.forget], known)
    moved |= _begin(pen, [change for change in changes if not change.expected and not change.forget], known)
    return moved | {change.person for change in changes if change.forget and _forget(pen, change)}


def _begin(pen: Pen, changes: Sequence[Change], known: _Known) -> set[str]:
    rows = []
    for change in changes:
        if change.person in known.there:
            continue
        key, seal = known.new[change.person]
        address, session = enclose(change.address), change.session.encode()
        sealed = seal.seal("address", address), seal.seal("session", session)
        rows.append((change.person, pen.vault.place(change.address), 1, key, *sealed))
    sql = "INSERT INTO persons (id, place, revision, key, address, session)"
    begun = {row[0] for row in pen.rows(sql, rows, "ON CONFLICT DO NOTHING RETURNING id")}
    for person in begun:
        pen.vault.remember(person, known.new[person][1])
    return begun


def _go_on(pen: Pen, changes: Sequence[Change], known: _Known) -> set[str]:
    moved: set[str] = set()
    sessions, places = [], []
    for change in changes:
        _, revision, was, key, _ = known.there.get(change.person, _NOBODY)
        if revision != change.expected:
            continue
        moved.add(change.person)
        seal = pen.vault.seal_of(change.person, key)
        sessions.append((seal.seal("session", change.session.encode()), change.person))
        place = pen.vault.place(change.address) if change.update else was
        if place != was:  # what they are written to first goes where they last wrote
            places.append((place, seal.seal("address", enclose(change.address)), change.person))
    pen.each("UPDATE persons SET session = ?, revision = revision + 1 WHERE id = ?", sessions)
    pen.each("UPDATE persons SET place = ?, address = ? WHERE id = ?", places)
    return moved


def _forget(pen: Pen, change: Change) -> bool:
    sql = "SELECT 1 FROM persons WHERE id = ? AND revision = ?"
    kept = pen.run(sql, (change.person, change.expected))
    if kept:
        forget(pen, change.person)
    return bool(kept) or change.expected == 0


# --- what hangs on them --------------------------------------------------------------------------------


def _post(pen: Pen, kept: Sequence[Change]) -> None:
    """Post what is to be sent; after a farewell nobody owns its rows."""
    rows = []
    for one in kept:
        owner = None if one.forget else one.person
        for message in one.outbox:
            pen.number += 1
            where, place = message.address.platform, pen.vault.place(message.address)
            sealed = pen.sealed(owner, message)
            rows.append((pen.number, message.key, owner, where, place, message.turn, one.owner, sealed))
    pen.rows("INSERT INTO outbox (number, key, person, platform, place, turn, owner, message)", rows)


def _set_timers(pen: Pen, changes: Sequence[Change]) -> None:
    """Clear first and set then: an order that a later one undoes is left out."""
    fired = [(change.person, due.turn, due.timer) for change in changes for due in change.fired]
    orders = [(change.person, order) for change in changes for order in change.timers]
    if not fired and not orders:
        return
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
    sql = "INSERT INTO log (person, at, turn, kind, what, flow, version, state, tries, lands, mark)"
    pen.rows(sql, rows)


def _columns(entry: Entry) -> tuple[object, ...]:
    stood = (entry.flow, entry.version, entry.state, entry.tries)
    return to_micros(entry.at), entry.turn, entry.kind, entry.what, *stood, entry.lands, entry.mark


def _count(pen: Pen, changes: Sequence[Change]) -> None:
    counts: Mapping[str, int] = Counter(chain.from_iterable(change.counts for change in changes))
    sql = "INSERT INTO counters (name, count)"
    again = "ON CONFLICT (name) DO UPDATE SET count = count + excluded.count"
    pen.rows(sql, list(counts.items()), again)
