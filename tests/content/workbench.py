"""Our own flows on a bench: a file is changed, and only what the change touches is read and tried again.

One whole check of our flows takes two seconds; here it takes a tenth of one where only flows have changed.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from datetime import date
from functools import cached_property
from pathlib import Path

from bot.content.checks import check_all
from bot.content.faults import Fault
from bot.content.flows import LoadedFlow, load_flow
from bot.content.library import Content, load
from bot.content.needs import Needs
from bot.content.prompts import Prompts
from bot.content.salvage import read_flow

HOUSE = Path(__file__).parents[2]
TODAY = date(2026, 12, 1)
DATA = ("globals.yaml", "why.yaml", "helplines.yaml", "lexicon.yaml", "reviews.yaml")

Changes = Mapping[str, str | None]
"""Name of a file, as `flows/start.yaml` → what is in it now, None where it is gone."""


class Bench:
    """Hold a copy of our flows and prompts that was read once and has no fault; `only` in one language."""

    def __init__(self, root: Path, only: str | None = None) -> None:
        shutil.copytree(HOUSE / "flows", root / "flows")
        for path in (HOUSE / "prompts").iterdir():
            if path.is_dir() and only in {None, path.name}:
                shutil.copytree(path, root / "prompts" / path.name)
        self.root = root
        self.content = load(root / "flows", root / "prompts")
        self.needs = Needs(self.content.prompts)
        self.sound = self._checked(self.content)
        """What is told of the copy as it is."""

    def text(self, file: str) -> str:
        """Return what stands in a file of the copy."""
        return (self.root / file).read_text(encoding="utf-8")

    def flow_file(self, flow: str) -> str:
        """Return the name of the file of a flow."""
        return str(Path(self.content.loaded[flow].tree.file).relative_to(self.root))

    def told(self, changes: Changes) -> list[tuple[str, int, str]]:
        """Return what is told once some files have changed and was not before, as file, line and code."""
        before = {self.place(fault) for fault in self.sound}
        return [place for fault in self.faults(changes) if (place := self.place(fault)) not in before]

    def place(self, fault: Fault) -> tuple[str, int, str]:
        """Return where a fault is and its code."""
        return str(Path(fault.spot.file).relative_to(self.root)), fault.spot.line, fault.code

    def faults(self, changes: Changes) -> list[Fault]:
        """Check the copy with some files changed, and leave it as it was."""
        with self._changed(changes):
            if all(_is_flow(file) for file in changes):
                return self._checked(self._with_flows(changes))
            if all(_is_prompt(file) for file in changes):
                return self._with_prompts(changes)
            loaded = load(self.root / "flows", self.root / "prompts")
            if all(_is_apart(file) for file in changes):
                loaded = replace(loaded, prompts=self.content.prompts, words=self.content.words)
            return self._checked(loaded)

    def _checked(self, content: Content) -> list[Fault]:
        same = content.prompts is self.content.prompts
        return check_all(content, self.root / "flows", TODAY, self.needs if same else None)

    def _with_flows(self, changes: Changes) -> Content:
        """Read the flows that have changed, and put them in the place of the ones before."""
        read: dict[str, LoadedFlow] = {one.tree.file: one for one in self.content.loaded.values()}
        faults, broken = list(self.content.faults), []
        for file, text in changes.items():
            path = str(self.root / file)
            read.pop(path, None)
            tree, wrong = read_flow((text or "").encode(), path)
            faults += wrong
            one, wrong = load_flow(tree, self.content.flows.globals.memory) if tree else (None, [])
            faults += wrong
            if one is None:
                broken.append(Path(path))
            else:
                read[path] = one
        loaded = {read[path].flow.id: read[path] for path in sorted(read)}
        flows = replace(self.content.flows, flows={id: one.flow for id, one in loaded.items()})
        return replace(self.content, flows=flows, loaded=loaded, broken=tuple(broken), faults=faults)

    def _with_prompts(self, changes: Changes) -> list[Fault]:
        """Check with prompts that have changed; what does not say them was tried already."""
        prompts = Prompts(self.root / "prompts", self.content.words, self.content.helplines)
        needs = Needs(prompts, self.needs)
        touched = {file.removesuffix(".j2").split("/", 2)[2] for file in changes}
        while more := {name for name, said in self.lines.items() if said & touched} - touched:
            touched |= more
        needs.sound |= {one for one in self.needs.sound if one[0] not in touched}
        # What is not said again would be missed among the lines that others say.
        prompts.templates.lined |= self.content.prompts.templates.lined
        flows = replace(self.content.flows, variants=prompts.counts())
        content = replace(self.content, flows=flows, prompts=prompts)
        return check_all(content, self.root / "flows", TODAY, needs)

    @cached_property
    def lines(self) -> dict[str, set[str]]:
        """Return, for each prompt, the prompts that it says."""
        sources = self.content.prompts.sources
        found: dict[str, set[str]] = {}
        for lang in sources.languages:
            for name, source in sources.of(lang).items():
                found.setdefault(name, set()).update(*map(self.needs.said, source.variants))
        return found

    @contextmanager
    def _changed(self, changes: Changes) -> Iterator[None]:
        before = {file: self.text(file) if (self.root / file).exists() else None for file in changes}
        self._write(changes)
        try:
            yield
        finally:
            self._write(before)

    def _write(self, changes: Changes) -> None:
        for file, text in changes.items():
            path = self.root / file
            if text is None:
                path.unlink(missing_ok=True)
            else:
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_text(text, encoding="utf-8")


def _is_flow(file: str) -> bool:
    """Tell whether a file holds a flow."""
    folder, _, name = file.rpartition("/")
    return folder == "flows" and name.endswith(".yaml") and name not in DATA


def _is_prompt(file: str) -> bool:
    """Tell whether a file holds a prompt."""
    return file.startswith("prompts/") and file.endswith(".j2")


def _is_apart(file: str) -> bool:
    """Tell whether a file has nothing to do with how prompts are said: helplines are said in them."""
    return file.startswith("flows/") and not file.endswith("helplines.yaml")
