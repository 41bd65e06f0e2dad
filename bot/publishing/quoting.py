"""Words of the bot and plain data, written as Markdown."""

from __future__ import annotations

from collections.abc import Iterable, Sequence


def quoted(text: str) -> str:
    """Quote a wording as it is written, placeholders and all, line by line."""
    rows = [line.strip() for line in text.strip().splitlines()]
    return "\n".join(f"> {row}".rstrip() + ("  " if row and not last else "") for row, last in _marked(rows))


def _marked(rows: Sequence[str]) -> Iterable[tuple[str, bool]]:
    """Pair each row with whether a paragraph ends with it: only within one a line break must be kept."""
    return ((row, place + 1 == len(rows) or not rows[place + 1]) for place, row in enumerate(rows))


def table(head: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """Write a table; a bar in a cell is no border."""
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join(f"| {' | '.join(str(cell).replace('|', '/') for cell in row)} |" for row in lines)


def code(names: Iterable[str]) -> str:
    """Write names as code, one beside the other."""
    return ", ".join(f"`{name}`" for name in names)
