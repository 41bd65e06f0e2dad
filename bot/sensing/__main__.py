"""`python -m bot.sensing` teaches the model anew from `flows/danger` and writes its weights.

Run it after sentences were added; a test tells when it was forgotten. It takes a minute or two.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np

from bot.content.lexicon import read_lexicon
from bot.content.yaml12 import read
from bot.errors import EncoderError
from bot.sensing.corpus import Sentence, fingerprint, read_sentences
from bot.sensing.loading import WEIGHTS, encoders
from bot.sensing.model import placed
from bot.sensing.teaching import lesson, teach

ROOT = Path(__file__).parent.parent.parent
TAUGHT = ("danger/en.tsv", "danger/es.tsv", "danger/de.tsv")
RULES = "tests/safety/written.tsv"
"""The sentences the lexicon was written with: learned from, and no measure of anything."""


def taught_sentences(checkout: Path = ROOT) -> tuple[tuple[Sentence, ...], tuple[Sentence, ...]]:
    """Read what is taught: the sentences of people, and those the rules were written with."""
    people = tuple(one for name in TAUGHT for one in read_sentences(checkout / "flows" / name))
    lines = (checkout / RULES).read_text(encoding="utf-8").splitlines()
    rules = (Sentence("rules", *line.split("\t")) for line in lines if line and not line.startswith("#"))
    return people, tuple(rules)


def main() -> None:
    """Teach, and write the weights with what they belong to."""
    found = encoders()
    if not found:
        raise EncoderError("the model is taught with both encoders; install what requirements.lock names")
    tree, _ = read((ROOT / "flows" / "lexicon.yaml").read_text(encoding="utf-8"), "flows/lexicon.yaml")
    if tree is None:
        raise SystemExit("flows/lexicon.yaml cannot be read; run `lowtide check`")
    people, rules = taught_sentences()
    ways = [partial(placed, one, np=np) for one in found]
    taught = lesson([*people, *rules], read_lexicon(tree)[0], ways, np)
    made = teach(taught, len(people), np)
    write(WEIGHTS, made, [*people, *rules], [one.name for one in found])
    sys.stdout.write(f"{len(taught.sentences)} sentences, {WEIGHTS.stat().st_size // 1024} kB\n")


def write(path: Path, made: dict[str, Any], sentences: Sequence[Sentence], names: Sequence[str]) -> None:
    """Write weights that `read_model` reads."""
    told = {
        "corpus": fingerprint(sentences),
        "encoders": list(names),
        "bars": made["bars"],
        "texts": [one.text for one in sentences],
    }
    np.savez_compressed(path, about=np.array(json.dumps(told)), **made["arrays"])


if __name__ == "__main__":
    main()
