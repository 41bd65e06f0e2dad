"""The words that no line may hold, by language, each with its reason: `prompts/<lang>/never.yaml`.

    schema: never/1
    rules:
      no_treatment:
        why: Lowtide is no therapy, and must not sound like one.
        words: [therap*, diagnos*, "you need treatment"]
        but: [no therapist]        # where the words are right
        in: [consent, why/privacy] # prompts, or folders of them, that may hold them

`*` at the end or the beginning of a word stands for any letters.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from bot.content.composites import Keyed, Many
from bot.content.dated import TEXT
from bot.content.faults import Fault
from bot.content.findings import Findings
from bot.content.naming import ID, Word
from bot.content.shapes import Choice
from bot.content.tables import Entry, Field, Record
from bot.content.yaml12 import read

NEVER = "never.yaml"
_LETTERS = r"[^\W\d_]*"
_QUOTED = re.compile(r"“[^”]*”|„[^“”]*[“”]|«[^»]*»")


@dataclass(frozen=True)
class Rule:
    """Hold words that are never said, and why.

    `but` are phrases in which, and `places` prompts where they may be said all the same.
    """

    id: str
    why: str
    words: tuple[str, ...]
    but: tuple[str, ...] = ()
    places: tuple[str, ...] = ()

    def found(self, prompt: str, said: str) -> Iterator[tuple[int, str]]:
        """Yield each of the words in a text that is written `plainly`, and where it begins."""
        if any(prompt == place or prompt.startswith(f"{place}/") for place in self.places):
            return
        if self._but is not None:
            said = self._but.sub(_blank, said)
        for match in self._words.finditer(said):
            yield match.start(), " ".join(match[0].split())

    @cached_property
    def _words(self) -> re.Pattern[str]:
        return _pattern(self.words)

    @cached_property
    def _but(self) -> re.Pattern[str] | None:
        return _pattern(self.but) if self.but else None


def plainly(text: str) -> str:
    """Return a text, as long as before, with straight apostrophes and without what stands between quotes."""
    text = text.replace("’", "'")
    return _QUOTED.sub(_blank, text) if "“" in text or "„" in text or "«" in text else text


def any_of(rules: Iterable[Rule]) -> re.Pattern[str]:
    """Return what finds a word of any rule, so that most texts are looked at once."""
    return _pattern(tuple(word for rule in rules for word in rule.words))


def _blank(match: re.Match[str]) -> str:
    """Return as many characters that are no word, with the lines where they were."""
    return re.sub(r"[^\n]", " ", match[0])


def _pattern(phrases: tuple[str, ...]) -> re.Pattern[str]:
    parts = (
        r"\s+".join(re.escape(word).replace(r"\*", _LETTERS) for word in phrase.replace("’", "'").split())
        for phrase in phrases
    )
    return re.compile(rf"(?<!\w)(?:{'|'.join(parts)})(?!\w)", re.IGNORECASE)


def read_never(folder: Path) -> tuple[tuple[Rule, ...], list[Fault]]:
    """Read the list of one language, with every fault of it; a language may have none."""
    path = folder / NEVER
    if not path.is_file():
        return (), []
    tree, faults = read(path.read_bytes(), str(path))
    if tree is None:
        return (), faults
    out = Findings(tree)
    found: tuple[Rule, ...] = _FILE.read(tree.data, (), out) or ()
    return found, [*faults, *out.faults]


def _rule(entry: Entry) -> Rule | None:
    if "words" not in entry.found:
        return None
    return Rule(entry.id, entry.get("why", ""), entry.get("words"), entry.get("but", ()), entry.get("in", ()))


def _rules(entry: Entry) -> tuple[Rule, ...]:
    return tuple(one for one in entry.get("rules", {}).values() if one is not None)


_RULE = Record(
    "rule",
    {
        "why": Field(TEXT, "Why nobody should read these words.", required=True),
        "words": Field(Many(TEXT), "The words; `*` stands for any letters.", required=True),
        "but": Field(Many(TEXT), "Phrases in which they are right."),
        "in": Field(
            Many(Word("the name of a prompt or of a folder", "[A-Za-z0-9_/-]+", "Y130", "as in `why`")),
            "Prompts, or folders of them, that may say them.",
        ),
    },
    _rule,
)
_FILE = Record(
    "list of words",
    {
        "schema": Field(Choice(("never/1",), "Y133"), "The format: never/1.", required=True),
        "rules": Field(Keyed(_RULE, ID), "The rules by id.", required=True),
    },
    _rules,
)
