"""Sentences a person might write, and what the screen should make of them.

`written.tsv` is what the lexicon was written with. `held_back.tsv` was written before any rule, `late.tsv`
after them and against them; neither is tuned on. All come from imagination, by the same hand as the rules:
the first two flatter, and the next sentence that somebody sends is harder. Columns: gate (`-` for none),
tier, disguise, text.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import NamedTuple

from bot.content.lexicon import read_lexicon
from bot.content.yaml12 import read
from bot.safety.screen import Finding, Lexicon, screen

HERE = Path(__file__).parent
LEXICON = HERE.parent.parent / "flows" / "lexicon.yaml"


class Sentence(NamedTuple):
    gate: str
    tier: str
    disguise: str
    text: str

    @property
    def expected(self) -> str:
        return f"{self.gate} {self.tier}"


@cache
def sentences(table: str) -> tuple[Sentence, ...]:
    lines = (HERE / f"{table}.tsv").read_text(encoding="utf-8").splitlines()
    return tuple(Sentence(*line.split("\t")) for line in lines if line and not line.startswith("#"))


@cache
def lexicon() -> Lexicon:
    tree, faults = read(LEXICON.read_text(encoding="utf-8"), "flows/lexicon.yaml")
    assert tree is not None, faults
    found, more = read_lexicon(tree)
    assert not more, more
    return found


def heard(text: str, *, careful: bool = False) -> str:
    """Return `gate tier` as the tables write it."""
    found: Finding | None = screen(text, lexicon(), careful)
    return "- none" if found is None else f"{found.gate} {found.tier}"
