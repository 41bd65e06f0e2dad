"""`lowtide init`: six questions, a settings file, a key, and the command that starts it."""

from __future__ import annotations

import shlex
import sys
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path

from bot.errors import OperatorError, reason
from bot.operating.beginning.interview import Interview
from bot.operating.beginning.page import page
from bot.operating.beginning.questions import QUESTIONS
from bot.settings.envfile import read_file, settings_file
from bot.settings.given import in_environment
from bot.settings.readers import ALIASES
from bot.storage.keyfile import write_private
from bot.storage.opening import operator_keys


def init(environment: Mapping[str, str], named: Path | None, replace: bool) -> None:
    """Ask, write the settings file and the key, and say how to start.

    Raises:
        OperatorError: a file is there and is not to be replaced, an answer is wrong, or it cannot be written.
    """
    path, _ = settings_file(environment, named)
    interview = Interview(environment, person=sys.stdin.isatty())
    if path.exists():
        _may_replace(path, interview.person, replace)
    interview.chosen = _before(environment, path)
    chosen = interview.answers()
    text = page(chosen, datetime.now(UTC).date())
    settings = interview.settings()
    if not settings.db_url and (key := operator_keys(settings.db, settings.keys()).path):
        print(f"{key}: the key. Keep a copy somewhere else: without it nobody can read what is kept")
    if old := _write(path, text):
        print(f"{old}: the settings of before")
    print(f"{path}: the settings, for you alone to read")
    _say_how_to_start(path, environment, bool(settings.telegram_token or settings.discord_token))


def _may_replace(path: Path, person: bool, replace: bool) -> None:
    """Let a file be replaced only by who wants it."""
    if replace:
        return
    if not person:
        raise OperatorError(
            f"{path} is there already; say --replace to write it anew, beginning with what it says now "
            "(nothing was changed)"
        )
    answer = input(f"{path} is there already. Write it anew, beginning with what it says now? [no]: ")
    if answer.strip().lower() not in {"y", "yes"}:
        raise OperatorError("nothing was changed")


def _before(environment: Mapping[str, str], path: Path) -> dict[str, str]:
    """Return what the file of before says, and what the environment says of what is asked."""
    written = read_file(path)
    if written.faults:
        raise OperatorError("\n".join(written.faults))
    asked = {one.name for one in QUESTIONS}
    around = {one.name: one.text for one in in_environment(environment) if one.name in asked}
    return {ALIASES.get(one.name, one.name): one.text for one in written.given} | around


def _write(path: Path, text: str) -> Path | None:
    """Write the file, whole or not at all; keep one that was there beside it, and return where."""
    old = path.with_name(f"{path.name}.old") if path.exists() else None
    try:
        if old:
            write_private(old, path.read_bytes(), instead=True)
        if not write_private(path, text.encode(), instead=old is not None):
            raise OperatorError(f"{path}: somebody else has just written it (nothing was changed)")
    except OSError as error:
        raise OperatorError(
            f"{path}: cannot be written ({reason(error)}); name another with --settings"
        ) from None
    return old


def _say_how_to_start(path: Path, environment: Mapping[str, str], served: bool) -> None:
    usual, _ = settings_file(environment)
    lowtide = "lowtide" if path == usual else f"lowtide --settings {shlex.quote(str(path))}"
    if not served:
        print("\nNobody can be served without a token; in this terminal you can talk with it already:\n")
        print(f"  {lowtide} chat")
        return
    print("\nThe first looks whether all is well, the second starts it:\n")
    print(f"  {lowtide} doctor\n  {lowtide} run")
