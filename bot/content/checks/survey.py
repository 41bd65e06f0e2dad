"""The flows looked over as a whole: every check in turn, and each fault told once."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager

from bot.content.checks import bounds, calls, commons, hearing, promises, slots, structure, timers, unset
from bot.content.checks.dataflow import solve
from bot.content.checks.known import Known
from bot.content.checks.steps import Steps
from bot.content.checks.steps import faults as step_faults
from bot.content.checks.webs import Net, Pieces
from bot.content.faults import Fault, in_order


def check(pieces: Pieces) -> list[Fault]:
    """Return every fault of the flows together, by file and line."""
    with _no_collecting():
        return survey(Net(pieces))[0]


def survey(net: Net) -> tuple[list[Fault], dict[str, Known]]:
    """Return every fault of the flows, and what is known of their slots.

    A fault that another one explains is left out, so that mending what is told leaves nothing.
    """
    with _no_collecting():
        found, known = _survey(net)
    return in_order(found), known


def _survey(net: Net) -> tuple[list[Fault], dict[str, Known]]:
    parts = (structure, slots, calls, timers, commons, hearing, promises)
    found = [fault for one in parts for fault in one.faults(net)]
    steps = Steps(net)
    found += [*step_faults(steps), *bounds.faults(steps)]
    known = solve(net)
    # Where a value is wrong already, that it may be unset as well is no news.
    told = {fault.spot for fault in found}
    found += [fault for fault in unset.faults(known) if fault.spot not in told]
    return found, known


@contextmanager
def _no_collecting() -> Iterator[None]:
    """Keep the garbage collector still: it would walk through all flows again, for very little garbage."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()
