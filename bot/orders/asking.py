"""How a command is declared, and how what was typed becomes settings."""

from __future__ import annotations

import os
from argparse import ArgumentParser, Namespace
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from bot.errors import OperatorError

if TYPE_CHECKING:
    from bot.settings import Settings

GOOD, FAULTS, WRONG = 0, 1, 2
"""Exit codes: all is well, there are faults, the command or the machine is wrong."""


@dataclass(frozen=True, slots=True)
class Order:
    """Hold one command: its name, what it does in a few words, its options, and what to run.

    `run` imports its parts when it runs, so that no command pays for another, and returns an exit code.
    """

    name: str
    words: str
    options: Callable[[ArgumentParser], None]
    run: Callable[[Namespace], int]


def folder_options(command: ArgumentParser) -> None:
    """Let a command read other flows than ours: a folder of both, or one folder each."""
    command.add_argument(
        "folder", nargs="?", type=Path, help="a folder with flows/ and prompts/ (default: ours)"
    )
    place_options(command)


def place_options(command: ArgumentParser) -> None:
    """Let a command read flows and prompts from elsewhere."""
    command.add_argument("--flows", type=Path, metavar="DIR", help="the folder of the flows")
    command.add_argument("--prompts", type=Path, metavar="DIR", help="the folder of the prompts")


def settings_of(args: Namespace) -> Settings:
    """Read the environment, then let the command line have the last word.

    Raises:
        OperatorError: a folder that was named is none.
        SettingsError: the environment is wrong.
    """
    from dataclasses import replace  # noqa: PLC0415  only a command that runs pays for it

    from bot.settings import read_settings  # noqa: PLC0415  as above

    settings = read_settings(os.environ)
    folder: Path | None = getattr(args, "folder", None)
    for named in (folder, getattr(args, "flows", None), getattr(args, "prompts", None)):
        if named is not None and not named.is_dir():
            raise OperatorError(f"{named} is no folder; name the one that holds flows/ and prompts/")
    if folder is not None:
        inside = folder / "flows"
        flows = inside if inside.is_dir() else folder
        settings = replace(settings, flows=flows, prompts=flows.parent / "prompts")
    given = {name: getattr(args, name, None) for name in ("db", "lang", "flows", "prompts")}
    return replace(settings, **{name: value for name, value in given.items() if value is not None})


def ended(well: bool) -> int:
    """Return the exit code of a command that looks for faults."""
    return GOOD if well else FAULTS
