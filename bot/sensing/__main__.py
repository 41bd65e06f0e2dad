"""`python -m bot.sensing` teaches the model anew from `flows/danger` and writes its weights.

Run it after sentences were added; a test tells when it was forgotten. It takes minutes, and 8 GB of memory.
What the encoders learnt is not tuned anew by it: see `tests/bench/tuning`.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Collection, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any, TypeAlias

import numpy as np

from bot.content.lexicon import read_lexicon
from bot.content.yaml12 import read
from bot.encoder.loading import encoder
from bot.errors import EncoderError
from bot.sensing.corpus import Sentence, fingerprint, read_sentences, validating
from bot.sensing.leaning import Leaning
from bot.sensing.loading import OTHER, WEIGHTS, leanings
from bot.sensing.model import LEANT, Voice, placed
from bot.sensing.teaching import Lesson, lesson, teach

ROOT = Path(__file__).parent.parent.parent
ENGLISH = "en"
Tables: TypeAlias = Sequence[tuple[str, tuple[Sentence, ...]]]
"""Languages, each with the sentences of one table."""
RULES = "tests/safety/written.tsv"
"""The sentences the lexicon was written with: learned from, and no measure of anything."""
NEAR_DANGER = frozenset("edge let_through near odd other_gates outright rarer_yet twins".split())
"""Tables whose harmless sentences were written to lie near danger, as their first lines say: nobody in them
chooses bars, for what is promised is promised of ordinary talk."""
AT_ONCE = 200
LANDMARKS = 7_500
"""Sentences that are kept: half of them in other languages than English, as far as there are so many."""
ENOUGH = 75_000
"""Sentences whose words and likeness are learnt; of more, some English ones are left to MiniLM alone."""


def tables(checkout: Path = ROOT) -> Tables:
    """Read the tables of what is taught: each with its language, which names its folder."""
    return [(path.parent.name, read_sentences(path)) for path in _paths(checkout)]


def choosers(checkout: Path = ROOT) -> set[str]:
    """Return who chooses bars."""
    paths = (path for path in _paths(checkout) if path.stem not in NEAR_DANGER)
    return {person for path in paths for person in validating(read_sentences(path))}


def _paths(checkout: Path) -> list[Path]:
    return sorted((checkout / "flows" / "danger").glob("*/*.tsv"))


def ruled_sentences(checkout: Path = ROOT) -> tuple[Sentence, ...]:
    """Read the sentences that the rules were written with, which nobody says."""
    lines = (checkout / RULES).read_text(encoding="utf-8").splitlines()
    return tuple(Sentence("", *line.split("\t")) for line in lines if line and not line.startswith("#"))


def taught_sentences(told: Tables, checkout: Path = ROOT) -> tuple[Sentence, ...]:
    """Return all that is taught, in its order: what the tables tell, and the sentences of the rules."""
    return (*(one for _, some in told for one in some), *ruled_sentences(checkout))


def main() -> None:
    """Teach, and write the weights with what they belong to."""
    many_tongues, leans = encoder(OTHER), leanings()
    if many_tongues is None or not leans.keys() >= set(LEANT):
        raise EncoderError("the model is taught with both encoders; install what requirements.lock names")
    tree, _ = read((ROOT / "flows" / "lexicon.yaml").read_text(encoding="utf-8"), "flows/lexicon.yaml")
    if tree is None:
        raise SystemExit("flows/lexicon.yaml cannot be read; run `lowtide check`")
    told = tables()
    chosen = choosers()
    whole = taught_sentences(told)
    english = [language == ENGLISH for language, some in told for _ in some]
    english += [True] * (len(whole) - len(english))  # the rules'
    kept = thinned([yes and one.persona not in chosen for yes, one in zip(english, whole, strict=True)])
    sentences = [whole[at] for at in kept]
    others = [number for number, at in enumerate(kept) if not english[at]]
    encode = partial(in_turns, partial(placed, many_tongues, np=np))
    taught = lesson(sentences, read_lexicon(tree)[0], encode, landmarks(len(sentences), others), np)
    made = teach(taught, others, leaning(taught, chosen, set(others), leans), np)
    write(WEIGHTS, made, taught, many_tongues.name, fingerprint(whole))
    sys.stdout.write(f"{len(whole)} sentences, {WEIGHTS.stat().st_size // 1024} kB\n")


def thinned(spared: Sequence[bool]) -> list[int]:
    """Return which sentences are learnt: all, or of those that may be spared evenly as many as fill it up."""
    some = [at for at, may in enumerate(spared) if may]
    wanted = max(0, ENOUGH - (len(spared) - len(some)))
    stay = set(_evenly(some, wanted))
    return [at for at, may in enumerate(spared) if not may or at in stay]


def leaning(
    taught: Lesson, chosen: Collection[str], others: Collection[int], leans: Mapping[Voice, Leaning]
) -> dict[Voice, dict[int, Any]]:
    """Return what each encoder leans to in the sentences of those who choose its bars."""
    bars = [at for at, one in enumerate(taught.sentences) if one.persona in chosen]
    of: dict[Voice, list[int]] = {
        "english": [at for at in bars if at not in others],
        "others": [at for at in bars if at in others],
    }
    rows = {
        voice: in_turns(leans[voice].considered, [taught.plain[at] for at in some])
        for voice, some in of.items()
    }
    return {voice: dict(zip(some, rows[voice], strict=True)) for voice, some in of.items()}


def in_turns(read: Callable[[Sequence[str]], Any], texts: Sequence[str]) -> Any:
    """Read many texts, a few hundred at a time: (texts, coordinates)."""
    return np.concatenate([read(texts[at : at + AT_ONCE]) for at in range(0, len(texts), AT_ONCE)])


def landmarks(count: int, others: Sequence[int]) -> list[int]:
    """Choose what is kept: evenly, so that every person has a share."""
    foreign = set(others)
    rest = [at for at in range(count) if at not in foreign]
    half = _evenly(others, max(LANDMARKS // 2, LANDMARKS - len(rest)))
    return sorted([*half, *_evenly(rest, LANDMARKS - len(half))])


def _evenly(some: Sequence[int], most: int) -> list[int]:
    wanted = min(most, len(some))
    return [some[at * len(some) // wanted] for at in range(wanted)]


def write(path: Path, made: dict[str, Any], taught: Lesson, encoder: str, corpus: str) -> None:
    """Write weights that `read_model` reads."""
    kept = [taught.sentences[at] for at in taught.landmarks]
    told = {
        "corpus": corpus,
        "encoder": encoder,
        "bars": made["bars"],
        "texts": [one.text for one in kept],
        "gates": [one.gate for one in kept],
    }
    np.savez_compressed(path, about=np.array(json.dumps(told)), **made["arrays"])


if __name__ == "__main__":
    main()
