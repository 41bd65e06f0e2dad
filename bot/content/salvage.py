"""What can still be read of a flow when some of its states are no YAML: each such state is cut out."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace

from bot.content.faults import Fault, in_order
from bot.content.yaml12 import Tree, read
from bot.content.yaml_syntax import clean

_STATES = re.compile(r"states:\s*(#.*)?")
_STAND_IN = "unreadable"
_FAR = 80
_SYNTAX = {"Y103", "Y104"}
MOST_CUTS = 20
"""States that are cut out of one file before the rest is given up."""


@dataclass(frozen=True, slots=True)
class Cut:
    """Hold a text in which states are replaced by a word, and what was written there."""

    text: str
    states: dict[str, str]


def read_flow(text: str | bytes, file: str) -> tuple[Tree | None, list[Fault]]:
    """Read a document as `read` does; states that are no YAML become text, and are listed as holes."""
    tree, faults = read(text, file)
    if tree is not None or not any(fault.code in _SYNTAX for fault in faults):
        return tree, faults
    return _salvaged(text, file, faults) or (None, faults)


def _salvaged(text: str | bytes, file: str, faults: list[Fault]) -> tuple[Tree, list[Fault]] | None:
    """Cut state after state until the rest is YAML; None where a slip belongs to no state."""
    cut: Cut | None = Cut(clean(text, file)[0] or "", {})
    told = list(faults)
    while cut is not None and len(cut.states) < MOST_CUTS:
        slips = [fault.spot.line for fault in faults if fault.code in _SYNTAX]
        cut = cut_out(cut, slips) if slips else None
        if cut is None:
            return None
        tree, faults = read(cut.text, file)
        told += faults
        if tree is not None:
            return _with_holes(tree, cut, in_order(told))
    return None


def _with_holes(tree: Tree, cut: Cut, faults: list[Fault]) -> tuple[Tree, list[Fault]]:
    """Put what was written back as text, so that whoever looks for a word there finds it."""
    data = {**tree.data, "states": {**tree.data["states"], **cut.states}}
    holes = frozenset(("states", name) for name in cut.states)
    return replace(tree, data=data, faults=tuple(faults), holes=holes), faults


def cut_out(cut: Cut, lines: Iterable[int]) -> Cut | None:
    """Cut out the states that these lines (from 1) belong to; None where one belongs to no state.

    No line moves, so every place in the rest stays true.
    """
    found = {_block(cut.text.split("\n"), line - 1) for line in lines}
    rest: Cut | None = cut
    for block in found:
        rest = None if block is None or rest is None else _without(rest, *block)
    return rest


def _block(lines: list[str], line: int) -> tuple[int, int] | None:
    """Return the first line of the state around a line, and the line after its last."""
    top = next((place for place, one in enumerate(lines) if _STATES.fullmatch(one)), None)
    if top is None or line <= top or line >= len(lines):
        return None
    indent = next((_indent(one) for one in lines[top + 1 :] if _indent(one) is not None), None)
    if not indent:
        return None
    borders = [place for place in range(top + 1, len(lines)) if _is_border(lines[place], indent)]
    start = max((place for place in borders if place <= line), default=None)
    if start is None or not _may_go(lines[start], indent):
        return None
    return start, min((place for place in borders if place > line), default=len(lines))


def _indent(line: str) -> int | None:
    """Return how far a line stands in, a tab counting as far; None where it is blank or a comment."""
    body = line.lstrip(" \t")
    if not body or body.startswith("#"):
        return None
    return len(line[: len(line) - len(body)].expandtabs(_FAR))


def _is_border(line: str, indent: int) -> bool:
    found = _indent(line)
    return found is not None and found <= indent


def _may_go(line: str, indent: int) -> bool:
    """Tell whether a state begins here that was not cut out yet."""
    match = re.match(rf" {{{indent}}}[A-Za-z_][A-Za-z0-9_]*:(?=\s|$)(.*)", line)
    return match is not None and match[1].strip() != _STAND_IN


def _without(cut: Cut, start: int, end: int) -> Cut | None:
    """Replace a state; None where it holds an anchor that others may need."""
    lines = cut.text.split("\n")
    written = "\n".join(lines[start:end])
    if re.search(r"&\w", written):
        return None
    name = lines[start].split(":")[0]
    lines[start:end] = [f"{name}: {_STAND_IN}", *[""] * (end - start - 1)]
    return Cut("\n".join(lines), cut.states | {name.strip(): written})
