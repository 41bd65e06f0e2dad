"""Labels and phrases changed in the text of an `options.yaml`; what is not changed stays as written."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import TypeAlias

from bot.content.places import Path
from bot.content.spans import Stretch, stretches
from bot.content.yaml12 import read

Edit: TypeAlias = tuple[int, int, str]
"""Characters from, to (not included), and what takes their place."""

_WIDTH = 110
_COMMENT = re.compile(r"(?m)^[ \t]*#.*$")


@dataclass(frozen=True, slots=True)
class Wording:
    """Hold what an entry is to be: None leaves a part as it is."""

    label: str | None = None
    stamp: str | None = None
    says: tuple[str, ...] | None = None


def reworded(text: str, wordings: Mapping[str, Wording], order: Sequence[str]) -> str:
    """Return the text of an options file with entries changed or added; `order` is that of the English."""
    text = text if text.endswith("\n") or not text else f"{text}\n"
    there = stretches(text) if text.strip() and not _empty(text) else {}
    edits: list[Edit] = []
    for name, wording in wordings.items():
        if (name,) in there:
            edits += _changed(text, there, name, wording)
        else:
            edits.append(_added(text, there, name, wording, order))
    return _applied(text, edits)


def quoted(text: str) -> str:
    """Write a text so that YAML reads exactly it."""
    return json.dumps(text, ensure_ascii=False).replace("\u2028", "\\u2028").replace("\u2029", "\\u2029")


def _empty(text: str) -> bool:
    return not _COMMENT.sub("", text).strip()


def _applied(text: str, edits: Sequence[Edit]) -> str:
    """Apply the edits from the end, so that the places of the others hold; of one place the later first."""
    places = [(start, end, place, new) for place, (start, end, new) in enumerate(edits)]
    for start, end, _, new in sorted(places, reverse=True):
        text = text[:start] + new + text[end:]
    return text


def _changed(text: str, there: Mapping[Path, Stretch], name: str, wording: Wording) -> Iterator[Edit]:
    """Yield the edits of an entry that is there."""
    label, stamp, says = ((name, key) for key in ("label", "source", "says"))
    if wording.label is not None and label in there:
        yield there[label].start, there[label].end, quoted(wording.label)
    if wording.stamp is not None:
        if stamp in there:
            yield there[stamp].start, there[stamp].end, quoted(wording.stamp)
        else:
            yield _beside(text, there, name, "label", f"source: {quoted(wording.stamp)}")
    if wording.says is not None:
        if says not in there:
            last = "source" if stamp in there else "label"
            yield _beside(text, there, name, last, f"says: {_inline(wording.says, 0)}")
        elif there[says].inline:
            yield _flowing(text, there[says], wording.says)
        else:
            yield from _lines(text, there, says, wording.says)


def _beside(text: str, there: Mapping[Path, Stretch], name: str, key: str, new: str) -> Edit:
    """Return the edit that puts a key behind another one."""
    end = there[name, key].end
    if there[name,].inline:
        return end, end, f", {new}"
    start = there[name, key].key
    indent = " " * (start - text.rfind("\n", 0, start) - 1)
    after = text.index("\n", end) + 1
    return after, after, f"{indent}{new}\n"


def _added(
    text: str, there: Mapping[Path, Stretch], name: str, wording: Wording, order: Sequence[str]
) -> Edit:
    """Return the edit that adds an entry behind the one that stands before it in the English."""
    earlier = [one for one in order[: order.index(name)] if (one,) in there]
    at = text.index("\n", there[earlier[-1],].end) + 1 if earlier else len(text)
    rows = [f"{name}:", f"  label: {quoted(wording.label or '')}"]
    rows += [f"  source: {quoted(wording.stamp)}"] if wording.stamp else []
    rows += ["  says:", *(f"    - {quoted(one)}" for one in wording.says)] if wording.says else []
    return at, at, "\n".join(rows) + "\n"


def _flowing(text: str, old: Stretch, says: Sequence[str]) -> Edit:
    """Return the edit of a list in brackets; comments between its items move above it."""
    comments = _COMMENT.findall(text[old.start : old.end])
    indent = old.start - text.rfind("\n", 0, old.start) - 1
    line = text.rfind("\n", 0, old.start) + 1
    if comments:
        above = "".join(f"{one}\n" for one in comments)
        return line, old.end, above + text[line : old.start] + _inline(says, indent)
    return old.start, old.end, _inline(says, indent)


def _inline(says: Sequence[str], indent: int) -> str:
    """Write a list in brackets, over as many lines as it takes."""
    rows, row = [], "["
    for place, one in enumerate(says):
        item = quoted(one) + ("," if place < len(says) - 1 else "]")
        if row.strip() not in ("", "[") and indent + len(row) + len(item) >= _WIDTH:
            rows.append(row.rstrip())
            row = " " * (indent + 1)
        row += f"{item} "
    return "\n".join([*rows, row.rstrip()]) if says else "[]"


def _lines(text: str, there: Mapping[Path, Stretch], at: Path, says: Sequence[str]) -> Iterator[Edit]:
    """Yield the edits of a list with an item a line: lines that stay are not touched, nor are comments."""
    items = _items(there, at)
    starts = [text.rfind("\n", 0, one.start) + 1 for one in items]
    ends = [text.index("\n", one.end) + 1 for one in items]
    old = _said(text, items)
    indent = text[starts[0] : items[0].start]
    for act, first, last, new, stop in SequenceMatcher(None, old, list(says), autojunk=False).get_opcodes():
        if act == "equal":
            continue
        fresh = "".join(f"{indent}{quoted(one)}\n" for one in says[new:stop])
        kept = ends[first - 1] if first == last and first else starts[min(first, len(starts) - 1)]
        if first == last:
            yield kept, kept, fresh
        else:
            yield starts[first], ends[first], fresh
            yield from ((starts[one], ends[one], "") for one in range(first + 1, last))


def _items(there: Mapping[Path, Stretch], at: Path) -> list[Stretch]:
    found: list[Stretch] = []
    while (*at, len(found)) in there:
        found.append(there[(*at, len(found))])
    return found


def _said(text: str, items: Sequence[Stretch]) -> list[str]:
    """Return how each item is written, for those that were read as YAML to be compared with."""
    return [_read(text[one.start : one.end]) for one in items]


def _read(written: str) -> str:
    tree, _ = read(written, "")
    return str(tree.data).strip() if tree is not None else written
