"""What was learnt is kept in a folder until the words change: a lost or broken file is only made again."""

from __future__ import annotations

import contextlib
import os
import shutil
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any
from zipfile import BadZipFile

from bot.locks import locked

_OLD_ONES = 16
"""Folders of earlier words that are kept, 4 MB each: two versions on one machine, in each language."""
_PATIENCE = 120.0
"""Seconds after which whoever is waited for is taken to hang."""
_PAUSE = 0.1


class Shelf:
    """Keep arrays by name in the folder of one digest. A disk that is full or read-only is no fault."""

    def __init__(self, root: Path, digest: str) -> None:
        self._root, self._folder = root, root / digest

    def get(self, name: str) -> Mapping[str, Any] | None:
        """Return what was kept under a name, or None."""
        import numpy as np  # noqa: PLC0415  slow to import

        try:
            path = self._folder / f"{name}.npz"
            with path.open("rb") as file, np.load(file, allow_pickle=False) as kept:
                return {key: kept[key] for key in kept.files}
        except (OSError, ValueError, KeyError, EOFError, BadZipFile):
            return None

    def put(self, name: str, arrays: Mapping[str, Any]) -> None:
        """Keep arrays whole or not at all; of two processes that keep the same, the last one wins."""
        import numpy as np  # noqa: PLC0415  as above

        with contextlib.suppress(OSError):
            if not self._folder.is_dir():
                self._folder.mkdir(parents=True)
                self._tidy()
            handle, path = tempfile.mkstemp(dir=self._folder, suffix=".part")
            try:
                with os.fdopen(handle, "wb") as file:
                    np.savez(file, **arrays)
                Path(path).replace(self._folder / f"{name}.npz")
            except OSError:
                Path(path).unlink(missing_ok=True)

    @contextlib.contextmanager
    def alone(self, there: Callable[[], bool] = lambda: False) -> Iterator[None]:
        """Make something while no other process makes what belongs in the root, or once it is `there`.

        Beside one that hangs, or on a disk that takes no lock, two make the same, which is no fault.
        """
        with contextlib.ExitStack() as held:
            with contextlib.suppress(OSError):
                self._root.mkdir(parents=True, exist_ok=True)
                file = held.enter_context((self._root / "lock").open("wb"))
                until = time.monotonic() + _PATIENCE
                while not locked(file.fileno()) and not there() and time.monotonic() < until:
                    time.sleep(_PAUSE)
            yield

    def _tidy(self) -> None:
        """Throw away all but the newest folders."""
        folders = sorted(
            (one for one in self._root.iterdir() if one.is_dir() and one != self._folder),
            key=lambda one: one.stat().st_mtime,
        )
        for old in folders[:-_OLD_ONES]:
            shutil.rmtree(old, ignore_errors=True)
