"""The one layout: two blanks a level, none inside brackets, one behind a colon, at most one empty line.

What is read stays the same, which is proved by reading it again; quotes, comments, breaks of lines, and the
order of everything but a flow's head are their author's.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Sequence

from bot.authoring.layout.head import in_order
from bot.authoring.layout.indents import Indents
from bot.content.tokens import Token, tokens
from bot.content.yaml12 import read

_GROUPS = frozenset(("slots", "states", "migrate", "policy"))
"""Keys of a flow that an empty line stands before."""
_APART = 2
"""Blanks before a remark behind something, at least."""
_OPEN, _CLOSE = frozenset("{["), frozenset("}]")
_COMMENT = re.compile(r"(?m)(?:^|[ \t])(#.*?)[ \t]*$")


def laid_out(text: str, kind: str) -> str | None:
    """Return a file in the one layout; `kind` is flow, test or data. None: it cannot be read, or moved."""
    plain = text.replace("\r\n", "\n").removeprefix("\ufeff")
    if not _sound(plain):
        return None
    ordered = in_order(plain) if kind == "flow" else plain
    made = _Laying(ordered, kind).done()
    return made if made == plain or same(plain, made) else None


def _sound(text: str) -> bool:
    tree, faults = read(text, "")
    return tree is not None and not faults


def same(before: str, after: str) -> bool:
    """Tell whether two texts are read as the same, and hold the same comments."""
    (was, _), (now, faults) = read(before, ""), read(after, "")
    if was is None or now is None or faults:
        return False
    return _known(was.data) == _known(now.data) and _remarks(before) == _remarks(after)


def _known(data: object) -> str:
    """Write what was read so that everything counts but the order at the top, where a flow has its head."""
    return json.dumps(dict(sorted(data.items())) if isinstance(data, dict) else data, ensure_ascii=False)


def _remarks(text: str) -> Counter[str]:
    """Return the comments of a text."""
    gaps, last = [], 0
    for token in tokens(text):
        gaps.append(text[last : token.start])
        last = max(last, token.end)
    return Counter(one for gap in [*gaps, text[last:]] for one in _COMMENT.findall(gap))


class _Laying:
    """Put a text together anew, sign by sign."""

    def __init__(self, text: str, kind: str) -> None:
        self.text, self.kind = text, kind
        self.indents = Indents()
        self.out: list[str] = []
        self.last: Token | None = None
        self.key = False

    def done(self) -> str:
        """Return the whole text."""
        for token in tokens(self.text):
            before = self.indents.places()
            self.indents.pass_by(token)
            if token.start < token.end:
                self._place(token, before)
        rest = self.text[self.last.end if self.last else 0 :]
        self._lines(rest, self.indents.places(), None)
        return "".join(self.out).strip("\n") + "\n"

    def _place(self, token: Token, before: dict[int, int]) -> None:
        gap = self.text[self.last.end if self.last else 0 : token.start]
        if self.last is None or "\n" in gap:
            self._lines(gap, {**before, **self.indents.places()}, token)
        else:
            self.out.append(self._blank(self.last.kind, token.kind))
        self.out.append(self._moved(self.text[token.start : token.end]))
        self.last = token

    def _blank(self, left: str, right: str) -> str:
        """Return what stands between two signs of a line."""
        if left in _OPEN or right in _CLOSE or right in {",", ":"}:
            return ""
        return " "

    def _moved(self, written: str) -> str:
        """Move the further lines of a text along with its first."""
        first, *rest = written.split("\n")
        return "\n".join([first, *(self._shift(line) for line in rest)])

    def _shift(self, line: str) -> str:
        bare = line.lstrip(" ")
        width = max(0, len(line) - len(bare) + self.indents.moved)
        return " " * width + bare if bare else ""

    # --- between lines -------------------------------------------------------------------------------

    def _lines(self, gap: str, places: dict[int, int], token: Token | None) -> None:
        """Write what stands between two signs on different lines: remarks, empty lines, the new indent."""
        head, *middle = gap.split("\n") if self.last else ["", *gap.split("\n")]
        self.out.append(_behind(head))
        begin = self.indents.line(token) if token else 0
        old = token.column if token else -1
        rows = [self._remark(line, places, (old, begin)) for line in (middle[:-1] if token else middle)]
        rows = _joined(rows)
        if self.last is not None and self._opens():
            rows = rows[1:] if rows[:1] == [""] else rows
        if token is not None and self._group(token):
            rows = ["", *rows] if rows[:1] != [""] else rows
        lead = "" if self.last is None else "\n"
        self.out.append(lead + "".join(f"{row}\n" for row in rows) + " " * (begin if token else 0))

    def _opens(self) -> bool:
        """Tell whether the last sign opens a block: no empty line follows it."""
        return self.last is not None and self.last.kind in {":", "-", "{", "["}

    def _group(self, token: Token) -> bool:
        """Tell whether an empty line belongs before this sign."""
        levels = self.indents.levels
        if self.last is None or self.indents.inside:
            return False
        if self.kind == "flow" and len(levels) == 1:
            return self.text[token.start : token.end] in _GROUPS
        first = self.last.kind == ":"
        return self.kind == "test" and len(levels) == 2 and token.kind == "-" and not first  # noqa: PLR2004  a test

    def _remark(self, line: str, places: dict[int, int], ahead: tuple[int, int]) -> str:
        bare = line.strip()
        if not bare:
            return ""
        column = len(line) - len(line.lstrip(" "))
        if self.indents.inside:
            return " " * max(0, column + self.indents.moved) + bare
        return " " * (ahead[1] if column == ahead[0] else places.get(column, ahead[1])) + bare


def _behind(remark: str) -> str:
    """Return what stands behind the last sign of a line: a remark, which may be lined up with others."""
    bare = remark.strip()
    lead = remark[: len(remark) - len(remark.lstrip())]
    return f"{lead:<{_APART}}{bare}" if bare else ""


def _joined(rows: Sequence[str]) -> list[str]:
    """Return rows with at most one empty one in a row."""
    return [row for place, row in enumerate(rows) if row or place == 0 or rows[place - 1]]
