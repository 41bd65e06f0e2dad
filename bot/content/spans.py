"""Where each value of a document begins and ends, so that one can be changed and all else stays."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from yaml._yaml import CParser
from yaml.events import MappingEndEvent, MappingStartEvent, ScalarEvent, SequenceEndEvent

from bot.content.places import Path


@dataclass(frozen=True, slots=True)
class Stretch:
    """Hold the characters from `start` to `end` (not included) that write a value, beginning in a `column`.

    `key` is where the entry's key begins. What is `inline` is a text, or stands in braces or brackets.
    """

    start: int
    end: int
    column: int
    inline: bool
    key: int


def stretches(text: str) -> dict[Path, Stretch]:
    """Return the stretch of every value of a document that could be read, by its path; no aliases."""
    return dict(_Reader(text).document())


class _Reader:
    """Walk the events; a block ends where its last value ends, and not where the next thing begins."""

    def __init__(self, text: str) -> None:
        self.next: Callable[[], Any] = CParser(text).get_event
        self.closed = 0

    def document(self) -> Iterator[tuple[Path, Stretch]]:
        """Yield the stretches of the first document."""
        self.next()
        self.next()
        yield from self.value(self.next(), (), 0)

    def value(self, event: Any, path: Path, key: int) -> Iterator[tuple[Path, Stretch]]:
        """Yield the stretches in a value, and then its own."""
        start, end = event.start_mark, event.end_mark.index
        inline = True
        if event.__class__ is not ScalarEvent:
            inline = bool(event.flow_style)
            inside = self.entries if event.__class__ is MappingStartEvent else self.items
            for at, stretch in inside(path):
                end = max(end, stretch.end)
                yield at, stretch
            end = self.closed if inline else end
        yield path, Stretch(start.index, end, start.column, inline, key)

    def entries(self, path: Path) -> Iterator[tuple[Path, Stretch]]:
        """Yield what is in a mapping."""
        while (event := self.next()).__class__ is not MappingEndEvent:
            yield from self.value(self.next(), (*path, event.value), event.start_mark.index)
        self.close(event)

    def items(self, path: Path) -> Iterator[tuple[Path, Stretch]]:
        """Yield what is in a list."""
        place = 0
        while (event := self.next()).__class__ is not SequenceEndEvent:
            yield from self.value(event, (*path, place), event.start_mark.index)
            place += 1
        self.close(event)

    def close(self, event: Any) -> None:
        """Note where a mapping or list in braces or brackets ends; that of a block is too far on."""
        self.closed = event.end_mark.index
