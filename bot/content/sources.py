"""The files of prompts as they were written: their variants and lines, and what a translation was made from.

Nothing is compiled here, so that a command that says nothing need not load the template engine.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from bot.content.faults import Fault, Spot
from bot.content.folders import SOURCE, files, languages

ENDING = ".j2"
_BETWEEN = re.compile(r"^---[ \t]*\r?(?:\n|\Z)", re.MULTILINE)
STAMP = re.compile(r"\{#\s*source:\s*([0-9a-f]+)\s*#\}[ \t]*\r?\n?")
"""How a translation begins: with the hash of the text it was made from."""


@dataclass(frozen=True, slots=True)
class Variant:
    """Hold one wording and the line of the file it begins at."""

    text: str
    line: int

    @property
    def constant(self) -> bool:
        """Tell whether there is nothing to fill in, so that nothing need be compiled."""
        return "{" not in self.text


@dataclass(frozen=True, slots=True)
class Source:
    """Hold a prompt's file: its variants, its hash, and for a translation the hash of what it translates."""

    file: str
    variants: tuple[Variant, ...]
    hash: str
    stamp: str | None


class Sources:
    """Hold the prompt files of every language, each language read when it is first needed.

    `unread` are the prompts of which a file is there and is no text.
    """

    def __init__(self, root: Path) -> None:
        self.root = root
        self.languages = languages(root)
        self.faults: list[Fault] = []
        self.unread: set[str] = set()
        self._files: dict[str, dict[str, Source]] = {}

    def of(self, lang: str) -> Mapping[str, Source]:
        """Return the files of a language by prompt name; none for a language there is not."""
        if lang not in self._files:
            self._files[lang] = dict(self._read(lang)) if lang in self.languages else {}
        return self._files[lang]

    def find(self, name: str, lang: str) -> Source | None:
        """Return the file a prompt is said from: of the language, else of the source language."""
        return self.of(lang).get(name) or self.of(SOURCE).get(name)

    def hold(self, lang: str, files: Mapping[str, Source]) -> None:
        """Take a language that has no folder, or one made anew."""
        self.languages = (*(one for one in self.languages if one != lang), lang)
        self._files[lang] = dict(files)

    def _read(self, lang: str) -> Iterator[tuple[str, Source]]:
        for name, path in files(self.root / lang, ENDING):
            data = path.read_bytes()
            try:
                yield name, _source(str(path), data.decode())
            except UnicodeDecodeError as error:
                spot = Spot(str(path), data.count(b"\n", 0, error.start) + 1)
                self.unread.add(name)
                self.faults.append(Fault("W612", spot, "this file is not UTF-8 text", "save it as UTF-8"))


def _source(file: str, text: str) -> Source:
    """Take a file apart into its variants."""
    stamp = STAMP.match(text)
    line = 1 + (stamp[0].count("\n") if stamp else 0)
    variants = []
    for part in _BETWEEN.split(text[stamp.end() :] if stamp else text):
        variants.append(Variant(part, line))
        line += part.count("\n") + 1
    return Source(file, tuple(variants), fingerprint(text), stamp[1] if stamp else None)


def fingerprint(text: str) -> str:
    """Return the short hash by which a translation names the text it was made from."""
    return sha256(text.encode()).hexdigest()[:12]
