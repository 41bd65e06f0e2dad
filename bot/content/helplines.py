"""Whom to call, by country, exactly as dialled; where a country is not known, words and never a number.

`flows/helplines.yaml` (`schema: helplines/1`) holds `countries:` by ISO code and `other:` for everyone else.
A country has a `name` and the lines `emergency: {number}`, `suicide: {name, call}`, `text: {name, how}`,
`chat: {url}`, `domestic: {name, call}`, `children: {name, call}`; emergency and suicide are never missing.
Every line says its `source`, `checked_on` and `expires_on`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from bot.content.faults import Fault
from bot.content.records import Reader, Stamp
from bot.content.yaml12 import Tree

SCHEMA = "helplines/1"
OTHER = "other"
_FIELDS = {
    "emergency": ("number",),
    "suicide": ("name", "call"),
    "text": ("name", "how"),
    "chat": ("url",),
    "domestic": ("name", "call"),
    "children": ("name", "call"),
}
_NEEDED = ("emergency", "suicide")


@dataclass(frozen=True, slots=True)
class Helpline:
    """Hold what a template may say of a country's helplines; empty text where there is none."""

    country: str
    emergency: str
    suicide_name: str
    suicide_call: str
    text_name: str = ""
    text_how: str = ""
    chat: str = ""
    domestic_name: str = ""
    domestic_call: str = ""
    children_name: str = ""
    children_call: str = ""


ANYWHERE = Helpline(
    country="",
    emergency="your local emergency number",
    suicide_name="a helpline near you",
    suicide_call="findahelpline.com",
    domestic_name="a domestic violence line near you",
    domestic_call="findahelpline.com",
    children_name="a children's helpline near you",
    children_call="findahelpline.com",
)
"""What is said when even the data file is missing: the card is the last thing that may fail."""


@dataclass(frozen=True, slots=True)
class Helplines:
    """Hold the helplines of every country, and those for everyone else."""

    countries: Mapping[str, Helpline] = field(default_factory=dict)
    other: Helpline = ANYWHERE
    stamps: tuple[Stamp, ...] = ()

    def of(self, country: str | None) -> Helpline:
        """Return a country's helplines, by its ISO code; the words for everyone else when it is unknown."""
        return self.countries.get(country or "", self.other)

    def expired(self, today: date) -> list[Fault]:
        """Return a fault for every line whose check is out of date."""
        return [
            Fault("G823", one.spot, f"{one.what} was to be checked again by {one.expires_on}",
                  f"check it at {one.source}, then set `checked_on` and `expires_on`")
            for one in self.stamps if one.expires_on < today
        ]  # fmt: skip


def read_helplines(tree: Tree) -> tuple[Helplines, list[Fault]]:
    """Read the helplines out of a file, with every fault of it."""
    reader = Reader(tree, "G820")
    stamps: list[Stamp] = []
    if reader.schema(SCHEMA, ("countries", OTHER)):
        countries = {
            code: _helpline(reader, stamps, code, "countries", code) for code in reader.mapping("countries")
        }
        other = _helpline(reader, stamps, "", OTHER)
        _no_numbers(reader, other)
        return Helplines(countries, other, tuple(stamps)), reader.faults
    return Helplines(), reader.faults


def _helpline(reader: Reader, stamps: list[Stamp], code: str, *path: str) -> Helpline:
    """Read one country; what is missing falls back to words."""
    record = reader.mapping(*path)
    reader.unknown(record, ("name", *_FIELDS), *path)
    if code:
        reader.text(record, "name", *path)
    found: dict[str, str] = {}
    for line in _FIELDS:
        if line in record:
            found |= _line(reader, stamps, line, *path)
        elif line in _NEEDED:
            reader.blame(f"{path[-1]} has no `{line}`", *path, fix="add it; nobody may be left without one")
    safe = {name: getattr(ANYWHERE, name) for name in ("emergency", "suicide_name", "suicide_call")}
    return Helpline(code, **{**safe, **{name: text for name, text in found.items() if text}})


def _line(reader: Reader, stamps: list[Stamp], line: str, *path: str) -> dict[str, str]:
    """Read one line of a country into the names that templates use."""
    record = reader.mapping(*path, line)
    wanted = _FIELDS[line]
    reader.unknown(record, (*wanted, "source", "checked_on", "expires_on"), *path, line)
    stamp = reader.stamp(f"{path[-1]}.{line}", record, "checked_on", *path, line)
    stamps += [] if stamp is None else [stamp]
    texts = {name: reader.text(record, name, *path, line) for name in wanted}
    if len(wanted) == 1:
        return {line: texts[wanted[0]]}
    return {f"{line}_{name}": text for name, text in texts.items()}


def _no_numbers(reader: Reader, other: Helpline) -> None:
    """Refuse a telephone number for people whose country is unknown: it would be another country's."""
    for name in other.__slots__:
        if any(character.isdigit() for character in getattr(other, name)):
            reader.faults.append(
                Fault("G822", reader.tree.key_spot(OTHER), f"`other` holds a number in its {name}",
                      "say it in words, such as: your local emergency number")
            )  # fmt: skip
