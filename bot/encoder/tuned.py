"""What an encoder learnt from the sentences in `flows/danger`: its matrices, and a head that judges by them.

`tests/bench/tuning` writes such files. A matrix is a byte a number, each column with its scale.
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
    """Hold the arrays of a file by their names."""

    arrays: Mapping[str, Any]

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
    arrays = {
        name: array * whole[name + _SCALE] if name + _SCALE in whole else array
        for name, array in whole.items()
        if not name.endswith(_SCALE)
    }
    if not arrays.keys() >= set(HEAD):
        raise KeyError(f"{path.name} has no head")
    return Tuned(arrays)
