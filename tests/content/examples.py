"""The example of each code: its files, how they are checked, and how they are mended."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import yaml

from bot.content.faults import Fault, Spot, in_order
from bot.content.flows import load_flow
from bot.content.lock import write_lock
from bot.content.rehearsals import read_rehearsals
from bot.content.yaml12 import read
from tests.content import house
from tests.content.checks import shelf

BAD = Path(__file__).parent / "bad"
SHELVED = ("S20", "S21", "S220", "S221", "S222", "T3", "C4", "M5", "P70")
"""Families whose examples are flows on a shelf."""
IN_THE_HOUSE = ("P706", "P707", "P708")
REHEARSED = "Y136"
"""The one code of its family that is told of a test file."""
_NEXT = re.compile(r"^# --- (.*)$", re.MULTILINE)
_SPOT = re.compile(r"^# [A-Z]\d+ \d+:\d+$", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Example:
    """Hold the files with a fault, by name; None stands for one that is not there."""

    code: str
    files: dict[str, str | bytes | None]

    @property
    def kind(self) -> str:
        """Tell how the files are checked: each by itself, on a shelf, or in the house."""
        if self.code.startswith("Y"):
            return "alone"
        return "shelf" if self.code.startswith(SHELVED) and self.code not in IN_THE_HOUSE else "house"

    def faults(self, files: Mapping[str, str | bytes | None] | None = None) -> list[Fault]:
        """Check the files, or others in their place; a fault names its file as the example does."""
        chosen = self.files if files is None else files
        if self.kind == "house":
            with TemporaryDirectory() as folder:
                return in_house(Path(folder), self.code, chosen)
        if self.kind == "shelf":
            return shelf.faults_of({name: str(text) for name, text in chosen.items()})
        (name, data), *_ = chosen.items()
        return alone(data or b"", name)


def examples() -> list[Example]:
    """Return every example, by code."""
    return [example(path) for path in sorted(BAD.glob("*.yaml"))]


def example(path: Path) -> Example:
    """Read one example, in the form its family is written in."""
    code = path.stem
    if code.startswith("Y"):
        name = "reflect.test.yaml" if code == REHEARSED else "flows/reflect.yaml"
        return Example(code, {name: path.read_bytes()})
    if Example(code, {}).kind == "shelf":
        return Example(code, dict(parts(path.read_text())))
    return Example(code, _changed(yaml.safe_load(path.read_text())))


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


def _changed(written: Mapping[str, Any]) -> dict[str, str | bytes | None]:
    """Return the files that an example changes; those of a translation with it."""
    base = {**house.FILES, **(house.GERMAN if written.get("in") == "German" else {})}
    german: dict[str, str | bytes | None] = {}
    german.update(house.GERMAN if written.get("in") == "German" else {})
    return german | edited(base, written["edits"])


def edited(base: Mapping[str, str], edits: Iterable[Mapping[str, Any]]) -> dict[str, str | bytes | None]:
    """Carry out edits: a text replaced, a file added (perhaps in another encoding), or a file removed."""
    files: dict[str, str | bytes | None] = {}
    for edit in edits:
        name = edit["file"]
        before = str(files.get(name, base.get(name, "")))
        assert "find" not in edit or edit["find"] in before, f"{edit['find']!r} is not in {name}"
        after = before.replace(edit["find"], edit["put"], 1) if "find" in edit else edit["put"]
        files[name] = after.encode(edit["encoding"]) if "encoding" in edit else after
    return files


def in_house(root: Path, code: str, files: Mapping[str, str | bytes | None]) -> list[Fault]:
    """Check the house with some files changed; a version that was recorded before is held against it."""
    written = yaml.safe_load((BAD / f"{code}.yaml").read_text())
    if "recorded" in written:
        before = house.build(root, edited(house.FILES, written["recorded"]))
        assert write_lock(before.loaded, root / "flows") == []
    if written.get("locked"):
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
