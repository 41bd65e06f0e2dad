"""The copy as a person reads it: every wording of every prompt, each of its branches, with values in it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from bot.content.helplines import Helplines, read_helplines
from bot.content.prompts import Prompts
from bot.content.tree import Tree
from bot.content.why import Pages, read_pages
from bot.content.words import Words
from bot.content.yaml12 import read

ROOT = Path(__file__).parents[2]
PROMPTS = Prompts(ROOT / "prompts")
WORDS = Words(ROOT / "prompts")

_TAG = re.compile(r"(\{#.*?#\}|\{%.*?%\}|\{\{.*?\}\})", re.DOTALL)
_LINE = re.compile(r"line\(\s*['\"]([\w/-]+)['\"]\s*(?:,\s*\d+\s*)?\)")
_LABEL = re.compile(r"label\(\s*['\"]([\w/-]+)['\"]\s*\)")
_ANY_LINE = "I have nothing left, not even for the people I love."
_ANY_QUOTE = "“I just want everyone to leave me alone”"
_DEEPEST, _MOST = 3, 500

_WORD = re.compile(r"[^\W_][\w’'-]*")
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
        """Return all that can be read: every branch of every `if`, with every branch of the others."""
        return tuple(dict.fromkeys(text for text in _readings(self.text) if text))

    @property
    def spoken(self) -> str:
        """Return all readings, one below the other."""
        return "\n".join(self.readings)


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


def _readings(text: str, depth: int = 0) -> list[str]:
    whole, _ = _block(iter(_TAG.split(text)), depth)
    trimmed = (re.sub(r"[ \t]*\n[ \t]*", "\n", one) for one in whole)
    return [re.sub(r"\n{3,}", "\n\n", one).strip() for one in trimmed]


def _block(parts: Iterator[str], depth: int) -> tuple[list[str], str]:
    """Read up to the tag that ends a branch; return all that may be said, and that tag's word."""
    said = [""]
    for part in parts:
        word = _keyword(part)
        if word in ("elif", "else", "endif", "endfor"):
            return said, word
        said = [before + now for before in said for now in _part(part, word, parts, depth)][:_MOST]
    return said, ""


def _part(part: str, word: str, parts: Iterator[str], depth: int) -> list[str]:
    if word in ("if", "for"):
        return _branches(parts, word, depth)
    if part.startswith("{{"):
        return [_value(part[2:-2].strip("- "), depth)]
    return [""] if part.startswith(("{%", "{#")) else [part]


def _branches(parts: Iterator[str], opened: str, depth: int) -> list[str]:
    """Read all branches of one `if` or `for`."""
    found: list[str] = []
    while opened in ("if", "for", "elif", "else"):
        last = opened
        said, opened = _block(parts, depth)
        found += said
    return [*found, ""] if last in ("if", "elif") else found


def _keyword(part: str) -> str:
    found = re.match(r"\{%-?\s*(\w+)", part)
    return found[1] if found else ""


def _value(expression: str, depth: int) -> str:
    """Return a stand-in for a value: the longest helpline, another prompt's wording, a label, a quotation."""
    if expression.startswith("helpline."):
        return longest_of(expression.removeprefix("helpline."))
    if (line := _LINE.match(expression)) and depth < _DEEPEST:
        said = (text for one in wordings_of(line[1]) for text in _readings(one.text, depth + 1))
        return max(said, key=count, default="")
    if label := _LABEL.match(expression):
        return WORDS.label(label[1])
    if expression.startswith("line("):
        return _ANY_LINE
    return _ANY_QUOTE if "quote" in expression else "Sam"


def longest_of(attribute: str) -> str:
    """Return the longest value that a helpline's attribute has in any country."""
    return max((str(getattr(one, attribute)) for one in helplines().countries.values()), key=count)
