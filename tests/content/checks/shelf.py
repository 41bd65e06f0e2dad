"""A shelf of flows for the tests of the checks: read from a folder or from texts, with one part changed."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from bot.content.checks import Pieces, check
from bot.content.faults import Fault, in_order
from bot.content.flows import LoadedFlow, load_flow, load_globals
from bot.content.salvage import read_flow
from bot.content.yaml12 import Tree, read
from bot.dialogue.flows import Globals

FIXTURES = Path(__file__).parents[1] / "fixtures"
GLOBALS = """\
schema: globals/1
start: talk
lines: {stale: a/b, nothing_back: a/b, why_unknown: a/b, stopped_nudging: a/b, not_understood: a/b,
        unsupported: a/b, welcome_back: a/b, silent: a/b, kept_over: a/b}
dangers: []
interrupts: [{id: stop, command: stop, do: stop}]
"""

Texts = Mapping[str, str]
"""Name of a file → what is in it; `words.yaml` holds the phrases of keys."""


def texts(folder: Path = FIXTURES) -> dict[str, str]:
    """Read a folder of flows."""
    return {path.name: path.read_text() for path in sorted(folder.glob("*.yaml"))}


def pieces(files: Texts) -> tuple[Pieces, list[Fault]]:
    """Read flows as the library does; return them with the faults of their shape."""
    faults: list[Fault] = []
    trees = {name: _tree(name, text, faults) for name, text in files.items()}
    words = trees.pop("words.yaml", None)
    if "globals.yaml" not in trees:
        trees["globals.yaml"] = _tree("globals.yaml", GLOBALS, faults)
    known_tree = trees.pop("globals.yaml")
    known, wrong = load_globals(known_tree) if known_tree else (None, [])
    faults += wrong
    loaded: dict[str, LoadedFlow] = {}
    broken = []
    for name, tree in trees.items():
        one, wrong = load_flow(tree, known.memory if known else {}) if tree else (None, [])
        faults += wrong
        if one is None:
            broken.append(name.removesuffix(".yaml"))
        else:
            loaded[one.flow.id] = one
    says = words.data if words else {}
    common = known or Globals("", {}, {}, (), ())
    return Pieces(loaded, common, known_tree, broken, lambda key: says.get(key, ())), faults


def _tree(name: str, text: str, faults: list[Fault]) -> Tree | None:
    reader = read if name in ("globals.yaml", "words.yaml") else read_flow
    tree, wrong = reader(text, name)
    faults += wrong
    return tree


def faults_of(files: Texts) -> list[Fault]:
    """Return every fault of some flows, those of their shape too."""
    found, faults = pieces(files)
    return in_order([*faults, *check(found)])


def places(faults: list[Fault]) -> list[str]:
    """Return where the faults are, as `file:line CODE`."""
    return [f"{fault.spot.file}:{fault.spot.line} {fault.code}" for fault in faults]


def changed(files: Texts, name: str, old: str, new: str) -> dict[str, str]:
    """Return the files with one part of one of them changed; it must be there exactly once."""
    assert files[name].count(old) == 1, f"{old!r} is in {name} {files[name].count(old)} times"
    return {**files, name: files[name].replace(old, new)}


def flow(*states: str, id: str = "talk", outcomes: str = "done, left", more: str = "") -> str:
    """Write a flow around its states; the first is its entry."""
    entry = states[0].split(":")[0].strip()
    return f"""\
schema: flow/1
flow: {id}
version: 1
entry: {entry}
outcomes: [{outcomes}]
{more}states:
{"".join(states)}"""


def wait(id: str, *, yes: str, no: str, more: str = "", passes: str = "", say: str = "a/b") -> str:
    """Write a state with two options; giving up and silence lead where `no` does."""
    marked = f"    {more}\n" if more else ""
    opens = ", passes: true" if passes == "yes" else ""
    return f"""\
  {id}:
{marked}    say: {say}
    options:
      - {{id: yes, label: a/yes, to: {yes}{opens}}}
      - {{id: no, label: a/no, to: {no}}}
    other: {{give_up: {no}}}
    timers: [{{id: lapse, after: 72h, to: {no}}}]
"""


def says(id: str, to: str, say: str = "a/b") -> str:
    """Write a state that says something and goes on."""
    return f"  {id}: {{say: {say}, goto: {to}}}\n"
