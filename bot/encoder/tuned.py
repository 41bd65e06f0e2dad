"""What an encoder learnt from the sentences in `flows/danger`: its matrices, and a head that judges by them.

`tests/bench/tuning` writes such files. A matrix is kept as what it differs by from the one that its package
carries, a byte a number, each column with its scale: most differ by little, which packs into two thirds.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Rows = NDArray[np.float32]

_SCALE = "_scale"
HEAD = "head_weight", "head_bias"


class Tuned(NamedTuple):
    """Hold the arrays of a file by their names, and scales of those that are differences, a byte a number."""

    arrays: Mapping[str, Any]
    scales: Mapping[str, Any]

    def became(self, name: str, carried: Any) -> Any:
        """Return what became of an array that a package carries.

        Raises:
            KeyError, ValueError: it is not in the file, or is another one's.
        """
        array = self.arrays[name]
        if array.shape != carried.shape:
            raise ValueError(f"{name} has the shape {array.shape}, its package {carried.shape}")
        return array * self.scales[name] + carried if name in self.scales else array

    def head(self) -> Tuned:
        """Return what judges, alone: what layers were made from need not stay in memory beside them."""
        return Tuned({name: self.arrays[name] for name in HEAD}, {})

    def judged(self, meant: Rows) -> Rows:
        """Score rows for each head: (texts, heads)."""
        weight, bias = (self.arrays[name] for name in HEAD)
        found: Rows = meant @ weight + bias
        return found


def read_tuned(path: Path) -> Tuned:
    """Read what was learnt.

    Raises:
        OSError, ValueError, KeyError: the file is missing, or is none of ours.
    """
    import numpy as np  # noqa: PLC0415  a start should not wait for it

    with np.load(path, allow_pickle=False) as file:
        whole = {name: file[name] for name in file}
    scales = {name.removesuffix(_SCALE): array for name, array in whole.items() if name.endswith(_SCALE)}
    arrays = {name: array for name, array in whole.items() if not name.endswith(_SCALE)}
    if not arrays.keys() >= set(HEAD):
        raise KeyError(f"{path.name} has no head")
    return Tuned(arrays, scales)
