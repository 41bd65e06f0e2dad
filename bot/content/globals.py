"""From YAML to the globals: memory, the ranked interrupts, the dangers and the core's own lines."""

from __future__ import annotations

from typing import Any, get_args

from bot.content.composites import Many
from bot.content.faults import Fault
from bot.content.findings import Findings
from bot.content.naming import ID, LABEL, LINE, NAME
from bot.content.shapes import DURATION, Choice
from bot.content.slot_fields import SLOTS
from bot.content.tables import Entry, Field, Record
from bot.content.yaml12 import Tree
from bot.dialogue.flow import Tier
from bot.dialogue.flows import LINE_IDS, Danger, Deed, Globals, Interrupt, Notice


def load_globals(tree: Tree) -> tuple[Globals | None, list[Fault]]:
    """Build the globals from the tree of globals.yaml; None where nothing of it can be used."""
    out = Findings(tree)
    found: Globals | None = GLOBALS.read(tree.data, (), out)
    return found, out.faults


def _notice(entry: Entry) -> Notice | None:
    parts = [entry.get(key) for key in ("say", "every", "away")]
    return None if None in parts else Notice(*parts)


def _danger(entry: Entry) -> Danger | None:
    gate, tier, call = (entry.get(key) for key in ("gate", "tier", "call"))
    return None if None in (gate, tier, call) else Danger(gate, tier, call, entry.get("parked") != "drop")


_NEEDS = {"say": "say", "call": "call"}
"""What a deed cannot be done without, and nothing else may have."""


def _interrupt(entry: Entry) -> Interrupt | None:
    id, do = entry.get("id"), entry.get("do")
    if id is None or do is None:
        return None
    for deed, key in _NEEDS.items():
        if do == deed and not entry.given(key):
            entry.out.value(
                "Y121", entry.at, f"interrupt {id!r} with `do: {do}` needs `{key}`", f"add `{key}:`"
            )
    if entry.given("call") and do != "call":
        entry.out.key(
            "Y132", entry.paths["call"], f"`do: {do}` does not call a flow", "remove it, or `do: call`"
        )
    if not entry.given("command") and not entry.given("says"):
        wrong = f"nobody can ask for interrupt {id!r}"
        entry.out.value("Y127", entry.at, wrong, "give it a `command`, `says` or both")
    return Interrupt(id, do, *(entry.get(key) for key in ("command", "says", "say", "call")))


def _globals(entry: Entry) -> Globals:
    return Globals(
        start=entry.get("start", ""),
        memory=entry.get("memory", {}),
        lines=entry.get("lines", {}),
        interrupts=entry.get("interrupts", ()),
        dangers=entry.get("dangers", ()),
        notice=entry.get("notice"),
        resume=frozenset(entry.get("resume", ())),
    )


def _lines(entry: Entry) -> dict[str, Any]:
    return dict(entry.found)


_LINES = Record(
    "list of lines", {id: Field(LINE, "A line that the core itself says.") for id in LINE_IDS}, _lines
)
_NOTICE = Record(
    "notice",
    {
        "say": Field(LINE, "What says that this is a script.", required=True),
        "every": Field(DURATION, "How long a talk may last until it is said again.", required=True),
        "away": Field(DURATION, "How long a person may be away until it is said again.", required=True),
    },
    _notice,
)
_DANGER = Record(
    "danger",
    {
        "gate": Field(ID, "The gate that heard it.", required=True),
        "tier": Field(Choice(get_args(Tier)), "How sure it is.", required=True),
        "call": Field(NAME, "The flow that answers.", required=True),
        "parked": Field(Choice(("keep", "drop")), "Whether what it interrupts is kept for later."),
    },
    _danger,
)
_INTERRUPT = Record(
    "interrupt",
    {
        "id": Field(ID, "Its id.", required=True),
        "do": Field(Choice(get_args(Deed)), "What it does.", required=True),
        "command": Field(ID, "The command that asks for it, without the slash."),
        "says": Field(LABEL, "The key of the phrases that ask for it."),
        "say": Field(LINE, "What it says."),
        "call": Field(NAME, "The flow it calls."),
    },
    _interrupt,
)
GLOBALS = Record(
    "globals",
    {
        "schema": Field(Choice(("globals/1",), "Y133"), "The format: globals/1.", required=True),
        "start": Field(NAME, "The flow that begins a conversation.", required=True),
        "memory": Field(SLOTS, "What is kept of a person between conversations."),
        "lines": Field(_LINES, "The lines that the core itself says.", required=True),
        "notice": Field(_NOTICE, "Says again that this is a script."),
        "resume": Field(Many(NAME), "Outcomes with which a conversation hands back to the parked one."),
        "dangers": Field(Many(_DANGER, least=0), "Which flow answers which danger.", required=True),
        "interrupts": Field(
            Many(_INTERRUPT, unique=True), "What may be asked at any wait, in rank order.", required=True
        ),
    },
    _globals,
    note="What is true in every flow.",
)
