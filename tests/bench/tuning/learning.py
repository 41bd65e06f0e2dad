"""What tuning either encoder shares: who is learnt from, what is lost by a wrong score, how it is written."""

from __future__ import annotations

import random
import sys
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import nn
from torch.nn import functional

from bot.safety.units import GATES
from bot.sensing.__main__ import ENGLISH, ruled_sentences, tables
from bot.sensing.corpus import Sentence, validating

BATCH, HEAD_RATE, WARM = 48, 1e-3, 0.05
DROPPED = 0.1
LOST, OFTEN = 0.15, 0.6
"""How many pieces of a text are left out, and how often: nobody says a thing in the same words."""
SMOOTH = 0.94, 0.03
"""A sentence that is danger counts as 0.97, one that is not as 0.03: some were judged wrongly."""
LESS = 0.5
"""How much telling the gates apart counts beside telling danger from none."""
Groups = Iterable[Mapping[str, Any]]


def learnt_from() -> list[tuple[str, Sentence]]:
    """Return languages and sentences of those who choose no bars, and those the rules were written with."""
    told = [(language, some, validating(some)) for language, some in tables()]
    kept = [(language, one) for language, some, chosen in told for one in some if one.persona not in chosen]
    return [*kept, *((ENGLISH, one) for one in ruled_sentences())]


def thinned(numbers: torch.Tensor) -> torch.Tensor:
    """Leave out some pieces of a text, never those at its ends."""
    if random.random() >= OFTEN:
        return numbers
    stays = torch.rand(len(numbers)) > LOST
    stays[0] = stays[-1] = True
    return numbers[stays]


def padded(cut: Sequence[torch.Tensor]) -> tuple[torch.Tensor, torch.Tensor]:
    """Return the pieces of texts side by side, and where there are any: both (texts, pieces)."""
    lengths = torch.tensor([len(numbers) for numbers in cut])
    at = nn.utils.rnn.pad_sequence(list(cut), batch_first=True)
    return at, torch.arange(at.shape[1])[None] < lengths[:, None]


def lost(scores: torch.Tensor, some: Sequence[Sentence]) -> torch.Tensor:
    """Return how far scores are from what the sentences are."""
    danger = torch.tensor([[one.gate != "-", one.tier == "hard"] for one in some]).float()
    whole = functional.binary_cross_entropy_with_logits(scores[:, :2], danger * SMOOTH[0] + SMOOTH[1])
    whole = whole * 2
    told = [at for at, one in enumerate(some) if one.gate in GATES]
    if told:
        gates = torch.tensor([GATES.index(some[at].gate) for at in told])  # type: ignore[arg-type]
        whole = whole + LESS * functional.cross_entropy(scores[told, 2:], gates, label_smoothing=0.05)
    return whole


def batches(lengths: Sequence[int]) -> list[list[int]]:
    """Return the sentences in chance order, those of like length together."""
    order = random.sample(range(len(lengths)), len(lengths))
    found = []
    for start in range(0, len(order), 30 * BATCH):
        some = sorted(order[start : start + 30 * BATCH], key=lambda at: lengths[at])
        found += [some[at : at + BATCH] for at in range(0, len(some), BATCH)]
    random.shuffle(found)
    return found


def tune(
    groups: Groups,
    scored: Callable[[Sequence[torch.Tensor]], torch.Tensor],
    cut: Sequence[torch.Tensor],
    sentences: Sequence[Sentence],
    epochs: int,
) -> None:
    """Tune groups of parameters, each with its rate, until texts are scored as what they are."""
    optimiser = torch.optim.AdamW(groups, weight_decay=0.01)
    steps = epochs * (len(sentences) // BATCH + 1)
    pace = torch.optim.lr_scheduler.LambdaLR(
        optimiser, lambda step: min(1, (step + 1) / (WARM * steps)) * max(0.01, 1 - step / steps)
    )
    tuned = [one for group in optimiser.param_groups for one in group["params"]]
    begun = time.monotonic()
    for epoch in range(epochs):
        total = 0.0
        for some in batches([len(numbers) for numbers in cut]):
            with torch.autocast("cpu", torch.bfloat16):
                found = scored([thinned(cut[at]) for at in some])
            loss = lost(found.float(), [sentences[at] for at in some])
            optimiser.zero_grad()
            loss.backward()
            nn.utils.clip_grad_norm_(tuned, 1.0)
            optimiser.step()
            pace.step()
            total += float(loss.detach()) * len(some)
        took = time.monotonic() - begun
        sys.stdout.write(f"epoch {epoch + 1}: loss {total / len(sentences):.3f}, {took:.0f} s\n")
        sys.stdout.flush()


def write(path: Path, arrays: Mapping[str, Any]) -> None:
    """Write what `bot/encoder/tuned.py` reads: matrices a byte a number, each column with its scale.

    Row by row: a product with a matrix that lies the other way takes a third longer.
    """
    small: dict[str, Any] = {}
    for name, array in arrays.items():
        small[name] = array
        if array.ndim > 1 and not name.startswith("head"):
            scale = np.abs(array).max(axis=0) / 127
            small[f"{name}_scale"] = scale.astype(np.float32)
            small[name] = np.ascontiguousarray(np.rint(array / scale).astype(np.int8))
    np.savez_compressed(path, **small)
