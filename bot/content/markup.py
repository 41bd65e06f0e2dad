"""The one small markup of prompts: *bold*, _italic_ and backslash escapes; each adapter draws it its own way.

A marker opens before a word and closes behind one, within a paragraph; any other is literal, so `2 * 3`
and `snake_case` need no care. What a person typed is escaped before it meets a template.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby

_SPECIAL = re.compile(r"([\\*_])")
_ESCAPES = frozenset(("\\\\", "\\*", "\\_"))
_TOKENS = re.compile(r"(\\[\\*_]|[*_]|\n[ \t]*\n)")


@dataclass(frozen=True, slots=True)
class Span:
    """Hold a run of text in one style."""

    text: str
    bold: bool = False
    italic: bool = False


def escape(text: str) -> str:
    """Return markup that reads as exactly this text."""
    if "*" in text or "_" in text or "\\" in text:
        return _SPECIAL.sub(r"\\\1", text)
    return text


def plain(markup: str) -> str:
    """Return the text of markup without its styles."""
    return "".join(span.text for span in parse(markup))


def parse(markup: str) -> tuple[Span, ...]:
    """Return the runs of a markup text, in order and never empty; unbalanced markers are literal."""
    tokens = [token for token in _TOKENS.split(markup) if token]
    styles = groupby(_styled(tokens), key=lambda piece: piece[1:])
    return tuple(Span("".join(text for text, *_ in run), *style) for style, run in styles)


def _styled(tokens: list[str]) -> Iterator[tuple[str, bool, bool]]:
    """Give each piece of text with (bold, italic); markers that pair up vanish."""
    markers = _paired(tokens)
    on = {"*": False, "_": False}
    for place, token in enumerate(tokens):
        if place in markers:
            on[token] = not on[token]
        else:
            yield (token[1:] if token in _ESCAPES else token), on["*"], on["_"]


def _paired(tokens: list[str]) -> frozenset[int]:
    """Return the places of the markers that open or close a style, in one pass."""
    paired: set[int] = set()
    opened: dict[str, int] = {}
    for place, token in enumerate(tokens):
        if token.isspace() and token.count("\n") > 1:
            opened.clear()
        elif token in ("*", "_"):
            start = opened.get(token, place)
            if start + 1 < place and _closes(tokens, place):
                paired |= {start, place}
                opened = {mark: at for mark, at in opened.items() if at < start}
            elif _opens(tokens, place):
                opened[token] = place
    return frozenset(paired)


def _opens(tokens: list[str], place: int) -> bool:
    """Tell whether a word begins right behind this marker and none ends right before it."""
    return not _before(tokens, place).isalnum() and not _after(tokens, place).isspace()


def _closes(tokens: list[str], place: int) -> bool:
    """Tell whether a word ends right before this marker and none begins right behind it."""
    return not _before(tokens, place).isspace() and not _after(tokens, place).isalnum()


def _before(tokens: list[str], place: int) -> str:
    return tokens[place - 1][-1] if place else " "


def _after(tokens: list[str], place: int) -> str:
    return tokens[place + 1][0] if place + 1 < len(tokens) else " "
