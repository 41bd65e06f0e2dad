"""Flows as SVG, drawn by nothing but this program: for light, for dark, and for a screen reader."""

from __future__ import annotations

from collections.abc import Iterator, Set
from html import escape
from unicodedata import east_asian_width

from bot.content.chart import HALF, NEVER, Chart, Edge, Node, chart, folded, overview, shown
from bot.content.layout import Cell, Layout, Link, Route, lay_out
from bot.content.marks import Mark
from bot.dialogue.flow import Flow
from bot.dialogue.flows import Flows

_TITLE, _NOTE, _LINE = 13.0, 11.0, 15.0
_LETTER = 0.61
"""Width of a monospaced letter, in parts of its size; the widest of the fonts named below."""
_LONGEST = 36
_PAD, _MARGIN = 12.0, 24.0
_DOT = 12.0
_LEGEND = (
    "rounded: waits for the person",
    "double sides: calls a flow",
    "dashed: after a time, or misses",
    "★: the ladder and its gates",
)
_COVERAGE = (*_LEGEND, "dotted, ✗: no test goes there", "½: a guard found only true, or only false")
_STYLE = """
.lt {{ --paper: #fffdf9; --ink: #22303a; --soft: #5b6b76; --line: #8796a0; --box: #f1f5f6; --wait: #e3f0f3;
  --gate: #b7791f; --rung: #0f766e; --unmet: #c2410c;
  font-family: ui-monospace, SFMono-Regular, Menlo, "DejaVu Sans Mono", monospace }}
@media (prefers-color-scheme: dark) {{
  .lt {{ --paper: #10181d; --ink: #e6edf0; --soft: #a3b2bb; --line: #71828d; --box: #1b272e; --wait: #173640;
    --gate: #e0a94a; --rung: #4fc3b4; --unmet: #f08a5d }} }}
.lt-paper {{ fill: var(--paper) }}
.lt-box {{ fill: var(--box); stroke: var(--line) }}
.lt-waits .lt-box {{ fill: var(--wait) }}
.lt-outcome .lt-box {{ fill: var(--ink); stroke: var(--ink) }}
.lt-gate .lt-box {{ stroke: var(--gate); stroke-width: 2.5 }}
.lt-toward .lt-box, .lt-elsewhere .lt-box {{ stroke: var(--rung); stroke-width: 2.5 }}
.lt-title {{ fill: var(--ink); font-size: {title}px; font-weight: 600; text-anchor: middle }}
.lt-note, .lt-label, .lt-legend {{ fill: var(--soft); font-size: {note}px; text-anchor: middle }}
.lt-legend {{ text-anchor: start }}
.lt-outcome .lt-title {{ fill: var(--paper) }}
.lt-edge {{ fill: none; stroke: var(--line); stroke-width: 1.3 }}
.lt-silent {{ stroke-dasharray: 5 4 }}
.lt-unmet .lt-box, .lt-edge.lt-unmet {{ stroke: var(--unmet); stroke-dasharray: 2 3; stroke-width: 2 }}
.lt-unmet-line {{ fill: var(--unmet) }}
.lt-head, .lt-dot {{ fill: var(--line) }}
""".format(title=f"{_TITLE:g}", note=f"{_NOTE:g}")


def svg(flow: Flow, unmet: Set[Mark] = frozenset()) -> str:
    """Draw a flow as one SVG document; the same flow always gives the same text.

    What is `unmet` by tests is dotted, and has a sign before it.
    """
    return _document(folded(chart(flow, unmet)), _COVERAGE if unmet else _LEGEND)


def svg_graph(flows: Flows) -> str:
    """Draw which flow calls which as one SVG document."""
    return _document(folded(overview(flows)))


def _document(drawn: Chart, legend: tuple[str, ...] = _LEGEND) -> str:
    places = {node.id: number for number, node in enumerate(drawn.nodes)}
    edges = [edge for edge in drawn.edges if edge.source in places and edge.target in places]
    links = [Link(places[edge.source], places[edge.target], *_label_size(edge)) for edge in edges]
    layout = lay_out([_size(node) for node in drawn.nodes], links)
    inside = [*_edges(drawn, layout, edges), *_nodes(drawn, layout)]
    return "\n".join([*_head(drawn, layout, legend), *inside, "</g>", _legend(layout, legend), "</svg>", ""])


def _head(drawn: Chart, layout: Layout, legend: tuple[str, ...]) -> Iterator[str]:
    name = f"lowtide-{drawn.id}"
    width, height = _paper(layout, legend)
    yield (
        f'<svg xmlns="http://www.w3.org/2000/svg" class="lt" role="img" width="{width:.0f}" '
        f'height="{height:.0f}" viewBox="0 0 {width:.0f} {height:.0f}" '
        f'aria-labelledby="{name}-title {name}-about">'
    )
    yield f'<title id="{name}-title">{escape(drawn.title)}</title>'
    yield f'<desc id="{name}-about">{escape(drawn.about)}</desc>'
    yield f"<style>{_STYLE}</style>"
    yield (
        f'<defs><marker id="{name}-head" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" '
        'markerHeight="7" orient="auto-start-reverse">'
        '<path class="lt-head" d="M0 0 8 4 0 8z"/></marker></defs>'
    )
    yield f'<rect class="lt-paper" width="{width:.0f}" height="{height:.0f}"/>'
    yield f'<g transform="translate({_MARGIN:g} {_MARGIN:g})">'


def _paper(layout: Layout, legend: tuple[str, ...]) -> tuple[float, float]:
    width, height = layout.size
    broad, high = max(_width(line, _NOTE) for line in legend), _LINE * (len(legend) + 1)
    return max(width, broad) + 2 * _MARGIN, height + high + 2 * _MARGIN


def _legend(layout: Layout, legend: tuple[str, ...]) -> str:
    middle = _paper(layout, legend)[1] - _MARGIN - _LINE * len(legend) / 2
    return _lines("lt-legend", legend, _MARGIN, middle)


def _nodes(drawn: Chart, layout: Layout) -> Iterator[str]:
    for node, cell in zip(drawn.nodes, layout.cells, strict=False):
        kinds = (node.shape, node.mark, "unmet" if node.unmet else "")
        marks = " ".join(f"lt-{mark}" for mark in kinds if mark)
        yield f'<g class="lt-node {marks}">{_outline(node, cell)}{_words(node, cell)}</g>'


def _outline(node: Node, cell: Cell) -> str:
    left, top = cell.x - cell.width / 2, cell.y - cell.height / 2
    if node.shape == "entry":
        return f'<circle class="lt-dot" cx="{cell.x:.1f}" cy="{cell.y:.1f}" r="{_DOT / 2:g}"/>'
    round_by = {"waits": 14, "outcome": 11}.get(node.shape, 3)
    box = (
        f'<rect class="lt-box" x="{left:.1f}" y="{top:.1f}" width="{cell.width:.1f}" '
        f'height="{cell.height:.1f}" rx="{round_by}"/>'
    )
    if node.shape != "calls":
        return box
    sides = (
        f"M{left + 5:.1f} {top:.1f}v{cell.height:.1f}M{left + cell.width - 5:.1f} {top:.1f}v{cell.height:.1f}"
    )
    return f'{box}<path class="lt-edge" d="{sides}"/>'


def _words(node: Node, cell: Cell) -> str:
    if node.shape == "entry":
        return ""
    title = cell.y - cell.height / 2 + _PAD / 2 + _LINE / 2 + 2
    heading = _lines("lt-title", (node.title,), cell.x, title)
    if not node.notes:
        return heading
    return heading + _lines("lt-note", node.notes, cell.x, title + _LINE * (len(node.notes) + 1) / 2)


def _lines(kind: str, lines: tuple[str, ...], x: float, y: float) -> str:
    """Write lines of text whose block has its middle at `y`; what is cut is said in full on hover."""
    top = y - _LINE * (len(lines) - 1) / 2 + _NOTE / 3
    rows = (
        f'<tspan{_warning(line)} x="{x:.1f}" y="{top + _LINE * row:.1f}">{escape(_cut(line))}</tspan>'
        for row, line in enumerate(lines)
    )
    whole = escape(" · ".join(line for line in lines if _cut(line) != line))
    return f'<text class="{kind}">{"".join(rows)}{f"<title>{whole}</title>" if whole else ""}</text>'


def _warning(line: str) -> str:
    return ' class="lt-unmet-line"' if line.startswith((NEVER, HALF)) else ""


def _edges(drawn: Chart, layout: Layout, edges: list[Edge]) -> Iterator[str]:
    for edge, route in zip(edges, layout.routes, strict=True):
        kind = "lt-edge" + " lt-silent" * edge.silent + " lt-unmet" * edge.unmet
        end = "start" if route.up else "end"
        path = _path(layout, route)
        yield f'<path class="{kind}" marker-{end}="url(#lowtide-{drawn.id}-head)" d="{path}"/>'
    for edge, route in zip(edges, layout.routes, strict=True):
        if edge.label:
            yield _label(edge, layout.cells[route.label])


def _label(edge: Edge, cell: Cell) -> str:
    left, top = cell.x - cell.width / 2, cell.y - cell.height / 2
    ground = (
        f'<rect class="lt-paper" x="{left:.1f}" y="{top:.1f}" width="{cell.width:.1f}" '
        f'height="{cell.height:.1f}"/>'
    )
    return ground + _lines("lt-label", shown(edge.label), cell.x, cell.y)


def _path(layout: Layout, route: Route) -> str:
    """Follow a route with curves between ranks and straight lines through them."""
    cells = [layout.cells[number] for number in route.cells]
    start, end = _port(layout, route, leaving=True), _port(layout, route, leaving=False)
    x, y = start, cells[0].y + cells[0].height / 2
    steps = [f"M{x:.1f} {y:.1f}"]
    for cell in cells[1:]:
        top, bottom = layout.bands[cell.rank]
        across = end if cell is cells[-1] else cell.x
        down = cell.y - cell.height / 2 if cell is cells[-1] else top
        steps.append(
            f"C{x:.1f} {(y + down) / 2:.1f} {across:.1f} {(y + down) / 2:.1f} {across:.1f} {down:.1f}"
        )
        x, y = across, down if cell is cells[-1] else bottom
        if cell is not cells[-1] and bottom > top:
            steps.append(f"V{bottom:.1f}")
    return "".join(steps)


def _port(layout: Layout, route: Route, *, leaving: bool) -> float:
    """Return where on a box's side a route leaves or lands: side by side, in the order of where they go."""
    number, beside = route.cells[:2] if leaving else route.cells[:-3:-1]
    cell = layout.cells[number]
    others = sorted(cell.below if leaving else cell.above, key=lambda other: (layout.cells[other].x, other))
    if len(others) == 1:
        return cell.x
    room = min(cell.width * 0.7, 26.0 * (len(others) - 1))
    return cell.x + room * (others.index(beside) / (len(others) - 1) - 0.5)


def _size(node: Node) -> tuple[float, float]:
    if node.shape == "entry":
        return _DOT, _DOT
    longest = max([_width(node.title, _TITLE), *(_width(note, _NOTE) for note in node.notes)])
    return longest + 2 * _PAD, _LINE * (1 + len(node.notes)) + _PAD + 2


def _label_size(edge: Edge) -> tuple[float, float]:
    lines = shown(edge.label)
    return max((_width(line, _NOTE) + 8 for line in lines), default=0.0), _LINE * len(lines)


def _width(text: str, size: float) -> float:
    letters = sum(2 if east_asian_width(letter) in "WF" else 1 for letter in _cut(text))
    return letters * size * _LETTER


def _cut(text: str) -> str:
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1]}…"
