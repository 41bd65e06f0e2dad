"""Records: mappings whose keys are a table, from which they are read and described to editors."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from bot.content.faults import did_you_mean
from bot.content.findings import Findings
from bot.content.places import Path
from bot.content.shapes import Schema, Shape

_FEW = 8
"""Keys that fit into one line of a message."""


@dataclass(frozen=True, slots=True)
class Field:
    """Describe one key of a record: its value, a line for the author's editor, whether it must be there."""

    shape: Shape
    note: str
    required: bool = False


@dataclass(slots=True)
class Entry:
    """Hold what was read of a record; `paths` says under which key each part is really written."""

    at: Path
    out: Findings
    written: Mapping[str, Any]
    found: dict[str, Any] = field(default_factory=dict)
    paths: dict[str, Path] = field(default_factory=dict)

    @property
    def id(self) -> str:
        """Return the key under which the record stands."""
        return str(self.at[-1])

    def get(self, key: str, default: Any = None) -> Any:
        """Return a part that could be read, else the default."""
        return self.found.get(key, default)

    def raw(self, key: str) -> Any:
        """Return a part as the author wrote it, None where it is missing."""
        return self.written[str(self.paths[key][-1])] if key in self.paths else None

    def given(self, key: str) -> bool:
        """Tell whether a key is there, be its value right or wrong."""
        return key in self.paths


@dataclass(frozen=True, slots=True)
class Record:
    """Read a mapping whose keys are fixed, and build our type from what could be read.

    A misspelt key is noted and read as the key that is meant, so that nothing follows from it.
    """

    title: str
    fields: Mapping[str, Field]
    build: Callable[[Entry], Any]
    rules: Schema = field(default_factory=dict)
    note: str = ""
    instead: Callable[[Path], Any] | None = None
    """What to build where no mapping is written, so that its name is known all the same."""
    needed: frozenset[str] = field(init=False)

    def __post_init__(self) -> None:
        """Note the keys that must be there."""
        needed = frozenset(key for key, one in self.fields.items() if one.required)
        object.__setattr__(self, "needed", needed)

    @property
    def what(self) -> str:
        """Name the mapping."""
        return f"a mapping with the keys of {'an' if self.title[0] in 'aeiou' else 'a'} {self.title}"

    def read(self, value: Any, at: Path, out: Findings) -> Any:
        """Return what `build` makes of the parts."""
        if value.__class__ is not dict:
            out.kind(at, value, self.what)
            return None if self.instead is None else self.instead(at)
        entry = Entry(at, out, value)
        fields, found, paths = self.fields, entry.found, entry.paths
        for key, part in value.items():
            meant = key if key in fields else self._meant(key, value, at, out)
            if meant is not None:
                path = paths[meant] = (*at, key)
                read = fields[meant].shape.read(part, path, out)
                if read is not None:
                    found[meant] = read
        if not self.needed <= paths.keys():
            self._missing(entry, value)
        return self.build(entry)

    def _meant(self, key: str, value: Mapping[str, Any], at: Path, out: Findings) -> str | None:
        """Note an unknown key, and return the one that is meant where it is not there as well."""
        near = did_you_mean(key, self.fields)
        few = len(self.fields) <= _FEW
        keys = f"there are {', '.join(self.fields)}" if few else "flows/README.md lists its keys"
        fix = f"did you mean `{near}`?" if near and near not in value else keys
        out.key("Y120", (*at, key), f"{self.named(value, at)} has no key `{key}`", fix)
        return near if near not in value else None

    def _missing(self, entry: Entry, value: Mapping[str, Any]) -> None:
        for key, one in self.fields.items():
            if key in self.needed and key not in entry.paths:
                fix = f"add it: {one.note[0].lower()}{one.note[1:].rstrip('.')}"
                entry.out.key("Y121", entry.at, f"{self.named(value, entry.at)} needs `{key}`", fix)

    def named(self, value: Mapping[str, Any], at: Path) -> str:
        """Name one such record: by its id, by its key, or by what it is."""
        own = value.get("id")
        if isinstance(own, str):
            return f"{self.title} {own!r}"
        return f"{self.title} {at[-1]!r}" if self.title in {"state", "slot"} else f"the {self.title}"

    def schema(self, shared: dict[str, Schema]) -> Schema:
        """Return a reference to the record, described once."""
        name = self.title.replace(" ", "_")
        if name not in shared:
            shared[name] = {}
            shared[name].update(self._described(shared))
        return {"$ref": f"#/definitions/{name}"}

    def _described(self, shared: dict[str, Schema]) -> Schema:
        properties = {
            key: {"description": one.note, **one.shape.schema(shared)} for key, one in self.fields.items()
        }
        required = [key for key in self.fields if key in self.needed]
        told = {"description": self.note} if self.note else {}
        needed = {"required": required} if required else {}
        closed = {"additionalProperties": False}
        return {"type": "object", **told, "properties": properties, **needed, **closed, **self.rules}
