"""Whom to call, by country, exactly as dialled; where a country is not known, words and never a number.

`flows/helplines.yaml` (`schema: helplines/1`) holds `countries:` by ISO code and `other:` for everyone else.
Each has a `name` and the lines `emergency: {number}`, `suicide: {name, call}`, `text: {name, how}`,
`chat: {url}`, `domestic: {name, call}`, `children: {name, call}`; the first two are never missing. Every line
says its `source`, `checked_on` and `expires_on`. What is told otherwise in another language stands under
`in:`, by language and by the name templates have for it: `in: {es: {text_how: "manda AYUDA al 988"}}`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any

from bot.content.composites import Keyed
from bot.content.dated import TEXT, Stamp, stamp, stamped
from bot.content.faults import Fault
from bot.content.findings import Findings
from bot.content.folders import SOURCE
from bot.content.naming import Word
from bot.content.shapes import Choice
from bot.content.tables import Entry, Field, Record
from bot.content.yaml12 import Tree


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
_SAFE = {name: getattr(ANYWHERE, name) for name in ("country", "emergency", "suicide_name", "suicide_call")}


@dataclass(frozen=True, slots=True)
class Helplines:
    """Hold the helplines of every country, and those for everyone else."""

    countries: Mapping[str, Helpline] = field(default_factory=dict)
    other: Helpline = ANYWHERE
    stamps: tuple[Stamp, ...] = ()
    told: Mapping[tuple[str, str], Helpline] = field(default_factory=dict)
    """What is worded otherwise in a language, by language and country; the country is empty for `other`."""

    def of(self, country: str | None, lang: str = SOURCE) -> Helpline:
        """Return a country's helplines, by its ISO code; the words for everyone else when it is unknown."""
        there = self.countries.get(country or "", self.other)
        return self.told.get((lang, there.country), there)


def read_helplines(tree: Tree) -> tuple[Helplines | None, list[Fault]]:
    """Read the helplines out of a file, with every fault of it; None where nothing can be used."""
    out = Findings(tree)
    found: Helplines | None = HELPLINES.read(tree.data, (), out)
    return found, out.faults


@dataclass(frozen=True, slots=True)
class _Line:
    """Hold one line as templates name its parts."""

    parts: Mapping[str, str]
    stamp: Stamp | None


@dataclass(frozen=True, slots=True)
class _Country:
    helpline: Helpline
    stamps: tuple[Stamp, ...]
    told: Mapping[str, Helpline] = field(default_factory=dict)


def _line(name: str, entry: Entry) -> _Line:
    """Name the parts as templates do: `suicide_call`, or just `chat` where there is one part only."""
    own = [key for key in entry.found if key not in _STAMPED]
    single = len(_LINES[name]) == 1
    parts = {name if single else f"{name}_{key}": entry.found[key] for key in own}
    return _Line(parts, stamp(entry, "checked_on"))


def _country(entry: Entry) -> _Country:
    """Join the lines of a country; what is missing falls back to words."""
    lines = [one for one in entry.found.values() if isinstance(one, _Line)]
    parts: dict[str, Any] = {**_SAFE, "country": entry.id if entry.at[:1] == ("countries",) else ""}
    for line in lines:
        parts |= line.parts
    helpline = Helpline(**parts)
    told = {lang: replace(helpline, **_known(words)) for lang, words in entry.get("in", {}).items()}
    return _Country(helpline, tuple(line.stamp for line in lines if line.stamp is not None), told)


def _known(words: Mapping[str, str]) -> dict[str, Any]:
    """Return the parts that templates have; another one was noted when it was read."""
    return {part: text for part, text in words.items() if part in _PARTS}


def _helplines(entry: Entry) -> Helplines:
    countries: dict[str, _Country] = entry.get("countries", {})
    other: _Country = entry.get("other", _Country(ANYWHERE, ()))
    for part in Helpline.__slots__:
        said = (getattr(one, part) for one in (other.helpline, *other.told.values()))
        if any(sign.isdigit() for text in said for sign in text):
            wrong = f"`other` holds a number in its {part.replace('_', ' ')}"
            entry.out.key(
                "G822", entry.paths["other"], wrong, "say it in words: it would be another country's"
            )
    every = (*countries.values(), other)
    return Helplines(
        {code: one.helpline for code, one in countries.items()},
        other.helpline,
        tuple(stamp for one in every for stamp in one.stamps),
        {(lang, one.helpline.country): there for one in every for lang, there in one.told.items()},
    )


_STAMPED = stamped("checked_on")
_LINES = {
    "emergency": ("number",),
    "suicide": ("name", "call"),
    "text": ("name", "how"),
    "chat": ("url",),
    "domestic": ("name", "call"),
    "children": ("name", "call"),
}
_NEEDED = frozenset(("emergency", "suicide"))
_PARTS = frozenset(Helpline.__slots__) - {"country"}
_PART = Word("a part of a line", "|".join(sorted(_PARTS)), fix="name it as templates do, such as `text_how`")
_LANGUAGE = Word("a language", "[a-z]{2,3}", fix="write its short name, as in `es`")
_COUNTRY = Record(
    "country",
    {
        "name": Field(TEXT, "The country's name.", required=True),
        **{
            name: Field(
                Record(
                    f"{name} line",
                    {key: Field(TEXT, "Exactly as dialled or told.", required=True) for key in keys}
                    | _STAMPED,
                    partial(_line, name),
                ),
                f"The {name} line.",
                required=name in _NEEDED,
            )
            for name, keys in _LINES.items()
        },
        "in": Field(
            Keyed(Keyed(TEXT, _PART), _LANGUAGE), "What is told otherwise in another language, by its part."
        ),
    },
    _country,
)
HELPLINES = Record(
    "list of helplines",
    {
        "schema": Field(Choice(("helplines/1",), "Y133"), "The format: helplines/1.", required=True),
        "countries": Field(
            Keyed(
                _COUNTRY, Word("the ISO code of a country", "[A-Z]{2}", fix="write two capitals, as in `GB`")
            ),
            "The helplines by country.",
            required=True,
        ),
        "other": Field(_COUNTRY, "What is said where the country is unknown, in words.", required=True),
    },
    _helplines,
    note="Whom to call, by country.",
)
