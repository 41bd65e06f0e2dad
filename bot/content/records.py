"""Small records of text in YAML, such as one helpline: every field checked, every fault told at once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from bot.content.faults import Fault, Spot, did_you_mean
from bot.content.yaml12 import Tree


@dataclass(frozen=True, slots=True)
class Stamp:
    """Say where a statement comes from and until when somebody vouches for it."""

    what: str
    source: str
    checked_on: date
    expires_on: date
    spot: Spot


@dataclass
class Reader:
    """Read records out of one tree and gather their faults under one code."""

    tree: Tree
    code: str
    faults: list[Fault] = field(default_factory=list)

    def blame(self, message: str, *path: str | int, fix: str = "") -> None:
        """Report a fault at the key of a path, or at the value where a list holds it."""
        self.faults.append(Fault(self.code, self.tree.key_spot(*path), message, fix))

    def at(self, *path: str | int) -> Any:
        """Return the value at a path, None where there is none."""
        value = self.tree.data
        for step in path:
            value = value.get(step) if isinstance(value, dict) else None
        return value

    def mapping(self, *path: str) -> dict[str, Any]:
        """Return the mapping at a path, empty (and a fault) where there is none."""
        value = self.at(*path)
        if isinstance(value, dict):
            return value
        name = path[-1] if path else "the file"
        self.blame(f"{name} is no mapping", *path, fix="write `key: value` lines")
        return {}

    def schema(self, expected: str, known: Sequence[str]) -> bool:
        """Tell whether the file is of the expected schema, and report it and unknown keys if not."""
        top = self.mapping()
        if top and top.get("schema") != expected:
            self.blame(
                f"this file is not `schema: {expected}`", "schema", fix=f"begin it with `schema: {expected}`"
            )
        self.unknown(top, ("schema", *known))
        return bool(top)

    def unknown(self, value: dict[str, Any], known: Sequence[str], *path: str) -> None:
        """Report every key that is not known."""
        for key in value.keys() - set(known):
            near = did_you_mean(str(key), known)
            self.blame(
                f"unknown key {key!r}", *path, key, fix=f"did you mean {near!r}?" if near else "remove it"
            )

    def text(self, value: dict[str, Any], key: str, *path: str, needed: bool = True) -> str:
        """Return a text field, trimmed; empty (and a fault, if it is needed) where there is none."""
        found = value.get(key)
        if isinstance(found, str) and found.strip():
            return found.strip()
        if key in value:
            self.blame(f"{key!r} is no text", *path, key, fix="write it in quotes")
        elif needed:
            self.blame(f"{key!r} is missing", *path, fix="add it")
        return ""

    def day(self, value: dict[str, Any], key: str, *path: str) -> date | None:
        """Return a field that holds a day as YYYY-MM-DD, None (and a fault) where it does not."""
        text = self.text(value, key, *path)
        try:
            return date.fromisoformat(text) if text else None
        except ValueError:
            self.blame(f"{key!r} is no day", *path, key, fix="write it as YYYY-MM-DD")
            return None

    def stamp(self, what: str, value: dict[str, Any], checked: str, *path: str) -> Stamp | None:
        """Return where a record comes from and how long it is vouched for, None (and faults) if untold."""
        source = self.text(value, "source", *path)
        since, until = self.day(value, checked, *path), self.day(value, "expires_on", *path)
        if since and until and until <= since:
            self.blame("'expires_on' is not after the day of the check", *path, "expires_on")
        if not source or since is None or until is None:
            return None
        return Stamp(what, source, since, until, self.tree.key_spot(*path))
