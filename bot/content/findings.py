"""Where a reader notes what is wrong, so that one fault is told once and hides no other."""

from __future__ import annotations

from bot.content.faults import Fault, Spot
from bot.content.places import Path
from bot.content.yaml12 import Tree, named


class Findings:
    """Gather the faults of one document.

    What already could not be read as YAML is not reported again as a wrong value.
    """

    def __init__(self, tree: Tree) -> None:
        self.tree = tree
        self.faults: list[Fault] = []
        self.paths: list[Path] = []
        self._told = {fault.spot for fault in tree.faults} | {tree.spot(*hole) for hole in tree.holes}

    def value(self, code: str, path: Path, message: str, fix: str = "") -> None:
        """Report the value at a path."""
        self._note(code, path, self.tree.spot(*path), message, fix)

    def key(self, code: str, path: Path, message: str, fix: str = "") -> None:
        """Report the key at a path, or the part around it where it has none."""
        self._note(code, path, self.tree.key_spot(*path), message, fix)

    def inside(self, code: str, path: Path, offset: int, message: str, fix: str = "") -> None:
        """Report the character at `offset` (from 0) of the text at a path."""
        self._note(code, path, self.tree.inside(path, offset), message, fix)

    def kind(self, path: Path, value: object, what: str) -> None:
        """Report a value of the wrong kind; `what` names the right one, as in `takes a list of ids`."""
        fix = "put it into quotes" if "text" in what and isinstance(value, bool | int | float) else ""
        self.value("Y122", path, f"{subject(path)} takes {what}, not {named(value)}", fix)

    def _note(self, code: str, path: Path, spot: Spot, message: str, fix: str) -> None:
        if spot not in self._told:
            self.faults.append(Fault(code, spot, message, fix))
        self.paths.append(path)


def subject(path: Path) -> str:
    """Name a value by the nearest key above it."""
    keys = [part for part in path if isinstance(part, str)]
    return f"`{keys[-1]}`" if keys else "the file"
