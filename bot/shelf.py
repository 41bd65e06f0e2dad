"""What was learnt is kept in a folder until the words change: a lost or broken file is only made again."""

from __future__ import annotations

import contextlib
import os
import shutil
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from zipfile import BadZipFile

_OLD_ONES = 16
"""Folders of earlier words that are kept, 4 MB each: two versions on one machine, in each language."""


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

    def _tidy(self) -> None:
        """Throw away all but the newest folders."""
        folders = sorted(
            (one for one in self._root.iterdir() if one.is_dir() and one != self._folder),
            key=lambda one: one.stat().st_mtime,
        )
        for old in folders[:-_OLD_ONES]:
            shutil.rmtree(old, ignore_errors=True)
