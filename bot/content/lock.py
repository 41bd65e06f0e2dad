"""Which structure each version of a flow has: people wait in versions, so none may mean two structures.

`flows.lock` holds a line `flow version hash` for each version that was ever recorded.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from hashlib import sha256
from pathlib import Path
from typing import Any, TypeAlias

from bot.content.faults import Fault, Spot
from bot.content.flows import LoadedFlow
from bot.dialogue.flow import Flow, State

NAME = "flows.lock"
_HEAD = "# Written by `lowtide lock`: the structure of every version people may wait in. Keep it under git.\n"
_LINE = re.compile(r"([a-z][a-z0-9_]*) ([1-9][0-9]{0,6}) ([0-9a-f]{16})")
Lock: TypeAlias = dict[str, dict[int, str]]
"""The hash of each recorded version, by flow."""


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


def read_lock(text: str, file: str) -> tuple[Lock, list[Fault]]:
    """Read a lock file; a line of another form is a fault and is skipped."""
    lock: Lock = {}
    faults = []
    for number, line in enumerate(text.splitlines(), 1):
        match = _LINE.fullmatch(line)
        if match is not None:
            lock.setdefault(match[1], {})[int(match[2])] = match[3]
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


def _verified(one: LoadedFlow, recorded: Mapping[int, str]) -> Fault | None:
    flow, spot = one.flow, one.tree.spot("version")
    newest = max(recorded, default=0)
    if flow.version < newest:
        wrong = f"version {flow.version} of flow {flow.id!r} is lower than version {newest} in {NAME}"
        return Fault("S291", spot, wrong, f"raise it to {newest + 1}")
    if flow.version not in recorded:
        wrong = f"version {flow.version} of flow {flow.id!r} is not in {NAME} yet"
        return Fault("S292", spot, wrong, "run `lowtide lock` before you release it", "warning")
    if recorded[flow.version] != structure_hash(flow):
        wrong = f"flow {flow.id!r} has changed its structure, and is still version {flow.version}"
        return Fault("S290", spot, wrong, f"raise `version` to {newest + 1}")
    return None


def verify_lock(loaded: Mapping[str, LoadedFlow], flows_dir: Path) -> list[Fault]:
    """Hold the flows of a folder against its lock file; without one there is nothing to hold them against."""
    path = flows_dir / NAME
    if not path.exists():
        return []
    lock, faults = _read(path)
    return faults + verify(loaded.values(), lock)


def write_lock(loaded: Mapping[str, LoadedFlow], flows_dir: Path, *, amend: bool = False) -> list[Fault]:
    """Record the versions of these flows; with a fault that `amend` does not allow, write nothing."""
    path = flows_dir / NAME
    lock, faults = _read(path) if path.exists() else ({}, [])
    refused = {"S290", "S291"} if not amend else {"S291"}
    faults += [fault for fault in verify(loaded.values(), lock) if fault.code in refused]
    if not faults:
        for one in loaded.values():
            lock.setdefault(one.flow.id, {})[one.flow.version] = structure_hash(one.flow)
        path.write_text(_text(lock), encoding="utf-8")
    return faults


def _read(path: Path) -> tuple[Lock, list[Fault]]:
    return read_lock(path.read_text(encoding="utf-8"), str(path))


def _text(lock: Lock) -> str:
    lines = [f"{id} {version} {lock[id][version]}\n" for id in sorted(lock) for version in sorted(lock[id])]
    return _HEAD + "".join(lines)
