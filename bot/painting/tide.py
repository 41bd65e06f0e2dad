"""A person's weeks as a picture: closeness as a tide, energy as lights, steps as pebbles on the shore.

It is made for a phone held upright: 1,080 pixels wide, and no letter smaller than a phone shows well. What
differs in meaning differs in shape as well, never in colour alone.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise
from math import cos, pi

from bot.dialogue.weeks import TOP, Week
from bot.painting.canvas import Canvas, Point, width
from bot.painting.colours import DAY, NIGHT, Colours
from bot.runtime.picturing import Sheet

WIDTH, HEIGHT = 1080, 1240
EDGE = 40
"""From the border to a card."""
LEFT, RIGHT = 190, 1000
"""Where the first week's column begins, and where the last one's ends."""
TITLE, LABEL, SMALL, SMALLEST = 62, 42, 34, 24
"""Sizes of letters; the smallest is eight points on a phone."""
MOST_PEBBLES = 4
_PILES = {
    0: (),
    1: ((0, 0),),
    2: ((-1, 0), (1, 0)),
    3: ((-1, 0), (1, 0), (0, 1)),
    4: ((-1, 0), (1, 0), (-1, 1.1), (1, 1.1)),
}
"""How pebbles lie: so far across and so far up."""


class _Panel:
    """Hold where one scale is drawn: a card with its baseline, its top line and the words for both."""

    def __init__(self, top: int, height: int) -> None:
        self.box = (EDGE, top, WIDTH - EDGE, top + height)
        self.title = top + 64
        self.high = top + 122
        self.low = top + height - 42

    def at(self, value: float) -> float:
        """Return the height at which a value is drawn."""
        return self.low - value / TOP * (self.low - self.high)


CLOSENESS, ENERGY = _Panel(170, 400), _Panel(594, 330)
SHORE = (EDGE, 948, WIDTH - EDGE, HEIGHT - EDGE)


def paint(sheet: Sheet) -> bytes:
    """Draw a sheet, and return it as a PNG."""
    colours = NIGHT if sheet.dark else DAY
    canvas = Canvas(WIDTH, HEIGHT, colours.paper)
    _head(canvas, sheet, colours)
    for panel, name in ((CLOSENESS, "closeness"), (ENERGY, "energy")):
        _scale(canvas, panel, sheet, name, colours)
    _tide(canvas, sheet.weeks, colours)
    _lights(canvas, sheet.weeks, colours)
    _shore(canvas, sheet, colours)
    return canvas.png()


def _head(canvas: Canvas, sheet: Sheet, colours: Colours) -> None:
    first, last = (_date(sheet, week) for week in (sheet.weeks[0], sheet.weeks[-1]))
    canvas.text((EDGE + 16, 112), sheet.texts["title"], TITLE, colours.ink, "ls", "medium")
    canvas.text((WIDTH - EDGE - 16, 110), f"{first} – {last}", SMALL + 2, colours.faint, "rs")


def _date(sheet: Sheet, week: Week) -> str:
    return f"{week.monday.day} {sheet.months[week.monday.month - 1]}"


def _scale(canvas: Canvas, panel: _Panel, sheet: Sheet, name: str, colours: Colours) -> None:
    """Draw the card of a scale: its name, four lines, and the words for the least and the most."""
    canvas.card(panel.box, colours.card, 28)
    canvas.text((EDGE + 36, panel.title), sheet.texts[name], LABEL, colours.ink, "ls", "medium")
    for value in range(TOP + 1):
        height = panel.at(value)
        canvas.line([(LEFT, height), (RIGHT, height)], colours.grid, 2)
    for value, end in ((0, "low"), (TOP, "high")):
        text, size = _fitting(sheet.texts[f"{name}_{end}"], LEFT - EDGE - 40)
        canvas.text((LEFT - 20, panel.at(value)), text, size, colours.faint, "rm")


def _fitting(text: str, room: float) -> tuple[str, int]:
    """Return a text and the size at which it fits: smaller where it is long, cut where it is too long."""
    size = SMALL
    while size > SMALLEST and width(text, size) > room:
        size -= 1
    while width(text, size) > room:
        text = f"{text[:-2].rstrip()}…"
    return text, size


def _centre(place: int, count: int) -> float:
    """Return the middle of a week's column."""
    return LEFT + (RIGHT - LEFT) * (place + 0.5) / count


# --- closeness: a tide -----------------------------------------------------------------------------------


def _tide(canvas: Canvas, weeks: Sequence[Week], colours: Colours) -> None:
    """Draw the tide: it rises and falls from week to week, and is not there where nobody asked."""
    half = (RIGHT - LEFT) / len(weeks) / 2
    for run in _runs(weeks):
        line = list(_wave(run, half, len(weeks)))
        foot = [(line[-1][0], CLOSENESS.low), (line[0][0], CLOSENESS.low)]
        canvas.area([*line, *foot], colours.water)
        canvas.stroke(line, colours.tide, 7)
        for place, value in run:
            at = (_centre(place, len(weeks)), CLOSENESS.at(value))
            canvas.dot(at, 15, colours.card)
            canvas.dot(at, 11, colours.tide)


def _runs(weeks: Sequence[Week]) -> Iterator[list[tuple[int, float]]]:
    """Yield the stretches of weeks that have closeness in them, each with the place of its weeks."""
    run: list[tuple[int, float]] = []
    for place, week in enumerate(weeks):
        if week.closeness is not None:
            run.append((place, week.closeness))
        elif run:
            yield run
            run = []
    if run:
        yield run


def _wave(run: Sequence[tuple[int, float]], half: float, count: int) -> Iterator[Point]:
    """Yield a line that is level at each week and swings to the next, as a tide does."""
    points = [(_centre(place, count), CLOSENESS.at(value)) for place, value in run]
    yield points[0][0] - half * 0.8, points[0][1]
    for (x, y), (to, height) in pairwise(points):
        for part in range(24):
            yield x + (to - x) * part / 24, y + (height - y) * (1 - cos(pi * part / 24)) / 2
    yield points[-1]
    yield points[-1][0] + half * 0.8, points[-1][1]


# --- energy: lights, and steps: pebbles ----------------------------------------------------------------


def _lights(canvas: Canvas, weeks: Sequence[Week], colours: Colours) -> None:
    """Draw a column for each week's energy, with a light at its top; empty is a light on the ground."""
    wide = min(58.0, (RIGHT - LEFT) / len(weeks) * 0.5)
    for place, week in enumerate(weeks):
        if week.energy is None:
            continue
        x, top = _centre(place, len(weeks)), ENERGY.at(week.energy)
        if top < ENERGY.low:
            canvas.card((x - wide / 2, top, x + wide / 2, ENERGY.low), colours.glow, 6)
        canvas.line([(x - wide / 2, top), (x + wide / 2, top)], colours.ember, 9)


def _shore(canvas: Canvas, sheet: Sheet, colours: Colours) -> None:
    """Draw the steps of each week as pebbles, and below them when it began."""
    canvas.card(SHORE, colours.card, 28)
    canvas.text((EDGE + 36, SHORE[1] + 64), sheet.texts["steps"], LABEL, colours.ink, "ls", "medium")
    ground = SHORE[3] - 78
    canvas.line([(LEFT, ground), (RIGHT, ground)], colours.grid, 2)
    for place, week in enumerate(sheet.weeks):
        x = _centre(place, len(sheet.weeks))
        _pebbles(canvas, (x, ground), week.steps, colours)
        canvas.text((x, ground + 40), str(week.monday.day), SMALL, colours.ink, "ms")
        if place == 0 or week.monday.month != sheet.weeks[place - 1].monday.month:
            canvas.text((x, ground + 66), sheet.months[week.monday.month - 1], SMALL - 6, colours.faint, "ms")


def _pebbles(canvas: Canvas, at: Point, steps: int, colours: Colours) -> None:
    """Draw a pebble for each step, and a number where they are many."""
    x, ground = at
    if steps > MOST_PEBBLES:
        canvas.dot((x, ground - 22), 20, colours.pebble)
        canvas.text((x, ground - 50), f"{steps}×", SMALL, colours.ink, "ms", "medium")
        return
    for across, up in _PILES[steps]:
        canvas.dot((x + across * 17, ground - 18 - up * 30), 16, colours.pebble)
