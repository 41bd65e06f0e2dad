"""Labels and the phrases people say for them, side by side, so that the two cannot drift apart.

`prompts/<lang>/<folder>/options.yaml` maps a name to `{label: "…", says: ["…", …]}`; the key
`driver/low_capacity` is the entry `low_capacity` of `driver/options.yaml`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from bot.content.composites import Keyed, Many
from bot.content.dated import TEXT
from bot.content.faults import Fault, Spot
from bot.content.findings import Findings
from bot.content.folders import SOURCE, files, languages
from bot.content.naming import Word
from bot.content.tables import Entry as Part
from bot.content.tables import Field, Record
from bot.content.yaml12 import Tree, read

OPTIONS = "options.yaml"
NOTHING = "none.txt"
"""Texts of a language that answer no question, one a line; `# ` begins a comment."""


@dataclass(frozen=True, slots=True)
class Entry:
    """Hold a button's label, the phrases that mean the same, and the file and name they are written under.

    `stamp` is, in a translation, the hash of the label it was made from; None: nobody keeps track.
    """

    label: str
    says: tuple[str, ...]
    name: str
    tree: Tree = field(repr=False, compare=False)
    stamp: str | None = None

    @property
    def spot(self) -> Spot:
        """Return where the entry is written."""
        return self.tree.key_spot(self.name)


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

    def hold(self, lang: str, entries: dict[str, Entry]) -> None:
        """Take a language that has no folder, or one made anew."""
        self.languages = (*(one for one in self.languages if one != lang), lang)
        self._entries[lang] = entries

    def entry(self, key: str, lang: str = SOURCE) -> Entry | None:
        """Return an entry in a language, else in the source language, else None."""
        return self.entries(lang).get(key) or self.entries(SOURCE).get(key)

    def label(self, key: str, lang: str = SOURCE) -> str:
        """Return a label; one that is missing is made from its key."""
        entry = self.entry(key, lang)
        return readable(key) if entry is None else entry.label

    def says(self, key: str, lang: str = SOURCE) -> tuple[str, ...]:
        """Return the phrases of a key, none for a key there is not."""
        entry = self.entry(key, lang)
        return () if entry is None else entry.says

    def nothing(self, lang: str = SOURCE) -> tuple[str, ...]:
        """Return what people write that answers no question; none where nobody wrote it down."""
        path = self._root / lang / NOTHING
        if not path.is_file():
            return ()
        lines = path.read_text(encoding="utf-8").splitlines()
        return tuple(line for line in lines if line.strip() and not line.startswith("# "))

    def speaking(self, lang: str) -> Vocabulary:
        """Return the words in one language."""
        return Vocabulary(self, lang)


def _entries(root: Path, faults: list[Fault]) -> Iterator[tuple[str, Entry]]:
    for folder, path in files(root, OPTIONS):
        tree, wrong = read(path.read_bytes(), str(path))
        faults += wrong
        if tree is not None:
            out = Findings(tree)
            entries: dict[str, Entry] = WORDS.read(tree.data, (), out) or {}
            faults += out.faults
            yield from ((folder + name, entry) for name, entry in entries.items())


def _entry(part: Part) -> Entry:
    label = part.get("label", readable(part.id))
    return Entry(label, part.get("says", ()), part.id, part.out.tree, part.get("source"))


def readable(key: str) -> str:
    """Make a label from a key, so that no button is ever blank."""
    return key.rpartition("/")[2].replace("_", " ").capitalize()


_HASH = Word("a hash", "[0-9a-f]{6,64}", fix="let `lowtide i18n stamp` write it")
_ENTRY = Record(
    "entry",
    {
        "label": Field(TEXT, "What the button says.", required=True),
        "says": Field(Many(TEXT, least=0), "What people write when they mean it, in their own ways."),
        "source": Field(_HASH, "In a translation: the hash of the English label it was made from."),
    },
    _entry,
)
WORDS = Keyed(_ENTRY, Word("the name of a label", "[A-Za-z0-9_-]+", fix="use letters, digits, - and _"))
