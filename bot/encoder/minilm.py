"""all-MiniLM-L6-v2 as six layers of plain numpy: the vectors of its makers' runtime, without the runtime.

The ear reads it as its makers trained it, the screen by layers that were tuned for danger. Weights are stored
as int8 with a scale; the layers are spread out to float32 once (42 MB, twice), the words' table stays in the
file and only the rows of a text's pieces are read. docs/listening.md has provenance and figures.
"""

from __future__ import annotations

from array import array
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate, groupby
from math import sqrt
from typing import TYPE_CHECKING, Any, TypeAlias

from bot.encoder.ahead import Ahead, cores
from bot.encoder.onnx import Network
from bot.encoder.tuned import Tuned
from bot.encoder.wordpiece import pieces
from bot.errors import EncoderError
from bot.recent import Recent

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Floats: TypeAlias = NDArray[np.float32]

_LAYERS, _WIDTH, _HEADS = 6, 384, 12
_NAMES = "look", "gather", "even", "widen", "narrow", "even_again"
_HEAD = _WIDTH // _HEADS
_SIX = 6
"""Matrices of a layer: query, key, value, their sum, and two of the feed-forward part."""
_AT_ONCE = 512
"""Pieces that are worked on together, as many as the caches hold well."""
_MANY = 16
"""Texts from which on it is phrases that are learnt, not what somebody wrote; nobody asks for those again."""
_RECENT = 1_000
"""Texts whose rows are kept for the next who asks, each way, 3 MB in all: much is said often."""
_TINY = 1e-12
_ERF = (0.254829592, -0.284496736, 1.421413741, -1.453152027, 1.061405429)
_ERF_SLOPE = 0.3275911
"""Abramowitz and Stegun 7.1.26: within 1.5e-7 of the error function."""


Cut: TypeAlias = Sequence[Sequence[int]]
"""Texts as the numbers of their pieces."""
Groups: TypeAlias = Sequence[tuple[int, int]]
"""How many texts lie side by side that have how many pieces each."""


@dataclass(frozen=True, slots=True)
class Layer:
    """Hold the matrices and biases of a layer, query, key and value side by side."""

    look: tuple[Floats, Floats]
    gather: tuple[Floats, Floats]
    even: tuple[Floats, Floats]
    widen: tuple[Floats, Floats]
    narrow: tuple[Floats, Floats]
    even_again: tuple[Floats, Floats]


class MiniLm:
    """Encode texts to 384 coordinates."""

    name = "all-MiniLM-L6-v2-int8/1"

    def __init__(self, network: Network, tuned: Tuned | None = None) -> None:
        import numpy as np  # noqa: PLC0415  see bot/encoder/onnx.py

        self._np: Any = np
        self._recent: Recent[Any] = Recent(_RECENT)
        self._recently_meant: Recent[Any] = Recent(_RECENT)
        self._ahead = Ahead(self._as_made) if tuned and cores() > 1 else None
        self.tuned = tuned and tuned.head()
        try:
            self._take(network)
            self._tuned_layers = _tuned_layers(tuned, self._layers) if tuned else []
        except (KeyError, IndexError, ValueError) as error:
            raise EncoderError("the network is not MiniLM") from error

    def _take(self, network: Network) -> None:
        tensors, embeddings = network.tensors, "inner.embeddings."
        words = f"{embeddings}word_embeddings.weight"
        self._words, self._scales = tensors[f"{words}_q"], tensors[f"{words}_scale"]
        kind = tensors[f"{embeddings}token_type_embeddings.weight"][0]
        self._places = _spread(network, f"{embeddings}position_embeddings.weight") + kind
        self._even = tensors[f"{embeddings}LayerNorm.weight"], tensors[f"{embeddings}LayerNorm.bias"]
        factors = [name for name in network.factors if f"{name}_q" in tensors]
        self._layers = [
            _layer(network, place, factors[_SIX * place : _SIX * place + _SIX], self._np)
            for place in range(_LAYERS)
        ]

    def encode(self, texts: Sequence[str]) -> Floats:
        """Return a row of length 1 for each text, as its makers trained it."""
        cut = _cut(texts)
        if self._ahead is not None and len(cut) == 1:
            self._ahead.wait_for(_mark(self._recent, cut[0]))
        return self._as_made(cut)

    def meant(self, texts: Sequence[str]) -> Floats:
        """Return a row for each text, of any length, as it was tuned for danger."""
        if not self._tuned_layers:
            raise EncoderError("nothing was learnt of danger in English")
        cut = _cut(texts)
        if self._ahead is not None and len(cut) == 1:
            self._ahead.begin(_mark(self._recent, cut[0]), cut)  # the ear will ask for it
        return self._read(cut, self._recently_meant, lambda cut: self._placed(cut, self._tuned_layers))

    def _as_made(self, cut: Cut) -> Floats:
        return self._read(cut, self._recent, self._of_length_one)

    def _read(self, cut: Cut, recent: Recent[Any], place: Callable[[Cut], Floats]) -> Floats:
        """Return rows for texts; those of what was asked for a moment ago cost nothing."""
        if len(cut) > _MANY:
            return place(cut)
        marks = [_mark(recent, numbers) for numbers in cut]
        rows = {mark: recent.get(mark) for mark in marks}
        new = {mark: numbers for mark, numbers in zip(marks, cut, strict=True) if rows[mark] is None}
        for mark, row in zip(new, place(list(new.values())), strict=True):
            recent.put(mark, row)
            rows[mark] = row
        found: Floats = self._np.array([rows[mark] for mark in marks]).reshape(-1, _WIDTH)
        return found

    def _of_length_one(self, cut: Cut) -> Floats:
        found = self._placed(cut, self._layers)
        rows: Floats = found / self._np.linalg.norm(found, axis=1, keepdims=True)
        return rows

    def _placed(self, cut: Cut, layers: Sequence[Layer]) -> Floats:
        """Place texts by their pieces, the short ones first, as many together as the caches hold well."""
        order, cut = _by_length(cut)
        rows: Floats = self._np.empty((len(cut), _WIDTH), dtype=self._np.float32)
        start = 0
        while start < len(cut):
            ends = accumulate(len(numbers) for numbers in cut[start:])
            stop = start + max(1, sum(end <= _AT_ONCE for end in ends))
            rows[order[start:stop]] = self._encoded(cut[start:stop], layers)
            start = stop
        return rows

    def _encoded(self, cut: Cut, layers: Sequence[Layer]) -> Any:
        """Encode texts, those of as many pieces side by side; all share the matrices, which is what costs."""
        np, groups = self._np, _groups(cut)
        numbers = np.concatenate(cut)
        places = np.concatenate([np.arange(len(one)) for one in cut])
        at = self._words[numbers].astype(np.float32) * self._scales[numbers]
        at = self._through(self._evened(at + self._places[places], *self._even), layers, groups)
        return np.concatenate(
            [part.reshape(count, size, _WIDTH).mean(axis=1) for part, count, size in _parts(at, groups)]
        )

    def _through(self, at: Any, layers: Sequence[Layer], groups: Groups) -> Any:
        for layer in layers:
            seen = self._seen(at, layer, groups)
            at = self._evened(at + _times(seen, layer.gather), *layer.even)
            wide = self._bent(_times(at, layer.widen))
            at = self._evened(at + _times(wide, layer.narrow), *layer.even_again)
        return at

    def _seen(self, at: Any, layer: Layer, groups: Groups) -> Any:
        """Let every piece look at the others of its text."""
        looks = _parts(_times(at, layer.look), groups)
        return self._np.concatenate([self._looked(part, count, size) for part, count, size in looks])

    def _looked(self, part: Any, count: int, size: int) -> Any:
        query, key, value = part.reshape(count, size, 3, _HEADS, _HEAD).transpose(2, 0, 3, 1, 4)
        alike = query @ key.transpose(0, 1, 3, 2) / self._np.float32(sqrt(_HEAD))
        alike = self._np.exp(alike - alike.max(axis=-1, keepdims=True))
        alike /= alike.sum(axis=-1, keepdims=True)
        return (alike @ value).transpose(0, 2, 1, 3).reshape(-1, _WIDTH)

    def _evened(self, at: Any, weight: Any, bias: Any) -> Any:
        """Bring each row to mean 0 and variance 1, then to the layer's own."""
        at = at - at.mean(axis=-1, keepdims=True)
        variance = self._np.square(at).mean(axis=-1, keepdims=True)
        return at / self._np.sqrt(variance + self._np.float32(_TINY)) * weight + bias

    def _bent(self, at: Any) -> Any:
        """Apply the Gaussian error linear unit, in few arrays: to make and to leave them costs as much."""
        np = self._np
        size = np.abs(at)
        near = size * np.float32(_ERF_SLOPE * sqrt(0.5))
        near += np.float32(1)
        np.reciprocal(near, out=near)
        error = near * np.float32(_ERF[-1])
        for factor in reversed(_ERF[:-1]):
            error += np.float32(factor)
            error *= near
        np.square(size, out=near)
        near *= np.float32(-0.5)
        error *= np.exp(near, out=near)
        # x * (1 + sign(x) * (1 - error)) / 2 is (x + |x| - |x| * error) / 2
        error *= size
        size += at
        size -= error
        size *= np.float32(0.5)
        return size


def _cut(texts: Sequence[str]) -> Cut:
    return [pieces(text) for text in texts]


def _mark(recent: Recent[Any], numbers: Sequence[int]) -> bytes:
    return recent.mark(array("H", numbers).tobytes())


def _by_length(cut: Sequence[Sequence[int]]) -> tuple[list[int], list[Sequence[int]]]:
    """Return texts the short ones first, and at which places they stood."""
    order = sorted(range(len(cut)), key=lambda place: len(cut[place]))
    return order, [cut[place] for place in order]


def _groups(cut: Sequence[Sequence[int]]) -> Groups:
    return [(len(list(alike)), size) for size, alike in groupby(map(len, cut))]


def _parts(rows: Any, groups: Groups) -> Iterator[tuple[Any, int, int]]:
    """Give the rows of each group, with its numbers of texts and of pieces in each."""
    start = 0
    for count, size in groups:
        yield rows[start : start + count * size], count, size
        start += count * size


def _layer(network: Network, place: int, factors: Sequence[str], np: Any) -> Layer:
    own = f"inner.encoder.layer.{place}."

    def tensor(name: str) -> Any:
        return network.tensors[own + name]

    query, key, value, gather, widen, narrow = (_spread(network, name) for name in factors)
    biases = [tensor(f"attention.self.{name}.bias") for name in ("query", "key", "value")]
    return Layer(
        (np.concatenate([query, key, value], axis=1), np.concatenate(biases)),
        (gather, tensor("attention.output.dense.bias")),
        (tensor("attention.output.LayerNorm.weight"), tensor("attention.output.LayerNorm.bias")),
        (widen, tensor("intermediate.dense.bias")),
        (narrow, tensor("output.dense.bias")),
        (tensor("output.LayerNorm.weight"), tensor("output.LayerNorm.bias")),
    )


def _tuned_layers(tuned: Tuned, layers: Sequence[Layer]) -> list[Layer]:
    def became(place: int, name: str) -> tuple[Any, Any]:
        weight, bias = getattr(layers[place], name)
        own = f"{place}_{name}"
        return tuned.became(f"{own}_weight", weight), tuned.became(f"{own}_bias", bias)

    return [Layer(*(became(place, name) for name in _NAMES)) for place in range(_LAYERS)]


def _spread(network: Network, name: str) -> Any:
    """Return a matrix as float32."""
    return network.tensors[f"{name}_q"].astype("<f4") * network.tensors[f"{name}_scale"]


def _times(at: Any, layer: tuple[Any, Any]) -> Any:
    matrix, bias = layer
    return at @ matrix + bias
