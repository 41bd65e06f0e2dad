"""What MiniLM follows a larger encoder in, and how nearly."""

from __future__ import annotations

import random
import re
from collections.abc import Sequence

import torch
from torch.nn import functional

from bot.safety.normalise import normalise
from bot.sensing.corpus import Sentence
from tests.bench.tuning.learning import Goals

PARTED = re.compile(r"[,.;:!?–—]+\s+|\s+(?:and|but|because|so|cos|cause|then)\s+")
PARTS, PAIRS = 24_000, 12_000
"""How many parts of sentences, and pairs of one person's, MiniLM follows it in beside the sentences."""
LONG, SHORT, MOST = 11, 4, 24
"""Words of a sentence that is parted, and the fewest and most of a part."""
SHARES = 0.6, 0.6
"""How much the teacher's scores count and MiniLM's own: chosen, as sureness is, on those who choose bars."""


def lesson(sentences: Sequence[Sentence]) -> list[str]:
    """Return what MiniLM follows the teacher in: sentences, parts of them, two that one person said."""
    chance = random.Random(5)
    texts = [normalise(one.text) for one in sentences]
    parts = [
        part.strip()
        for one in sentences
        if len(one.text.split()) >= LONG
        for part in PARTED.split(one.text)
        if SHORT <= len(part.split()) <= MOST
    ]
    said: dict[str, list[str]] = {}
    for one in sentences:
        said.setdefault(one.persona, []).append(one.text)
    people = [some for person, some in said.items() if person and len(some) > 1]
    pairs = [
        chance.choice((". ", ", ", " ")).join(chance.sample(chance.choice(people), 2)) for _ in range(PAIRS)
    ]
    more = (normalise(text) for text in (*chance.sample(parts, min(PARTS, len(parts))), *pairs))
    known = set(texts)
    return [*texts, *dict.fromkeys(text for text in more if text not in known)]


def followed(labels: Goals, scores: torch.Tensor, own: torch.Tensor) -> Goals:
    """Return goals half way between labels and what a teacher and MiniLM make of texts: (texts, heads) each.

    Of texts that come after those with labels these two alone speak (after Hinton and others 2015,
    "Distilling the knowledge in a neural network").
    """
    scores = SHARES[0] * scores + SHARES[1] * own
    danger, gates = torch.sigmoid(scores[:, :2]), functional.softmax(scores[:, 2:], 1)
    told = torch.cat([labels.told, danger[len(labels.told) :, 0]])
    count = len(labels.told)
    danger[:count] = (danger[:count] + labels.danger) / 2
    gates[:count] = (gates[:count] + labels.gates) / 2
    return Goals(danger, gates, told)
