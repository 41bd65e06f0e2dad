"""Everything that is checked, joined: what was read, the flows, their words, and what they state."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from bot.content.checks import labels, prompts, statements, translations
from bot.content.checks.dataflow import said_with
from bot.content.checks.survey import survey
from bot.content.checks.webs import Net, Pieces
from bot.content.faults import Fault, in_order
from bot.content.library import Content
from bot.content.lock import verify_lock
from bot.content.needs import Needs


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


def check_all(content: Content, flows_dir: Path, today: date) -> list[Fault]:
    """Return every fault there is, by file and line; `today` is the day by which statements must stand."""
    needs = Needs(content.prompts)
    net = Net(pieces(content, needs))
    flow_faults, known = survey(net)
    sure = said_with(known)
    found = [
        *flow_faults,
        *prompts.faults(content, net, sure, needs),
        *labels.faults(content, net),
        *labels.asked(content),
        *translations.faults(content, needs),
        *statements.faults(content, net, sure, today),
    ]
    # Words of other languages are read while they are checked, and bring faults of their own.
    read = [*content.faults, *content.words.faults, *content.prompts.sources.faults]
    found += read
    # The structure of a flow that is to be mended is not yet the one to record.
    wrong = {fault.spot.file for fault in found if fault.severity == "error"}
    found += [fault for fault in verify_lock(content.loaded, flows_dir) if fault.spot.file not in wrong]
    return in_order(found)
