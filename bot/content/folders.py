"""Where words are kept: `prompts/<lang>/<folder>/<name>`, one folder a language, read in one sweep."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

SOURCE = "en"
"""The language every other one is translated from, and falls back to."""


def languages(root: Path) -> tuple[str, ...]:
    """Return the languages a prompts folder has, the source language first."""
    found = sorted(entry.name for entry in _entries(root) if entry.is_dir())
    return (SOURCE, *(name for name in found if name != SOURCE))


def files(root: Path, ending: str, prefix: str = "") -> Iterator[tuple[str, Path]]:
    """Give each file with this ending below a folder, in order: its name with folders, and its path."""
    for entry in _entries(root):
        if entry.is_dir():
            yield from files(root / entry.name, ending, f"{prefix}{entry.name}/")
        elif entry.name.endswith(ending):
            yield prefix + entry.name.removesuffix(ending), root / entry.name


def _entries(root: Path) -> list[os.DirEntry[str]]:
    if not root.is_dir():
        return []
    with os.scandir(root) as entries:
        return sorted((one for one in entries if one.name[0] not in "._"), key=lambda one: one.name)
