"""From YAML to a flow: every slip in its shape is told with its place, and the rest is loaded."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from itertools import chain
from pathlib import PurePath
from types import MappingProxyType

from bot.content.composites import Many
from bot.content.faults import Fault
from bot.content.findings import Findings
from bot.content.globals import load_globals
from bot.content.hears_fields import HEARS, hears
from bot.content.migration_fields import MIGRATE, POLICY
from bot.content.naming import ID, NAME, PAGE_HERE
from bot.content.setter_fields import in_types
from bot.content.shapes import Choice, Number
from bot.content.slot_fields import SLOTS
from bot.content.state_fields import STATES
from bot.content.tables import Entry, Field, Record
from bot.content.yaml12 import Tree
from bot.dialogue.flow import Flow, Slot, State

__all__ = ["FLOW", "LoadedFlow", "load_flow", "load_globals"]


@dataclass(frozen=True, slots=True)
class LoadedFlow:
    """Hold a flow beside the tree it was read from.

    `faulty` are the states whose shape has a fault; `whole` tells that nothing in the file has one.
    """

    flow: Flow
    tree: Tree
    faulty: frozenset[str] = frozenset()
    whole: bool = True


def load_flow(
    tree: Tree, memory: Mapping[str, Slot] = MappingProxyType({})
) -> tuple[LoadedFlow | None, list[Fault]]:
    """Build a flow from its tree; None where nothing of it can be used.

    `memory` are the slots of globals.yaml. Names that lead nowhere are for the checks to find.
    """
    out = Findings(tree)
    flow: Flow | None = FLOW.read(tree.data, (), out)
    if flow is None:
        return None, out.faults
    flow = _in_types(flow, memory)
    faulty = frozenset(str(path[1]) for path in out.paths if path[:1] == ("states",) and path[1:])
    return LoadedFlow(flow, tree, faulty, not out.paths and not tree.faults), out.faults


def _flow(entry: Entry) -> Flow:
    """Build the flow; what is missing is guessed such that no other fault follows from it."""
    stem = PurePath(entry.out.tree.file).name.split(".")[0]
    states: dict[str, State] = entry.get("states", {})
    policy = entry.get("policy", (None, None))
    flow = Flow(
        id=entry.get("flow", stem),
        version=entry.get("version", 1),
        entry=entry.get("entry", next(iter(states), "")),
        outcomes=entry.get("outcomes") or _outcomes(states),
        states=states,
        slots=entry.get("slots", {}),
        needs=entry.get("needs", ()),
        opening=entry.get("opening"),
        hears=hears(entry.get("hears", {})),
        careful=entry.get("careful"),
        why=entry.get("why"),
        deny=frozenset(entry.get("deny", ())),
        migrate=entry.get("migrate", ()),
        restart=policy[0],
        pinned=policy[1],
    )
    if flow.id != stem:
        fix = f"name the file {flow.id}.yaml, or the flow {stem!r}"
        entry.out.value("Y134", entry.paths["flow"], f"the flow is called {flow.id!r}, its file is not", fix)
    _migrations(flow, entry)
    return flow


def _outcomes(states: Mapping[str, State]) -> tuple[str, ...]:
    """Guess the outcomes of a flow that does not list them: how its states end it."""
    return tuple(dict.fromkeys(state.end for state in states.values() if state.end is not None))


def _migrations(flow: Flow, entry: Entry) -> None:
    """Note migrations that do not come from an older version, and two that come from the same one."""
    seen: set[int] = set()
    written = entry.raw("migrate")
    for place, one in enumerate(written if isinstance(written, list) else ()):
        source = one.get("from") if isinstance(one, dict) else None
        if not isinstance(source, int) or "version" not in entry.found:
            continue
        path = (*entry.paths["migrate"], place, "from")
        if source >= flow.version:
            entry.out.value(
                "Y135", path, f"version {source} is not older than {flow.version}", "raise `version`"
            )
        if source in seen:
            entry.out.value(
                "Y135", path, f"version {source} is carried over a second time", "join the two entries"
            )
        seen.add(source)


def _in_types(flow: Flow, memory: Mapping[str, Slot]) -> Flow:
    """Return the flow with durations given in words turned into seconds."""
    slots = {**memory, **flow.slots}
    if all(slot.type != "duration" for slot in slots.values()):
        return flow
    return replace(flow, states={id: _state_in_types(state, slots) for id, state in flow.states.items()})


def _state_in_types(state: State, slots: Mapping[str, Slot]) -> State:
    if not state.set and not any(chain.from_iterable(option.set for option in state.options)):
        return state
    options = tuple(replace(option, set=in_types(option.set, slots)) for option in state.options)
    return replace(state, set=in_types(state.set, slots), options=options)


_IDS = Many(ID, unique=True)
FLOW = Record(
    "flow",
    {
        "schema": Field(Choice(("flow/1",), "Y133"), "The format: flow/1.", required=True),
        "flow": Field(ID, "The flow's stable id, which is also the name of its file.", required=True),
        "version": Field(Number(1, 1_000_000), "Raise it when the structure changes.", required=True),
        "entry": Field(NAME, "The first state.", required=True),
        "outcomes": Field(_IDS, "How it can end; every caller handles all of them.", required=True),
        "needs": Field(Many(NAME, least=0, unique=True), "Slots a caller must give by `with`."),
        "opening": Field(NAME, "The text slot that keeps what began the conversation."),
        "hears": Field(HEARS, "What else the opening may answer: slots, each by a question or by words."),
        "careful": Field(NAME, "The state where it starts and resumes while the session is careful."),
        "why": Field(PAGE_HERE, "The page `/why` shows in this flow."),
        "deny": Field(Many(NAME, least=0, unique=True), "Interrupts it refuses; never a danger, never stop."),
        "slots": Field(SLOTS, "Its named values, which answers fill."),
        "states": Field(STATES, "Its states, by id.", required=True),
        "migrate": Field(MIGRATE, "How people in older versions are carried over."),
        "policy": Field(POLICY, "What else becomes of them: they begin anew, or stay for a while."),
    },
    _flow,
    note="A dialogue.",
)
