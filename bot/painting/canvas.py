"""A sheet to draw on: shapes at twice the size, for smooth edges, and letters at their own."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from io import BytesIO
from itertools import pairwise
from math import hypot
from pathlib import Path
from typing import Literal

from PIL import Image, ImageDraw, ImageFont

Point = tuple[float, float]
Box = tuple[float, float, float, float]
Weight = Literal["regular", "medium"]
FONTS = Path(__file__).parent / "roboto"
_FINE = 2
"""How many times larger shapes are drawn than they are shown."""

_COLOURS = 96


class Canvas:
    """Draw on paper of a colour; all sizes are in pixels of the finished picture."""

    def __init__(self, width: int, height: int, colour: str) -> None:
        self._fine = Image.new("RGB", (width * _FINE, height * _FINE), colour)
        self._draw = ImageDraw.Draw(self._fine)
        self._texts: list[tuple[Point, str, str, ImageFont.FreeTypeFont, str]] = []

    def card(self, box: Box, colour: str, radius: float) -> None:
        """Fill a rectangle with round corners."""
        self._draw.rounded_rectangle(_scaled(*box), radius * _FINE, fill=colour)

    def area(self, points: Sequence[Point], colour: str) -> None:
        """Fill what lies inside points."""
        self._draw.polygon([(x * _FINE, y * _FINE) for x, y in points], fill=colour)

    def line(self, points: Sequence[Point], colour: str, width: int) -> None:
        """Draw a line through points, round where it bends."""
        self._draw.line([(x * _FINE, y * _FINE) for x, y in points], colour, width * _FINE, joint="curve")

    def stroke(self, points: Sequence[Point], colour: str, width: float) -> None:
        """Draw a smooth line through points, with round ends, as a pen does: dot by dot."""
        for (x, y), (to, height) in pairwise(points):
            steps = max(1, round(hypot(to - x, height - y)))
            for step in range(steps + 1):
                part = step / steps
                self.dot((x + (to - x) * part, y + (height - y) * part), width / 2, colour)

    def dot(self, at: Point, radius: float, colour: str) -> None:
        """Fill a circle."""
        x, y = at
        self._draw.ellipse(_scaled(x - radius, y - radius, x + radius, y + radius), fill=colour)

    def text(  # noqa: PLR0913, PLR0917  a text has all of these
        self, at: Point, text: str, size: int, colour: str, anchor: str = "ls", weight: Weight = "regular"
    ) -> None:
        """Write a text; `anchor` says which of its points stands there, as Pillow has it."""
        self._texts.append((at, text, colour, _font(weight, size), anchor))

    def png(self) -> bytes:
        """Return the finished picture."""
        sheet = self._fine.reduce(_FINE)
        draw = ImageDraw.Draw(sheet)
        for at, text, colour, font, anchor in self._texts:
            draw.text(at, text, colour, font, anchor)
        file = BytesIO()
        # Few colours: half the bytes to seal and send, and a quarter of the time, in which nothing else runs.
        few = sheet.quantize(_COLOURS, Image.Quantize.FASTOCTREE, dither=Image.Dither.NONE)
        few.save(file, "PNG", compress_level=6)
        return file.getvalue()


def width(text: str, size: int, weight: Weight = "regular") -> float:
    """Return how wide a text is."""
    return _font(weight, size).getlength(text)


def _scaled(*box: float) -> Box:
    left, top, right, bottom = (side * _FINE for side in box)
    return left, top, right, bottom


@cache
def _font(weight: Weight, size: int) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(FONTS / f"{weight}.ttf", size, layout_engine=ImageFont.Layout.BASIC)
