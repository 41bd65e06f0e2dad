"""How each thing stands in a language: translated, missing, overtaken, or with nobody keeping track."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeAlias

from bot.authoring.i18n.catalogue import Item, Kind, body, written
from bot.content.library import Content
from bot.content.sources import STAMP

State: TypeAlias = Literal["translated", "missing", "stale", "untracked"]
ENOUGH = 25
"""Phrases an answer should have: with fewer, what people really write is often not heard."""


@dataclass(frozen=True, slots=True)
class Standing:
    """Hold the present translation of an item, empty where there is none, and the hash it was made from."""

    text: str
    stamp: str | None
    state: State


def standing(content: Content, item: Item, lang: str) -> Standing:
    """Look up how an item stands in a language."""
    text, stamp = _prompt(content, item, lang) if item.kind == "prompt" else _entry(content, item, lang)
    if not text:
        return Standing("", None, "missing")
    if item.kind == "phrases":  # each language has its own, and is not measured against the English
        return Standing(text, None, "translated")
    if stamp is None:
        return Standing(text, None, "untracked")
    return Standing(text, stamp, "translated" if item.hash.startswith(stamp) else "stale")


def _prompt(content: Content, item: Item, lang: str) -> tuple[str, str | None]:
    source = content.prompts.sources.of(lang).get(item.name)
    if source is None:
        return "", None
    text = written(source.file)
    stamp = STAMP.match(text)
    return body(text[stamp.end() :] if stamp else text), source.stamp


def _entry(content: Content, item: Item, lang: str) -> tuple[str, str | None]:
    entry = content.words.entries(lang).get(item.name)
    if entry is None:
        return "", None
    return (entry.label, entry.stamp) if item.kind == "label" else ("\n".join(entry.says), None)


# --- how a language stands -------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Count:
    """Hold the names of one kind of item by how they stand; `short` those with fewer phrases than enough."""

    kind: Kind
    by: dict[State, tuple[str, ...]]
    short: tuple[str, ...] = ()

    @property
    def open(self) -> tuple[str, ...]:
        """Return what there is to do: missing or overtaken."""
        return (*self.by["missing"], *self.by["stale"])


def counts(content: Content, items: tuple[Item, ...], lang: str) -> tuple[Count, ...]:
    """Count prompts, labels and phrases of a language."""
    found = []
    kinds: tuple[Kind, ...] = ("prompt", "label", "phrases")
    for kind in kinds:
        states: tuple[State, ...] = ("translated", "missing", "stale", "untracked")
        by: dict[State, list[str]] = {state: [] for state in states}
        short = []
        for item in items:
            if item.kind == kind:
                now = standing(content, item, lang)
                by[now.state].append(item.name)
                if kind == "phrases" and now.text.count("\n") + 1 < ENOUGH and now.text:
                    short.append(item.name)
        found.append(Count(kind, {state: tuple(names) for state, names in by.items()}, tuple(short)))
    return tuple(found)
