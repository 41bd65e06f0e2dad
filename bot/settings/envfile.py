"""The settings file: lines of KEY=VALUE, each meaning here what it means to systemd and to compose.

Where those read a line otherwise than we would (a comment behind a value, `export`, a backslash, a dollar
sign), it is refused with the way to write it. No value is ever quoted back: it may be a secret.
"""

from __future__ import annotations

import difflib
import io
import os
import re
import stat
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from bot.errors import OperatorError, SettingsError, reason
from bot.settings.given import PREFIX, Given, Written, variable
from bot.settings.readers import READERS, SECRETS

if TYPE_CHECKING:
    from dotenv.parser import Binding

NAME = "lowtide.env"
LARGEST = 1 << 18
"""Bytes that are read of a file: more is no settings file."""
_ODD: Mapping[str, str] = {
    r"export\s": "begins with `export`, which systemd does not take: write it without",
    r"'": "has its name between quotes: write the name without",
    r"[^=]*=(\s+|\s*[^'\"\s].*\s|\s*'[^']*'\s*|\s*\"[^\"]*\"\s*)#": "has a comment behind it, which systemd "
    "takes for a part of it: put the comment on a line of its own",
    r"[^=]*=(.|\n)*\\": "holds a backslash, which each program reads in another way: write it without",
    r"[^=]*=\s*[^'\n]*\$": "holds a $, which compose would fill in: put the whole between single quotes",
    r"(.|\n)*\n": "goes on in the next line: write it in one",
}
"""What other programs would read otherwise, as a pattern of the line, and what to do."""
_PLAIN = re.compile(r"[A-Za-z0-9_./:@%+,=~-]*")
_UNSAID = re.compile(r"['\\\x00-\x1f\x7f]")


def default_file() -> Path:
    """Return where a settings file is looked for when none is named."""
    from platformdirs import user_config_path  # noqa: PLC0415  only a command that reads settings pays for it

    return user_config_path("lowtide", appauthor=False) / NAME


def settings_file(environment: Mapping[str, str], named: Path | None = None) -> tuple[Path, bool]:
    """Return where the settings file is or would be, and whether somebody named it."""
    told = environment.get(variable("settings"), "").strip()
    path = named or (Path(told) if told else None)
    return (path.expanduser(), True) if path else (default_file(), False)


def read_file(path: Path, must: bool = False) -> Written:
    """Read a settings file; one that is not there gives nothing, unless it `must` be.

    Raises:
        SettingsError: it is not there, cannot be read, or is no text.
    """
    try:
        with path.open("rb") as file:
            content, mode = file.read(LARGEST + 1), os.fstat(file.fileno()).st_mode
    except FileNotFoundError:
        if must:
            raise SettingsError([f"{path}: there is no such file; `lowtide init` writes one"]) from None
        return Written()
    except OSError as error:
        mend = "run this as the user who serves, or give this one the right to"
        raise SettingsError([f"{path}: cannot be read ({reason(error)}); {mend}"]) from None
    given, faults = _lines(path, _text(path, content))
    return Written(path, tuple(given), (*faults, *_open_to_others(path, mode, given)))


def quoted(text: str) -> str:
    """Write a value so that everybody who reads such a file reads the same.

    Raises:
        OperatorError: there is no such way.
    """
    if _UNSAID.search(text):
        raise OperatorError(
            "a settings file cannot hold a quote, a backslash or a line break; choose another"
        )
    return text if _PLAIN.fullmatch(text) else f"'{text}'"


def _text(path: Path, content: bytes) -> str:
    if len(content) > LARGEST:
        raise SettingsError([f"{path}: this is too large for a settings file; name another"])
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        raise SettingsError([f"{path}:{line}: this is no UTF-8; save the file as UTF-8"]) from None
    if "\0" in text:
        line = text[: text.index("\0")].count("\n") + 1
        raise SettingsError([f"{path}:{line}: this is no text; name another file"])
    return text


def _lines(path: Path, text: str) -> tuple[list[Given], list[str]]:
    from dotenv.parser import parse_stream  # noqa: PLC0415  only who has a file pays for it

    given: dict[str, tuple[Given, int]] = {}
    faults = list[str]()
    for binding in parse_stream(io.StringIO(text)):
        line = _line(binding)
        why = _fault(binding)
        name = (binding.key or "").removeprefix(PREFIX).lower()
        if name in given and not why:
            why = f"{binding.key} stands in line {given[name][1]} already; keep one"
        if why:
            faults.append(f"{path}:{line}: {why}")
        elif binding.value and binding.key and binding.key.startswith(PREFIX):
            given[name] = Given(name, binding.value, f"{path}:{line}"), line
    return [one for one, _ in given.values()], faults


def _line(binding: Binding) -> int:
    whole = binding.original.string
    return binding.original.line + whole[: len(whole) - len(whole.lstrip())].count("\n")


def _fault(binding: Binding) -> str:
    """Say what is wrong with a line; nothing where it is well, or another program's."""
    if binding.error:
        return "this is no line of KEY=VALUE; put a # before what is a comment, and close each quote"
    if binding.key is None:
        return ""
    if not binding.key.startswith(PREFIX):
        return _anothers(binding.key)
    if binding.value is None:
        return f"{binding.key} has no value; write {binding.key}=… or put a # before it"
    line = binding.original.string.strip()
    return next((f"{binding.key} {why}" for odd, why in _ODD.items() if re.match(odd, line)), "")


def _anothers(key: str) -> str:
    """Let be what is another program's; name what was meant where it is near to a setting."""
    meant = difflib.get_close_matches(key.upper(), [variable(name) for name in READERS], n=1, cutoff=0.75)
    own = key.upper() if key.upper().startswith(PREFIX) else variable(key)
    near = own if own.removeprefix(PREFIX).lower() in READERS else next(iter(meant), "")
    return f"{key} is no setting; did you mean {near}?" if near else ""


def _open_to_others(path: Path, mode: int, given: list[Given]) -> Iterator[str]:
    if not stat.S_ISREG(mode):
        return
    if mode & stat.S_IWOTH:
        yield f"{path}: everybody on this machine can write it; chmod 600 {path}"
    for one in given:
        if one.name in SECRETS and mode & stat.S_IROTH:
            yield one.wrong(f"is a secret, and everybody on this machine can read it; chmod 600 {path}")
