"""YAML as authors mean it: YAML 1.2, every fault with its place, and nothing that can hurt the reader."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from yaml._yaml import CParser
from yaml.error import YAMLError
from yaml.events import (
    AliasEvent,
    DocumentStartEvent,
    MappingEndEvent,
    MappingStartEvent,
    ScalarEvent,
    SequenceEndEvent,
    StreamEndEvent,
)

from bot.content.faults import Fault, Spot
from bot.content.places import Path, Places
from bot.content.scalars import Plain
from bot.content.tree import Tree, named
from bot.content.yaml_syntax import clean, explain

__all__ = ["Path", "Tree", "named", "read"]

LARGEST = 1_000_000
"""Characters of a file: thirty times the longest flow anyone should read."""
DEEPEST, MOST = 32, 20_000
"""How deep values may nest, and how many values aliases may repeat in one file."""


def read(text: str | bytes, file: str) -> tuple[Tree | None, list[Fault]]:
    """Read one document; the tree is None when nothing of it can be used."""
    cleaned, faults = clean(text, file)
    if cleaned is None:
        return None, faults
    if len(cleaned) > LARGEST:
        fix = "split it into several"
        wrong = f"the file has more than {LARGEST:,} characters"
        return None, [*faults, Fault("Y110", Spot(file), wrong, fix)]
    reader = _Reader(cleaned, file)
    found = reader.document()
    faults += reader.faults
    return (Tree(file, found[0], Places(cleaned, file), tuple(faults)) if found else None), faults


class _Enough(Exception):
    """Unwind the reader where a file is larger than any flow needs to be."""


@dataclass(slots=True)
class _Anchor:
    """Keep what an anchor names, once it is complete, and how many values it holds."""

    value: Any = None
    size: int | None = None


class _Reader:
    """Build plain data from the events of the C parser.

    It walks events and not composed nodes: the C composer overflows its stack on deep input, and cannot say
    which key is a duplicate.
    """

    def __init__(self, text: str, file: str) -> None:
        self.text, self.file = text, file
        self.faults: list[Fault] = []
        self.next: Callable[[], Any] = CParser(text).get_event
        self.plain = Plain()
        self.anchors: dict[str, _Anchor] = {}
        self.depth = self.count = self.repeated = 0
        self.last: Any = None

    def document(self) -> tuple[Any] | None:
        """Return the data of the one document in a tuple, or None when it cannot be read."""
        try:
            return self._document()
        except YAMLError as error:
            self.faults += explain(error, self.text, self.file, self.last)
        except _Enough:
            pass
        return None

    def _document(self) -> tuple[Any] | None:
        self.next()
        if self.next().__class__ is StreamEndEvent:
            self.faults.append(Fault("Y102", Spot(self.file), "the file is empty", "write it, or remove it"))
            return None
        value = self.value(self.next())
        self.next()
        while (following := self.next()).__class__ is DocumentStartEvent:
            self.fault("Y108", following.start_mark, "a second document begins here", "remove the `---`")
            more = self.value(self.next())
            self.next()
            if isinstance(value, dict) and isinstance(more, dict):
                value = more | value
        return (value,)

    def fault(self, code: str, mark: Any, message: str, fix: str = "") -> None:
        """Report a fault at a mark."""
        self.faults.append(Fault(code, Spot(self.file, mark.line + 1, mark.column + 1), message, fix))

    def value(self, event: Any) -> Any:
        """Return the data of the value that begins with this event."""
        if event.anchor is not None:
            return self.alias(event) if event.__class__ is AliasEvent else self.anchored(event)
        if event.__class__ is not ScalarEvent:
            return self.collection(event)
        return self.plain[event.value] if event.implicit[0] else self.quoted(event)

    def quoted(self, event: Any) -> Any:
        """Return a text that is no plain scalar, as it is."""
        self.last = event
        if event.tag is not None:
            self.tagged(event)
        return event.value

    def tagged(self, event: Any) -> None:
        """Refuse a tag."""
        tag = event.tag.replace("tag:yaml.org,2002:", "!!")
        self.fault("Y107", event.start_mark, f"the tag {tag!r} is not allowed", "remove it")

    def collection(self, event: Any) -> Any:
        """Return a mapping or a list, no deeper than allowed."""
        if event.tag is not None:
            self.tagged(event)
        self.depth += 1
        if self.depth > DEEPEST:
            self.fault("Y110", event.start_mark, f"values nest more than {DEEPEST} deep", "write it flatter")
            raise _Enough
        value = self.mapping() if event.__class__ is MappingStartEvent else self.sequence()
        self.depth -= 1
        self.count += len(value)
        return value

    def sequence(self) -> list[Any]:
        """Return the list whose start was read."""
        following, value = self.next, self.value
        items: list[Any] = []
        while (event := following()).__class__ is not SequenceEndEvent:
            items.append(value(event))
        return items

    def mapping(self) -> dict[str, Any]:
        """Return the mapping whose start was read; of two equal keys the first counts."""
        following, value = self.next, self.value
        entries: dict[str, Any] = {}
        places: dict[str, Any] = {}
        while (event := following()).__class__ is not MappingEndEvent:
            key, item = value(event), value(following())
            if key.__class__ is not str or key == "<<":
                self.wrong_key(key, event)
            elif key in entries:
                self.duplicate(key, places[key], event.start_mark)
            else:
                entries[key] = item
                places[key] = event.start_mark
        return entries

    def wrong_key(self, key: object, event: Any) -> None:
        """Refuse a key that is no text, or that would merge."""
        if key == "<<":
            wrong, fix = "YAML 1.2 does not merge with `<<`", "write the entries out"
            self.fault("Y109", event.start_mark, wrong, fix)
            return
        scalar = event.__class__ is ScalarEvent and event.value
        fix = (
            f'write "{event.value}" in quotes' if scalar else "put a text with braces or brackets into quotes"
        )
        self.fault("Y106", event.start_mark, f"a key has to be text, not {named(key)}", fix)

    def duplicate(self, key: str, first: Any, again: Any) -> None:
        """Refuse the second of two equal keys, naming both places."""
        fix = f"it stands already at line {first.line + 1}, column {first.column + 1}"
        self.fault("Y105", again, f"the key {key!r} is here a second time", fix)

    def anchored(self, event: Any) -> Any:
        """Return the data of a value that has an anchor, and keep it for its aliases."""
        anchor = self.anchors[event.anchor] = _Anchor()
        event.anchor = None
        before = self.count
        anchor.value = self.value(event)
        anchor.size = self.count - before + 1
        return anchor.value

    def alias(self, event: Any) -> Any:
        """Return what an alias repeats, as long as it stays small."""
        anchor = self.anchors.get(event.anchor)
        if anchor is None or anchor.size is None:
            wrong = "names no anchor above it" if anchor is None else "contains itself"
            fix = "put a text that begins with * into quotes" if anchor is None else "write the part out"
            self.fault("Y109", event.start_mark, f"the alias '*{event.anchor}' {wrong}", fix)
            return None
        self.count += anchor.size
        self.repeated += anchor.size
        if self.repeated > MOST:
            wrong = f"aliases repeat more than {MOST:,} values"
            self.fault("Y109", event.start_mark, wrong, "write them out, or split the file")
            raise _Enough
        return anchor.value
