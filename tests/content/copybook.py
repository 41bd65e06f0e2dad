"""The copy as a person reads it, in every country, and how long and how hard to read it is."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
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
_SENTENCE = re.compile(r"[.!?]+[”’)]*(?:\s|$)|\n+")
_SILENT_END = re.compile(r"(?:[^laeiouy]es|[^laeiouydt]ed|[^laeiouy]e)$")


@dataclass(frozen=True, slots=True)
class Wording:
    """Hold one wording as written, and where it begins."""

    prompt: str
    number: int
    line: int
    text: str

    def __str__(self) -> str:
        return f"{self.prompt}.j2:{self.line}"

    @property
    def readings(self) -> tuple[str, ...]:
        """Return all that can be read, in every country."""
        return _readings(self.text, (*helplines().countries.values(), helplines().other))

    @property
    def own(self) -> tuple[str, ...]:
        """Return all that can be read, with a plain name for whatever is not in our words."""
        return _readings(self.text, (None,))

    @property
    def said(self) -> str:
        """Return our own words, one reading below the other, without what is put in somebody's mouth."""
        return re.sub(r"“[^”]*”", "“”", "\n".join(self.own))


@cache
def _readings(text: str, countries: tuple[Helpline | None, ...]) -> tuple[str, ...]:
    readers = (Reader(_texts, WORDS.label, helpline) for helpline in countries)
    return tuple(dict.fromkeys(one for reader in readers for one in reader.read(text) if one))


def _texts(prompt: str) -> list[str]:
    return [one.text for one in wordings_of(prompt)]


@cache
def wordings() -> tuple[Wording, ...]:
    """Return every wording of every English prompt."""
    return tuple(
        Wording(name, number, variant.line, variant.text)
        for name, source in sorted(PROMPTS.sources.of("en").items())
        for number, variant in enumerate(source.variants)
    )


def wordings_of(prompt: str) -> Sequence[Wording]:
    """Return the wordings of one prompt; none where there is no such prompt."""
    return [one for one in wordings() if one.prompt == prompt]


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


def grade(text: str) -> float:
    """Return the school year that reads this with ease, by the formula of Flesch and Kincaid.

    Syllables are counted by their vowels: the usual library wants to fetch a dictionary for it.
    """
    words = _WORD.findall(text)
    sentences = sum(1 for part in _SENTENCE.split(text) if _WORD.search(part))
    return 0.39 * len(words) / sentences + 11.8 * sum(map(_syllables, words)) / len(words) - 15.59


def _syllables(word: str) -> int:
    letters = re.sub(r"[^a-z]", "", word.lower())
    if len(letters) > 3:
        letters = _SILENT_END.sub(lambda end: end.group()[0], letters)
    return max(1, len(re.findall(r"[aeiouy]+", letters)))
