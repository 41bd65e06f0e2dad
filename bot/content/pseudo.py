"""A language nobody speaks: the English with accents, 40 % longer and in brackets, made in memory.

What shows without accents cannot be translated, what shows without its last bracket was cut off, and what
does not fit will not fit in German either. Slots, jinja, marks, commands, numbers and addresses stay.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import replace
from itertools import cycle, islice

from bot.content.folders import SOURCE
from bot.content.library import Content
from bot.content.sources import ENDING, Source, Variant, fingerprint
from bot.content.words import OPTIONS, Entry
from bot.dialogue.flows import Globals

LANGUAGE = "pseudo"
HEARD_AS = {LANGUAGE: SOURCE}
"""Nobody writes it, so who is spoken to in it is heard as who is spoken to in English."""
LONGER = 0.4
"""How much longer than the English: what German or Spanish may need of a sentence, and more of a word."""
_ACCENTS = str.maketrans(
    "ABCDEFGHIJKLMNOPQRSTUVWYZabcdefghijklmnopqrstuvwyz",
    "ÅƁÇÐÉƑĜĤÎĴĶĻṀÑÖÞǪŔŠŢÛṼŴÝŽåƀçðéƒĝĥîĵķļṁñöþǫŕšţûṽŵýž",
)
_JINJA = re.compile(r"(\{\{.*?\}\}|\{%.*?%\}|\{#.*?#\})", re.DOTALL)
_DEFAULT = re.compile(r"(?<=default\(')([^'\\]*)(?='\))")
_KEPT = re.compile(r"(https?://\S+|[/@][A-Za-z_]+|[\w.]+\.(?:com|org|net)\b|\S*\d\S*|\\.)")
_WORD = re.compile(r"[A-Za-z]+")
_VOWELS = frozenset("aeiouyAEIOUY")


def pseudo(text: str) -> str:
    """Return one wording, its jinja intact, in brackets."""
    if not text.strip():
        return text
    lead = len(text) - len(text.lstrip())
    tail = len(text.rstrip())
    stretched = _Stretcher()
    parts = _JINJA.split(text[lead:tail])
    said = [
        _shown(part, stretched) if place % 2 else _told(part, stretched) for place, part in enumerate(parts)
    ]
    return f"{text[:lead]}[{''.join(said)}]{text[tail:]}"


def plain_pseudo(text: str) -> str:
    """Return a label, in which nothing is jinja, in brackets."""
    return f"[{_told(text, _Stretcher())}]"


def _shown(jinja: str, stretched: Callable[[str], str]) -> str:
    """Leave jinja as it is but for the words that stand in for a slot that is not set."""
    return _DEFAULT.sub(lambda found: _told(found[1], stretched), jinja)


def _told(text: str, stretched: Callable[[str], str]) -> str:
    parts = _KEPT.split(text)
    return "".join(
        part if place % 2 else _WORD.sub(lambda found: stretched(found[0]), part)
        for place, part in enumerate(parts)
    )


class _Stretcher:
    """Lengthen word after word, so that the whole grows by the right measure."""

    def __init__(self) -> None:
        self._owed = 0.0

    def __call__(self, word: str) -> str:
        """Return a word with accents and some of its vowels twice."""
        self._owed += len(word) * LONGER
        more = int(self._owed)
        self._owed -= more
        places = [place for place, letter in enumerate(word) if letter in _VOWELS] or [len(word) - 1]
        extra = list(islice(cycle(places), more))
        return "".join(letter * (1 + extra.count(place)) for place, letter in enumerate(word)).translate(
            _ACCENTS
        )


def speaking_pseudo(content: Content) -> Content:
    """Return what was loaded with the language added, in place, and open to be chosen."""
    prompts = content.prompts.sources
    prompts.hold(LANGUAGE, {name: _source(source) for name, source in prompts.of(SOURCE).items()})
    entries = content.words.entries().items()
    content.words.hold(
        LANGUAGE, {key: replace(entry, label=plain_pseudo(entry.label), stamp=None) for key, entry in entries}
    )
    return replace(content, flows=replace(content.flows, globals=_chosen(content.flows.globals)))


def _chosen(common: Globals) -> Globals:
    slot = common.memory.get("language")
    if slot is None:
        return common
    return replace(common, memory={**common.memory, slot.id: replace(slot, of=(*slot.of, LANGUAGE))})


def pseudo_files(content: Content) -> dict[str, str]:
    """Return the files of the language by their names below its folder, as a translation is written."""
    prompts, words = content.prompts.sources, content.words
    files = {name + ENDING: _file(source) for name, source in prompts.of(LANGUAGE).items()}
    rows: dict[str, list[str]] = {}
    for key, entry in words.entries(LANGUAGE).items():
        folder = key.rpartition("/")[0]
        rows.setdefault(f"{folder}/{OPTIONS}", []).append(_row(entry, words.entries()[key].label))
    return files | {file: "".join(each) for file, each in rows.items()}


def _file(source: Source) -> str:
    return f"{{# source: {source.hash} #}}\n" + "---\n".join(one.text for one in source.variants)


def _row(entry: Entry, english: str) -> str:
    told = {"label": entry.label, "source": fingerprint(english), "says": list(entry.says)}
    parts = (f"  {key}: {json.dumps(value, ensure_ascii=False)}\n" for key, value in told.items())
    return f"{entry.name}:\n{''.join(parts)}"


def _source(source: Source) -> Source:
    variants = tuple(Variant(pseudo(one.text), one.line) for one in source.variants)
    return Source(source.file, variants, source.hash, source.hash)
