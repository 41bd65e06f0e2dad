"""A lowtide that is one release ahead of this one: the same house, with one migration more."""

from __future__ import annotations

import asyncio
import os
import sys
from pathlib import Path

import bot

HERE = Path(bot.__file__).parent.parent
NEXT = "CREATE TABLE later (name TEXT PRIMARY KEY) STRICT, WITHOUT ROWID;\n"


def newer_release(folder: Path) -> Path:
    """Lay out a checkout of the next release by links to this one, and return it."""
    storage = Path("bot/storage")
    for inside in (Path("bot"), storage, storage / "migrations"):
        (folder / inside).mkdir(parents=True, exist_ok=True)
        for one in (HERE / inside).iterdir():
            if one.name != "__pycache__" and not (folder / inside / one.name).exists():
                (folder / inside / one.name).symlink_to(one)
        nested = {Path("bot"): "storage", storage: "migrations"}.get(inside)
        if nested:
            (folder / inside / nested).unlink()
    number = len(list((folder / storage / "migrations").iterdir())) + 1
    (folder / storage / f"migrations/{number:04}_later.sql").write_text(NEXT)
    return folder


async def lowtide(house: Path, *words: str) -> tuple[int, str]:
    """Run a command of a house as a process; return its exit code and all it said."""
    bare = {name: text for name, text in os.environ.items() if not name.startswith("LOWTIDE_")}
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "bot", *words),
        cwd=house,
        env=bare | {"PYTHONPATH": str(house)},  # the house goes before a wheel that is installed
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    said, _ = await process.communicate()
    return process.returncode or 0, said.decode()
