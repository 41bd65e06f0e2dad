"""A copy of the flows and prompts that came along, for an operator to make their own."""

from __future__ import annotations

import secrets
import shlex
import shutil
from pathlib import Path

from bot.errors import OperatorError, reason
from bot.settings import Settings
from bot.settings.envfile import quoted

_NEXT = """{name}: a copy of the flows and prompts, to make your own.

  lowtide --content {typed} check    every fault, with its place and what to mend
  lowtide --content {typed} test     play the tests beside the flows
  lowtide --content {typed} chat     talk with it

To serve with it, put this line into the settings file:
LOWTIDE_CONTENT={line}"""


def begin(settings: Settings, target: Path) -> None:
    """Copy the flows and prompts at hand into a new folder, whole or not at all.

    Raises:
        OperatorError: the folder holds something, or cannot be written.
    """
    target = target.expanduser()
    try:
        if target.is_dir() and any(target.iterdir()):
            raise OperatorError(f"{target} is not empty; name a new folder (nothing was changed)")
        target.mkdir(parents=True, exist_ok=True)
        aside = target / f".{secrets.token_hex(4)}"
        try:
            _copy(settings.flows, aside / "flows")
            _copy(settings.prompts, aside / "prompts")
            for whole in sorted(aside.iterdir()):
                whole.replace(target / whole.name)
        finally:
            shutil.rmtree(aside, ignore_errors=True)
    except OSError as error:
        raise OperatorError(f"{target}: cannot be written ({reason(error)}); name another folder") from None
    print(_NEXT.format(name=target, typed=shlex.quote(str(target)), line=quoted(str(target.resolve()))))


def _copy(source: Path, target: Path) -> None:
    """Copy what the files hold and not their rights: what came along may be read-only."""
    for path in sorted(source.rglob("*")):
        if path.is_file() and not path.name.startswith("."):
            to = target / path.relative_to(source)
            to.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(path, to)
