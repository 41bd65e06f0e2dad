"""`python -m bot.sensing` teaches the model anew from `flows/danger` and writes its weights.

Run it after sentences were added; a test tells when it was forgotten. It takes minutes, and 6 GB of memory.
What MiniLM learnt is not tuned anew by it: see `tests/bench/tuning.py`.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import Any, TypeAlias

import numpy as np

from bot.content.lexicon import read_lexicon
from bot.content.yaml12 import read
from bot.encoder.loading import encoder
from bot.errors import EncoderError
from bot.safety.encoding import Encoder
from bot.sensing.corpus import Sentence, fingerprint, read_sentences, validating
from bot.sensing.loading import OTHER, WEIGHTS, leaning
from bot.sensing.model import placed
from bot.sensing.teaching import Lesson, lesson, teach

ROOT = Path(__file__).parent.parent.parent
ENGLISH = "en"
Tables: TypeAlias = Sequence[tuple[str, tuple[Sentence, ...]]]
"""Languages, each with the sentences of one table."""
RULES = "tests/safety/written.tsv"
"""The sentences the lexicon was written with: learned from, and no measure of anything."""
LANDMARKS = 7_500
"""Sentences that are kept: all of other languages, and of the English ones as many as fill it up."""


def tables(checkout: Path = ROOT) -> Tables:
    """Read the tables of what is taught: each with its language, which names its folder."""
    paths = sorted((checkout / "flows" / "danger").glob("*/*.tsv"))
    return [(path.parent.name, read_sentences(path)) for path in paths]


def ruled_sentences(checkout: Path = ROOT) -> tuple[Sentence, ...]:
    """Read the sentences that the rules were written with, which nobody says."""
    lines = (checkout / RULES).read_text(encoding="utf-8").splitlines()
    return tuple(Sentence("", *line.split("\t")) for line in lines if line and not line.startswith("#"))


def taught_sentences(told: Tables, checkout: Path = ROOT) -> tuple[Sentence, ...]:
    """Return all that is taught, in its order: what the tables tell, and the sentences of the rules."""
    return (*(one for _, some in told for one in some), *ruled_sentences(checkout))


def main() -> None:
    """Teach, and write the weights with what they belong to."""
    many_tongues, leans = encoder(OTHER), leaning()
    if many_tongues is None or leans is None:
        raise EncoderError("the model is taught with both encoders; install what requirements.lock names")
    tree, _ = read((ROOT / "flows" / "lexicon.yaml").read_text(encoding="utf-8"), "flows/lexicon.yaml")
    if tree is None:
        raise SystemExit("flows/lexicon.yaml cannot be read; run `lowtide check`")
    told = tables()
    languages = [language for language, some in told for _ in some]
    chosen = {person for language, some in told if language == ENGLISH for person in validating(some)}
    sentences = taught_sentences(told)
    others = [at for at, language in enumerate(languages) if language != ENGLISH]
    encode = partial(in_turns, many_tongues)
    taught = lesson(sentences, read_lexicon(tree)[0], encode, landmarks(len(sentences), others), np)
    bars = [at for at, one in enumerate(sentences) if one.persona in chosen]
    made = teach(taught, others, {at: leans.scores([taught.plain[at]])[0] for at in bars}, np)
    write(WEIGHTS, made, taught, many_tongues.name)
    sys.stdout.write(f"{len(sentences)} sentences, {WEIGHTS.stat().st_size // 1024} kB\n")


def in_turns(encoder: Encoder, texts: Sequence[str]) -> Any:
    """Place many texts, a few hundred at a time."""
    return np.concatenate([placed(encoder, texts[at : at + 500], np) for at in range(0, len(texts), 500)])


def landmarks(count: int, others: Sequence[int]) -> list[int]:
    """Choose what is kept: evenly, so that every person has a share."""
    kept = set(others)
    rest = [at for at in range(count) if at not in kept]
    wanted = max(0, min(LANDMARKS - len(kept), len(rest)))
    return sorted(kept | {rest[at * len(rest) // wanted] for at in range(wanted)})


def write(path: Path, made: dict[str, Any], taught: Lesson, encoder: str) -> None:
    """Write weights that `read_model` reads."""
    kept = [taught.sentences[at] for at in taught.landmarks]
    told = {
        "corpus": fingerprint(taught.sentences),
        "encoder": encoder,
        "bars": made["bars"],
        "texts": [one.text for one in kept],
        "gates": [one.gate for one in kept],
    }
    np.savez_compressed(path, about=np.array(json.dumps(told)), **made["arrays"])


if __name__ == "__main__":
    main()
