"""The copy as a person reads it, in every country, and how long and how hard to read it is."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, partial
from pathlib import Path
from typing import Any

from bot.content.helplines import Helpline, Helplines, read_helplines
from bot.content.prompts import Prompts
from bot.content.tree import Tree
from bot.content.why import Pages, read_pages
from bot.content.words import Words
from bot.content.yaml12 import read
from tests.content.readings import Reader

ROOT = Path(__file__).parents[2]
PROMPTS = Prompts(ROOT / "prompts")
WORDS = Words(ROOT / "prompts")

_WORD = re.compile(r"https?://\S+|\d[\d -]*\d|[^\W_][\w’'-]*")
"""A telephone number and an address are a word each."""
_PLAIN = str.maketrans({"’": "'", "“": None, "”": None, "*": None, "_": None})
"""Marks that a reader passes over; the dictionary of the library spells "don't" with a straight one."""


@dataclass(frozen=True, slots=True)
class Wording:
    """Hold one wording as written, and where it begins."""

    prompt: str
    number: int
    line: int
    text: str
    lang: str = "en"

    def __str__(self) -> str:
        return f"{self.lang}/{self.prompt}.j2:{self.line}"

    @property
    def readings(self) -> tuple[str, ...]:
        """Return all that can be read, in every country."""
        every = tuple(helplines().of(country, self.lang) for country in (*helplines().countries, None))
        return _readings(self.text, every, self.lang)

    @property
    def own(self) -> tuple[str, ...]:
        """Return all that can be read, with a plain name for whatever is not in our words."""
        return _readings(self.text, (None,), self.lang)

    @property
    def said(self) -> str:
        """Return our own words, one reading below the other, without what is put in somebody's mouth."""
        return re.sub(r"“[^”]*”|«[^»]*»|„[^“]*“", "“”", "\n".join(self.own))


@cache
def _readings(text: str, countries: tuple[Helpline | None, ...], lang: str) -> tuple[str, ...]:
    said, label = partial(_texts, lang=lang), partial(WORDS.label, lang=lang)
    readers = (Reader(said, label, helpline) for helpline in countries)
    return tuple(dict.fromkeys(one for reader in readers for one in reader.read(text) if one))


def _texts(prompt: str, lang: str) -> list[str]:
    return [one.text for one in wordings_of(prompt, lang)]


@cache
def wordings(lang: str = "en") -> tuple[Wording, ...]:
    """Return every wording of every prompt of a language."""
    return tuple(
        Wording(name, number, variant.line, variant.text, lang)
        for name, source in sorted(PROMPTS.sources.of(lang).items())
        for number, variant in enumerate(source.variants)
    )


def wordings_of(prompt: str, lang: str = "en") -> Sequence[Wording]:
    """Return the wordings of one prompt; none where there is no such prompt."""
    return _by_prompt(lang).get(prompt, ())


@cache
def _by_prompt(lang: str) -> dict[str, list[Wording]]:
    found: dict[str, list[Wording]] = {}
    for one in wordings(lang):
        found.setdefault(one.prompt, []).append(one)
    return found


def tree_of(name: str) -> Tree:
    """Return a file of data in the flows folder, as it was read."""
    tree, faults = read((ROOT / f"flows/{name}.yaml").read_bytes(), f"flows/{name}.yaml")
    assert tree is not None, faults
    return tree


@cache
def raw(name: str) -> Any:
    """Return a file of data in the flows folder as plain values."""
    return tree_of(name).data


@cache
def pages() -> Pages:
    """Return the why pages."""
    found, faults = read_pages(tree_of("why"))
    assert found, faults
    return found


@cache
def helplines() -> Helplines:
    """Return the helplines."""
    found, faults = read_helplines(tree_of("helplines"))
    assert found, faults
    return found


def count(text: str) -> int:
    """Count words."""
    return len(_WORD.findall(text))


def grade(text: str, lang: str = "en") -> float:
    """Return the school year that reads this with ease, by the formula made for its language.

    Flesch and Kincaid for English, Fernández Huerta for Spanish (its points told as years: 70 to 80 are the
    sixth), the first Wiener Sachtextformel for German. A line is a sentence, whether or not it ends in a
    stop: a reader rests there.
    """
    import textstat  # noqa: PLC0415  its dictionary takes a second to load, and few tests ask for it

    lines = (line.strip() for line in text.translate(_PLAIN).splitlines())
    whole = " ".join(line if line.endswith((".", "!", "?")) else f"{line}." for line in lines if line)
    textstat.set_lang(lang)
    if lang == "es":
        return (130 - float(textstat.fernandez_huerta(whole))) / 10
    if lang == "de":
        return float(textstat.wiener_sachtextformel(whole, 1))
    return float(textstat.flesch_kincaid_grade(whole))
