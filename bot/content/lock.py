"""Which structure each version of a flow has: people wait in versions, so none may mean two structures.

`flows.lock` holds a line `flow version hash shape` for each version that was recorded. The shape is JSON:
what a person may stand in of that version, so that `check` can tell whether everybody is carried over.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from typing import Any, TypeAlias

from bot.content.faults import Fault, Spot
from bot.content.flows import LoadedFlow
from bot.dialogue.flow import Flow, State

NAME = "flows.lock"
_HEAD = "# Written by `lowtide lock`: the structure of every version people may wait in. Keep it under git.\n"
_LINE = re.compile(r"([a-z][a-z0-9_]*) ([1-9][0-9]{0,6}) ([0-9a-f]{16})(?: (\{.*\}))?")


@dataclass(frozen=True, slots=True)
class Recorded:
    """Remember a version: the hash of its structure, and its shape, where that was written down.

    `states` holds the states in which somebody may stand: `asks` a slot, `options` by id, `calls` a flow.
    `slots` holds type, members and bounds of each slot.
    """

    hash: str
    states: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    slots: Mapping[str, Sequence[Any]] = field(default_factory=dict)


Lock: TypeAlias = dict[str, dict[int, Recorded]]
"""What is remembered of each recorded version, by flow."""


def structure_hash(flow: Flow) -> str:
    """Return 16 hex digits that change with what a waiting person depends on, and not with its wording."""
    text = json.dumps(_structure(flow), sort_keys=True, separators=(",", ":"))
    return sha256(text.encode()).hexdigest()[:16]


def _structure(flow: Flow) -> dict[str, Any]:
    return {
        "outcomes": sorted(flow.outcomes),
        "slots": {slot.id: [slot.type, sorted(slot.of)] for slot in flow.slots.values()},
        "states": {state.id: _state(state) for state in flow.states.values()},
    }


def _state(state: State) -> dict[str, Any]:
    """Return what a waiting person holds of a state; options in order, for a button carries their place."""
    call = state.call
    return {
        "asks": None if state.ask is None else state.ask.slot,
        "options": [option.id for option in state.options],
        "timers": sorted(timer.id for timer in state.timers),
        "calls": None if call is None else [call.flow, sorted(call.returns)],
    }


def record(flow: Flow) -> Recorded:
    """Return what is remembered of a flow's version."""
    slots = {one.id: [one.type, list(one.of), one.min, one.max] for one in flow.slots.values()}
    states = {state.id: _standing(state) for state in flow.states.values() if state.waits or state.call}
    return Recorded(structure_hash(flow), states, slots)


def _standing(state: State) -> dict[str, Any]:
    """Return what whoever stands at a state holds of it; what is empty is left out."""
    shape = {
        "asks": None if state.ask is None else state.ask.slot,
        "options": list(state.ids),
        "calls": None if state.call is None else state.call.flow,
    }
    return {name: value for name, value in shape.items() if value}


def read_lock(text: str, file: str) -> tuple[Lock, list[Fault]]:
    """Read a lock file; a line of another form is a fault and is skipped."""
    lock: Lock = {}
    faults = []
    for number, line in enumerate(text.splitlines(), 1):
        match = _LINE.fullmatch(line)
        if match is not None:
            shape = json.loads(match[4] or "{}")
            known = Recorded(match[3], shape.get("states", {}), shape.get("slots", {}))
            lock.setdefault(match[1], {})[int(match[2])] = known
        elif line and not line.startswith("#"):
            spot = Spot(file, number)
            faults.append(Fault("S293", spot, "this is no line `flow version hash`", "restore it with git"))
    return lock, faults


def verify(loaded: Iterable[LoadedFlow], lock: Lock) -> list[Fault]:
    """Report flows whose version was not raised with their structure, was lowered, or is not recorded.

    Of a flow that was not read as a whole nobody knows the structure.
    """
    whole = [one for one in loaded if one.whole]
    return [fault for one in whole if (fault := _verified(one, lock.get(one.flow.id, {}))) is not None]


def _verified(one: LoadedFlow, recorded: Mapping[int, Recorded]) -> Fault | None:
    flow, spot = one.flow, one.tree.spot("version")
    newest = max(recorded, default=0)
    if flow.version < newest:
        wrong = f"version {flow.version} of flow {flow.id!r} is lower than version {newest} in {NAME}"
        return Fault("S291", spot, wrong, f"raise it to {newest + 1}")
    if flow.version not in recorded:
        wrong = f"version {flow.version} of flow {flow.id!r} is not in {NAME} yet"
        return Fault("S292", spot, wrong, "run `lowtide lock` before you release it", "warning")
    if recorded[flow.version].hash != structure_hash(flow):
        wrong = f"flow {flow.id!r} has changed its structure, and is still version {flow.version}"
        return Fault("S290", spot, wrong, f"raise `version` to {newest + 1}")
    return None


def verify_lock(loaded: Mapping[str, LoadedFlow], flows_dir: Path) -> list[Fault]:
    """Hold the flows of a folder against its lock file; without one there is nothing to hold them against."""
    if not (flows_dir / NAME).exists():
        return []
    lock, faults = load_lock(flows_dir)
    return faults + verify(loaded.values(), lock)


def load_lock(flows_dir: Path) -> tuple[Lock, list[Fault]]:
    """Read the lock file of a folder; a missing one remembers nothing."""
    path = flows_dir / NAME
    return _read(path) if path.exists() else ({}, [])


def write_lock(loaded: Mapping[str, LoadedFlow], flows_dir: Path, *, amend: bool = False) -> list[Fault]:
    """Record the versions of these flows; with a fault that `amend` does not allow, write nothing."""
    path = flows_dir / NAME
    lock, faults = load_lock(flows_dir)
    refused = {"S290", "S291"} if not amend else {"S291"}
    faults += [fault for fault in verify(loaded.values(), lock) if fault.code in refused]
    if not faults:
        for one in loaded.values():
            lock.setdefault(one.flow.id, {})[one.flow.version] = record(one.flow)
        path.write_text(_text(lock), encoding="utf-8")
    return faults


def _read(path: Path) -> tuple[Lock, list[Fault]]:
    return read_lock(path.read_text(encoding="utf-8"), str(path))


def _text(lock: Lock) -> str:
    return _HEAD + "".join(
        f"{id} {version} {_written(lock[id][version])}\n"
        for id in sorted(lock)
        for version in sorted(lock[id])
    )


def _written(one: Recorded) -> str:
    shape = {"slots": one.slots, "states": one.states}
    known = json.dumps(shape, separators=(",", ":"), sort_keys=True) if one.states else ""
    return f"{one.hash} {known}".rstrip()
