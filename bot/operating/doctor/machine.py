"""The machine: Python and the packages that were installed, time zones, the clock, room on the disk."""

from __future__ import annotations

import os
import platform
import re
import shutil
import sys
from collections.abc import Iterator
from datetime import UTC, date, datetime
from importlib import metadata
from pathlib import Path
from zoneinfo import ZoneInfo, available_timezones

from packaging.requirements import InvalidRequirement, Requirement

from bot import __version__
from bot.adapters.checkup import Finding
from bot.settings import HOUSE, Settings

LOCK = "requirements.lock"
LEAST_FREE = 200 << 20
"""Bytes a disk must have left, and twice the database beside: room for a copy of it."""
_SUMMER = datetime(2026, 7, 1, 12, tzinfo=UTC)
_KNOWN_ZONES = {"Europe/Berlin": 2, "America/New_York": -4, "Asia/Kolkata": 5.5, "Africa/Johannesburg": 2}
"""Hours from UTC in that summer, by which is seen that the data is there and right."""
_OLD = 2
"""Years after which time zone data is worth a word: countries change theirs."""


def python() -> Finding:
    """Tell which Python this is."""
    found = f"{platform.python_version()} ({sys.executable})"
    if sys.version_info < (3, 11):  # noqa: UP036  what started us may not be what was installed for
        return Finding("Python", False, found, "install Python 3.11 or newer, and Lowtide with it")
    return Finding("Python", True, found)


def packages(asked: list[str] | None = None, lock: Path = HOUSE / LOCK) -> Finding:
    """Hold what is installed against what the project asks for, and against its lock where there is one."""
    wanted = _wanted() if asked is None else asked
    wrong = [one for text in wanted for one in _unfit(text)]
    if wrong:
        mend = f"{_again(lock)}, in the Python named above"
        return Finding("packages", False, "; ".join(wrong), mend)
    others = list(_unpinned(lock)) if lock.exists() else []
    if others:
        found = f"{len(others)} are of another version than was tested: {_few(others)}"
        return Finding("packages", True, found, f"{_again(lock)} takes those that were tested")
    tested = ", in the versions that were tested" if lock.exists() else ""
    return Finding("packages", True, f"Lowtide {__version__} and {len(wanted)} others are installed{tested}")


def _wanted() -> list[str]:
    try:
        return metadata.requires("lowtide") or []
    except metadata.PackageNotFoundError:  # run from a checkout: the lock tells
        return []


def _unfit(text: str) -> Iterator[str]:
    try:
        wanted = Requirement(text)
    except InvalidRequirement:
        return
    if wanted.marker and not wanted.marker.evaluate({"extra": ""}):
        return
    try:
        found = metadata.version(wanted.name)
    except metadata.PackageNotFoundError:
        yield f"{wanted.name} is missing"
        return
    if not wanted.specifier.contains(found, prereleases=True):
        yield f"{wanted.name} is {found}, {wanted.specifier} is needed"


def _unpinned(lock: Path) -> Iterator[str]:
    """List what is installed in another version than the lock pins, or not at all."""
    for line in lock.read_text("utf-8").splitlines():
        if not re.match(r"[a-z0-9]", line):
            continue
        wanted = Requirement(line.partition("\\")[0].partition(" #")[0].strip())
        yield from (one.partition(",")[0] for one in _unfit(str(wanted)))


def _few(names: list[str], most: int = 3) -> str:
    left = len(names) - most
    return ", ".join(names[:most]) + (f" and {left} more" if left > 0 else "")


def _again(lock: Path) -> str:
    return "`make setup`" if lock.exists() else "`pip install --upgrade --force-reinstall lowtide`"


def zones() -> Finding:
    """See that time zones are known and right: nudges and quiet hours are in each person's own."""
    for name, hours in _KNOWN_ZONES.items():
        try:
            offset = _SUMMER.astimezone(ZoneInfo(name)).utcoffset()
        except (OSError, ValueError, LookupError):  # no such zone, or a file that is broken
            return Finding(
                "time zones", False, f"{name} is not known", "pip install --force-reinstall tzdata"
            )
        if offset is None or offset.total_seconds() != hours * 3600:
            mend = "mend the zone files of this system, or take them away: the package tzdata has its own"
            return Finding("time zones", False, f"{name} is wrong", mend)
    release = metadata.version("tzdata")
    found = f"{len(available_timezones())} are known; tzdata {release}"
    old = int(release[:4]) + _OLD < datetime.now(UTC).year
    return Finding("time zones", True, found, "pip install --upgrade tzdata" if old else "")


def clock(newest: date | None, now: datetime | None = None) -> Finding:
    """See that the clock is not behind the `newest` day on which somebody looked at a helpline."""
    here = now or datetime.now(UTC)
    if newest and here.date() < newest:
        found = f"it says {here:%Y-%m-%d}, and these files are of {newest}"
        return Finding("clock", False, found, "let it be set by itself: timedatectl set-ntp true")
    return Finding("clock", True, f"{here:%Y-%m-%d %H:%M} UTC")


def disk(settings: Settings) -> Finding:
    """See that there is room for the database to grow, and for a copy."""
    place = next(one for one in settings.db.absolute().parents if one.exists())
    free, size = shutil.disk_usage(place).free, _size(settings.db)
    found = f"{_amount(free)} are free at {place}, the database takes {_amount(size)}"
    if free < LEAST_FREE + 2 * size:
        return Finding("disk", False, found, "free some space, or name another place with LOWTIDE_DB")
    return Finding("disk", True, found)


def cache(settings: Settings) -> Finding:
    """See that what was learnt once can be kept: without it each start learns it again."""
    folder = settings.kept_anew.absolute()
    place = next(one for one in (folder, *folder.parents) if one.exists())
    if os.access(place, os.W_OK | os.X_OK):
        return Finding("cache", True, str(folder))
    mend = "give this user the right to write it, or name another with LOWTIDE_CACHE"
    return Finding("cache", True, f"{folder} cannot be written: each start learns anew", mend)


def _size(path: Path) -> int:
    return path.stat().st_size if path.exists() else 0


def _amount(size: int) -> str:
    for unit in ("bytes", "kB", "MB"):
        if size < 1024:  # noqa: PLR2004  what a unit holds
            return f"{size} {unit}"
        size //= 1024
    return f"{size} GB"
