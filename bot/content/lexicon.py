"""The lexicon of danger, read from `flows/lexicon.yaml`, so that each of its faults has a place."""

from __future__ import annotations

from bot.content.faults import Fault
from bot.content.records import Reader
from bot.content.yaml12 import Tree
from bot.safety.screen import Lexicon, compile_lexicon

SCHEMA = "lexicon/1"


def read_lexicon(tree: Tree) -> tuple[Lexicon, list[Fault]]:
    """Compile the lexicon out of a file; what is wrong in it is left out and told."""
    reader = Reader(tree, "G830")
    if not reader.schema(SCHEMA, tuple(reader.mapping())):
        return Lexicon(), reader.faults
    lexicon, problems = compile_lexicon(tree.data)
    return lexicon, reader.faults + [
        Fault("G830", tree.spot(*problem.path), problem.message) for problem in problems
    ]
