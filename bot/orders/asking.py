"""How a command is declared, and how what was typed becomes settings."""

from __future__ import annotations

import os
import signal
from argparse import SUPPRESS, ArgumentParser, Namespace
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

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


def everywhere(command: ArgumentParser) -> None:
    """Let a command be told of another settings file and another folder of content, as all can be."""
    # SUPPRESS: what was said before the command is not unsaid by what was not said behind it
    command.add_argument(
        "--settings", type=Path, metavar="FILE", default=SUPPRESS, help="the settings file (LOWTIDE_SETTINGS)"
    )
    command.add_argument(
        "--content",
        type=Path,
        metavar="DIR",
        default=SUPPRESS,
        help="a folder with flows/ and prompts/ of your own (LOWTIDE_CONTENT)",
    )


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
    """Read the environment and the settings file, then let the command line have the last word.

    Raises:
        OperatorError: a folder that was named is none.
        SettingsError: the environment or the file is wrong.
    """
    from dataclasses import replace  # noqa: PLC0415  only a command that runs pays for it

    from bot.settings import read_settings  # noqa: PLC0415  as above
    from bot.settings.envfile import read_file, settings_file  # noqa: PLC0415  as above

    settings = read_settings(
        os.environ, read_file(*settings_file(os.environ, getattr(args, "settings", None)))
    )
    folders = _content_of(args) | _folder_of(args)
    named = {name: getattr(args, name, None) for name in ("db", "lang", "flows", "prompts")}
    given = {name: value for name, value in named.items() if value is not None}
    for name in given.keys() & {"flows", "prompts"}:
        _see(given[name])
    return replace(settings, **folders | given)


def _content_of(args: Namespace) -> dict[str, Path]:
    """Return the folders of a content of one's own."""
    content: Path | None = getattr(args, "content", None)
    if content is None:
        return {}
    for inside in ("flows", "prompts"):
        if not (content / inside).is_dir():
            raise OperatorError(
                f"{content} has no {inside}/ in it; `lowtide content new DIR` makes a copy of ours"
            )
    return {"flows": content / "flows", "prompts": content / "prompts"}


def _folder_of(args: Namespace) -> dict[str, Path]:
    """Return the folders that are meant by one: it holds both, or is the one of the flows."""
    folder: Path | None = getattr(args, "folder", None)
    if folder is None:
        return {}
    _see(folder)
    flows = folder / "flows" if (folder / "flows").is_dir() else folder
    return {"flows": flows, "prompts": flows.parent / "prompts"}


def _see(folder: Path) -> None:
    if not folder.is_dir():
        raise OperatorError(f"{folder} is no folder; name the one that holds flows/ and prompts/")


@contextmanager
def leaving_well() -> Iterator[None]:
    """End at once and well where a service manager says SIGTERM, from the first import on."""

    def leave(*_: object) -> NoReturn:
        raise SystemExit(GOOD)

    before = signal.signal(signal.SIGTERM, leave)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


def ended(well: bool) -> int:
    """Return the exit code of a command that looks for faults."""
    return GOOD if well else FAULTS
