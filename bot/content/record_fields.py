"""How a line of a person's own record is written: the list it goes to, what it is, what it holds."""

from __future__ import annotations

from bot.content.composites import Many
from bot.content.naming import ID, NAME
from bot.content.tables import Entry, Field, Record
from bot.dialogue import records


def _record(entry: Entry) -> records.Record | None:
    if not {"in", "as"} <= entry.found.keys():
        return None
    get = entry.get
    return records.Record(get("in"), get("as"), get("with", ()), get("note"))


RECORD = Record(
    "record",
    {
        "in": Field(NAME, "The list of the memory that keeps it.", required=True),
        "as": Field(ID, "What it is, such as `check_in` or `step`.", required=True),
        "with": Field(Many(NAME, unique=True), "The slots whose values it holds; no texts."),
        "note": Field(NAME, "A text slot whose words stand at its end."),
    },
    _record,
    note="A line of the person's own record: the day, what it was, and what these slots hold.",
)
