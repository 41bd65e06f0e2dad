"""The head of a flow in the order in which it is read: what it is, how it begins and ends, then its parts."""

from __future__ import annotations

import re

from bot.content.flows import FLOW

ORDER = tuple(FLOW.fields)
"""The keys of a flow, as flows/README.md lists them."""
_KEY = re.compile(r"([a-z_]+):")


def in_order(text: str) -> str:
    """Return a flow with its top-level keys in order; remarks right above a key go with it."""
    head, parts = _parts(text.split("\n"))
    if any(name not in ORDER for name, _ in parts):
        return text
    placed = sorted(parts, key=lambda part: ORDER.index(part[0]))
    if placed == parts:
        return text
    return "\n".join([*head, *(line for _, lines in placed for line in lines)])


def _parts(lines: list[str]) -> tuple[list[str], list[tuple[str, list[str]]]]:
    """Take a text apart into what stands above the first key, and each key with its lines."""
    head: list[str] = []
    parts: list[tuple[str, list[str]]] = []
    waiting: list[str] = []
    for line in lines:
        key = _KEY.match(line)
        if key is not None:
            parts.append((key[1], [*waiting, line] if parts else [line]))
            head = head if parts[1:] else waiting
            waiting = []
        elif line.startswith("#") or not parts or not line.strip():
            waiting.append(line)
        else:
            parts[-1][1].extend([*waiting, line])
            waiting = []
    if parts:
        parts[-1][1].extend(waiting)
    return head, parts
