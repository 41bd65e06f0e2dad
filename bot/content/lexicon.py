"""The lexicon of danger, read from `flows/lexicon.yaml`, so that each of its faults has a place."""

from __future__ import annotations

from bot.content.faults import Fault
from bot.content.findings import Findings
from bot.content.yaml12 import Tree
from bot.safety.screen import Lexicon, compile_lexicon


def read_lexicon(tree: Tree) -> tuple[Lexicon, list[Fault]]:
    """Compile the lexicon out of a file; what is wrong in it is left out and told."""
    out = Findings(tree)
    lexicon, problems = compile_lexicon(tree.data)
    for problem in problems:
        out.value("G830", problem.path, problem.message)
    return lexicon, out.faults
