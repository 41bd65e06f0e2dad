"""Whether all who wait in an older version of a flow have a place in this one, as far as files can tell.

What the lock file does not remember nobody can check here; `lowtide release` asks the store itself.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any

from bot.content.faults import Fault, Spot, did_you_mean
from bot.content.flows import LoadedFlow
from bot.content.lock import Lock, Recorded
from bot.content.yaml12 import Path
from bot.dialogue.flow import Flow, State
from bot.dialogue.migrating import landing, steps_from
from bot.dialogue.migration import Kept, Migration
from bot.dialogue.values import holds

MOST_PINNED = timedelta(days=30)
Older = Mapping[tuple[str, int], LoadedFlow]


def faults(loaded: Mapping[str, LoadedFlow], older: Older, lock: Lock, today: date) -> Iterator[Fault]:
    """Report migrations that lead nowhere, what they leave out, and older versions that keep nobody."""
    for one in loaded.values():
        if one.whole:
            recorded = lock.get(one.flow.id, {})
            wrong = list(_migrations(one, recorded))
            yield from wrong
            # What goes to nowhere is told where it is written, and has no place because of that.
            told = {fault.spot for fault in wrong}
            if one.flow.restart is None:
                for version in sorted(number for number in recorded if number < one.flow.version):
                    yield from _left_out(one, version, recorded[version], told)
            yield from _pin(one, older, today)
    for (flow, version), one in older.items():
        present = loaded.get(flow)
        if present is None or present.flow.pinned is None or version >= present.flow.version:
            message = f"nobody is kept in version {version} of flow {flow!r}"
            yield Fault("V907", one.tree.spot("version"), message, "remove the file, or pin the flow")


# --- what is written --------------------------------------------------------------------------------------


def _migrations(one: LoadedFlow, recorded: Mapping[int, Recorded]) -> Iterator[Fault]:
    for place, step in enumerate(one.flow.migrate):
        at: Path = ("migrate", place)
        later = steps_from(one.flow, step.source + 1)
        yield from _states(one, at, step, later, recorded.get(step.source))
        for old, (new, values) in step.slots.items():
            yield from _slot(one, (*at, "slots", old), new, values, later)
        for name, value in step.set.items():
            yield from _slot(one, (*at, "set", name), name, {"": value}, later)
        for old, new in step.options.items():
            yield from _option(one, (*at, "options", old), _followed(new, later))


def _states(
    one: LoadedFlow, at: Path, step: Migration, later: Sequence[Migration], known: Recorded | None
) -> Iterator[Fault]:
    for old, (new, _) in step.states.items():
        name, _ = landing(new, later)
        state = one.flow.states.get(name)
        spot = one.tree.key_spot(*at, "states", old)
        if state is None:
            yield Fault(
                "V901",
                spot,
                f"state {old!r} goes to {name!r}, which is no state",
                _mean(name, one.flow.states),
            )
        elif not state.waits and state.call is None:
            message = f"state {old!r} goes to {name!r}, which does not wait for an answer"
            yield Fault("V901", spot, message, "send it to a question")
        if known is not None and known.states and old not in known.states:
            message = f"version {step.source} had no state {old!r} that anybody could wait in"
            yield Fault("V906", spot, message, _mean(old, known.states))


def _slot(
    one: LoadedFlow, at: Path, new: str | None, values: Mapping[str, Kept], later: Sequence[Migration]
) -> Iterator[Fault]:
    """Follow a slot to today; only the last link's values are today's."""
    for step in later:
        if new is not None and new in step.slots:
            new, values = step.slots[new][0], {}
    if new is None:
        return
    slot = one.flow.slots.get(new)
    if slot is None:
        spot = one.tree.key_spot(*at)
        yield Fault("V901", spot, f"{at[-1]!r} goes to {new!r}, which is no slot", _mean(new, one.flow.slots))
        return
    for value in values.values():
        if not holds(slot, value):
            message = f"slot {new!r} cannot hold {value!r}"
            yield Fault(
                "V902", one.tree.key_spot(*at), message, f"it is of type {slot.type}; give such a value"
            )


def _option(one: LoadedFlow, at: Path, name: str) -> Iterator[Fault]:
    every = [option for state in one.flow.states.values() for option in state.ids]
    if name not in every:
        message = f"option {at[-1]!r} goes to {name!r}, which is no option"
        yield Fault("V901", one.tree.key_spot(*at), message, _mean(name, every))


def _followed(option: str, steps: Sequence[Migration]) -> str:
    for step in steps:
        option = step.options.get(option, option)
    return option


def _mean(name: str, known: Any) -> str:
    near = did_you_mean(name, known)
    return f"did you mean {near!r}?" if near else f"there are {', '.join(sorted(known))}"


# --- what is left out -------------------------------------------------------------------------------------


def _left_out(one: LoadedFlow, version: int, then: Recorded, told: Collection[Spot]) -> Iterator[Fault]:
    """Report what people of a version hold and have no place for."""
    steps, spot = steps_from(one.flow, version), one.tree.spot("version")
    astray = {name for place, step in enumerate(one.flow.migrate) for name in _astray(one, place, step, told)}
    for id, held in then.states.items():
        if id in astray:
            continue
        name, _ = landing(id, steps)
        state = one.flow.states.get(name)
        why = _homeless(state, name, held)
        if why:
            wrong = f"whoever waits in state {id!r} of version {version} has no place: {why}"
            yield Fault("V903", spot, wrong, _FIX)
        for option in () if why else held.get("options", ()):
            if option not in astray and state and state.option(_followed(option, steps)) is None:
                wrong = (
                    f"the button of option {option!r}, shown in {id!r} of version {version}, is of no use now"
                )
                yield Fault("V905", spot, wrong, "name the option that means the same, if any", "warning")
    for id, slot in then.slots.items():
        if id not in astray and not _slot_fits(one.flow, id, slot, steps):
            wrong = f"slot {id!r} of version {version} holds what no slot of this version can"
            yield Fault("V904", spot, wrong, "say under `slots:` in `migrate` what becomes of it")


def _astray(one: LoadedFlow, place: int, step: Migration, told: Collection[Spot]) -> Iterator[str]:
    """Yield the old names that an entry sends to nowhere, as is told already."""
    for key, old in (("states", step.states), ("slots", step.slots), ("options", step.options)):
        yield from (name for name in old if one.tree.key_spot("migrate", place, key, name) in told)


_FIX = "say under `states:` in `migrate` where to go from there"


def _homeless(state: State | None, name: str, held: Mapping[str, Any]) -> str:
    """Tell why nobody can stand at a state who stood there; empty where somebody can."""
    if state is None:
        return f"there is no state {name!r}"
    if "calls" in held and (state.call is None or state.call.flow != held["calls"]):
        return f"{name!r} does not call {held['calls']!r}"
    return "" if state.waits or "calls" in held else f"{name!r} does not wait for an answer"


def _slot_fits(flow: Flow, id: str, held: Sequence[Any], steps: Sequence[Migration]) -> bool:
    """Tell whether today's slot can hold everything that the slot of then could, or a step deals with it."""
    type_, members, least, most = held
    for step in steps:
        if id in step.slots:
            new, values = step.slots[id]
            if new is None:
                return True
            id = new
            if values:  # what they say was looked at where it is written; the rest is for the store to tell
                return id in flow.slots or any(id in later.slots for later in steps)
    slot = flow.slots.get(id)
    if slot is None or slot.type != type_ or (slot.of and not set(members) <= set(slot.of)):
        return False
    low = slot.min is None or (least is not None and least >= slot.min)
    return low and (slot.max is None or (most is not None and most <= slot.max))


# --- older versions ---------------------------------------------------------------------------------------


def _pin(one: LoadedFlow, older: Older, today: date) -> Iterator[Fault]:
    if one.flow.pinned is None:
        return
    spot, until = one.tree.spot("policy", "pin_until"), datetime.fromtimestamp(one.flow.pinned, UTC).date()
    if not any(flow == one.flow.id for flow, _ in older):
        yield Fault(
            "V907", spot, f"no older version of flow {one.flow.id!r} is at hand", "put it into older/"
        )
    if until <= today:
        yield Fault("V908", spot, "the pin is over", "remove it, and the file in older/", "warning")
    elif until - today > MOST_PINNED:
        yield Fault("V908", spot, f"the pin lasts longer than {MOST_PINNED.days} days", "name an earlier day")
