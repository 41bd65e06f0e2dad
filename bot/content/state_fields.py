"""How a state is written: its keys, which of them go together, and what is built from them."""

from __future__ import annotations

from typing import get_args

from bot.content.composites import Keyed, Kinds, Many
from bot.content.naming import ID, NAME, OPTION_ID, PAGE_HERE
from bot.content.record_fields import RECORD
from bot.content.remind_fields import REMIND
from bot.content.setter_fields import SET, TAKE, WITH
from bot.content.shapes import FLAG, Choice, Schema
from bot.content.tables import Entry, Field, Record
from bot.content.wait_fields import ASK, OPTION, OTHER, SAYS, TIMER
from bot.content.way_fields import TARGET, WAY
from bot.dialogue.flow import Call, Repair, Rung, State

WAYS = (("ask", "goto"), ("ask", "options", "goto"), ("options",), ("call",), ("goto",), ("end",))
"""The sets of keys of which a state has exactly one."""
_ENDS = frozenset(key for way in WAYS for key in way)
_EACH = frozenset(map(frozenset, WAYS))
_BELONGS = {"with": "call", "take": "call", "returns": "call"}
_WAITING = ("timers", "other", "gate", "several", "first")
_BUILT = {"ask", "other", *_BELONGS, "call"}
"""Keys that do not go into the state as they are."""
_NO_LADDER = Repair()
_CANCEL = Kinds("`true`, or the flow whose reminders are dropped", {bool: FLAG, str: NAME})
_SEVERAL = Kinds("`true`, or the option that leads to where they are named", {bool: FLAG, str: OPTION_ID})


def _state(entry: Entry) -> State:
    _one_way(entry)
    _without_use(entry)
    ask, ladder = entry.get("ask", (None, None))
    kept = {key: part for key, part in entry.found.items() if key not in _BUILT}
    repair = ladder or entry.get("other", _NO_LADDER)
    return State(id=entry.id, ask=ask, repair=repair, call=_call(entry), **kept)


def _call(entry: Entry) -> Call | None:
    if "call" not in entry.found:
        return None
    take = tuple(entry.get("take", {}).items())
    return Call(entry.get("call"), entry.get("with", ()), take, entry.get("returns", {}))


def _one_way(entry: Entry) -> None:
    """Note a state that does not do exactly one thing in the end, or that asks without a word."""
    given = _ENDS.intersection(entry.paths)
    if "ask" in given and given <= {"ask", "options"}:
        wrong = f"state {entry.id!r} asks, and does not say where the answer leads"
        entry.out.key("Y121", entry.at, wrong, "add `goto: target`")
    elif not given:
        wrong = f"state {entry.id!r} has no way on"
        entry.out.key("Y127", entry.at, wrong, "add one of ask, options, call, goto and end")
    elif given not in _EACH:
        wrong = f"state {entry.id!r} has {' and '.join(sorted(given))}"
        entry.out.key(
            "Y127", entry.at, wrong, "keep one; only ask and options go together, with a goto for ask"
        )
    if given & {"ask", "options"} and not entry.given("say"):
        wrong = f"state {entry.id!r} waits and says nothing"
        entry.out.key("Y121", entry.at, wrong, "add `say: prompt`")
    if entry.given("call") and not entry.given("returns"):
        wrong = f"state {entry.id!r} calls a flow and handles no outcome of it"
        entry.out.key("Y121", entry.at, wrong, "add `returns: {outcome: target}`")


def _without_use(entry: Entry) -> None:
    """Note keys that this state has no use for."""
    waits = entry.given("ask") or entry.given("options")
    for key, owner in _BELONGS.items():
        if entry.given(key) and not entry.given(owner):
            _idle(entry, key, f"`{key}` belongs to a `{owner}`, which this state does not have")
    for key in _WAITING:
        if entry.given(key) and not waits:
            _idle(entry, key, f"`{key}` belongs to a state that waits, and this one does not")
    _, ladder = entry.get("ask", (None, None))
    if ladder is not None and entry.given("other"):
        _idle(entry, "other", "`ask` already says what happens when an answer is not understood")
    _passes(entry)


def _passes(entry: Entry) -> None:
    """Note options that open a gate which is not there."""
    options = entry.raw("options")
    if entry.given("gate") or not isinstance(options, list):
        return
    for place, option in enumerate(options):
        if isinstance(option, dict) and "passes" in option:
            path = (*entry.paths["options"], place, "passes")
            entry.out.key("Y132", path, "`passes` opens a gate, and this state has none", "add `gate:`")


def _idle(entry: Entry, key: str, message: str) -> None:
    entry.out.key("Y132", entry.paths[key], message, "remove it")


def _ways_schema() -> Schema:
    each = []
    for way in WAYS:
        others = [{"required": [key]} for key in sorted(_ENDS.difference(way))]
        each.append({"required": list(way), "not": {"anyOf": others}})
    waits = {"anyOf": [{"required": ["ask"]}, {"required": ["options"]}]}
    return {
        "oneOf": each,
        "if": waits,
        "then": {"required": ["say"]},
        "else": {"not": {"anyOf": [{"required": [key]} for key in _WAITING]}},
        "dependencies": {**{key: [owner] for key, owner in _BELONGS.items()}, "call": ["returns"]},
    }


STATE = Record(
    "state",
    {
        "say": Field(SAYS, "The prompts it says, each one message; options hang under the last."),
        "set": Field(
            SET, "Slots that get a value: a literal, `{from: slot}`, `{expr: …}`, or null to clear."
        ),
        "ask": Field(ASK, "Waits for a text and parses it by the slot's type; `goto` says where it leads."),
        "options": Field(Many(OPTION, unique=True), "Waits for one of these."),
        "other": Field(OTHER, "What happens when an answer fits no option."),
        "timers": Field(Many(TIMER, unique=True), "Nudges and the lapse of a wait."),
        "goto": Field(WAY, "Where it goes on: a target, or a guarded list that ends with `else`."),
        "call": Field(NAME, "Another flow to run."),
        "with": Field(WITH, "What the called flow is given: its slot to ours."),
        "take": Field(TAKE, "What is taken from it: our slot to its."),
        "returns": Field(Keyed(TARGET, least=1), "Where each of its outcomes leads."),
        "end": Field(NAME, "Ends the flow with this outcome."),
        "remind": Field(Many(REMIND, one=True), "Begins a flow later."),
        "several": Field(
            _SEVERAL, "Two options may be named at once; taken here (`true`), or where this option leads."
        ),
        "first": Field(NAME, "An enum slot; the option that it names comes first among the buttons."),
        "why": Field(PAGE_HERE, "The page `/why` shows here."),
        "gate": Field(ID, "The gate this question asks, such as `person_check`."),
        "rung": Field(
            Choice(get_args(Rung)), "`toward`: contact with that person. `elsewhere`: a step that is not."
        ),
        "careful": Field(FLAG, "The session is careful from here on."),
        "cancel": Field(_CANCEL, "Reminders are dropped: those that begin this flow, or all (`true`)."),
        "forget": Field(FLAG, "The person is forgotten."),
        "no_back": Field(FLAG, "`/back` stops here."),
        "count": Field(ID, "An anonymous count."),
        "record": Field(RECORD, "A line is added to a list of the memory, which its person can see."),
        "picture": Field(NAME, "A picture of the record in this list of the memory is shown."),
    },
    _state,
    _ways_schema(),
    note="One point of the dialogue: it sets, says and reminds, then asks, calls, goes on or ends.",
    instead=lambda at: State(str(at[-1])),
)
STATES = Keyed(STATE, key=ID, least=1)
