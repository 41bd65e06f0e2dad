"""The model is loaded when it is first needed; where it cannot be had, a warning says so, and rules go on."""

from __future__ import annotations

import json
import logging
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any

from bot.encoder.loading import encoder
from bot.safety.encoding import Encoder
from bot.sensing.model import Bars, Head, Model, Place

log = logging.getLogger(__name__)

OTHER = "es"
"""A language whose encoder is the one that knows many."""
WEIGHTS = Path(__file__).with_name("weights.npz")


@cache
def sense() -> Model | None:
    """Return the model, the same one each time; None, after a warning, where its weights cannot be read."""
    try:
        return read_model(WEIGHTS, encoders())
    except Exception as error:  # whatever is wrong with it, the rules of the lexicon still hear
        log.warning("no model of danger (%s): the lexicon listens alone and hears less", type(error).__name__)
        return None


def encoders() -> tuple[Encoder, ...]:
    """Return both encoders; none where one is missing, for the model was taught with the two together."""
    english, others = encoder(), encoder(OTHER)
    return () if english is None or others is None else (english, others)


def read_model(path: Path, with_encoders: Sequence[Encoder]) -> Model:
    """Read weights that `python -m bot.sensing` wrote. With other encoders than theirs, words alone speak.

    Raises:
        OSError, ValueError, KeyError: the file is missing, or is none of ours.
    """
    import numpy as np  # noqa: PLC0415  a start should not wait for it

    with np.load(path, allow_pickle=False) as file:
        about: Any = json.loads(str(file["about"]))
        heads = {
            name: Head(
                file[f"{name}_places"].astype(np.float32) * file[f"{name}_scale"],
                file[f"{name}_bias"],
                Bars(**about["bars"][name]),
                file["shares"].astype(np.float32) if name == "both" else None,
            )
            for name in ("words", "both")
        }
        if [one.name for one in with_encoders] != about["encoders"]:
            with_encoders = ()
        places = [
            Place(one, _long(file[f"known_{at}"].astype(np.float32), np))
            for at, one in enumerate(with_encoders)
        ]
        return Model(heads, places, about["texts"])


def _long(rows: Any, np: Any) -> Any:
    """Return rows of length 1."""
    return rows / np.linalg.norm(rows, axis=1, keepdims=True)


def about(path: Path = WEIGHTS) -> dict[str, Any]:
    """Return what a file of weights says of itself: corpus, encoder, bars."""
    import numpy as np  # noqa: PLC0415  as above

    with np.load(path, allow_pickle=False) as file:
        found: dict[str, Any] = json.loads(str(file["about"]))
        return found
