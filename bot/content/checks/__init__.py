"""Everything that can be known to be wrong with the flows before anybody talks to them."""

from __future__ import annotations

from bot.content.checks import bounds, calls, commons, promises, structure, timers, types, unset
from bot.content.checks.dataflow import said_with, solve
from bot.content.checks.steps import Steps
from bot.content.checks.steps import faults as step_faults
from bot.content.checks.webs import Net, Pieces
from bot.content.faults import Fault, in_order

__all__ = ["Pieces", "check", "sure_slots"]


def check(pieces: Pieces) -> list[Fault]:
    """Return every fault of the flows together, by file and line, each told once.

    A fault that another one explains is left out, so that mending what is told leaves nothing.
    """
    net = Net(pieces)
    found = [
        fault for one in (structure, calls, timers, types, commons, promises) for fault in one.faults(net)
    ]
    steps = Steps(net)
    found += [*step_faults(steps), *bounds.faults(steps)]
    # Where a value is wrong already, that it may be unset as well is no news.
    told = {fault.spot for fault in found}
    found += [fault for fault in unset.faults(solve(net)) if fault.spot not in told]
    return in_order(found)


def sure_slots(pieces: Pieces) -> dict[tuple[str, str], frozenset[str]]:
    """Return, for each flow and state, the slots that are surely set when the state says its prompts."""
    return said_with(solve(Net(pieces)))
