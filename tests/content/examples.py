"""The example of each code: its files, how they are checked, and how they are mended."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, TypeAlias

import yaml

from bot.content.faults import Fault, Spot, in_order
from bot.content.flows import load_flow
from bot.content.lock import write_lock
from bot.content.rehearsals import read_rehearsals
from bot.content.yaml12 import read
from tests.content import house
from tests.content.checks import shelf

BAD = Path(__file__).parent / "bad"
SHELVED = ("S20", "S21", "S220", "S221", "S222", "S223", "S224", "T3", "C4", "M5", "P70")
"""Families whose examples are flows on a shelf."""
IN_THE_HOUSE = ("P706", "P707", "P708")
REHEARSED = "Y136"
"""The one code of its family that is told of a test file."""
BY_NOBODY = ("P708",)
"""Codes that no edit of a file mends: somebody has to read and sign."""
Files: TypeAlias = dict[str, str | bytes | None]
"""Name of a file → what is in it, None where it is not there."""
_NEXT = re.compile(r"^# --- (.*)$", re.MULTILINE)
_SPOT = re.compile(r"^# [A-Z]\d+ \d+:\d+$", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Example:
    """Hold the files with a fault, by name; None stands for one that is not there."""

    code: str
    files: Files

    @property
    def kind(self) -> str:
        """Tell how the files are checked: each by itself, on a shelf, or in the house."""
        if self.code.startswith("Y"):
            return "alone"
        return "shelf" if self.code.startswith(SHELVED) and self.code not in IN_THE_HOUSE else "house"

    def mended(self) -> Files | None:
        """Return the files without the fault; None for a code that no edit mends."""
        if self.code in BY_NOBODY:
            return None
        mends = _mends().get(self.code)
        if mends is not None:
            return _replaced(self.files, mends)
        if self.kind == "alone":
            return {name: _sound() for name in self.files}
        return {name: whole().get(name) for name in self.files}

    def faults(self) -> list[Fault]:
        """Check the files; a fault names its file as the example does."""
        return self._checked(self.files, released=False)

    def left(self) -> list[Fault]:
        """Check the files once they are mended and `lowtide lock` was run."""
        return self._checked(self.mended() or {}, released=True)

    def _checked(self, files: Files, *, released: bool) -> list[Fault]:
        if self.kind == "house":
            with TemporaryDirectory() as folder:
                return in_house(Path(folder), self.code, files, released=released)
        if self.kind == "shelf":
            return shelf.faults_of({name: str(text) for name, text in files.items()})
        (name, data), *_ = files.items()
        return alone(data or b"", name)


def examples() -> list[Example]:
    """Return every example, by code."""
    return [example(path) for path in sorted(BAD.glob("*.yaml"))]


@cache
def told(code: str) -> tuple[Fault, ...]:
    """Return what is told of an example, found once for all who ask."""
    return tuple(example(BAD / f"{code}.yaml").faults())


def example(path: Path) -> Example:
    """Read one example, in the form its family is written in."""
    code = path.stem
    if code.startswith("Y"):
        if code == REHEARSED:
            return Example(code, {"reflect.test.yaml": path.read_text()})
        return Example(code, {"flows/reflect.yaml": path.read_bytes()})
    if Example(code, {}).kind == "shelf":
        return Example(code, dict(parts(path.read_text())))
    return Example(code, _changed(yaml.safe_load(path.read_text())))


@cache
def _mends() -> dict[str, dict[str, str]]:
    found: dict[str, dict[str, str]] = yaml.safe_load((BAD.parent / "mends.yaml").read_text())
    return found


def _replaced(files: Files, mends: Mapping[str, str]) -> Files:
    """Carry out mends, each in the first file that holds its text."""
    found = dict(files)
    for old, new in mends.items():
        name = next(name for name, text in found.items() if isinstance(text, str) and old in text)
        found[name] = str(found[name]).replace(old, new, 1)
    return found


@cache
def _sound() -> str:
    """Return the flow that the examples of shape are made from."""
    return (BAD / "Y134.yaml").read_text().replace("flow: reflekt", "flow: reflect")


# --- a file by itself ------------------------------------------------------------------------------------


def alone(data: str | bytes, name: str) -> list[Fault]:
    """Check the shape of one file."""
    tree, faults = read(data, name)
    if tree is None:
        return in_order(faults)
    rest = read_rehearsals(tree, "reflect") if name.endswith(".test.yaml") else load_flow(tree)
    return in_order([*faults, *rest[1]])


# --- flows on a shelf ------------------------------------------------------------------------------------


def parts(text: str) -> dict[str, str]:
    """Take an example apart into its files, each with the lines it has in the example."""
    names = ["talk.yaml"]
    found: dict[str, list[str]] = {"talk.yaml": []}
    for number, line in enumerate(text.splitlines()):
        begins = _NEXT.match(line)
        if begins:
            names.append(begins[1])
            found[begins[1]] = ["#"] * number
        found[names[-1]].append(line)
    return {name: "\n".join(lines) + "\n" for name, lines in found.items()}


# --- the house -------------------------------------------------------------------------------------------


def whole() -> dict[str, str]:
    """Return every file of the house as it stands in its folder."""
    return {name: house.laid_out(name, text) for name, text in {**house.FILES, **house.GERMAN}.items()}


def _changed(written: Mapping[str, Any]) -> Files:
    """Return the files that an example changes; those of a translation with it."""
    base = {**house.FILES, **(house.GERMAN if written.get("in") == "German" else {})}
    german: Files = {}
    german.update(house.GERMAN if written.get("in") == "German" else {})
    return german | edited(base, written["edits"])


def edited(base: Mapping[str, str], edits: Iterable[Mapping[str, Any]]) -> Files:
    """Carry out edits: a text replaced, a file added (perhaps in another encoding), or a file removed."""
    files: Files = {}
    for edit in edits:
        name = edit["file"]
        before = str(files.get(name, base.get(name, "")))
        assert "find" not in edit or edit["find"] in before, f"{edit['find']!r} is not in {name}"
        after = before.replace(edit["find"], edit["put"], 1) if "find" in edit else edit["put"]
        files[name] = after.encode(edit["encoding"]) if "encoding" in edit else after
    return files


def in_house(root: Path, code: str, files: Files, *, released: bool) -> list[Fault]:
    """Check the house with some files changed; a version that was recorded before is held against it."""
    written = yaml.safe_load((BAD / f"{code}.yaml").read_text())
    if "recorded" in written:
        before = house.build(root, edited(house.FILES, written["recorded"]))
        assert write_lock(before.loaded, root / "flows") == []
    if written.get("locked") or ("recorded" in written and released):
        now = house.build(root, files)
        assert write_lock(now.loaded, root / "flows") == []
    return [replace(one, spot=_below(root, one.spot)) for one in house.faults(root, files)]


def _below(root: Path, spot: Spot) -> Spot:
    """Name the file of a place from the house."""
    return spot._replace(file=str(Path(spot.file).relative_to(root)))


def expected(code: str) -> list[str]:
    """Return where the faults of an example must be told, as `file:line CODE` or `line:column CODE`."""
    text = (BAD / f"{code}.yaml").read_bytes().decode(errors="replace")
    if Example(code, {}).kind == "house":
        found: list[str] = yaml.safe_load(text)["expect"]
        return found
    return [f"{spot[len(code) + 3 :]} {spot[2:].split()[0]}" for spot in _SPOT.findall(text)]
