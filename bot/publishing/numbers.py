"""The helplines as a table: whom to call where, where that was looked up, and until when it stands."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from bot.content.library import HELPLINES
from bot.content.yaml12 import read
from bot.publishing.quoting import table

_STAMPS = frozenset(("source", "checked_on", "expires_on"))


def helplines(flows: Path) -> str:
    """Write every line of every country, as the file has it."""
    tree, _ = read((flows / HELPLINES).read_bytes(), HELPLINES)  # its faults were told when it was loaded
    data: Mapping[str, Any] = tree.data if tree else {"countries": {}, "other": {}}
    places = {**data["countries"], "": data["other"]}
    return table(
        ("country", "what for", "whom", "source", "checked", "expires"),
        [row for code, country in places.items() for row in _rows(code, country)],
    )


def _rows(code: str, country: Mapping[str, Any]) -> Iterator[tuple[str, ...]]:
    for kind, line in country.items():
        if isinstance(line, dict) and kind != "in":  # the same lines, worded in another language
            whom = ": ".join(str(part) for key, part in line.items() if key not in _STAMPS)
            stamps = (line["source"], line["checked_on"], line["expires_on"])
            yield f"{code} {country['name']}".strip(), kind, whom, *stamps
