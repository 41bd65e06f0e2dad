"""Kill the app at every step of its way, start it again, and count what was lost and what was said twice.

Each life is a fork of this process, which has no threads and no loop of its own: nothing but the files is
left of it.
"""

from __future__ import annotations

import asyncio
import json
import os
import shutil
import signal
import sys
import traceback
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path

from bot.content.library import Content
from bot.runtime.clocks import VirtualClock
from bot.runtime.messages import Update
from tests.crash.fuse import Fuse, Place
from tests.crash.lives import Life, Wire
from tests.crash.scenarios import Scenario
from tests.crash.stores import Disk
from tests.runtime.worlds import NOON


@dataclass
class Toll:
    """Count what so many kills did; `faults` says what was not as it must be, and at which step."""

    steps: int = 0
    kills: int = 0
    places: set[Place] = field(default_factory=set)
    twice: int = 0
    shown_twice_with_nonce: int = 0
    faults: list[str] = field(default_factory=list)

    def __str__(self) -> str:
        return (
            f"{self.kills} kills at {self.steps} steps ({len(self.places)} places in the code): "
            f"{len(self.faults)} faults, {self.twice} messages said twice, "
            f"{self.shown_twice_with_nonce} where the platform knows a nonce"
        )


@dataclass
class Trial:
    """One scenario on one kind of store."""

    content: Content
    disk: Disk
    scenario: Scenario
    folder: Path
    careless: bool = False

    def run(self, every: int = 1, first: int = 1) -> Toll:
        """Kill at every so-manieth step from the first, and judge each against a life without any."""
        toll = Toll()
        prepared = self._room("prepared")
        self._lived(prepared, self.scenario.updates("before"), NOON)
        if self.scenario.between:
            self._lived(prepared, [], NOON + self.scenario.between)
        (prepared / "shown").unlink(missing_ok=True)
        if self.scenario.release:
            self.content = newer(self.content)
        whole = self._copy(prepared, "whole")
        toll.places = set(self._steps(whole))
        toll.steps = len(self._steps(whole))
        for at in range(first, toll.steps + 1, every):
            room = self._copy(prepared, f"killed-{at}")
            if self._lived(room, self.scenario.updates("now"), self.scenario.moment, Fuse(at)):
                continue  # this time it took fewer steps
            toll.kills += 1
            self._lived(room, self.scenario.updates("now"), self._later())
            self._judge(toll, at, Wire(whole), Wire(room))
            self.disk.drop(room)
        return toll

    def _judge(self, toll: Toll, at: int, whole: Wire, killed: Wire) -> None:
        expected, shown = _known(whole.shown), _known(killed.shown)
        once = list(dict.fromkeys(shown))
        toll.twice += len(shown) - len(once)
        toll.shown_twice_with_nonce += max(Counter(key for key, _ in once).values(), default=1) - 1
        if once != expected:
            toll.faults.append(f"step {at}: {len(expected)} messages were to be shown, {len(once)} were")
        if killed.confirmed != whole.confirmed:
            toll.faults.append(f"step {at}: an update was lost, or taken twice")
        if _stands(killed) != _stands(whole):
            toll.faults.append(f"step {at}: it does not stand where it should: {_stands(killed)}")

    def _later(self) -> datetime:
        """Tell when it starts again: timers that the dead one held are free by then."""
        held = not self.scenario.now
        return self.scenario.moment + (self.disk.patience if held else timedelta())

    # --- lives ------------------------------------------------------------------------------------------

    def _steps(self, room: Path) -> list[Place]:
        if not (room / "steps").exists():
            self._lived(room, self.scenario.updates("now"), self.scenario.moment, Fuse())
        return [tuple(place) for place in json.loads((room / "steps").read_text())]

    def _lived(self, room: Path, updates: list[Update], moment: datetime, fuse: Fuse | None = None) -> bool:
        """Live once in a process of its own; False if it was killed."""
        fuse = fuse or Fuse()

        def live() -> None:
            life = Life(
                self.content,
                self.disk.store(room),
                Wire(room),
                VirtualClock(moment),
                updates,
                fuse,
                self.careless,
            )
            asyncio.run(life.live())
            (room / "steps").write_text(json.dumps(fuse.steps))

        ended = forked(live)
        if ended not in (0, -signal.SIGKILL):
            raise AssertionError(f"a life in {room} ended by {ended}")
        return ended == 0

    def _room(self, name: str) -> Path:
        room = self.folder / name
        room.mkdir(parents=True)
        self.disk.make(room)
        return room

    def _copy(self, prepared: Path, name: str) -> Path:
        room = self.folder / name
        shutil.copytree(prepared, room)
        (room / "steps").unlink(missing_ok=True)
        (room / "confirmed").unlink(missing_ok=True)
        self.disk.copy(prepared, room)
        return room


def forked(work: Callable[[], None]) -> int:
    """Do some work in a fork of this process and return its exit code, negative for a signal."""
    child = os.fork()
    if child:
        return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    try:
        work()
    except BaseException:
        traceback.print_exc(file=sys.stderr)
        os._exit(1)
    os._exit(0)


def newer(content: Content) -> Content:
    """Return the same flows as a release would bring them: each in a version of its own."""
    flows = {name: replace(one, version=one.version + 1) for name, one in content.flows.flows.items()}
    return replace(content, flows=replace(content.flows, flows=flows))


def _known(shown: list[tuple[str, str]]) -> list[tuple[str, str]]:
    """Leave out the ids of people: who comes for the first time gets another one in every life."""
    return [(key.partition(":")[2], text) for key, text in shown]


def _stands(wire: Wire) -> object:
    return json.loads((wire.folder / "stands").read_text())
