"""The model is loaded when it is first needed; where it cannot be had, a warning says so, and rules go on."""

from __future__ import annotations

import json
import logging
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any

from bot.encoder.loading import encoder
from bot.encoder.minilm import MiniLm
from bot.encoder.tongues import ManyTongues
from bot.safety.encoding import Encoder
from bot.sensing.leaning import Leaning
from bot.sensing.model import Bars, Head, Leant, Model, Place, Voice

log = logging.getLogger(__name__)

OTHER = "es"
"""A language whose encoder is the one that knows many."""
WEIGHTS = Path(__file__).with_name("weights.npz")


@cache
def sense() -> Model | None:
    """Return the model, the same one each time; None, after a warning, where its weights cannot be read."""
    try:
        return read_model(WEIGHTS, encoder(OTHER), leanings())
    except Exception as error:  # whatever is wrong with it, the rules of the lexicon still hear
        log.warning("no model of danger (%s): the lexicon listens alone and hears less", type(error).__name__)
        return None


def leanings() -> dict[Voice, Leaning]:
    """Return what the encoders learnt of danger, as far as they are here; a warning told what is missing."""
    found: dict[Voice, Leaning] = {}
    english, others = encoder(), encoder(OTHER)
    if isinstance(others, ManyTongues) and others.tuned:
        found["others"] = Leaning(others, others.tuned)
    if isinstance(english, MiniLm) and english.tuned:
        found["english"] = Leaning(english, english.tuned, found.get("others"))
    return found


def read_model(
    path: Path, many_tongues: Encoder | None, leanings: Mapping[Voice, Leaning] = MappingProxyType({})
) -> Model:
    """Read weights that `python -m bot.sensing` wrote.

    With another encoder than theirs, or none, words alone speak; without `leanings` words and likeness do.

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
        if many_tongues is None or many_tongues.name != about["encoder"]:
            return Model(heads)
        known = file["known"].astype(np.float32)
        known /= np.linalg.norm(known, axis=1, keepdims=True)
        place = Place(many_tongues, known, about["texts"], np.array(about["gates"]))
        leant = [Leant(voice, one, Bars(**about["bars"][voice])) for voice, one in leanings.items()]
        return Model(heads, place, leant)


def about(path: Path = WEIGHTS) -> dict[str, Any]:
    """Return what a file of weights says of itself: corpus, encoder, bars."""
    import numpy as np  # noqa: PLC0415  as above

    with np.load(path, allow_pickle=False) as file:
        found: dict[str, Any] = json.loads(str(file["about"]))
        return found
