"""What an author of flows runs: check, test, graph, lock and schema, all over the same loaded content."""

from __future__ import annotations

import asyncio
import json
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, date, datetime
from itertools import count
from pathlib import Path
from zlib import crc32

from bot.adapters.rehearsal import HERE, Miss, Player
from bot.app import App, build, listener
from bot.content.checks import check_all
from bot.content.faults import Fault, in_order
from bot.content.graph import graph as overview
from bot.content.graph import mermaid
from bot.content.library import Content, flow_named, load, load_sound
from bot.content.lock import write_lock
from bot.content.rehearsals import Rehearsal, read_rehearsals
from bot.content.schema import flow_schema
from bot.content.svg import svg, svg_graph
from bot.content.yaml12 import read
from bot.errors import ContentError
from bot.listening import Listener
from bot.runtime.clocks import VirtualClock
from bot.runtime.ports import Adapter, Witness
from bot.settings import Settings
from bot.storage.memory import MemoryStore

TESTS = ".test.yaml"


def check(settings: Settings, form: str) -> bool:
    """Print every fault, as text or as JSON; tell whether there is no error among them."""
    faults = in_order(faults_of(load(settings.flows, settings.prompts), settings))
    errors = [fault for fault in faults if fault.severity == "error"]
    if form == "json":
        rows = [_row(fault) for fault in faults]
        print(json.dumps({"faults": rows, "errors": len(errors)}, indent=2, ensure_ascii=False))
    else:
        for fault in faults:
            print(fault)
        print(_summary(len(errors), len(faults) - len(errors)))
    return not errors


def faults_of(content: Content, settings: Settings, today: date | None = None) -> list[Fault]:
    """Return every fault of the content and of the test files beside the flows."""
    found = check_all(content, settings.flows, today or datetime.now(UTC).date())
    for path in _test_files(settings):
        found += _rehearsals(path)[1]
    return found


def _row(fault: Fault) -> dict[str, object]:
    place = {"file": fault.spot.file, "line": fault.spot.line, "column": fault.spot.column}
    return place | {
        "code": fault.code, "severity": fault.severity, "message": fault.message, "fix": fault.fix
    }  # fmt: skip


def _summary(errors: int, warnings: int) -> str:
    if not errors and not warnings:
        return "no faults"
    return f"{errors} error{'s'[: errors != 1]}, {warnings} warning{'s'[: warnings != 1]}"


# --- test ------------------------------------------------------------------------------------------------


def rehearse(settings: Settings, only: str) -> bool:
    """Play every rehearsal whose name holds `only`; print what went wrong and how many passed."""
    content = load_sound(settings.flows, settings.prompts)
    ear = listener(settings, content)
    rehearsals, faults = gather(settings, only)
    if faults:
        raise ContentError(faults)
    misses = asyncio.run(_play_all(settings, content, rehearsals, ear))
    for rehearsal, miss in misses:
        print(f"FAILED {rehearsal.flow}: {rehearsal.name}\n{miss}\n")
    print(f"{len(rehearsals) - len(misses)} passed, {len(misses)} failed")
    return bool(rehearsals) and not misses


def gather(settings: Settings, only: str) -> tuple[list[Rehearsal], list[Fault]]:
    """Read every rehearsal whose name holds `only`, and what is wrong in their files."""
    found: list[Rehearsal] = []
    faults: list[Fault] = []
    for path in _test_files(settings):
        rehearsals, wrong = _rehearsals(path)
        found += [one for one in rehearsals if only in one.name or only == one.flow]
        faults += wrong
    return found, faults


def _test_files(settings: Settings) -> list[Path]:
    return sorted(settings.flows.glob(f"*{TESTS}"))


def _rehearsals(path: Path) -> tuple[list[Rehearsal], list[Fault]]:
    tree, faults = read(path.read_bytes(), str(path))
    if tree is None:
        return [], faults
    found, wrong = read_rehearsals(tree, path.name.partition(".")[0])
    return found, faults + wrong


async def _play_all(
    settings: Settings, content: Content, rehearsals: list[Rehearsal], ear: Listener
) -> list[tuple[Rehearsal, Miss]]:
    misses = []
    for rehearsal in rehearsals:
        _, miss = await play(settings, content, rehearsal, ear)
        if miss is not None:
            misses.append((rehearsal, miss))
    return misses


async def play(
    settings: Settings, content: Content, rehearsal: Rehearsal, ear: Listener | None = None
) -> tuple[Player, Miss | None]:
    """Play one person on the real thing: the same app, over a store in memory and a clock that is turned."""
    ids = count(crc32(f"{rehearsal.flow} {rehearsal.name}".encode()) << 16)
    store = MemoryStore(lambda: f"{next(ids):016x}")  # its person hears the same wordings each time

    @asynccontextmanager
    async def stage(
        content: Content, adapter: Adapter, clock: VirtualClock, witness: Witness
    ) -> AsyncIterator[App]:
        adapters = {HERE.platform: adapter}
        parts = build(settings, content, store, adapters, clock=clock, witness=witness, listening=ear)
        async with parts as app:
            yield app

    player = Player(content, rehearsal, stage)
    return player, await player.play()


# --- graph, lock, schema ---------------------------------------------------------------------------------


def graph(settings: Settings, flow: str | None, folder: Path | None) -> None:
    """Print Mermaid of one flow, or of all and how they call each other; or write each as an SVG file."""
    content = load_sound(settings.flows, settings.prompts)
    flows = content.flows.flows
    chosen = [flow_named(content, flow)] if flow is not None else [flows[name] for name in sorted(flows)]
    if folder is not None:
        folder.mkdir(parents=True, exist_ok=True)
        drawn = {one.id: svg(one) for one in chosen}
        if flow is None:
            drawn["_all"] = svg_graph(content.flows)  # no flow's id begins so
        for name, text in drawn.items():
            (folder / f"{name}.svg").write_text(text, encoding="utf-8")
        print(f"{len(drawn)} drawn in {folder}")
        return
    if flow is None:
        print(overview(content.flows))
    print("\n".join(mermaid(one) for one in chosen), end="")


def lock(settings: Settings, amend: bool) -> bool:
    """Record the structure of new versions; tell whether no recorded one had changed."""
    faults = write_lock(load_sound(settings.flows, settings.prompts).loaded, settings.flows, amend=amend)
    for fault in faults:
        print(fault)
    return not faults


def schema(settings: Settings, write: bool) -> None:
    """Print the schema of flow files, or write it beside the flows."""
    text = json.dumps(flow_schema(), indent=2, ensure_ascii=False) + "\n"
    if write:
        (settings.flows / "flow.schema.json").write_text(text, encoding="utf-8")
    else:
        sys.stdout.write(text)
