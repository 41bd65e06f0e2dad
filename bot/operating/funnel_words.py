"""The funnel as a table for a terminal, and as JSON for whatever reads it next."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from types import MappingProxyType

from bot.operating.funnel import Figure, Row, columns
from bot.runtime.fives import FEW

HEADS: Mapping[Figure, str] = MappingProxyType(
    {
        "entered": "entered",
        "asked": "asked",
        "answered": "answered",
        "reprompted": "asked again",
        "gave_up": "gave up",
        "nudged": "nudged",
        "nudged_answered": "… answered",
        "lapsed": "lapsed",
        "back": "went back",
        "migrated": "migrated",
    }
)
MEDIAN = "usual answer"
HIDDEN = "·"
"""Stands for fewer than five people, be it none."""
_BAR = 10
_MINUTE, _HOUR, _DAY = 60, 3600, 86400


def table(rows: Sequence[Row]) -> Iterator[str]:
    """Write a line for each row, figures under their heads, and a bar: which part of who entered answered."""
    names = ["flow", "version", *(["state"] if any(row.place.state for row in rows) else [])]
    figures = columns(rows)
    heads = [*names, *(HEADS[figure] for figure in figures), MEDIAN, ""]
    lines = [heads, *(_cells(row, len(names), figures) for row in rows)]
    widths = [max(len(line[place]) for line in lines) for place in range(len(lines[0]))]
    left = {place for place, head in enumerate(heads) if head in {"flow", "state"}}
    for line in lines:
        cells = (
            cell.ljust(width) if place in left else cell.rjust(width)
            for place, (cell, width) in enumerate(zip(line, widths, strict=True))
        )
        yield "  ".join(cells).rstrip()


def explained(since: datetime | None, unmarked: int) -> Iterator[str]:
    """Say what the figures are."""
    start = f"since {since:%Y-%m-%d}" if since else "as far back as the log goes"
    yield f"people, in whole fives, {start}; {HIDDEN} is fewer than {FEW}, be it none"
    yield f"what is not named here had fewer than {FEW} in everything, or none"
    if unmarked:
        yield "an older release logged a part of this: what came of those steps is not counted"


def plain(rows: Sequence[Row], since: datetime | None) -> str:
    """Write rows as JSON; a figure of fewer than five people is null."""
    return json.dumps(
        {"since": since.isoformat() if since else None, "fives": True, "rows": [_plain(row) for row in rows]},
        indent=2,
    )


def _plain(row: Row) -> Mapping[str, object]:
    place, people = row.place, row.people
    told: dict[str, object] = {"flow": place.flow, "version": place.version, "state": place.state}
    told |= {str(figure): people[figure] or None for figure in columns([row])}
    return told | {"median_seconds": row.seconds}


def _cells(row: Row, names: int, figures: Sequence[Figure]) -> list[str]:
    place = [row.place.flow, str(row.place.version), row.place.state][:names]
    return [*place, *(shown(row.people[figure]) for figure in figures), span(row.seconds), _bar(row)]


def shown(people: int) -> str:
    """Write a count, or that it is small."""
    return str(people) if people else HIDDEN


def span(seconds: int | None) -> str:
    """Write a time in one unit, as exact as it needs to be."""
    if seconds is None:
        return HIDDEN
    for unit, name in ((_DAY, "d"), (_HOUR, "h"), (_MINUTE, "min")):
        if seconds >= unit:
            return f"{round(seconds / unit)} {name}"
    return f"{seconds} s"


def _bar(row: Row) -> str:
    if not row.came:
        return ""
    full = round(_BAR * min(1.0, row.people["answered"] / row.came))
    return "█" * full + "░" * (_BAR - full)
