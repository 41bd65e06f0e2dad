"""Labels and the phrases people say for them, side by side, so that the two cannot drift apart.

`prompts/<lang>/<folder>/options.yaml` maps a name to `{label: "…", says: ["…", …]}`; the key
`driver/low_capacity` is the entry `low_capacity` of `driver/options.yaml`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bot.content.faults import Fault, Spot
from bot.content.folders import SOURCE, files, languages
from bot.content.yaml12 import Tree, read

OPTIONS = "options.yaml"


@dataclass(frozen=True, slots=True)
class Entry:
    """Hold a button's label, the phrases that mean the same, and where they are written."""

    label: str
    says: tuple[str, ...]
    spot: Spot


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """Read the words in one language."""

    words: Words
    lang: str

    def label(self, key: str) -> str:
        """Return the label of a key."""
        return self.words.label(key, self.lang)

    def says(self, key: str) -> tuple[str, ...]:
        """Return the phrases of a key."""
        return self.words.says(key, self.lang)


class Words:
    """Hold the labels and phrases of every language, each language read when it is first needed."""

    def __init__(self, root: Path) -> None:
        self.languages = languages(root)
        self.faults: list[Fault] = []
        self._root = root
        self._entries: dict[str, dict[str, Entry]] = {}

    def entries(self, lang: str = SOURCE) -> dict[str, Entry]:
        """Return all entries of a language by key; none for a language there is not."""
        if lang not in self._entries:
            known = lang in self.languages
            self._entries[lang] = dict(_entries(self._root / lang, self.faults)) if known else {}
        return self._entries[lang]

    def entry(self, key: str, lang: str = SOURCE) -> Entry | None:
        """Return an entry in a language, else in the source language, else None."""
        return self.entries(lang).get(key) or self.entries(SOURCE).get(key)

    def label(self, key: str, lang: str = SOURCE) -> str:
        """Return a label; one that is missing is made from the key, so that no button is ever blank."""
        entry = self.entry(key, lang)
        return key.rpartition("/")[2].replace("_", " ").capitalize() if entry is None else entry.label

    def says(self, key: str, lang: str = SOURCE) -> tuple[str, ...]:
        """Return the phrases of a key, none for a key there is not."""
        entry = self.entry(key, lang)
        return () if entry is None else entry.says

    def speaking(self, lang: str) -> Vocabulary:
        """Return the words in one language."""
        return Vocabulary(self, lang)


def _entries(root: Path, faults: list[Fault]) -> Iterator[tuple[str, Entry]]:
    for folder, path in files(root, OPTIONS):
        tree, wrong = read(path.read_bytes(), str(path))
        faults += wrong
        if tree is not None and not isinstance(tree.data, dict):
            faults.append(_malformed(tree.spot(), "a words file is a mapping of names to {label, says}"))
        elif tree is not None:
            for name, value in tree.data.items():
                entry = _entry(tree, name, value, faults)
                if entry is not None:
                    yield folder + name, entry


def _entry(tree: Tree, name: str, value: Any, faults: list[Fault]) -> Entry | None:
    """Read one entry, telling every fault of it."""
    spot = tree.key_spot(name)
    if not isinstance(value, dict):
        faults.append(_malformed(spot, f"{name!r} is no mapping", 'write it as {label: "…", says: [ … ]}'))
        return None
    for key in value.keys() - {"label", "says"}:
        faults.append(
            _malformed(tree.key_spot(name, key), f"{name!r} has an unknown key {key!r}", "remove it")
        )
    label, says = value.get("label"), value.get("says", [])
    if not isinstance(label, str) or not label.strip():
        faults.append(_malformed(spot, f"{name!r} has no label", "give it a `label:` in quotes"))
        return None
    if not isinstance(says, list) or not all(isinstance(one, str) for one in says):
        place = tree.spot(name, "says")
        faults.append(
            _malformed(place, f"`says` of {name!r} is no list of texts", "put each phrase in quotes")
        )
        says = []
    return Entry(label.strip(), tuple(says), spot)


def _malformed(spot: Spot, message: str, fix: str = "") -> Fault:
    return Fault("W612", spot, message, fix)
