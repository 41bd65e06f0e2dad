"""How a wait is written: its question or options, the ladder of reprompts, its timers."""

from __future__ import annotations

from bot.content.composites import Kinds, Many
from bot.content.hears_fields import HEARS, hears
from bot.content.naming import ID, LABEL, LINE, NAME, OPTION_ID, PLAIN_PROMPT
from bot.content.setter_fields import SET
from bot.content.shapes import DURATION, EXPRESSION, FLAG, Choice, Number, guard
from bot.content.slot_fields import TYPES
from bot.content.tables import Entry, Field, Record
from bot.content.way_fields import TARGET, WAY
from bot.dialogue.flow import Ask, Option, Repair, Timer

SAYS = Many(LINE, one=True)
_TRIES = Repair().max_tries


def _repair(entry: Entry) -> Repair:
    return Repair(entry.get("reprompt", ()), entry.get("max_tries", _TRIES), entry.get("give_up"))


def _ask(entry: Entry) -> tuple[Ask | None, Repair | None]:
    """Build the question, and its ladder where `ask` holds one."""
    slot = entry.get("slot")
    ladder = any(entry.given(key) for key in _LADDER)
    asked = None if slot is None else Ask(slot, entry.get("edits"), hears(entry.get("hears", {})))
    return asked, (_repair(entry) if ladder else None)


_LADDER = {
    "reprompt": Field(SAYS, "What is said after each miss, the last one again when they run out."),
    "max_tries": Field(Number(1, 10), "The miss that gives up; 3 when left out."),
    "give_up": Field(TARGET, "Where the last miss leads."),
}
ASK = Record(
    "question",
    {
        "slot": Field(NAME, "The slot that keeps the answer.", required=True),
        "edits": Field(PLAIN_PROMPT, "The words that are there to be changed, offered as they stand."),
        "hears": Field(HEARS, "What else a text may answer: slots, by a question, by words or as a moment."),
        "parse": Field(Choice(TYPES), "How the answer is read. It follows from the slot's type."),
        **_LADDER,
    },
    _ask,
    note="Waits for a text and parses it by the slot's type.",
)
OTHER = Record("ladder", _LADDER, _repair, note="What happens when an answer fits no option.")


_BUTTON = Kinds("a guard as text, or `false`", {str: EXPRESSION, bool: FLAG})


def _option(entry: Entry) -> Option:
    get = entry.found.get
    label = get("label", "")
    id = get("id", f"_{entry.id}")
    button = get("button")
    if isinstance(button, bool):
        button = guard(str(button).lower())
    return Option(
        id, label, get("says", label), get("to", ()), get("set", ()), get("if"), get("passes", False),
        get("typed", False), button,
    )  # fmt: skip


OPTION = Record(
    "option",
    {
        "id": Field(OPTION_ID, "What buttons, tests and counts hold.", required=True),
        "label": Field(LABEL, "The key of its label in the words files.", required=True),
        "says": Field(LABEL, "The key of its example phrases; that of the label when left out."),
        "if": Field(EXPRESSION, "Hides the option when it does not hold."),
        "set": Field(SET, "Slots that get a value when it is chosen."),
        "to": Field(WAY, "Where it leads: a target, or a guarded list.", required=True),
        "passes": Field(FLAG, "It opens the state's gate."),
        "typed": Field(FLAG, "It is heard in words, and has no button."),
        "button": Field(_BUTTON, "It has a button only where this holds; in words it is heard anyway."),
    },
    _option,
    note="An answer offered, shown as a button.",
)


def _timer(entry: Entry) -> Timer:
    for one, other in (("after", "at"), ("to", "say")):
        if entry.given(one) == entry.given(other):
            which = "both" if entry.given(one) else "neither"
            wrong = f"timer {entry.get('id', '')!r} has {which} of `{one}` and `{other}`"
            entry.out.value("Y127", entry.at, wrong, "give it exactly one of them")
    return Timer(
        entry.get("id", f"_{entry.id}"),
        entry.get("after"),
        entry.get("at"),
        entry.get("to"),
        entry.get("say"),
    )


TIMER = Record(
    "timer",
    {
        "id": Field(ID, "What tests and due rows hold.", required=True),
        "after": Field(DURATION, "How long after the state was entered, such as `20h`."),
        "at": Field(NAME, "A slot that holds the local time of day."),
        "from": Field(Choice(("entered",)), "What `after` counts from: entering the state."),
        "to": Field(TARGET, "Where it leads: a lapse."),
        "say": Field(LINE, "What it says, waiting on: a nudge."),
    },
    _timer,
    {
        "allOf": [
            {"oneOf": [{"required": [a]}, {"required": [b]}]} for a, b in (("after", "at"), ("to", "say"))
        ]
    },
    note="A nudge (`say`) or a lapse (`to`).",
)
