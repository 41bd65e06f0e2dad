"""How a reminder is written: which flow begins, at what hour, once or again and again."""

from __future__ import annotations

from typing import get_args

from bot.content.naming import NAME
from bot.content.setter_fields import WITH
from bot.content.shapes import DURATION, FLAG, Choice
from bot.content.tables import Entry, Field, Record
from bot.dialogue.flow import Remind
from bot.dialogue.recurring import Every, Rhythm

_NEEDED = {"every": "at", "spread": "at", "on": "every"}
"""Keys that mean nothing without another."""


def _remind(entry: Entry) -> Remind | None:
    _timed(entry)
    if "flow" not in entry.found:
        return None
    get = entry.get
    rhythm = Rhythm(get("every"), get("on"), get("spread", 0), get("expires"), get("snooze", False))
    return Remind(
        get("flow"), get("at"), get("after"), get("with", ()), get("if_busy", "defer"), rhythm, get("in")
    )  # fmt: skip


def _timed(entry: Entry) -> None:
    """Note a reminder without a time, and what it has no use for."""
    if not any(map(entry.given, ("at", "after", "in"))):
        entry.out.value("Y127", entry.at, "this reminder has no time", "give it `at`, `in` or `after`")
        return
    for key, other in _NEEDED.items():
        if entry.given(key) and not entry.given(other):
            wrong = f"`{key}` belongs to `{other}`, which this reminder does not have"
            entry.out.key("Y132", entry.paths[key], wrong, f"add `{other}`, or remove it")
    if entry.given("on") and entry.get("every") == "day":
        wrong = "`on` is a weekday, and this reminder comes every day"
        entry.out.key("Y132", entry.paths["on"], wrong, "write `every: week`, or remove it")
    if entry.given("snooze") and entry.given("every"):
        wrong = "`snooze` puts one nudge off, and this reminder comes again and again"
        entry.out.key("Y132", entry.paths["snooze"], wrong, "remove one of the two")


REMIND = Record(
    "reminder",
    {
        "flow": Field(NAME, "The flow that begins then.", required=True),
        "at": Field(NAME, "A slot that holds the local time of day."),
        "after": Field(DURATION, "No sooner than this."),
        "in": Field(NAME, "A slot that holds how long from now."),
        "every": Field(Choice(get_args(Every)), "It comes again, every day or week, until it is cancelled."),
        "on": Field(NAME, "A slot that holds the weekday of what comes every week."),
        "spread": Field(DURATION, "It falls somewhere within this time, each person at their own place."),
        "expires": Field(DURATION, "How late it may still be given."),
        "snooze": Field(FLAG, "It puts off the nudge that is being answered, which then counts for nothing."),
        "with": Field(WITH, "The slots it is given: its slot to ours."),
        "if_busy": Field(
            Choice(("defer", "drop")), "Whether it waits, or is dropped, during a conversation."
        ),
    },
    _remind,
    {
        "anyOf": [{"required": ["at"]}, {"required": ["after"]}, {"required": ["in"]}],
        "dependencies": {key: [other] for key, other in _NEEDED.items()},
        "not": {
            "anyOf": [
                {"required": ["on"], "properties": {"every": {"const": "day"}}},
                {"required": ["snooze", "every"]},
            ]
        },
    },
    note="Begins a flow later, once or again and again.",
)
