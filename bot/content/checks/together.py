"""Everything that is checked, joined: what was read, the flows, their words, and what they state."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

from bot.content.checks import (
    alike,
    cards,
    labels,
    privacy,
    prompts,
    statements,
    style,
    translations,
    versions,
)
from bot.content.checks.dataflow import said_with, solve
from bot.content.checks.survey import survey
from bot.content.checks.webs import Net, Pieces
from bot.content.faults import Fault, in_order
from bot.content.library import Content
from bot.content.lock import load_lock, verify_lock
from bot.content.needs import Needs
from bot.dialogue import migrating


def pieces(content: Content, needs: Needs) -> Pieces:
    """Return what the checks of flows look at."""
    return Pieces(
        content.loaded,
        content.flows.globals,
        content.globals_tree,
        tuple(path.stem for path in content.broken),
        content.words.says,
        needs.reads,
    )


def check_all(content: Content, flows_dir: Path, today: date, needs: Needs | None = None) -> list[Fault]:
    """Return every fault there is, by file and line; `today` is the day by which statements must stand.

    `needs` is what a check before has found out about the same prompts: only the rest is tried.
    """
    needs = needs or Needs(content.prompts)
    net = Net(pieces(content, needs))
    flow_faults, known = survey(net)
    sure = said_with(known)
    found = [
        *flow_faults,
        *prompts.faults(content, net, sure, needs),
        *labels.faults(content, net),
        *labels.asked(content),
        *alike.faults(content, net),
        *translations.faults(content, needs),
        *style.faults(content),
        *statements.faults(content, net, sure, today),
        *cards.faults(content, net, needs),
        *privacy.faults(content, net, needs),
    ]
    found += _of_older(content)
    # Words of other languages are read while they are checked, and bring faults of their own.
    read = [*content.faults, *content.words.faults, *content.prompts.sources.faults]
    found += read
    # The structure of a flow that is to be mended is not yet the one to record.
    wrong = {fault.spot.file for fault in found if fault.severity == "error"}
    found += [fault for fault in _locked(content, flows_dir, today) if fault.spot.file not in wrong]
    return in_order(found)


def _locked(content: Content, flows_dir: Path, today: date) -> list[Fault]:
    """Hold the flows against the versions that were recorded; without a lock file there are none."""
    lock, _ = load_lock(flows_dir)
    carried = versions.faults(content.loaded, content.older, lock, today)
    return [*verify_lock(content.loaded, flows_dir), *carried]


def _of_older(content: Content) -> Iterator[Fault]:
    """Check each older version in the place of its flow, and tell what is wrong in its own file."""
    for (flow, _), one in content.older.items():
        if flow in content.loaded:
            needs = Needs(content.prompts)
            with_it = replace(content, loaded={**content.loaded, flow: one})
            net = Net(pieces(with_it, needs))
            faults, known = survey(net)
            faults += prompts.faults(with_it, net, said_with(known), needs)
            yield from (fault for fault in faults if fault.spot.file == one.tree.file)


def surely_set(content: Content) -> migrating.Needs:
    """Return what tells, by flow and state, which slots are set whichever way leads there."""
    sure = said_with(solve(Net(pieces(content, Needs(content.prompts)))))
    return lambda flow, state: sure.get((flow, state), frozenset())
