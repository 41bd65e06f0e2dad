"""The environment, read once at start; everything wrong with it is told at once."""

from __future__ import annotations

import difflib
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from bot.errors import SettingsError

PREFIX = "LOWTIDE_"
_PACKED = Path(__file__).parent / "_content"
HOUSE = _PACKED if _PACKED.is_dir() else _PACKED.parent.parent
"""The folder that holds `flows/` and `prompts/`: what a wheel brought along, or the checkout."""
LEVELS = ("DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL")


def _default_db() -> Path:
    from platformdirs import user_data_path  # noqa: PLC0415  only a run that keeps something pays for it

    return user_data_path("lowtide", appauthor=False) / "lowtide.db"


@dataclass(frozen=True, slots=True)
class Settings:
    """Hold what the operator chose; each field is the variable `LOWTIDE_` and its name in capitals.

    `db` is the database file, `flows` and `prompts` folders, `log_level` a name of `logging`, `lang` the
    language of whoever has chosen none.
    """

    db: Path
    flows: Path = HOUSE / "flows"
    prompts: Path = HOUSE / "prompts"
    log_level: str = "WARNING"
    lang: str = "en"


def read_settings(environment: Mapping[str, str]) -> Settings:
    """Read the `LOWTIDE_` variables; an empty one counts as not set.

    Raises:
        SettingsError: carries a sentence for every variable that is wrong or unknown.
    """
    given = {name[len(PREFIX) :].lower(): text for name, text in environment.items() if _is_ours(name, text)}
    faults = [_unknown(name) for name in given if name not in _READERS]
    chosen: dict[str, object] = {}
    for name, reader in _READERS.items():
        if name in given:
            try:
                chosen[name] = reader(given[name])
            except ValueError as error:
                faults.append(f"{PREFIX}{name.upper()} {error}")
    if faults:
        raise SettingsError(faults)
    chosen = {"db": _default_db()} | chosen if "db" not in chosen else chosen
    return Settings(**chosen)  # type: ignore[arg-type]  # a reader returns what its field holds


def _is_ours(name: str, text: str) -> bool:
    return name.startswith(PREFIX) and bool(text.strip())


def _unknown(name: str) -> str:
    near = difflib.get_close_matches(name, _READERS, n=1)
    hint = f"did you mean {PREFIX}{near[0].upper()}?" if near else "unset it"
    return f"{PREFIX}{name.upper()} is no setting; {hint}"


def _file(text: str) -> Path:
    path = Path(text).expanduser()
    if path.is_dir():
        raise ValueError(f"is a folder ({path}); name a file in it")
    return path


def _folder(text: str) -> Path:
    path = Path(text).expanduser()
    if not path.is_dir():
        raise ValueError(f"is no folder ({path}); name one that exists")
    return path


def _level(text: str) -> str:
    level = text.strip().upper()
    if level not in LEVELS:
        raise ValueError(f"is {text!r}; choose one of {', '.join(LEVELS)}")
    return level


def _language(text: str) -> str:
    if not re.fullmatch(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})*", text):
        raise ValueError(f"is {text!r}; give a language code such as en or pt-BR")
    return text


_READERS: Mapping[str, Callable[[str], object]] = {
    "db": _file,
    "flows": _folder,
    "prompts": _folder,
    "log_level": _level,
    "lang": _language,
}
