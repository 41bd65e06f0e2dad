"""What `lowtide diff` prints: the changes by flow in the order of conversation, or as JSON."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from itertools import groupby

from bot.authoring.differing.change import Change
from bot.authoring.differing.versions import two_versions
from bot.authoring.differing.whole import difference
from bot.content.library import Content
from bot.settings import Settings

_LONGEST = 12
"""Lines of a text that are shown; `--json` has all of them."""


def diff(settings: Settings, versions: Sequence[str], *, as_json: bool) -> bool:
    """Print what changed for a person; tell whether nothing did."""
    with two_versions(settings, versions) as (before, after):
        for which, content in (("the first", before), ("the second", after)):
            _warn(which, content)
        changes = difference(before, after)
    if as_json:
        print(json.dumps({"changes": [asdict(one) for one in changes]}, indent=2, ensure_ascii=False))
    else:
        print("\n".join(outline(changes)))
    return not changes


def _warn(which: str, content: Content) -> None:
    if content.faults:
        wrong = f"{which} has faults, and what they break is left out: {content.faults[0]}"
        print(f"lowtide: {wrong}", file=sys.stderr)


def outline(changes: Sequence[Change]) -> Iterator[str]:
    """Write the changes down, a flow at a time."""
    for flow, group in groupby(changes, key=lambda one: one.flow):
        yield flow or "everywhere"
        for one in group:
            yield f"  {one.state}: {one.what}" if one.state else f"  {one.what}"
            yield from _text("-", one.old)
            yield from _text("+", one.new)
        yield ""
    yield f"{len(changes)} changes for a person" if len(changes) != 1 else "1 change for a person"


def _text(sign: str, text: str) -> Iterator[str]:
    lines = text.splitlines()
    for line in lines[:_LONGEST]:
        yield f"    {sign} {line}".rstrip()
    if len(lines) > _LONGEST:
        yield f"    {sign} … {len(lines) - _LONGEST} lines more"
