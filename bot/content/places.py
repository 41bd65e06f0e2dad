"""Where each part of a document stands, found only when somebody asks.

Content without faults never asks, so the reader does not pay for it; a document that has one is walked again.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property
from typing import Any, TypeAlias

from yaml._yaml import CParser
from yaml.events import (
    AliasEvent,
    DocumentStartEvent,
    MappingEndEvent,
    MappingStartEvent,
    ScalarEvent,
    SequenceEndEvent,
)

from bot.content.faults import Spot

Path: TypeAlias = tuple[str | int, ...]
Found: TypeAlias = dict[Path, Spot]


class Places:
    """Look places up in the text of a document that could be read."""

    def __init__(self, text: str, file: str) -> None:
        self.text, self.file = text, file

    @cached_property
    def _walked(self) -> _Walk:
        walk = _Walk(CParser(self.text).get_event, self.file)
        walk.document()
        return walk

    @property
    def values(self) -> Found:
        """Return the place of every value."""
        return self._walked.values

    @property
    def keys(self) -> Found:
        """Return the place of every key."""
        return self._walked.keys

    def inside(self, spot: Spot, offset: int) -> Spot:
        """Return the place of the character at `offset` of the text that begins at `spot`.

        A text over several lines is pointed to at its beginning.
        """
        line = self.text.split("\n")[spot.line - 1]
        start = spot.column - 1
        quote = line[start : start + 1]
        if quote in {"|", ">"}:
            return spot
        at = start + 1 if quote in {"'", '"'} else start
        for _ in range(offset):
            at += _width(line, at, quote)
        return spot._replace(column=at + 1) if at <= len(line) else spot


def _width(line: str, at: int, quote: str) -> int:
    """Return how many characters of the file write one character of a text: two where it is escaped."""
    pair = line[at : at + 2]
    return 2 if (quote == "'" and pair == "''") or (quote == '"' and pair[:1] == "\\") else 1


class _Walk:
    """Note the place of every key and value, the first where a key is there twice."""

    def __init__(self, events: Callable[[], Any], file: str) -> None:
        self.next, self.file = events, file
        self.values: Found = {}
        self.keys: Found = {}
        self.anchors: dict[Any, Path] = {}

    def document(self) -> None:
        """Walk the document; where there are several, all as one."""
        self.next()
        while self.next().__class__ is DocumentStartEvent:
            self.value(self.next(), ())
            self.next()

    def spot(self, mark: Any) -> Spot:
        """Turn the parser's mark into a place."""
        return Spot(self.file, mark.line + 1, mark.column + 1)

    def value(self, event: Any, path: Path) -> None:
        """Note the value that begins with this event, and all in it."""
        self.values.setdefault(path, self.spot(event.start_mark))
        if event.__class__ is AliasEvent:
            self.alias(path, self.anchors.get(event.anchor))
            return
        if event.anchor is not None:
            self.anchors[event.anchor] = path
        if event.__class__ is MappingStartEvent:
            self.mapping(path)
        elif event.__class__ is not ScalarEvent:
            self.sequence(path)

    def sequence(self, path: Path) -> None:
        """Note the items of a list."""
        index = 0
        while (event := self.next()).__class__ is not SequenceEndEvent:
            self.value(event, (*path, index))
            index += 1

    def mapping(self, path: Path) -> None:
        """Note the entries of a mapping."""
        while (event := self.next()).__class__ is not MappingEndEvent:
            entry = (*path, event.value if event.__class__ is ScalarEvent else "?")
            if event.__class__ is ScalarEvent:
                self.keys.setdefault(entry, self.spot(event.start_mark))
            else:
                self.value(event, entry)
            self.value(self.next(), entry)

    def alias(self, path: Path, source: Path | None) -> None:
        """Let the parts of an alias stand where its anchor's parts stand: there they are mended."""
        if source is None:
            return
        size = len(source)
        for places in (self.values, self.keys):
            parts = [part for part in places if len(part) > size and part[:size] == source]
            for part in parts:
                places.setdefault(path + part[size:], places[part])
