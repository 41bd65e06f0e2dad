"""What is kept of a person: memory, the private answers of each flow, and the tables they lie in."""

from __future__ import annotations

import re
from importlib import resources
from typing import TypeAlias

from bot.content.filters import duration
from bot.content.library import Content
from bot.dialogue.flow import Slot
from bot.publishing.quoting import table

_TABLE = re.compile(r"((?:^--[^\n]*\n)*)^CREATE TABLE (\w+) \((.*?)^\)", re.MULTILINE | re.DOTALL)
Columns: TypeAlias = list[tuple[str, str]]
"""The name and the type of each."""
_ADDED = re.compile(r"^ALTER TABLE (\w+) ADD COLUMN ([a-z_]+) ([A-Z]+)", re.MULTILINE)
_COLUMN = re.compile(r"^\s+([a-z_]+)\s+(BLOB|[A-Z]+)", re.MULTILINE)


def remembered(content: Content) -> str:
    """Write what is kept between conversations."""
    memory = content.flows.globals.memory.values()
    rows = [(one.id.replace("_", " "), _kind(one), _first(one)) for one in memory]
    return table(("what", "kind", "until chosen"), rows)


def of_flows(content: Content) -> str:
    """Write which private answers each flow keeps, and how long at most."""
    rows = [
        (f"`{flow.id}`", slot.id.replace("_", " "), _kind(slot), duration(slot.keep) if slot.keep else "")
        for flow in sorted(content.flows.flows.values(), key=lambda one: one.id)
        for slot in flow.slots.values()
        if slot.private
    ]
    return table(("flow", "answer", "kind", "at most"), rows)


def tables() -> str:
    """Write the tables of the database with their columns, as the migrations leave them."""
    folder = resources.files("bot.storage") / "migrations"
    scripts = sorted((one for one in folder.iterdir() if one.name.endswith(".sql")), key=lambda one: one.name)
    columns, notes = dict[str, Columns](), dict[str, str]()
    for text in (one.read_text(encoding="utf-8") for one in scripts):
        for match in _TABLE.finditer(text):
            notes[match[2]] = _comment(match[1]) or notes.get(match[2], "")
            columns[match[2]] = _COLUMN.findall(match[3])
        for name, *column in _ADDED.findall(text):
            columns[name].append((column[0], column[1]))
    rows = [(f"`{name}`", *_parted(columns[name]), notes[name]) for name in columns]
    return table(("table", "in clear", "sealed or hashed", "note"), rows)


def _parted(columns: Columns) -> tuple[str, str]:
    """Part the columns that can be read from those that hold bytes: only what is sealed or hashed does."""
    clear = ", ".join(name for name, kind in columns if kind != "BLOB")
    return clear, ", ".join(name for name, kind in columns if kind == "BLOB")


def _comment(text: str) -> str:
    return " ".join(line.removeprefix("--").strip() for line in text.splitlines())


def _kind(slot: Slot) -> str:
    kinds = {"enum": "one of " + ", ".join(slot.of), "bool": "yes or no", "int": "a number"}
    return kinds.get(slot.type, f"a {slot.type}")


def _first(slot: Slot) -> str:
    shown = {True: "yes", False: "no", None: ""}
    return shown[slot.default] if isinstance(slot.default, bool | None) else str(slot.default)
