"""`lowtide test --update`: expectations rewritten to what was found, and nothing else touched.

Comments, order and layout of a test file stay; each change is told. What no value could say right is left.
"""

from __future__ import annotations

import json
import re
from bisect import bisect
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from itertools import accumulate, groupby
from pathlib import Path
from typing import Any

from bot.adapters.rehearsal_looks import Difference
from bot.content.spans import Stretch, stretches

_PLAIN = re.compile(r"[A-Za-z_][\w/.-]*")
_WORDS_OF_YAML = {"true", "false", "null"}


@dataclass(frozen=True, slots=True)
class Amended:
    """Hold what became of one difference: what it says now, or None where it was left as it is."""

    difference: Difference
    now: str | None

    def __str__(self) -> str:
        """Write it as `file:line:col name: was → is`."""
        one = self.difference
        told = f"{flow_style(one.wanted)} → {self.now}" if self.now else f"left; {one}"
        return f"{one.spot} {one.name}: {told}"


def amend(differences: Iterable[Difference]) -> list[Amended]:
    """Rewrite the files the differences stand in; return what became of each, in their order."""
    ordered = sorted(differences, key=lambda one: one.spot)
    done = []
    for file, found in groupby(ordered, key=lambda one: one.spot.file):
        done += _amend(Path(file), list(found))
    return done


def _amend(path: Path, found: list[Difference]) -> list[Amended]:
    with path.open(encoding="utf-8", newline="") as file:  # its own line ends stay
        text = file.read()
    amended = [Amended(one, _value(one)) for one in found]
    written = _by_key(text)
    edits = [(written[one.difference.spot[1:]], one.now) for one in amended if one.now is not None]
    for stretch, now in sorted(edits, key=lambda edit: edit[0].start, reverse=True):
        text = text[: stretch.start] + now + text[stretch.end :]
    with path.open("w", encoding="utf-8", newline="") as file:
        file.write(text)
    return amended


def _by_key(text: str) -> dict[tuple[int, ...], Stretch]:
    """Return the values of all keys, by the line and column of the key."""
    starts = [0, *accumulate(len(line) for line in text.splitlines(keepends=True))]
    found: dict[tuple[int, ...], Stretch] = {}
    for path, stretch in stretches(text).items():
        if path and isinstance(path[-1], str):
            line = bisect(starts, stretch.key)
            found[line, stretch.key - starts[line - 1] + 1] = stretch
    return found


def _value(one: Difference) -> str | None:
    """Return what the expectation has to say; None where that would expect nothing, or cannot be written."""
    found = one.found
    if (
        one.name in {"not_said", "sound"}
        or (one.name == "said" and not found)
        or (one.name == "at" and found is None)
    ):
        return None
    if one.name == "said":
        said = list(dict.fromkeys(map(str, found)))
        return flow_style(said[0] if len(said) == 1 else said)
    return flow_style(found)


def flow_style(value: Any) -> str:
    """Write a value as YAML in one line."""
    if isinstance(value, Mapping):
        return f"{{{', '.join(f'{key}: {flow_style(one)}' for key, one in value.items())}}}"
    if isinstance(value, list | tuple):
        return f"[{', '.join(map(flow_style, value))}]"
    if isinstance(value, str):
        plain = _PLAIN.fullmatch(value) and value not in _WORDS_OF_YAML
        return value if plain else json.dumps(value, ensure_ascii=False)
    return json.dumps(value.isoformat() if isinstance(value, datetime) else value)
