"""How a second reader judges the sentences of two held-back tables: what can be told from words alone.

Run it as `python -m tests.bench.second_reader`. The readers were language models that were given the
sentences in chance order, without labels; each line beside this file is the gate and the tier they gave the
sentence in the same place of `tests/safety/danger`. Nothing was tuned on what they said.
"""

from __future__ import annotations

from pathlib import Path

from bot.safety.screen import Finding
from bot.sensing.corpus import read_sentences
from tests.bench.unseen import FOLDER, Heard

JUDGED = "fifth_en", "tenth_en"


def read(table: str) -> list[Heard]:
    """Return each sentence of a table with what the reader found in it."""
    sentences = read_sentences(FOLDER / f"{table}.tsv")
    lines = Path(__file__).with_name(f"{table}.tsv").read_text(encoding="utf-8").splitlines()
    found = [line.split("\t") for line in lines]
    return [
        Heard(one, None if tier == "none" else Finding(gate, tier, "a second reader"))  # type: ignore[arg-type]
        for one, (gate, tier) in zip(sentences, found, strict=True)
    ]


def agreed(rows: list[Heard]) -> float:
    """Return in which share of sentences the reader gave the tier that the writer meant."""
    return sum(one.sentence.tier == (one.found.tier if one.found else "none") for one in rows) / len(rows)
