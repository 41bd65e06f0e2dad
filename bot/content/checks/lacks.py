"""What a fault of shape may have swallowed, so that nothing that follows from it is told as well."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from difflib import get_close_matches

from bot.content.flows import FLOW
from bot.content.naming import ID
from bot.content.yaml12 import Path, Tree
from bot.dialogue.flow import Flow, Slot, State
from bot.dialogue.flows import Globals


def value(tree: Tree, path: Path) -> object:
    """Return what is written at a path, None where nothing is."""
    found: object = tree.data
    for step in path:
        if isinstance(found, dict):
            found = found.get(step)
        elif isinstance(found, list) and isinstance(step, int) and step < len(found):
            found = found[step]
        else:
            return None
    return found


def is_torn(flow: Flow, tree: Tree) -> bool:
    """Tell whether a flow lacks one of its main parts, so that nothing more can be said of it."""
    raw = tree.data if isinstance(tree.data, dict) else {}
    unknown = [key for key in raw if key not in FLOW.fields and not guesses(key, FLOW.fields)]
    lacks_outcomes = "outcomes" not in raw and not guesses("outcomes", raw)
    return not flow.states or lacks_outcomes or (bool(unknown) and not flow.slots)


def guesses(name: str, known: Iterable[str]) -> list[str]:
    """Return all that a misspelt name might mean."""
    return get_close_matches(name, list(known), n=5)


def is_id(name: str) -> bool:
    """Tell whether a name could have been declared without a fault."""
    return not ID.wrong(name)


def vague(tree: Tree, key: str, slots: Mapping[str, Slot]) -> frozenset[str]:
    """Return the slots that are written otherwise than they were read, so that a fault of theirs is told."""
    written = value(tree, (key,))
    if not isinstance(written, dict):
        return frozenset()
    return frozenset(name for name, raw in written.items() if not _as_written(raw, slots.get(name)))


def _as_written(raw: object, slot: Slot | None) -> bool:
    """Tell whether a slot was read as it is written."""
    if slot is None or not isinstance(raw, dict) or raw.get("type") != slot.type:
        return False
    bounded = slot.min is None or slot.max is None or slot.min <= slot.max
    return bounded and bool(slot.of) == (slot.type == "enum" or "of" in raw)


def cut_short(state: State | None, raw: object) -> bool:
    """Tell whether a state was read without one of the ways that are written, or should be."""
    if state is None or not isinstance(raw, dict):
        return True
    if _fewer(state.options, raw, "options") or _fewer(state.timers, raw, "timers"):
        return True
    if state.call is not None and _fewer(state.call.returns, raw, "returns"):
        return True
    lists = [option.to for option in state.options] + ([state.goto] if state.goto or state.ask else [])
    if any(not ways or ways[-1].when is not None for ways in lists):
        return True
    lost_way = state.waits and state.repair.give_up is None
    return lost_way or not (state.waits or state.call or state.goto or state.end)


def _fewer(read: Iterable[object], raw: Mapping[str, object], key: str) -> bool:
    """Tell whether fewer parts were read than are written; a misspelt key is taken as it is meant."""
    written = raw.get(key, ())
    return isinstance(written, list | dict) and len(list(read)) < len(written)


def lost_parts(tree: Tree, known: Globals) -> bool:
    """Tell whether an interrupt or a danger was written and could not be read."""
    raw = tree.data if isinstance(tree.data, dict) else {}
    return _fewer(known.interrupts, raw, "interrupts") or _fewer(known.dangers, raw, "dangers")


def words_of(data: object) -> frozenset[str]:
    """Return every word in some data, keys included."""
    return frozenset(word for text in _texts(data) for word in re.findall(r"\w+", text))


def _texts(data: object) -> Iterator[str]:
    if isinstance(data, str):
        yield data
    elif isinstance(data, dict):
        for key, part in data.items():
            yield str(key)
            yield from _texts(part)
    elif isinstance(data, list):
        for part in data:
            yield from _texts(part)
