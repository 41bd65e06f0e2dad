"""How long an author waits for `lowtide check`: 100 flows of 50 states, read, loaded and checked.

The flows are written for this: questions with buttons, free answers, guarded ways, calls three deep, nudges,
memory, the two gates and a ladder behind them. They have no fault, so every check goes all the way. Prompts
and words are left out. A run is a new process that has imported everything and done nothing yet; counted is
its processor time, so that its neighbours on the machine do not matter.
"""

from __future__ import annotations

import argparse
import gc
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

from bot.content.checks import Pieces, check
from bot.content.flows import load_flow, load_globals
from bot.content.salvage import read_flow

ROOT = Path(__file__).parent.parent.parent
FLOWS, STATES = 100, 50
CALLED = 3
"""Flows that each flow calls: flow 0 calls 1, 2 and 3, flow 1 calls 4, 5 and 6, and so on."""
PARTS, AIM = ("read", "load", "check"), 0.5

GLOBALS = """\
schema: globals/1
start: flow_0
memory:
  country: {type: enum, of: [US, GB, IE, other], default: other}
  nudges: {type: bool, default: true}
  hour: {type: time, default: "18:00"}
lines: {stale: c/stale, nothing_back: c/back, why_unknown: c/why, stopped_nudging: c/stopped,
        not_understood: c/again, unsupported: c/unsupported, welcome_back: c/welcome,
        silent: c/welcome, kept_over: c/welcome}
resume: [resume]
dangers: [{gate: self, tier: hard, call: crisis, parked: keep}]
interrupts:
  - {id: stop, command: stop, says: g/stop, do: stop}
  - {id: back, command: back, says: g/back, do: back}
"""
CRISIS = """\
schema: flow/1
flow: crisis
version: 1
entry: card
outcomes: [resume, safe]
states:
  card:
    careful: true
    say: [crisis/heard, crisis/card]
    options:
      - {id: figure, label: crisis/figure, to: resume}
      - {id: enough, label: crisis/enough, to: safe}
    other: {give_up: safe}
    timers: [{id: lapse, after: 24h, to: safe}]
"""
HEAD = """\
schema: flow/1
flow: flow_{number}
version: 1
entry: s0
outcomes: [done, left]
slots:
  person: {{type: text, max: 60, private: true, default: them}}
  energy: {{type: int, min: 0, max: 3, default: 1}}
  driver: {{type: enum, of: [low, first, boundary], default: low}}
  note: {{type: text, max: 400}}
  rounds: {{type: int, min: 0, max: 9, default: 0}}
states:
"""
ASKS = """\
  s{here}:
    say: flow_{number}/s{here}
    options:
      - {{id: low, label: driver/low, set: {{driver: low}}, to: s{next}}}
      - {{id: first, label: driver/first, set: {{driver: first}}, to: s{next}}}
      - {{id: boundary, label: driver/bound, if: "energy > {level}", set: {{driver: boundary}}, to: s{far}}}
    other: {{reprompt: [common/again], max_tries: 2, give_up: s{next}}}
    timers: [{{id: lapse, after: 72h, to: left}}]
"""
CHOICE = """\
  s{here}:
    say: flow_{number}/s{here}
    options:
      - {{id: stay, label: common/stay, to: s{next}}}
      - {{id: skip, label: common/skip, to: s{far}}}
      - {{id: not_it, label: common/not_it, to: s{next}}}
    other: {{reprompt: [common/again], max_tries: 2, give_up: s{next}}}
    timers:
      - {{id: nudge, after: 20h, say: common/nudge}}
      - {{id: lapse, after: 72h, to: left}}
"""
HEARS = """\
  s{here}:
    set: {{rounds: {{expr: "rounds + 1"}}}}
    say: "driver/{{driver}}/s{here}"
    ask: {{slot: note, reprompt: [common/again], max_tries: 2, give_up: s{next}}}
    goto: [{{if: "length(note) > {length} and energy >= {level}", to: s{far}}}, {{else: s{next}}}]
    timers: [{{id: lapse, after: 72h, to: left}}]
"""
SAYS = """\
  s{here}: {{say: flow_{number}/s{here}, goto: s{next}}}
"""
MOVES = """\
  s{here}:
    goto:
      - {{if: "driver == 'low' and rounds < {length}", to: s{next}}}
      - {{if: "not nudges", to: s{far}}}
      - {{else: s{next}}}
"""
CALLS = """\
  s{here}:
    call: flow_{called}
    with: {{person: person, energy: energy}}
    take: {{driver: driver}}
    returns: {{done: s{next}, left: left}}
"""
GATE = """\
  s{here}:
    gate: {gate}
    say: gate/{gate}
    options:
      - {{id: no, label: gate/no, passes: true, to: s{next}}}
      - {{id: yes, label: gate/yes, to: left}}
    other: {{give_up: left}}
    timers: [{{id: lapse, after: 72h, to: left}}]
"""
RUNG = """\
  s{here}:
    rung: toward
    say: [draft/intro, "rung/{{driver}}"]
    options:
      - {{id: take, label: rung/take, to: s{next}}}
      - {{id: other, label: rung/other, to: s{next}}}
    other: {{give_up: s{next}}}
    timers: [{{id: lapse, after: 72h, to: left}}]
"""


def flow(number: int) -> str:
    """Write a flow of 50 states: it begins with the gates, and every tenth state is a rung."""
    calls = [one for one in range(CALLED * number + 1, CALLED * number + CALLED + 1) if one < FLOWS]
    parts = [HEAD.format(number=number)]
    for here in range(STATES - 1):
        step = {"number": number, "here": here, "next": here + 1, "far": min(here + 3, STATES - 1)}
        step |= {"level": here % 2, "length": 3 + here % 5}
        parts.append(
            _state(here, calls).format(**step, called=calls[0] if calls else "", gate=_GATES.get(here))
        )
        if here % 15 == _CALLING and calls:
            calls.pop(0)
    return "".join([*parts, f"  s{STATES - 1}: {{say: common/bye, end: done}}\n"])


_CALLING = 6
_GATES = {0: "person_check", 1: "wanted_check"}


def _state(here: int, calls: list[int]) -> str:
    if here in _GATES:
        return GATE
    if here % 15 == _CALLING and calls:
        return CALLS
    if here % 10 == 9:
        return RUNG
    return (ASKS, CHOICE, SAYS, CHOICE, MOVES, HEARS, CHOICE, SAYS, ASKS)[here % 9]


def write(folder: Path) -> None:
    """Write all flows into a folder."""
    (folder / "globals.yaml").write_text(GLOBALS)
    (folder / "crisis.yaml").write_text(CRISIS)
    for number in range(FLOWS):
        (folder / f"flow_{number}.yaml").write_text(flow(number))


def timed(folder: Path) -> Iterator[float]:
    """Read, load and check a folder; yield the seconds each takes, and raise if anything is wrong with it."""
    gc.collect()
    started = time.process_time()
    trees = {path.stem: read_flow(path.read_bytes(), path.name) for path in sorted(folder.glob("*.yaml"))}
    yield (since_read := time.process_time()) - started
    faults = [fault for _, wrong in trees.values() for fault in wrong]
    tree = trees.pop("globals")[0]
    known, wrong = load_globals(tree) if tree else (None, [])
    faults += wrong
    loaded = {}
    for name, (one, _) in trees.items():
        found, wrong = load_flow(one, known.memory if known else {}) if one else (None, [])
        faults += wrong
        if found is not None:
            loaded[name] = found
    yield (since_load := time.process_time()) - since_read
    if known is not None:
        faults += check(Pieces(loaded, known, tree, (), lambda key: (f"a {key}", f"the {key} one")))
    yield time.process_time() - since_load
    if faults or len(loaded) != FLOWS + 1:
        raise SystemExit("\n".join(map(str, faults)) or f"{len(loaded)} flows were loaded")


def cold(folder: Path) -> list[float]:
    """Time one run in a process of its own."""
    line = [sys.executable, "-m", "tests.bench.load_check", "--folder", str(folder)]
    done = subprocess.run(line, cwd=ROOT, check=True, capture_output=True, text=True)
    return [float(one) for one in done.stdout.split()]


def main(arguments: Sequence[str] | None = None) -> None:
    """Print the table, or with `--folder` the seconds of one run."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=7)
    parser.add_argument("--folder", type=Path)
    options = parser.parse_args(arguments)
    if options.folder is not None:
        print(*timed(options.folder))
        return
    with tempfile.TemporaryDirectory() as folder:
        write(Path(folder))
        runs = [cold(Path(folder)) for _ in range(options.runs)]
    print(f"{FLOWS} flows of {STATES} states, median of {options.runs} cold runs")
    for part, seconds in zip(PARTS, zip(*runs, strict=True), strict=True):
        print(f"{part:34}{statistics.median(seconds):10.3f} s")
    print(f"{'together':34}{statistics.median(map(sum, runs)):10.3f} s, aim {AIM} s")


if __name__ == "__main__":
    main()
