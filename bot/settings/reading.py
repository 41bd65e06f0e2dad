"""How the environment and a settings file become settings: the environment wins, and all faults are told."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Mapping
from pathlib import Path

from bot.errors import SettingsError
from bot.settings.chosen import Settings
from bot.settings.given import NOTHING, Given, Written, in_environment, variable
from bot.settings.readers import ALIASES, PATHS, READERS

FILE = "settings"
"""The one variable that is no setting: it names the file of the others."""


def read_settings(environment: Mapping[str, str], written: Written = NOTHING) -> Settings:
    """Read the `LOWTIDE_` variables and what a settings file says; an empty variable counts as not set.

    Raises:
        SettingsError: carries a sentence for every variable and line that is wrong or unknown.
    """
    ours = [one for one in in_environment(environment) if one.name != FILE]
    over, under = _by_name(ours), _by_name(written.given)
    faults = [*written.faults, *_names(written.given), *_names(ours)]
    given = {name: one for name, one in under.items() if not _hidden(name, over)} | over
    chosen: dict[str, object] = {}
    for name, read in READERS.items():
        if name in given:
            try:
                chosen[name] = _anchored(given[name]) and read(given[name].text)
            except ValueError as error:
                faults.append(given[name].wrong(str(error)))
    if faults:
        raise SettingsError(faults)
    return _settings(chosen, written.path)


def _settings(chosen: dict[str, object], file: Path | None) -> Settings:
    content = chosen.pop("content", None)
    folders = {name: content / name for name in ("flows", "prompts")} if isinstance(content, Path) else {}
    database = {} if "db" in chosen else {"db": _default_db()}
    return Settings(**{**database, **folders, **chosen}, file=file)  # type: ignore[arg-type]  # as it was read


def _by_name(given: Iterable[Given]) -> dict[str, Given]:
    return {ALIASES.get(one.name, one.name): one for one in given}


def _hidden(name: str, over: Mapping[str, Given]) -> bool:
    """Tell whether what the environment says leaves a line of the file without effect."""
    return "content" in over and name in {"flows", "prompts"}


def _names(given: Iterable[Given]) -> list[str]:
    """Find names that are none, and settings that are given by two names."""
    named = {one.name: one for one in given}
    twice = [_twice(named[alias]) for alias, name in ALIASES.items() if alias in named and name in named]
    known = {*READERS, *ALIASES}
    return twice + [_unknown(one) for name, one in named.items() if name not in known]


def _unknown(one: Given) -> str:
    if one.name == FILE:
        return one.wrong("is for the environment: a settings file names no other; take it out")
    near = difflib.get_close_matches(one.name, READERS, n=1)
    without = "take it out" if one.place else "unset it"
    return one.wrong(f"is no setting; {f'did you mean {variable(near[0])}?' if near else without}")


def _twice(one: Given) -> str:
    name = variable(ALIASES[one.name])
    return one.wrong(f"is another name of {name}, which is set too; unset one")


def _anchored(one: Given) -> bool:
    """See that a path in a file means the same wherever a command is run."""
    if one.place and one.name in PATHS and not Path(one.text).expanduser().is_absolute():
        raise ValueError("is no whole path: write it from / on, or from ~/")
    return True


def _default_db() -> Path:
    from platformdirs import user_data_path  # noqa: PLC0415  only a run that keeps something pays for it

    return user_data_path("lowtide", appauthor=False) / "lowtide.db"
