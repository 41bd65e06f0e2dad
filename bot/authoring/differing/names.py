"""What each part of the old version is called in the new: a name that nobody sees changes nothing."""

from __future__ import annotations

import re
from collections.abc import Hashable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import chain
from typing import TypeVar

from bot.authoring.journey import Place
from bot.content.folders import SOURCE
from bot.content.library import Content
from bot.content.sandbox import tidied
from bot.dialogue.flow import Flow, Slot, State

_LINED = re.compile(r"(?<=line\()'([^']+)'")
_LABELLED = re.compile(r"(?<=label\()'([^']+)'")
_COMMENT = re.compile(r"\{#.*?#\}", re.DOTALL)
_ALIKE = 0.5
"""How much of their words two flows of different names must share to be one and the same."""
_K = TypeVar("_K", bound=Hashable)


@dataclass(frozen=True, slots=True)
class Names:
    """Map old names to new ones, each kind by itself; what is not in here is called as before."""

    flows: dict[str, str] = field(default_factory=dict)
    states: dict[Place, str] = field(default_factory=dict)
    slots: dict[Place, str] = field(default_factory=dict)
    outcomes: dict[Place, str] = field(default_factory=dict)
    prompts: dict[str, str] = field(default_factory=dict)
    labels: dict[str, str] = field(default_factory=dict)

    def wording(self, text: str) -> str:
        """Return a template with the prompts and labels it names called as they are now, without comments."""
        told = _LINED.sub(lambda found: f"'{self.prompts.get(found[1], found[1])}'", _COMMENT.sub("", text))
        return tidied(_LABELLED.sub(lambda found: f"'{self.labels.get(found[1], found[1])}'", told))


def wordings(content: Content, name: str, lang: str, names: Names) -> tuple[str, ...]:
    """Return what a prompt says in a language, none where it has no file there."""
    source = content.prompts.sources.of(lang).get(name)
    return tuple(names.wording(one.text) for one in source.variants) if source else ()


def paired(old: Content, new: Content) -> Names:
    """Find out what is called otherwise in the new version."""
    names = Names()
    names.labels.update(_labels(old, new))
    while found := _prompts(old, new, names):  # a prompt that says a renamed one is known when that one is
        names.prompts.update(found)
    names.flows.update(_flows(old, new, names))
    names.slots.update(
        {("", slot): now for slot, now in _slots(old.flows.globals.memory, new.flows.globals.memory).items()}
    )
    for flow in old.flows.flows.values():
        now = new.flows.flows.get(names.flows.get(flow.id, flow.id))
        if now is not None:
            _inside(flow, now, names)
    return names


def _inside(flow: Flow, now: Flow, names: Names) -> None:
    """Pair the slots, outcomes and states of one flow."""
    moved = [step for step in now.migrate if step.source >= flow.version]
    slots = {old: new for step in moved for old, (new, _) in step.slots.items() if new is not None}
    slots |= _slots(flow.slots, now.slots)
    states = {old: new for step in moved for old, (new, _) in step.states.items()}
    states = {old: new for old, new in states.items() if old in flow.states and old not in now.states}
    names.slots.update({(flow.id, old): new for old, new in slots.items() if old not in now.slots})
    gone = {
        old: _look(flow.states[old], names) for old in flow.states.keys() - now.states.keys() - states.keys()
    }
    fresh = {new: _look(now.states[new], Names()) for new in now.states.keys() - flow.states.keys()}
    states |= _alike(gone, fresh)
    names.states.update({(flow.id, old): new for old, new in states.items()})
    ends = [one for one in flow.outcomes if one not in now.outcomes]
    more = [one for one in now.outcomes if one not in flow.outcomes]
    if len(ends) == len(more) == 1:
        names.outcomes[flow.id, ends[0]] = more[0]


def _look(state: State, names: Names) -> tuple[object, ...]:
    """Return what a state looks like to a person, for one of another name to be known by."""
    said = tuple(names.prompts.get(line.prompt, line.prompt) for line in state.say)
    offered = tuple(names.labels.get(one.label, one.label) for one in state.options)
    called = state.call and names.flows.get(state.call.flow, state.call.flow)
    return said, offered, called, state.ask is not None, state.gate, None if said or called else state.id


def _alike(gone: Mapping[_K, object], fresh: Mapping[_K, object]) -> dict[_K, _K]:
    """Pair what is alike, where it is alike to one only."""
    looks = list(gone.values())
    found = {}
    for old, look in gone.items():
        same = [new for new, other in fresh.items() if other == look]
        if len(same) == 1 and looks.count(look) == 1:
            found[old] = same[0]
    return found


def _slots(old: Mapping[str, Slot], new: Mapping[str, Slot]) -> dict[str, str]:
    def shape(slot: Slot) -> object:
        return slot.type, slot.of, slot.min, slot.max, slot.default

    gone = {name: shape(slot) for name, slot in old.items() if name not in new}
    return _alike(gone, {name: shape(slot) for name, slot in new.items() if name not in old})


def _prompts(old: Content, new: Content, names: Names) -> dict[str, str]:
    gone = old.prompts.names() - new.prompts.names() - names.prompts.keys()
    fresh = new.prompts.names() - old.prompts.names() - set(names.prompts.values())
    return _alike(
        {name: wordings(old, name, SOURCE, names) for name in gone},
        {name: wordings(new, name, SOURCE, Names()) for name in fresh},
    )


def _labels(old: Content, new: Content) -> dict[str, str]:
    before, after = old.words.entries(), new.words.entries()
    return _alike(
        {key: (entry.label, entry.says) for key, entry in before.items() if key not in after},
        {key: (entry.label, entry.says) for key, entry in after.items() if key not in before},
    )


def _flows(old: Content, new: Content, names: Names) -> Iterator[tuple[str, str]]:
    fresh = {id: _said(flow) for id, flow in new.flows.flows.items() if id not in old.flows.flows}
    for id, flow in old.flows.flows.items():
        words = {names.prompts.get(one, one) for one in _said(flow)}
        if id not in new.flows.flows and words:
            shares = {other: len(words & said) / len(words | said) for other, said in fresh.items()}
            best = max(shares, key=lambda other: shares[other], default="")
            if shares.get(best, 0) > _ALIKE:
                yield id, best


def _said(flow: Flow) -> set[str]:
    return {line.prompt for line in chain.from_iterable(state.say for state in flow.states.values())}
