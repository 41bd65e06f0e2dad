"""Why a text is no YAML, told to the person who wrote it."""

from __future__ import annotations

import re
from typing import Any

from yaml.error import MarkedYAMLError, YAMLError

from bot.content.faults import Fault, Spot

_FORBIDDEN = re.compile(
    "[^\t\n\r\x20-\x7e\xa0-\u2027\u202a-\ud7ff\ue000-\ufefe\uff00-\ufffd\U00010000-\U0010ffff]"
)
"""What YAML does not allow, and the invisible line breaks that would shift every line number after them."""
_TAB = re.compile(r"^ *(\t)", re.MULTILINE)

_QUOTE_IT = "put the whole text into quotes"
_PROBLEMS: tuple[tuple[str, str, str], ...] = (
    ("mapping values are not allowed", "a colon cannot stand here", f"line the key up, or {_QUOTE_IT}"),
    ("block sequence entries are not allowed", "a list cannot begin here", "begin it on a line of its own"),
    ("expected ',' or ']'", "the bracket opened here is not closed", "a ] or a comma is missing"),
    ("expected ',' or '}'", "the brace opened here is not closed", "a } or a comma is missing"),
    ("unexpected end of stream", "the quote opened here is not closed", "close it at the end of the text"),
    ("document indicator", "the quote opened here is not closed", "close it at the end of the text"),
    ("expected ':'", "a key without a colon", "write `key: value`, or indent the line under its key"),
    ("expected key", "this is no key of the mapping around it", "line the keys up, and quote the whole text"),
    ("expected '-' indicator", "this is no item of the list around it", "begin it with `- `, lined up"),
    ("unknown escape", "a backslash cannot stand here", "double it, or use single quotes"),
    ("Unicode character escape", "this escape is no character", "write the character itself"),
    ("alphabetic or numeric", "a text cannot begin with * or &", _QUOTE_IT),
    ("cannot start any token", "a text cannot begin with this sign", _QUOTE_IT),
    ("expected <document start>", "text follows the end of the document", "remove it"),
    ("comment or line break", "nothing may follow | or > on its line", "begin the text on the next line"),
    ("expected node content", "a value is missing here", "write it, or close the bracket"),
)
"""What the parser says, what it means to an author, and the mend."""
_AT_OPENING = ("expected ','", "unexpected end of stream", "document indicator", "expected ':'", "alphabetic")


def clean(text: str | bytes, file: str) -> tuple[str | None, list[Fault]]:
    """Return the text without what cannot be read, and a fault for each such place."""
    faults: list[Fault] = []
    if isinstance(text, bytes):
        if text[:2] in {b"\xff\xfe", b"\xfe\xff"}:
            return None, [Fault("Y101", Spot(file), "the file is UTF-16", "save it as UTF-8")]
        lines = enumerate(text.split(b"\n"), 1)
        faults = [_undecodable(line, number, file) for number, line in lines if not _utf8(line)]
        text = text.decode("utf-8", "replace")
    text = text.removeprefix("\ufeff")
    for match in _FORBIDDEN.finditer(text):
        what = f"the character U+{ord(match[0]):04X} is not allowed"
        faults.append(Fault("Y101", _spot_of(text, match.start(), file), what, "remove it"))
    return _FORBIDDEN.sub("\ufffd", text), faults


def _utf8(line: bytes) -> bool:
    try:
        line.decode()
    except UnicodeDecodeError:
        return False
    return True


def _undecodable(line: bytes, number: int, file: str) -> Fault:
    good = len(line.decode("utf-8", "replace").split("\ufffd")[0])
    return Fault("Y101", Spot(file, number, good + 1), "this is not UTF-8 text", "save the file as UTF-8")


def _spot_of(text: str, offset: int, file: str) -> Spot:
    line_start = text.rfind("\n", 0, offset) + 1
    return Spot(file, text.count("\n", 0, offset) + 1, offset - line_start + 1)


def explain(error: YAMLError, text: str, file: str, last: Any) -> list[Fault]:
    """Say where and why the parser gave up; `last` is the last scalar it had read."""
    if not isinstance(error, MarkedYAMLError):
        return [Fault("Y103", Spot(file), "this is no YAML")]
    problem = error.problem or ""
    mark: Any = error.problem_mark
    if _is_tab(problem, mark, text):
        return _tabs(text, file, mark)
    if last is not None and _runs_over(last, mark):
        what, fix = "the quote opened here is closed too late", f"close it before line {mark.line + 1}"
        return [Fault("Y103", _at(last.start_mark, file), what, fix)]
    return [_first_known(problem, error.context_mark or mark, mark, file)]


def _first_known(problem: str, opening: Any, mark: Any, file: str) -> Fault:
    """Look the parser's sentence up, and point to where the author's slip is rather than where it showed."""
    at = opening if any(known in problem for known in _AT_OPENING) else mark
    for known, what, fix in _PROBLEMS:
        if known in problem:
            noticed = (
                f" before line {mark.line + 1}, column {mark.column + 1}"
                if "missing" in fix and at is not mark
                else ""
            )
            return Fault("Y103", _at(at, file), what, fix + noticed)
    return Fault("Y103", _at(mark, file), problem or "this is no YAML")


def _at(mark: Any, file: str) -> Spot:
    return Spot(file, mark.line + 1, mark.column + 1)


def _is_tab(problem: str, mark: Any, text: str) -> bool:
    if "tab character" in problem:
        return True
    lines = text.split("\n")
    line = lines[mark.line] if mark.line < len(lines) else ""
    return "cannot start any token" in problem and line[mark.column : mark.column + 1] == "\t"


def _tabs(text: str, file: str, mark: Any) -> list[Fault]:
    """Report every line that a tab indents, not only the one the parser met first."""
    spots = [_spot_of(text, match.start(1), file) for match in _TAB.finditer(text)]
    spots = [spot for spot in spots if spot.line > mark.line]
    found = spots or [_at(mark, file)]
    return [Fault("Y104", spot, "a tab indents this line", "use two spaces") for spot in found]


def _runs_over(last: Any, mark: Any) -> bool:
    """Tell whether a quoted text over several lines ended just where the parser stumbled."""
    end = last.end_mark
    quoted = last.style in {"'", '"'} and last.start_mark.line < end.line
    return quoted and end.line == mark.line and mark.column <= end.column + 1
