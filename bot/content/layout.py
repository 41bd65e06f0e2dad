"""Layered drawing: boxes in ranks, edges bent around them, labels with a place of their own.

The way of Sugiyama, Tagawa and Toda (1981): break cycles, rank by longest path, put a bend wherever an edge
passes a rank, order each rank by barycentre, then move boxes under their neighbours. An edge's label takes
part as a box of its own, which is why no label ever lies on a box. Pure and deterministic.
"""

from __future__ import annotations

from bisect import bisect_left, insort
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

GAP_ACROSS = 26.0
GAP_BEND = 12.0
GAP_DOWN = 22.0
_SWEEPS = 12
_PULLS = 60
_STIFF = 20.0
"""How much more a bend insists on its place than a box: long edges become straight."""


@dataclass(slots=True)
class Cell:
    """Hold one thing in a rank: a box, a label or a bend. `x`, `y` are its middle, in pixels."""

    rank: int
    width: float
    height: float
    bend: bool = False
    x: float = 0.0
    y: float = 0.0
    above: list[int] = field(default_factory=list)
    below: list[int] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Link:
    """Ask for an edge between two boxes, given by index, with the size of its label (0, 0: none)."""

    source: int
    target: int
    width: float = 0.0
    height: float = 0.0


@dataclass(frozen=True, slots=True)
class Route:
    """Follow one link through `cells`, from the upper box to the lower; `up` when the link points upward.

    `label` is the index of the cell that is the link's label.
    """

    cells: tuple[int, ...]
    label: int
    up: bool


@dataclass(frozen=True, slots=True)
class Layout:
    """Hold every cell (the boxes first, as given), a route per link, and each rank's top and bottom."""

    cells: tuple[Cell, ...]
    routes: tuple[Route, ...]
    bands: tuple[tuple[float, float], ...]

    @property
    def size(self) -> tuple[float, float]:
        """Return width and height, in pixels."""
        return max(cell.x + cell.width / 2 for cell in self.cells), self.bands[-1][1]


def lay_out(boxes: Sequence[tuple[float, float]], links: Sequence[Link]) -> Layout:
    """Place boxes, given as (width, height), so that none overlaps; the first is at the top."""
    upward = _upward(len(boxes), links)
    ends = [
        (link.target, link.source) if up else (link.source, link.target)
        for link, up in zip(links, upward, strict=True)
    ]
    ranks = _ranks(len(boxes), ends)
    cells = [Cell(2 * rank, *size) for rank, size in zip(ranks, boxes, strict=True)]
    routes = tuple(_route(cells, *pair, link, up) for pair, link, up in zip(ends, links, upward, strict=True))
    rows = _ordered(cells)
    _across(cells, rows)
    return Layout(tuple(cells), routes, _down(cells, rows))


def _upward(count: int, links: Sequence[Link]) -> list[bool]:
    """Find the links that close a cycle, walking depth first from the first box on."""
    upward = [False] * len(links)
    leaving: list[list[int]] = [[] for _ in range(count)]
    for number, link in enumerate(links):
        leaving[link.source].append(number)
    seen: set[int] = set()
    for root in range(count):
        if root not in seen:
            _walk(root, links, leaving, seen, upward)
    return upward


def _walk(
    root: int, links: Sequence[Link], leaving: list[list[int]], seen: set[int], upward: list[bool]
) -> None:
    path = {root: iter(leaving[root])}
    seen.add(root)
    while path:
        number = next(path[next(reversed(path))], None)
        if number is None:
            path.popitem()
            continue
        target = links[number].target
        upward[number] = target in path
        if target not in seen:
            seen.add(target)
            path[target] = iter(leaving[target])


def _ranks(count: int, ends: Sequence[tuple[int, int]]) -> list[int]:
    """Rank every box one below the lowest box that leads to it."""
    ranks = [0] * count
    for _ in range(count):
        moved = False
        for upper, lower in ends:
            if ranks[lower] <= ranks[upper]:
                ranks[lower], moved = ranks[upper] + 1, True
        if not moved:
            break
    return ranks


def _route(cells: list[Cell], upper: int, lower: int, link: Link, up: bool) -> Route:
    """Add the cells that carry a link from rank to rank; its label sits just below where it leaves."""
    first, last = cells[upper].rank, cells[lower].rank
    label_rank = last - 1 if up else first + 1
    chain, label = [upper], -1
    for rank in range(first + 1, last):
        at_label = rank == label_rank
        size = (link.width, link.height) if at_label else (0.0, 0.0)
        cells.append(Cell(rank, *size, bend=True))
        label = len(cells) - 1 if at_label else label
        chain.append(len(cells) - 1)
    chain.append(lower)
    for above, below in pairwise(chain):
        cells[above].below.append(below)
        cells[below].above.append(above)
    return Route(tuple(chain), label, up)


def _ordered(cells: Sequence[Cell]) -> list[list[int]]:
    """Order the cells of each rank so that few edges cross: sweep down and up, keep the best."""
    rows: list[list[int]] = [[] for _ in range(max(cell.rank for cell in cells) + 1)]
    for number in _depth_first(cells):
        rows[cells[number].rank].append(number)
    best, fewest = [list(row) for row in rows], _crossings(cells, rows)
    for sweep in range(_SWEEPS):
        down = sweep % 2 == 0
        for row in rows if down else reversed(rows):
            places = {number: place for other in rows for place, number in enumerate(other)}
            row.sort(key=lambda number: _barycentre(cells[number], number, places, down=down))
        crossings = _crossings(cells, rows)
        if crossings < fewest:
            best, fewest = [list(row) for row in rows], crossings
    return best


def _depth_first(cells: Sequence[Cell]) -> list[int]:
    order: dict[int, None] = {}
    for root in range(len(cells)):
        stack = [root] if not cells[root].above else []
        while stack:
            number = stack.pop()
            if number not in order:
                order[number] = None
                stack.extend(reversed(cells[number].below))
    return list(order)


def _barycentre(cell: Cell, number: int, places: Mapping[int, int], *, down: bool) -> float:
    beside = cell.above if down else cell.below
    if not beside:
        return float(places[number])
    return sum(places[other] for other in beside) / len(beside)


def _crossings(cells: Sequence[Cell], rows: Sequence[Sequence[int]]) -> int:
    """Count pairs of edges between neighbouring ranks that cross."""
    total = 0
    for row, under in pairwise(rows):
        places = {number: place for place, number in enumerate(under)}
        passed: list[int] = []
        for number in row:
            landings = sorted(places[below] for below in cells[number].below)
            total += sum(len(passed) - bisect_left(passed, place + 1) for place in landings)
            for place in landings:
                insort(passed, place)
    return total


def _across(cells: Sequence[Cell], rows: Sequence[Sequence[int]]) -> None:
    """Give every cell its x: near the middle of its neighbours, in order, with gaps between."""
    for row in rows:
        _settle(cells, row, [0.0] * len(row))
    for pull in range(_PULLS):
        down = pull % 2 == 0
        for row in rows if down else reversed(rows):
            _settle(cells, row, [_wish(cells, number, down=down, both=pull >= _PULLS // 2) for number in row])
    left = min(cell.x - cell.width / 2 for cell in cells)
    for cell in cells:
        cell.x -= left


def _wish(cells: Sequence[Cell], number: int, *, down: bool, both: bool) -> float:
    cell = cells[number]
    beside = cell.above + cell.below if both and not cell.bend else cell.above if down else cell.below
    if not beside:
        return cell.x
    return sum(cells[other].x for other in beside) / len(beside)


def _settle(cells: Sequence[Cell], row: Sequence[int], wishes: Sequence[float]) -> None:
    """Put a rank's cells as near their wishes as their order and widths allow (least squares).

    Pool adjacent violators: cells that would overlap form a block, which moves to the mean of its wishes.
    """
    offsets = [0.0]
    for left, right in pairwise(row):
        offsets.append(offsets[-1] + _apart(cells[left], cells[right]))
    blocks: list[tuple[float, float, int]] = []
    for number, wish, offset in zip(row, wishes, offsets, strict=True):
        weight = _STIFF if cells[number].bend else 1.0
        place, count = wish - offset, 1
        while blocks and blocks[-1][0] > place:
            before, heavy, many = blocks.pop()
            place = (before * heavy + place * weight) / (heavy + weight)
            weight, count = weight + heavy, count + many
        blocks.append((place, weight, count))
    places = [place for place, _, count in blocks for _ in range(count)]
    for number, place, offset in zip(row, places, offsets, strict=True):
        cells[number].x = place + offset


def _apart(left: Cell, right: Cell) -> float:
    gap = GAP_BEND if left.bend or right.bend else GAP_ACROSS
    return (left.width + right.width) / 2 + gap


def _down(cells: Sequence[Cell], rows: Sequence[Sequence[int]]) -> tuple[tuple[float, float], ...]:
    """Give every cell its y, in the middle of its rank; return each rank's top and bottom."""
    bands: list[tuple[float, float]] = []
    top = 0.0
    for row in rows:
        bottom = top + max((cells[number].height for number in row), default=0.0)
        for number in row:
            cells[number].y = (top + bottom) / 2
        bands.append((top, bottom))
        top = bottom + GAP_DOWN
    return tuple(bands)
