"""Why pages: short answers with a source, found by id, by title, by a synonym or by a question in free words.

`flows/why.yaml` (`schema: why/1`) holds `pages:` by id: `title`, `synonyms: [...]`, `claim: strong`,
`moderate` or `theory`, `source`, an optional `doi`, `reviewed_on` and `expires_on`. The words of a page are
the prompt `why/<id>`, at most 120 of them.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from math import log
from typing import Any

from bot.content.faults import Fault
from bot.content.records import Reader, Stamp
from bot.content.yaml12 import Tree
from bot.safety.normalise import normalise

SCHEMA = "why/1"
CLAIMS = ("strong", "moderate", "theory")
MOST_WORDS = 120
LONGEST_QUESTION = 300
"""Characters of a question that are looked at; the work stays bounded whatever is pasted."""
_CLEAR = 0.62
"""How alike a question and a page must be, from 0 to 1; found on questions written for the tests."""
_LEAD = 0.05


@dataclass(frozen=True, slots=True)
class WhyPage:
    """Describe one page. `stamp` says where it comes from and until when somebody vouches for it."""

    id: str
    title: str
    synonyms: tuple[str, ...]
    claim: str
    stamp: Stamp | None
    doi: str = ""

    @property
    def source(self) -> str:
        """Return the source in words, empty when none is told."""
        return self.stamp.source if self.stamp else ""

    @property
    def names(self) -> tuple[str, ...]:
        """Return everything the page is asked for by."""
        return (
            self.id.replace("-", " "),
            self.id.removeprefix("why-").replace("-", " "),
            self.title,
            *self.synonyms,
        )


class Pages(Mapping[str, WhyPage]):
    """Hold the pages by id, and find one by the words somebody asks with."""

    def __init__(self, pages: Mapping[str, WhyPage] | None = None) -> None:
        self._pages = dict(pages or {})

    def __getitem__(self, page: str) -> WhyPage:
        return self._pages[page]

    def __iter__(self) -> Iterator[str]:
        return iter(self._pages)

    def __len__(self) -> int:
        return len(self._pages)

    def find(self, words: str) -> str | None:
        """Return the id of the page a question is about, None when none is clearly meant."""
        asked = _words(words[:LONGEST_QUESTION])
        if not asked:
            return None
        if asked in self._exact:
            return self._exact[asked]
        scores = sorted(((self._likeness(asked, page), page) for page in self._pages), reverse=True)
        best, page = scores[0] if scores else (0.0, "")
        rival = scores[1][0] if len(scores) > 1 else 0.0
        return page if best >= _CLEAR and best - rival >= _LEAD else None

    def expired(self, today: date) -> list[Fault]:
        """Return a fault for every page whose review is out of date."""
        return [
            Fault("G813", one.spot, f"{one.what} was to be reviewed by {one.expires_on}",
                  "read its source again, then set `reviewed_on` and `expires_on`")
            for page in self._pages.values() if (one := page.stamp) and one.expires_on < today
        ]  # fmt: skip

    @cached_property
    def _names(self) -> dict[str, tuple[tuple[str, ...], ...]]:
        return {
            one.id: tuple(dict.fromkeys(_words(name) for name in one.names)) for one in self._pages.values()
        }

    @cached_property
    def _exact(self) -> dict[tuple[str, ...], str]:
        return {name: page for page, names in reversed(self._names.items()) for name in names}

    @cached_property
    def _weights(self) -> dict[str, float]:
        """Weigh each word by how few pages use it, so that `why` and `do` tell little."""
        used = Counter(
            word for names in self._names.values() for word in {word for name in names for word in name}
        )
        return {word: log(1 + len(self._pages) / count) for word, count in used.items()}

    def _likeness(self, asked: tuple[str, ...], page: str) -> float:
        return max(self._overlap(asked, name) for name in self._names[page])

    def _overlap(self, asked: tuple[str, ...], name: tuple[str, ...]) -> float:
        """Return the shared weight of two sets of words, from 0 to 1."""
        both = self._weigh(set(asked) & set(name))
        return 2 * both / ((self._weigh(set(asked)) + self._weigh(set(name))) or 1)

    def _weigh(self, words: set[str]) -> float:
        unknown = log(1 + len(self._pages))
        return sum(self._weights.get(word, unknown) for word in words)


def _words(text: str) -> tuple[str, ...]:
    """Return the words of a text as they are compared: normalised, without marks or plural ends."""
    spoken = "".join(c if c.isalnum() else " " for c in normalise(text).replace("'", ""))
    return tuple(_stem(word) for word in spoken.split())


def _stem(word: str) -> str:
    for end in ("ing", "ed", "s"):
        if word.endswith(end) and len(word) - len(end) > 2:  # noqa: PLR2004 -- shorter words are no stems
            return word.removesuffix(end)
    return word


def read_pages(tree: Tree) -> tuple[Pages, list[Fault]]:
    """Read the pages out of a file, with every fault of it."""
    reader = Reader(tree, "G810")
    if not reader.schema(SCHEMA, ("pages",)):
        return Pages(), reader.faults
    return Pages({page: _page(reader, page) for page in reader.mapping("pages")}), reader.faults


def _page(reader: Reader, page: str) -> WhyPage:
    path = ("pages", page)
    record = reader.mapping(*path)
    known = ("title", "synonyms", "claim", "source", "doi", "reviewed_on", "expires_on")
    reader.unknown(record, known, *path)
    claim = reader.text(record, "claim", *path)
    if claim and claim not in CLAIMS:
        reader.blame(
            f"{claim!r} is no strength of a claim", *path, "claim", fix=f"one of {', '.join(CLAIMS)}"
        )
    return WhyPage(
        page,
        reader.text(record, "title", *path),
        _synonyms(reader, record, page),
        claim,
        reader.stamp(page, record, "reviewed_on", *path),
        reader.text(record, "doi", *path, needed=False),
    )


def _synonyms(reader: Reader, record: dict[str, Any], page: str) -> tuple[str, ...]:
    found = record.get("synonyms", [])
    if isinstance(found, list) and all(isinstance(one, str) for one in found):
        return tuple(found)
    reader.blame("'synonyms' is no list of texts", "pages", page, "synonyms", fix="put each in quotes")
    return ()
