"""A page is a text with gaps: `<<name>>` in docs/templates/ is filled with what flows and code say."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

from bot.content.library import Content, load_sound
from bot.errors import OperatorError
from bot.publishing.danger import cards, counts, gates
from bot.publishing.facts import facts
from bot.publishing.kept import of_flows, remembered, tables
from bot.publishing.numbers import helplines
from bot.publishing.signing import lines
from bot.settings import Settings

TEMPLATES = "templates"
_GAP = re.compile(r"<<([a-z ]+)>>")
_HEAD = "<!-- Written by `lowtide pages` from docs/templates/{}; change that, the flows or the words. -->\n\n"


def write(settings: Settings, docs: Path, check: bool = False) -> bool:
    """Write every page, or with `check` only look; tell whether each was as it should be.

    Raises:
        OperatorError: there are no templates, or one has a gap that nothing fills.
        ContentError: the flows or the reviews have faults.
    """
    content, good = load_sound(settings.flows, settings.prompts), True
    for name, text in pages(content, settings, docs):
        path = docs / name
        if not path.exists() or path.read_text(encoding="utf-8") != text:
            good = False
            done = "is not what the flows say; run `lowtide pages`" if check else "written"
            sys.stdout.write(f"{path} {done}\n")
            if not check:
                path.write_text(text, encoding="utf-8")
    return good or not check


def pages(content: Content, settings: Settings, docs: Path) -> Iterator[tuple[str, str]]:
    """Yield the name of each page and its text."""
    templates = sorted((docs / TEMPLATES).glob("*.md"))
    if not templates:
        raise OperatorError(f"{docs / TEMPLATES} holds no page; name the folder docs/ of a checkout")
    fillings = gaps(content, settings)
    for path in templates:
        yield path.name, _HEAD.format(path.name) + filled(path.read_text(encoding="utf-8"), fillings)


def gaps(content: Content, settings: Settings) -> dict[str, str]:
    """Return what fills each gap."""
    return {
        "gates": gates(content),
        "cards": cards(content),
        "counts": counts(content),
        "helplines": helplines(settings.flows),
        "memory": remembered(content),
        "private": of_flows(content),
        "tables": tables(),
        "lines": lines(content, settings.flows),
        **facts(content),
    }


def filled(text: str, fillings: Mapping[str, str]) -> str:
    """Fill every gap of a text."""

    def fill(match: re.Match[str]) -> str:
        if match[1] not in fillings:
            raise OperatorError(f"nothing fills <<{match[1]}>>; there are {', '.join(sorted(fillings))}")
        return fillings[match[1]]

    return _GAP.sub(fill, text)
