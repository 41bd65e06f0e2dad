"""The funnel as SVG, drawn by nothing but this program: for light, for dark, and for a screen reader."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from html import escape

from bot.operating.funnel import Figure, Row, columns
from bot.operating.funnel_words import HEADS, MEDIAN, shown, span

_TITLE, _TEXT, _LETTER = 15.0, 12.0, 0.61
"""Sizes of letters, and the width of a monospaced one in parts of its size."""
_MARGIN, _ROW, _COLUMN, _BAR = 24.0, 30.0, 100.0, 80.0
_HEAD = 64.0
"""Room for the title and the names of the columns."""
_STYLE = """
.lf { --paper: #fffdf9; --ink: #22303a; --soft: #5b6b76; --line: #d5dde1; --good: #0f766e; --less: #b7791f;
  font-family: ui-monospace, SFMono-Regular, Menlo, "DejaVu Sans Mono", monospace }
@media (prefers-color-scheme: dark) {
  .lf { --paper: #10181d; --ink: #e6edf0; --soft: #a3b2bb; --line: #2c3a42;
    --good: #4fc3b4; --less: #e0a94a } }
.lf-paper { fill: var(--paper) }
.lf-title { fill: var(--ink); font-size: 15px; font-weight: 600 }
.lf-name { fill: var(--ink); font-size: 12px }
.lf-head, .lf-note { fill: var(--soft); font-size: 12px }
.lf-head, .lf-count { text-anchor: end }
.lf-count { fill: var(--ink); font-size: 12px }
.lf-line { stroke: var(--line) }
.lf-good { fill: var(--good) }
.lf-less { fill: var(--less) }
"""
_GOOD: frozenset[Figure] = frozenset({"entered", "asked", "answered", "nudged_answered"})
"""What is drawn as going on; the rest is drawn as what got in the way."""


def svg(rows: Sequence[Row], note: str) -> str:
    """Draw rows as one SVG document; the same rows always give the same text."""
    names = [_name(row) for row in rows]
    left = _MARGIN + max((len(name) for name in names), default=0) * _TEXT * _LETTER + _MARGIN
    figures = columns(rows)
    width = left + _COLUMN * (len(figures) + 1) + _MARGIN
    height = _HEAD + _ROW * (len(rows) + 1) + _MARGIN
    grid = _Grid(left, figures, max((row.people[figure] for row in rows for figure in figures), default=0))
    body = [line for place, row in enumerate(rows) for line in _row(grid, row, names[place], place)]
    return "\n".join([*_head(rows, width, height, note), *_heads(grid), *body, "</svg>", ""])


@dataclass(frozen=True, slots=True)
class _Grid:
    """Say where columns begin, what stands in them, and the count that fills one."""

    left: float
    figures: Sequence[Figure]
    most: int

    def end(self, column: int) -> float:
        """Return the right edge of a column."""
        return self.left + _COLUMN * (column + 1)


def _head(rows: Sequence[Row], width: float, height: float, note: str) -> Iterator[str]:
    yield (
        f'<svg xmlns="http://www.w3.org/2000/svg" class="lf" role="img" width="{width:.0f}" '
        f'height="{height:.0f}" viewBox="0 0 {width:.0f} {height:.0f}" '
        'aria-labelledby="lowtide-funnel-title lowtide-funnel-about">'
    )
    yield '<title id="lowtide-funnel-title">How far people come</title>'
    yield f'<desc id="lowtide-funnel-about">{escape(" ".join([f"{note}.", *map(_told, rows)]))}</desc>'
    yield f"<style>{_STYLE}</style>"
    yield f'<rect class="lf-paper" width="{width:.0f}" height="{height:.0f}"/>'
    yield _text("title", _MARGIN, _MARGIN + _TITLE / 2, "How far people come")
    yield _text("note", _MARGIN, height - _MARGIN, note)


def _heads(grid: _Grid) -> Iterator[str]:
    for place, words in enumerate((*(HEADS[figure] for figure in grid.figures), MEDIAN)):
        yield _text("head", grid.end(place), _HEAD, words)


def _row(grid: _Grid, row: Row, name: str, place: int) -> Iterator[str]:
    top = _HEAD + _ROW * place + 8
    middle = top + _ROW / 2
    right = grid.end(len(grid.figures))
    yield f'<path class="lf-line" d="M{_MARGIN:g} {top:.1f}H{right:.1f}"/>'
    yield _text("name", _MARGIN, middle + _TEXT / 3, name)
    for column, figure in enumerate(grid.figures):
        end, people = grid.end(column), row.people[figure]
        if people:
            wide, kind = _BAR * people / grid.most, "good" if figure in _GOOD else "less"
            at = f'x="{end - wide:.1f}" y="{top + _ROW - 6:.1f}" width="{wide:.1f}" height="4" rx="2"'
            yield f'<rect class="lf-{kind}" {at}/>'
        yield _text("count", end, middle + _TEXT / 3 - 2, shown(people))
    yield _text("count", right, middle + _TEXT / 3 - 2, span(row.seconds))


def _text(kind: str, x: float, y: float, words: str) -> str:
    return f'<text class="lf-{kind}" x="{x:.1f}" y="{y:.1f}">{escape(words)}</text>'


def _name(row: Row) -> str:
    flow, version, state = row.place
    return f"{flow} {version}" + (f" · {state}" if state else "")


def _told(row: Row) -> str:
    """Say a row as a sentence, without what is too small to be told."""
    said = [f"{HEADS[figure]} {row.people[figure]}" for figure in columns([row]) if row.people[figure]]
    said += [f"{MEDIAN} {span(row.seconds)}"] if row.seconds is not None else []
    return f"{_name(row)}: {', '.join(said).replace('… ', 'then ') or 'fewer than five'}."
