"""The lexicon of danger, read from `flows/lexicon.yaml`, so that each of its faults has a place."""

from __future__ import annotations

from bot.content.faults import Fault
from bot.content.findings import Findings
from bot.content.yaml12 import Tree
from bot.safety.screen import Lexicon, compile_lexicon

SCHEMA = "lexicon/1"


def read_lexicon(tree: Tree) -> tuple[Lexicon, list[Fault]]:
    """Compile the lexicon out of a file; what is wrong in it is left out and told."""
    out = Findings(tree)
    if not isinstance(tree.data, dict) or tree.data.get("schema") != SCHEMA:
        out.value("Y133", ("schema",), f"this is not `schema: {SCHEMA}`", f"begin it with `schema: {SCHEMA}`")
    lexicon, problems = compile_lexicon(tree.data)
    for problem in problems:
        out.value("G830", problem.path, problem.message)
    if not lexicon.alarms and not out.faults:
        out.value("G831", (), "this lexicon hears no danger at all", "write what to hear under `gates`")
    return lexicon, out.faults
