"""`lowtide test --watch`: after each save, the conversations it touches, those that failed first, at once.

Content stays loaded and learnt. A conversation is touched by a flow it enters and by a prompt it says, as the
engine told when it was last played; what nobody can tell touches all.
"""

from __future__ import annotations

import asyncio
import os
import time
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeAlias

from bot.authoring.gathering import TESTS, rehearsals_in, test_files
from bot.authoring.playing import Played, Watched
from bot.content.faults import Fault
from bot.content.library import DATA as NO_FLOWS
from bot.content.library import Content, load_sound, near, with_flow
from bot.content.rehearsals import Rehearsal
from bot.content.words import NOTHING, OPTIONS
from bot.errors import ContentError
from bot.listening import Listener
from bot.settings import Settings

PAUSE = 0.2
"""Seconds between two looks at the files: an author does not notice it, and a look costs 8 ms."""
_KINDS = (".yaml", ".j2", ".txt")

Name: TypeAlias = tuple[str, str]
"""The file of a test and its name there: what stays of it over an edit."""
Stamps: TypeAlias = Mapping[Path, tuple[int, int]]


def stamps(folders: Iterable[Path]) -> dict[Path, tuple[int, int]]:
    """Return when each file was last written, and how large it is; an editor's own are passed over."""
    return {path: stamp for folder in folders for path, stamp in _stamps(folder)}


def _stamps(folder: Path) -> Iterator[tuple[Path, tuple[int, int]]]:
    with os.scandir(folder) as entries:
        for entry in entries:
            if entry.name.startswith("."):
                continue
            if entry.is_dir():
                yield from _stamps(folder / entry.name)
            elif entry.name.endswith(_KINDS):
                found = entry.stat()
                yield folder / entry.name, (found.st_mtime_ns, found.st_size)


def changed(before: Stamps, after: Stamps) -> frozenset[Path]:
    """Return the files that were written, that came or that went."""
    return frozenset(path for path, _ in before.items() ^ after.items())


@dataclass
class Bench:
    """Hold the content as it is now, every rehearsal, what each met when last played, and which fail.

    `waiting` are those still to be played, in that order, `first` those of them that failed before or stand
    beside what was saved; `faults` is what keeps the content from being read.
    """

    settings: Settings
    only: str
    content: Content = field(repr=False)
    ear: Listener = field(repr=False)
    faults: list[Fault] = field(default_factory=list)
    rehearsals: dict[Name, Rehearsal] = field(default_factory=dict)
    last: dict[Name, Played] = field(default_factory=dict)
    waiting: dict[Name, None] = field(default_factory=dict)
    first: set[Name] = field(default_factory=set)

    def __post_init__(self) -> None:
        """Read every test, and let all wait."""
        self._watched = Watched(self.settings, self.content, self.ear)
        for path in test_files(self.settings):
            self._read(path)
        self.waiting = dict.fromkeys(self.rehearsals)

    @property
    def failing(self) -> list[Played]:
        """Return the rehearsals that did not go as expected when they were last played."""
        return [played for played in self.last.values() if played.miss is not None]

    async def play_next(self) -> Played | None:
        """Play the first that waits; return it unless it is gone meanwhile."""
        name = next(iter(self.waiting))
        del self.waiting[name]
        self.first.discard(name)
        rehearsal = self.rehearsals.get(name)
        if rehearsal is None:
            return None
        self.last[name] = played = await self._watched.play(rehearsal)
        return played

    def take(self, paths: Iterable[Path]) -> None:
        """Take in what was saved: read it anew, and let wait what it touches, what failed first.

        A file that cannot be read leaves all as it was but `faults`; its next save is taken in then.
        """
        saved = list(paths)
        self.faults = []
        touched: set[Name] = set()
        try:
            if any(not one.name.endswith(TESTS) for one in saved):
                self._load(saved)
        except ContentError as error:
            self.faults = [fault for fault in error.faults if isinstance(fault, Fault)]
            return
        for path in saved:
            touched |= self._read(path) if path.name.endswith(TESTS) else self._touched(path)
        order = sorted(
            (one for one in self.rehearsals if one in touched), key=lambda name: self._order(name, saved)
        )
        self.first = {name for name in order if self._order(name, saved) != (True, True)}
        self.waiting = dict.fromkeys([*order, *self.waiting])

    def _load(self, saved: list[Path]) -> None:
        flow = saved[0] if len(saved) == 1 and self._is_flow(saved[0]) and saved[0].exists() else None
        new = (
            with_flow(self.content, flow) if flow else load_sound(self.settings.flows, self.settings.prompts)
        )
        if any(one.name in {OPTIONS, NOTHING} for one in saved):
            self.ear = self.ear.relearning(new)
        else:
            self.ear = self.ear.among(new)
        self.content = new
        self._watched = Watched(self.settings, new, self.ear)

    def _is_flow(self, path: Path) -> bool:
        home = path.parent == near(self.settings.flows)
        return home and path.suffix == ".yaml" and path.name not in NO_FLOWS

    def _read(self, path: Path) -> set[Name]:
        """Read the rehearsals of one file anew; return their names."""
        found, faults = rehearsals_in(path) if path.exists() else ([], [])
        self.faults += faults
        for name in [one for one in self.rehearsals if one[0] == str(path)]:
            del self.rehearsals[name]
        chosen = [one for one in found if self.only in one.name or self.only == one.flow]
        here = {(str(path), one.name): one for one in chosen}
        self.rehearsals |= here
        for name in [one for one in self.last if one not in self.rehearsals]:
            del self.last[name]
        return set(here)

    def _touched(self, path: Path) -> set[Name]:
        """Return the rehearsals a saved file touches: its flow's own, those that enter it or say it."""
        if self._is_flow(path):
            flow = path.stem
            return {
                name for name, one in self.rehearsals.items() if one.flow == flow or self._met(name, flow)
            }
        if path.suffix == ".j2":
            prompt = "/".join(path.relative_to(near(self.settings.prompts)).with_suffix("").parts[1:])
            return {name for name in self.rehearsals if self._said(name, prompt)}
        if path.name == OPTIONS:
            return self._reading("/".join(path.relative_to(near(self.settings.prompts)).parts[1:-1]) + "/")
        return set(self.rehearsals)

    def _reading(self, folder: str) -> set[Name]:
        """Return the rehearsals that enter a flow with words of a folder; all where an interrupt has them."""
        flows = self.content.flows
        if any(one.says and one.says.startswith(folder) for one in flows.globals.interrupts):
            return set(self.rehearsals)
        there = {
            flow.id
            for flow in flows.flows.values()
            for state in flow.states.values()
            if any(key.startswith(folder) for one in state.options for key in (one.label, one.says))
        }
        return {name for name in self.rehearsals if any(self._met(name, flow) for flow in there)}

    def _met(self, name: Name, flow: str) -> bool:
        return name not in self.last or flow in self.last[name].met.flows

    def _said(self, name: Name, prompt: str) -> bool:
        said = self.last[name].met.said.values() if name in self.last else ()
        return name not in self.last or any(prompt in prompts for prompts in said)

    def _order(self, name: Name, saved: list[Path]) -> tuple[bool, bool]:
        """Put first what failed, then the own tests of what was saved."""
        failed = name in self.last and self.last[name].miss is not None
        own = {path.name.partition(".")[0] for path in saved}
        return not failed, self.rehearsals[name].flow not in own


class Watch:
    """Look at the files, play what waits, and tell; until Ctrl-C."""

    def __init__(self, bench: Bench) -> None:
        self.bench = bench
        self.folders = (near(bench.settings.flows), near(bench.settings.prompts))
        self.seen = stamps(self.folders)
        self.looked = time.monotonic()
        self.began, self.played, self.failed = time.monotonic(), 0, 0

    def run(self) -> bool:
        """Watch until Ctrl-C; tell whether nothing fails then."""
        print(
            f"{len(self.bench.rehearsals)} tests; watching {len(self.seen)} files, Ctrl-C ends it", flush=True
        )
        try:
            asyncio.run(self._watch())
        except KeyboardInterrupt:
            print()
        return not self.bench.failing and not self.bench.faults

    async def _watch(self) -> None:
        while True:
            if time.monotonic() - self.looked >= PAUSE:
                self._look()
            if self.bench.waiting:
                await self._play_one()
            else:
                await asyncio.sleep(PAUSE)

    async def _play_one(self) -> None:
        first = bool(self.bench.first)
        played = await self.bench.play_next()
        if played is not None:
            self._tell(played)
        if not self.bench.waiting:
            self._sum_up()
        elif first and not self.bench.first:  # what an author waits for is told before the rest is played
            print(f"{self._figures()}; {len(self.bench.waiting)} more are touched", flush=True)

    def _look(self) -> None:
        now = stamps(self.folders)
        saved, self.seen, self.looked = changed(self.seen, now), now, time.monotonic()
        if not saved:
            return
        self.began, self.played, self.failed = time.monotonic(), 0, 0
        self.bench.take(sorted(saved))
        print(f"\n{', '.join(map(str, sorted(saved)))} saved", flush=True)
        for fault in self.bench.faults:
            print(fault, flush=True)
        if not self.bench.waiting and not self.bench.faults:
            print("no test is touched by it", flush=True)

    def _tell(self, played: Played) -> None:
        self.played += 1
        if played.miss is not None:
            self.failed += 1
            one = played.rehearsal
            print(f"\nFAILED {one.flow}: {one.name}\n{played.miss}", flush=True)

    def _sum_up(self) -> None:
        every = len(self.bench.failing)
        still = f"; {every} of all {len(self.bench.rehearsals)} fail" if every != self.failed else ""
        print(f"{self._figures()}{still}", flush=True)

    def _figures(self) -> str:
        took = time.monotonic() - self.began
        return f"{self.played - self.failed} passed, {self.failed} failed, in {took:.1f} s"
