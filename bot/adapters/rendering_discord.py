"""Our markup drawn in Discord's Markdown: only what an author styled is styled, the rest is text."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from bot.adapters.rendering import split, utf16
from bot.content.markup import Span

LONGEST = 2000
"""Characters Discord takes in a message."""
_ROOM = (1960, 1500, 900)
"""How much of a text goes into one message; less where styles and escapes take more of it."""
_JOINER = "\u2060"
_ADDRESS = re.compile(r"(https?://[A-Za-z0-9./?=&%#:+,_~-]+)")
_SIGNS = re.compile(r"([\\*_~`|<\[\]])")
_HEADS = re.compile(r"^(\s*)([#>+-]|\d{1,9}(?=[.)]\s))", re.MULTILINE)
_QUOTE = re.compile(r"(?:^>[^\n]*(?:\n|\Z))+\Z", re.MULTILINE)
_ESCAPED = re.compile(r"\\([\\*_~`|<\[\]#>+-])")
_MENTION = re.compile(r"@(?=\w)")


def to_discord(spans: Iterable[Span]) -> str:
    """Draw spans in Discord's Markdown."""
    drawn, styled = "", False
    for span in spans:
        mark = ("**" if span.bold else "") + ("*" if span.italic else "")
        joint = _JOINER if mark and styled else ""
        drawn += joint + mark + escaped(span.text) + mark[::-1]
        styled = bool(mark)
    return drawn


def escaped(text: str) -> str:
    """Return Markdown that reads as exactly this text; a web address stays as it is, or it would break."""
    parts = _ADDRESS.split(_MENTION.sub("@" + _JOINER, text))
    parts[::2] = [_HEADS.sub(_tamed, _SIGNS.sub(r"\\\1", part)) for part in parts[::2]]
    return "".join(parts)


def _tamed(head: re.Match[str]) -> str:
    """Keep the head of a line from making a list, a quote or a title; a number's point is escaped for it."""
    return f"{head[1]}{head[2]}{_JOINER}" if head[2].isdigit() else f"{head[1]}\\{head[2]}"


def quoted(text: str) -> str:
    """Return a text as a quote, every line of it."""
    return "\n".join(f"> {line}" for line in escaped(text).split("\n"))


def unquoted(markdown: str) -> str:
    """Return the text of the quote that a message ends with; empty where there is none."""
    found = _QUOTE.search(markdown)
    lines = [line.removeprefix(">").removeprefix(" ") for line in found[0].split("\n")] if found else []
    return _ESCAPED.sub(r"\1", "\n".join(lines).replace(_JOINER, ""))


def pieces(spans: Sequence[Span], limit: int = LONGEST) -> list[str]:
    """Draw spans as the texts of as many messages as they need, cut at sentence ends."""
    for room in _ROOM:
        drawn = [to_discord(part) for part in split(spans, min(room, limit), _size)]
        if all(utf16(text) <= limit for text in drawn):
            break
    return drawn


def _size(text: str) -> int:
    return utf16(escaped(text))
