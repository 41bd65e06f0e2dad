"""Why pages: short answers with a source, found by id, by title, by a synonym or by a question in free words.

`flows/why.yaml` (`schema: why/1`) holds `pages:` by id: `title`, `synonyms: [...]`, `claim: strong`,
`moderate` or `theory`, `source`, an optional `doi`, `reviewed_on` and `expires_on`. The words of a page are
the prompt `why/<id>`, at most 120 of them.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from math import log

from bot.content.composites import Keyed, Many
from bot.content.dated import TEXT, Stamp, stamp, stamped
from bot.content.faults import Fault
from bot.content.findings import Findings
from bot.content.naming import PAGE
from bot.content.shapes import Choice
from bot.content.tables import Entry, Field, Record
from bot.content.yaml12 import Tree
from bot.safety.normalise import normalise

MOST_WORDS = 120
"""Words of a page, in every language and variant."""
LONGEST_QUESTION = 300
"""Characters of a question that are looked at; the work stays bounded whatever is pasted."""
_CLEAR, _LEAD = 0.5, 0.05
"""How alike a question and a page must be, and by how much more than the next page; found on the tests."""
_TELLING = 1.0
"""What the words they share must tell together: two questions are not alike by their `why do i`."""
_MOST_OF = 0.6
"""The part of a name that a question must hold: "what time is it" is not about "alone time"."""
_UNKNOWN, _LITTLE = 1.0, 0.1
"""How much a word tells that no page has, and one that is in every question."""
_SMALL = frozenset(
    """a an the and or of to in on at for from with about it its this that what why how is are am
    was be do can does did i im me my you your we us they them he she his her so much just
    really always not no""".split()
)
_ENDS = ("ings", "ing", "ed", "ly", "es", "s", "e")
_SHORTEST_STEM = 3


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
        if len(asked) == 1:
            return self._only(asked[0])
        scores = sorted(((self._likeness(asked, page), page) for page in self._pages), reverse=True)
        best, page = scores[0] if scores else (0.0, "")
        rival = scores[1][0] if len(scores) > 1 else 0.0
        return page if best >= _CLEAR and best - rival >= _LEAD else None

    @cached_property
    def _names(self) -> dict[str, tuple[tuple[str, ...], ...]]:
        return {
            one.id: tuple(dict.fromkeys(_words(name) for name in one.names)) for one in self._pages.values()
        }

    def _only(self, word: str) -> str | None:
        """Return the one page that has a word, None where there is no such page, or more than one."""
        small = self._weights.get(word, _UNKNOWN) <= _LITTLE
        found = [page for page, names in self._names.items() if any(word in name for name in names)]
        return found[0] if len(found) == 1 and not small else None

    def shared(self) -> Iterator[tuple[str, str, str]]:
        """Give each name that two pages are asked for by, with the later page first."""
        seen: dict[str, str] = {}
        for page, names in self._names.items():
            for name in map(" ".join, names):
                if seen.setdefault(name, page) != page:
                    yield page, seen[name], name

    @cached_property
    def _exact(self) -> dict[tuple[str, ...], str]:
        return {name: page for page, names in reversed(self._names.items()) for name in names}

    @cached_property
    def _weights(self) -> dict[str, float]:
        """Weigh each word by how few pages use it."""
        used = Counter(
            word for names in self._names.values() for word in {word for name in names for word in name}
        )
        weights = {word: log(1 + len(self._pages) / count) for word, count in used.items()}
        return weights | dict.fromkeys(map(_stem, _SMALL), _LITTLE)

    def _likeness(self, asked: tuple[str, ...], page: str) -> float:
        return max(self._overlap(set(asked), set(name)) for name in self._names[page])

    def _overlap(self, asked: set[str], name: set[str]) -> float:
        """Return the shared weight of two sets of words, from 0 to 1."""
        both, whole = self._weigh(asked & name), self._weigh(name)
        return 2 * both / (self._weigh(asked) + whole) if both >= max(_TELLING, _MOST_OF * whole) else 0.0

    def _weigh(self, words: set[str]) -> float:
        return sum(self._weights.get(word, _UNKNOWN) for word in words)


def _words(text: str) -> tuple[str, ...]:
    """Return the words of a text as they are compared: normalised, without marks or plural ends."""
    spoken = "".join(c if c.isalnum() else " " for c in normalise(text).replace("'", ""))
    return tuple(_stem(word) for word in spoken.split())


def _stem(word: str) -> str:
    for end in _ENDS:
        if word.endswith(end) and len(word) - len(end) >= _SHORTEST_STEM:
            return word.removesuffix(end)
    return word


def read_pages(tree: Tree) -> tuple[Pages | None, list[Fault]]:
    """Read the pages out of a file, with every fault of it; None where nothing can be used."""
    out = Findings(tree)
    found: Pages | None = PAGES.read(tree.data, (), out)
    return found, out.faults


def _page(entry: Entry) -> WhyPage:
    return WhyPage(
        entry.id,
        entry.get("title", ""),
        entry.get("synonyms", ()),
        entry.get("claim", "theory"),
        stamp(entry, "reviewed_on"),
        entry.get("doi", ""),
    )


def _pages(entry: Entry) -> Pages:
    return Pages(entry.get("pages", {}))


_PAGE = Record(
    "why page",
    {
        "title": Field(TEXT, "What it answers, as a question or a statement.", required=True),
        "synonyms": Field(Many(TEXT, least=0), "Other words people ask for it by."),
        "claim": Field(Choice(("strong", "moderate", "theory")), "How sure it is.", required=True),
        "doi": Field(TEXT, "The DOI of its source, where there is one."),
        **stamped("reviewed_on"),
    },
    _page,
)
PAGES = Record(
    "list of why pages",
    {
        "schema": Field(Choice(("why/1",), "Y133"), "The format: why/1.", required=True),
        "pages": Field(Keyed(_PAGE, PAGE), "The pages, by id.", required=True),
    },
    _pages,
    note="What `/why` explains.",
)
