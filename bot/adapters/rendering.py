"""Our markup drawn for platforms: long texts split at sentence ends, and nothing typed is more than text.

A platform finds mentions and commands in plain text by itself; an invisible joiner behind their first sign
keeps it from that.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from html import escape

from bot.content.markup import Span

_JOINER = "\u2060"
_MENTION = re.compile(r"@(?=\w)")
_COMMAND = re.compile(r"(?<![\w/])/(?=(\w+))")
_QUOTED = re.compile(r"“[^”]*(?:”|\Z)")
_BREAKS = (
    re.compile(r"\n[ \t]*\n\s*"),
    re.compile(r"\n\s*|[.!?…。！？][\"'”’)\]]*\s+"),
    re.compile(r"\s+"),
)
"""Where a text may be cut, best first: between paragraphs, behind a line or sentence, between words."""


def utf16(text: str) -> int:
    """Count a text as Telegram does, in UTF-16 units."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def to_html(spans: Iterable[Span]) -> str:
    """Draw spans in Telegram's HTML."""
    return "".join(_html(span) for span in spans)


def _html(span: Span) -> str:
    text = escape(span.text, quote=False)
    text = f"<i>{text}</i>" if span.italic else text
    return f"<b>{text}</b>" if span.bold else text


def harmless(spans: Sequence[Span], commands: Collection[str] = ()) -> tuple[Span, ...]:
    """Return spans in which no platform finds a mention, or a command but these, and none inside quotes."""
    whole = "".join(span.text for span in spans)
    quoted = [match.span() for match in _QUOTED.finditer(whole)]

    def dead(at: int, name: str) -> bool:
        return name not in commands or any(start <= at < end for start, end in quoted)

    behind = {match.end() for match in _MENTION.finditer(whole)}
    behind |= {match.end() for match in _COMMAND.finditer(whole) if dead(match.start(), match[1])}
    return tuple(_joined(spans, behind)) if behind else tuple(spans)


def _joined(spans: Sequence[Span], behind: Collection[int]) -> Iterator[Span]:
    start = 0
    for span in spans:
        cuts = [0, *sorted(at - start for at in behind if start < at <= start + len(span.text))]
        parts = [span.text[a:b] for a, b in zip(cuts, [*cuts[1:], len(span.text)], strict=True)]
        yield Span(_JOINER.join(parts), span.bold, span.italic)
        start += len(span.text)


def split(spans: Sequence[Span], limit: int, size: Callable[[str], int] = utf16) -> list[tuple[Span, ...]]:
    """Cut spans into texts of at most `limit` by `size`, at sentence ends where there are any."""
    whole = "".join(span.text for span in spans)
    places, start = [0], 0
    while size(whole[start:]) > limit:
        start = _cut(whole, start, limit, size)
        places.append(start)
    ends = [*places[1:], len(whole)]
    pieces = [_trimmed(tuple(_between(spans, a, b))) for a, b in zip(places, ends, strict=True)]
    return [piece for piece in pieces if piece] or [tuple(spans)]


def _cut(whole: str, start: int, limit: int, size: Callable[[str], int]) -> int:
    """Return where the next text begins: at the last good break in the second half of what fits."""
    fits = _longest(whole[start : start + limit], limit, size)
    window = whole[start : start + fits]
    for sort in _BREAKS:
        places = [match.end() for match in sort.finditer(window) if match.end() > fits // 2]
        if places:
            return start + places[-1]
    return start + max(fits, 1)


def _longest(text: str, limit: int, size: Callable[[str], int]) -> int:
    """Return how many characters of a text fit, by halving."""
    low, high = 0, len(text)
    while low < high:
        middle = (low + high + 1) // 2
        low, high = (middle, high) if size(text[:middle]) <= limit else (low, middle - 1)
    return low


def _between(spans: Iterable[Span], start: int, end: int) -> Iterator[Span]:
    at = 0
    for span in spans:
        text = span.text[max(0, start - at) : max(0, end - at)]
        at += len(span.text)
        if text:
            yield Span(text, span.bold, span.italic)


def _trimmed(spans: tuple[Span, ...]) -> tuple[Span, ...]:
    """Drop white space at both ends of a text."""
    texts = [span.text for span in spans]
    whole = "".join(texts)
    start, end = len(whole) - len(whole.lstrip()), len(whole.rstrip())
    return tuple(_between(spans, start, end))
