"""The composite kinds of values: lists, mappings by id, and values that may be written in several ways."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from bot.content.findings import Findings, subject
from bot.content.naming import Word
from bot.content.places import Path
from bot.content.shapes import Schema, Shape
from bot.content.yaml12 import named


@dataclass(frozen=True, slots=True)
class Many:
    """Read a list into a tuple; with `one`, a single item may stand without its list."""

    item: Shape
    one: bool = False
    least: int = 1
    unique: bool = False

    @property
    def what(self) -> str:
        """Name the items."""
        return f"{self.item.what} or a list of them" if self.one else f"a list, each item {self.item.what}"

    def read(self, value: Any, at: Path, out: Findings) -> tuple[Any, ...] | None:
        """Return the items that could be read."""
        if value.__class__ is not list:
            return self._single(value, at, out)
        if len(value) < self.least:
            out.value("Y122", at, f"{subject(at)} takes a list with something in it", "fill it, or remove it")
            return None
        read = [self.item.read(item, (*at, place), out) for place, item in enumerate(value)]
        if self.unique:
            self._repeated(read, at, out)
        return tuple(item for item in read if item is not None)

    def _single(self, value: Any, at: Path, out: Findings) -> tuple[Any, ...] | None:
        if not self.one:
            out.kind(at, value, self.what)
            return None
        read = self.item.read(value, at, out)
        return None if read is None else (read,)

    def _repeated(self, read: list[Any], at: Path, out: Findings) -> None:
        """Note things in one list that have the same id; texts are their own id."""
        seen: set[str] = set()
        for place, item in enumerate(read):
            own = item if isinstance(item, str) else getattr(item, "id", None)
            if own in seen:
                path = (*at, place) if isinstance(item, str) else (*at, place, "id")
                out.value("Y129", path, f"{own!r} is in this list a second time", "rename or remove it")
            if own is not None:
                seen.add(own)

    def schema(self, shared: dict[str, Schema]) -> Schema:
        """Return the list, and the single item where it may stand alone."""
        item = self.item.schema(shared)
        many = {"type": "array", "items": item, "minItems": self.least}
        return {"anyOf": [item, many]} if self.one else many


@dataclass(frozen=True, slots=True)
class Keyed:
    """Read a mapping from ids to one kind of value; with a `key`, the ids are declared here."""

    item: Shape
    key: Word | None = None
    least: int = 0

    @property
    def what(self) -> str:
        """Name the values."""
        return f"a mapping from ids to {self.item.what}"

    def read(self, value: Any, at: Path, out: Findings) -> dict[str, Any] | None:
        """Return the entries that could be read."""
        if value.__class__ is not dict or len(value) < self.least:
            out.kind(at, value if value else None, self.what)
            return None
        found = {}
        for key, part in value.items():
            path = (*at, key)
            if self.key is not None:
                self._declared(key, path, out)
            read = self.item.read(part, path, out)
            if read is not None:
                found[key] = read
        return found

    def _declared(self, key: str, path: Path, out: Findings) -> None:
        word = self.key
        if word is not None and word.wrong(key):
            out.key(word.code, path, f"{key!r} is not {word.what}", word.fix)

    def schema(self, shared: dict[str, Schema]) -> Schema:
        """Return the mapping."""
        names = {} if self.key is None else {"propertyNames": self.key.schema(shared)}
        least = {"minProperties": self.least} if self.least else {}
        return {"type": "object", **names, **least, "additionalProperties": self.item.schema(shared)}


@dataclass(frozen=True, slots=True)
class Kinds:
    """Read a value that may be written in several ways, told apart by whether it is text, list or mapping."""

    what: str
    by: Mapping[type, Shape]

    def read(self, value: Any, at: Path, out: Findings) -> Any:
        """Return what the shape for this kind of value makes of it."""
        shape = self.by.get(value.__class__)
        if shape is None:
            out.value("Y122", at, f"{subject(at)} takes {self.what}, not {named(value)}")
            return None
        return shape.read(value, at, out)

    def schema(self, shared: dict[str, Schema]) -> Schema:
        """Return all ways."""
        each: list[Schema] = []
        for shape in self.by.values():
            one = shape.schema(shared)
            if one not in each:
                each.append(one)
        return each[0] if len(each) == 1 else {"anyOf": each}
