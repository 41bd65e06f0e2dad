"""A PO file as a translator sends it back: its messages, each with the lines of its translation."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import polib

from bot.content.faults import Fault, Spot
from bot.errors import OperatorError


@dataclass(frozen=True, slots=True)
class Sent:
    """Hold one message: what it is about, the English it was made from, the translation, if it is unsure.

    `line` is where the message begins, `rows` the line of each line of the translation.
    """

    context: str
    english: str
    text: str
    fuzzy: bool
    hash: str
    line: int
    rows: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Sheet:
    """Hold all messages of a file and the language it says it is in."""

    file: str
    lang: str
    messages: tuple[Sent, ...]
    faults: tuple[Fault, ...]


def read_sheet(path: Path) -> Sheet:
    """Read a PO file.

    Raises:
        OperatorError: it is not there, or no PO file.
    """
    try:
        file = polib.pofile(str(path), wrapwidth=0, encoding="utf-8")
        lines = path.read_text(encoding="utf-8").splitlines()
    except UnicodeDecodeError as error:
        raise OperatorError(f"{path} is not UTF-8 text; let the tool save it as UTF-8") from error
    except OSError as error:  # polib tells what it cannot read by the same kind of error
        raise OperatorError(f"{path} cannot be read as a PO file: {error}") from error
    messages = tuple(_sent(entry, lines) for entry in file if entry.msgctxt and not entry.obsolete)
    return Sheet(str(path), file.metadata.get("Language", ""), messages, tuple(_twice(str(path), messages)))


def _sent(entry: polib.POEntry, lines: list[str]) -> Sent:
    named = re.search(r"(?m)^source ([0-9a-f]{6,64})$", entry.comment)
    line = entry.linenum or 1
    return Sent(
        entry.msgctxt,
        entry.msgid,
        entry.msgstr,
        "fuzzy" in entry.flags,
        named[1] if named else "",
        line,
        tuple(_rows(lines, line)),
    )


def _rows(lines: list[str], begin: int) -> Iterator[int]:
    """Yield the line of the file at which each line of a translation stands."""
    row = next((at for at in range(begin, len(lines) + 1) if lines[at - 1].startswith("msgstr")), begin)
    text = lines[row - 1].removeprefix("msgstr").strip()
    fresh = True
    while text.startswith('"'):
        if fresh and text != '""':
            yield row
        fresh = text.endswith('\\n"') if text != '""' else fresh
        row += 1
        text = lines[row - 1] if row <= len(lines) else ""


def _twice(file: str, messages: tuple[Sent, ...]) -> Iterator[Fault]:
    seen: dict[str, int] = {}
    for one in messages:
        first = seen.setdefault(one.context, one.line)
        if first != one.line:
            wrong = f"{one.context!r} is here a second time"
            yield Fault("Y129", Spot(file, one.line), wrong, f"keep one; the other stands at line {first}")
