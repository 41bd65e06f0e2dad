"""The pictures of the docs, drawn from what they show: `make pictures` (a talk, a flow, the house)."""

from __future__ import annotations

import asyncio
import io
import re
import sys
from collections.abc import AsyncIterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from xml.sax.saxutils import escape

from bot.adapters.console import HERE, Console, converse
from bot.app import build
from bot.content.library import Content, load
from bot.content.svg import svg
from bot.runtime.clocks import VirtualClock
from bot.settings import HOUSE, Settings
from bot.storage.memory import MemoryStore

FOLDER = Path(__file__).parent.parent.parent / "docs/pictures"
DRAWN_FLOW = "wanted_check"
MONDAY = datetime(2026, 1, 5, 18, 10, tzinfo=UTC)
TALK = ("i'm about to stop answering Ana", "1", "Ana", "/why")
"""What is typed in the picture of a talk: nothing that one ear hears and another does not."""
WIDE, LINE, EDGE, MOST = 84, 18, 16, 80
"""Columns of a terminal, the height of a line, the margin, and the lines of one picture."""

BLOCKS: Sequence[tuple[int, int, int, str, str]] = (
    (0, 0, 12, "adapters/", "one module a platform; its types stop here"),
    (0, 1, 12, "runtime/", "the one door: dedupe → screen → understand → step → one commit; courier, nudger"),
    (0, 2, 3, "safety/", "a sign of danger?"),
    (3, 2, 3, "understanding/", "text → an option"),
    (6, 2, 3, "content/", "what authors write"),
    (9, 2, 3, "storage/", "one contract, three stores"),
    (0, 3, 12, "dialogue/", "step(flows, session, event, now) → (session, effects): pure, no I/O, no clock"),
    (0, 4, 6, "flows/*.yaml", "what is asked, and where it leads"),
    (6, 4, 6, "prompts/<lang>/", "the words"),
)
"""The house: where each block begins, its row, how wide it is, its name, and what it does."""


def pictures(content: Content) -> dict[str, str]:
    """Draw every picture, by the name of its file."""
    return {
        "terminal.svg": terminal(asyncio.run(talked(content))),
        "flow.svg": svg(content.flows.flows[DRAWN_FLOW]),
        "house.svg": house(),
    }


async def talked(content: Content) -> list[str]:
    """Have a real conversation in a terminal, and return its lines."""
    console = Console(io.StringIO(), echo=True)

    async def lines() -> AsyncIterator[str]:
        for line in TALK:
            yield line

    known = {"consented": True, "country": "US", "invited": True, "zone": "UTC", "language": "en"}
    with TemporaryDirectory() as folder:
        settings = Settings(Path(folder) / "l.db")
        store, clock = MemoryStore(lambda: "picture"), VirtualClock(MONDAY)
        async with build(settings, content, store, {HERE.platform: console}, clock=clock) as app:
            await app.begin(HERE, content.flows.globals.start, known)
            await app.settle()
            await converse(console, lines(), app.handle, app.settle, {})
    assert isinstance(console.out, io.StringIO)
    return console.out.getvalue().strip("\n").split("\n")[:MOST]


def terminal(lines: Sequence[str]) -> str:
    """Draw lines as a terminal shows them: what was typed is bright, the numbers of options are blue."""
    rows = [_row(number, line) for number, line in enumerate(lines)]
    width, height = round(WIDE * 8.4) + 2 * EDGE, len(lines) * LINE + 2 * EDGE
    return _svg(
        width,
        height,
        "A conversation in a terminal",
        '<rect width="100%" height="100%" rx="8" fill="#14202b"/>',
        '<g font-family="ui-monospace, Menlo, Consolas, monospace" font-size="14" fill="#cfd8e0">',
        *rows,
        "</g>",
    )


def _row(number: int, line: str) -> str:
    top = EDGE + LINE * number + 14
    if line.startswith("›"):
        return f'<text x="{EDGE}" y="{top}" fill="#ffffff" font-weight="bold" {_KEEP}>{escape(line)}</text>'
    if option := re.match(r"(\s+\d+)(  .*)", line):
        words = f'<tspan fill="#7cc4ff">{option[1]}</tspan>{escape(option[2])}'
        return f'<text x="{EDGE}" y="{top}" {_KEEP}>{words}</text>'
    return f'<text x="{EDGE}" y="{top}" {_KEEP}>{escape(line)}</text>' if line else ""


def house() -> str:
    """Draw which part stands on which."""
    boxes = [_box(*block) for block in BLOCKS]
    return _svg(
        940,
        396,
        "The house: platforms above, the pure core below, and what authors write at its foot",
        '<rect width="100%" height="100%" fill="#ffffff"/>',
        '<g font-family="system-ui, sans-serif" text-anchor="middle" fill="#14202b">',
        *boxes,
        "</g>",
    )


def _box(column: int, row: int, wide: int, name: str, does: str) -> str:
    left, top, width = 10 + column * 76.7, 10 + row * 76, wide * 76.7 - 8
    colour = ("#d9ebf7", "#cfe3f2", "#e8f1e4", "#f6e7c8", "#f2f2f2")[row]
    middle = left + width / 2
    return (
        f'<rect x="{left:.0f}" y="{top}" width="{width:.0f}" height="68" rx="6" fill="{colour}" '
        f'stroke="#8aa0b2"/><text x="{middle:.0f}" y="{top + 29}" font-size="16" font-weight="bold">'
        f'{escape(name)}</text><text x="{middle:.0f}" y="{top + 51}" font-size="13">{escape(does)}</text>'
    )


_KEEP = 'xml:space="preserve"'


def _svg(width: int, height: int, title: str, *parts: str) -> str:
    head = (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" '
        f'viewBox="0 0 {width} {height}" role="img" aria-labelledby="title">'
    )
    return "\n".join((head, f'<title id="title">{escape(title)}</title>', *filter(None, parts), "</svg>", ""))


if __name__ == "__main__":
    FOLDER.mkdir(exist_ok=True)
    for name, drawn in pictures(load(HOUSE / "flows", HOUSE / "prompts")).items():
        (FOLDER / name).write_text(drawn)
        sys.stdout.write(f"{FOLDER / name} written\n")
