"""What tuning any encoder shares: who is learnt from, what is lost by a wrong score, how it is written."""

from __future__ import annotations

import random
import sys
import time
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import torch
from torch import nn
from torch.nn import functional

from bot.safety.units import GATES
from bot.sensing.__main__ import ENGLISH, ROOT, ruled_sentences, tables
from bot.sensing.corpus import Sentence, read_sentences, validating
from bot.sensing.model import HEADS

BATCH, HEAD_RATE, WARM = 48, 1e-3, 0.05
AT_ONCE = 128
DROPPED = 0.1
LOST, OFTEN = 0.15, 0.6
"""How many pieces of a text are left out, and how often: nobody says a thing in the same words."""
SMOOTH = 0.94, 0.03
"""A sentence that is danger counts as 0.97, one that is not as 0.03: some were judged wrongly."""
SHARED = 0.05
"""How much of a gate's goal is shared out among all."""
STEPS = 64
"""Steps between nothing and the largest number of a column, as they are written."""
LESS = 0.5
"""How much telling the gates apart counts beside telling danger from none."""
SHORT = "amx_bf16", "avx512_bf16"
Groups = Iterable[Mapping[str, Any]]


def learnt_from() -> list[tuple[str, Sentence]]:
    """Return languages and sentences of those who choose no bars, and those the rules were written with."""
    told = [(language, some, validating(some)) for language, some in tables()]
    kept = [(language, one) for language, some, chosen in told for one in some if one.persona not in chosen]
    return [*kept, *((ENGLISH, one) for one in ruled_sentences())]


def english() -> list[Sentence]:
    """Return the English ones of them."""
    return [one for language, one in learnt_from() if language == ENGLISH]


def newest(names: Collection[str], others: int, seed: int) -> list[Sentence]:
    """Return the English sentences of some tables, so many of the others by chance, and the rules’ own."""
    new: list[Sentence] = []
    old: list[Sentence] = []
    for path in sorted((ROOT / "flows" / "danger" / ENGLISH).glob("*.tsv")):
        some = read_sentences(path)
        chosen = validating(some)
        (new if path.stem in names else old).extend(one for one in some if one.persona not in chosen)
    return [*new, *random.Random(seed).sample(old, min(others, len(old))), *ruled_sentences()]


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


class Goals(NamedTuple):
    """Say what texts are to be scored as.

    `danger` is how surely there is any and it is worth the card: (texts, 2). `gates` shares out whom it is
    about: (texts, gates), and `told` is how much that counts: (texts,).
    """

    danger: torch.Tensor
    gates: torch.Tensor
    told: torch.Tensor


def labelled(sentences: Sequence[Sentence]) -> Goals:
    """Return what sentences are by their labels."""
    danger = torch.tensor([[one.gate != "-", one.tier == "hard"] for one in sentences]).float()
    gates = torch.tensor([[one.gate == gate for gate in GATES] for one in sentences]).float()
    told = gates.sum(1)
    gates = gates * (1 - SHARED) + SHARED / len(GATES)
    return Goals(danger * SMOOTH[0] + SMOOTH[1], gates, told)


def lost(scores: torch.Tensor, goals: Goals, some: Sequence[int]) -> torch.Tensor:
    """Return how far the scores of some texts are from their goals."""
    at = torch.tensor(some)
    whole = 2 * functional.binary_cross_entropy_with_logits(scores[:, :2], goals.danger[at])
    told = goals.told[at]
    missed = -(goals.gates[at] * functional.log_softmax(scores[:, 2:], 1)).sum(1)
    return whole + LESS * (missed * told).sum() / told.sum().clamp(min=1)


def batches(lengths: Sequence[int], batch: int = BATCH) -> list[list[int]]:
    """Return the sentences in chance order, those of like length together."""
    order = random.sample(range(len(lengths)), len(lengths))
    found = []
    for start in range(0, len(order), 30 * batch):
        some = sorted(order[start : start + 30 * batch], key=lambda at: lengths[at])
        found += [some[at : at + batch] for at in range(0, len(some), batch)]
    random.shuffle(found)
    return found


def shortened() -> AbstractContextManager[Any]:
    """Let products be of short numbers where the processor multiplies those: elsewhere it takes ages."""
    able: dict[str, Any] = torch.cpu.get_capabilities()
    return torch.autocast("cpu", torch.bfloat16, enabled=any(able.get(one) for one in SHORT))


def tune(
    groups: Groups,
    scored: Callable[[Sequence[torch.Tensor]], torch.Tensor],
    cut: Sequence[torch.Tensor],
    goals: Goals,
    *,
    epochs: float,
    batch: int = BATCH,
) -> None:
    """Tune groups of parameters, each with its rate, until texts are scored as what they are."""
    optimiser = torch.optim.AdamW(groups, weight_decay=0.01)
    steps = int(epochs * (len(cut) // batch + 1))
    pace = torch.optim.lr_scheduler.LambdaLR(
        optimiser, lambda step: min(1, (step + 1) / (WARM * steps)) * max(0.01, 1 - step / steps)
    )
    tuned = [one for group in optimiser.param_groups for one in group["params"]]
    begun, step = time.monotonic(), 0
    while step < steps:
        total, before = 0.0, step
        for some in batches([len(numbers) for numbers in cut], batch)[: steps - step]:
            with shortened():
                found = scored([thinned(cut[at]) for at in some])
            loss = lost(found.float(), goals, some)
            optimiser.zero_grad()
            loss.backward()
            nn.utils.clip_grad_norm_(tuned, 1.0)
            optimiser.step()
            pace.step()
            step, total = step + 1, total + float(loss.detach())
        took = time.monotonic() - begun
        sys.stdout.write(f"step {step} of {steps}: loss {total / (step - before):.3f}, {took:.0f} s\n")
        sys.stdout.flush()


def judged(
    scored: Callable[[Sequence[torch.Tensor]], torch.Tensor], cut: Sequence[torch.Tensor]
) -> torch.Tensor:
    """Return what is made of texts, while nothing is tuned: (texts, heads)."""
    order = sorted(range(len(cut)), key=lambda at: len(cut[at]))
    found = torch.zeros(len(cut), len(HEADS))
    with torch.no_grad(), shortened():
        for start in range(0, len(order), AT_ONCE):
            some = order[start : start + AT_ONCE]
            found[some] = scored([cut[at] for at in some]).float()
    return found


def mean(states: Sequence[dict[str, torch.Tensor]]) -> dict[str, torch.Tensor]:
    """Return the mean of some states."""
    return {name: torch.stack([state[name] for state in states]).mean(0) for name in states[0]}


def write(path: Path, arrays: Mapping[str, Any], carried: Mapping[str, Any]) -> None:
    """Write what `bot/encoder/tuned.py` reads: of matrices what they differ by from those of a package.

    A byte a number, each column with its scale. Row by row: a product with a matrix that lies the other way
    takes a third longer.

    Raises:
        ValueError: a matrix differs by more than a byte holds.
    """
    small: dict[str, Any] = {}
    for name, array in arrays.items():
        small[name] = np.ascontiguousarray(array)
        if array.ndim > 1 and not name.startswith("head"):
            scale = np.abs(array).max(axis=0) / STEPS
            steps = np.rint((array - carried[name]) / scale)
            if np.abs(steps).max() > np.iinfo(np.int8).max:
                raise ValueError(f"{name} differs by {np.abs(steps).max()} steps: make them larger")
            small[f"{name}_scale"] = scale.astype(np.float32)
            small[name] = np.ascontiguousarray(steps.astype(np.int8))
    np.savez_compressed(path, **small)
