"""What will be said: the flows and prompts, the helplines of one's country, and the hours of silence."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from bot.adapters.checkup import Finding
from bot.content.checks import check_all
from bot.content.dated import SOON, Stamp
from bot.content.helplines import read_helplines
from bot.content.library import HELPLINES, Content
from bot.content.yaml12 import read
from bot.dialogue.hours import is_quiet_at
from bot.dialogue.timing import quiet_hours
from bot.settings import HOUSE, Settings

_DATED = frozenset(("G803", "G804"))
"""Codes of what is told of helplines anyway."""
_NIGHT = ("00:30", "03:00", "05:00")
_DAY = ("11:00", "17:00")


def flows(content: Content, settings: Settings, today: date) -> Finding:
    """Check the flows and prompts as `lowtide check` does."""
    found = [one for one in check_all(content, settings.flows, today) if one.code not in _DATED]
    errors = [one for one in found if one.severity == "error"]
    if errors:
        count = f"{len(errors)} fault{'s'[: len(errors) != 1]}, such as {errors[0].spot}: {errors[0].message}"
        return Finding("flows", False, count, "`lowtide check` lists each with its mend")
    whose = "" if settings.flows == HOUSE / "flows" else f" of {settings.flows.parent}"
    warnings = sum(one.severity == "warning" for one in found)
    told = f"{len(content.flows.flows)} flows{whose} are well"
    return Finding("flows", True, told, f"`lowtide check` has {warnings} warnings" if warnings else "")


def language(content: Content, settings: Settings) -> Finding:
    """See that the language of whoever chose none is one there are words for."""
    spoken = ", ".join(sorted(content.prompts.languages))
    if settings.lang in content.prompts.languages:
        return Finding("language", True, f"{settings.lang}; spoken are {spoken}")
    mend = f"set LOWTIDE_LANG to one of {spoken}"
    return Finding("language", False, f"there are no words in {settings.lang!r}", mend)


def helplines(content: Content, today: date) -> Finding:
    """See that somebody vouches for every helpline still."""
    stamps = content.helplines.stamps
    mend = f"dial them, or ask those who run them, and set their days in {HELPLINES}"
    late = [one for one in stamps if one.expires_on < today]
    if late:
        return Finding("helplines", False, f"{_named(late)} had to be looked at again by now", mend)
    soon = [one for one in stamps if one.expires_on < today + SOON]
    if soon:
        return Finding("helplines", True, f"{_named(soon)} are to be looked at within a month", mend)
    ends = min((one.expires_on for one in stamps), default=None)
    return Finding("helplines", True, f"{len(stamps)} lines stand until {ends}" if ends else "there are none")


def country(content: Content, settings: Settings) -> Finding:
    """See that the lines of the operator's own country are there, and that somebody has tried them."""
    own = settings.country
    if own is None:
        mend = "set LOWTIDE_COUNTRY, such as GB; then dial the lines of that country"
        return Finding("country", True, "nobody said which one you serve first", mend)
    if own not in content.helplines.countries:
        mend = f"add its lines to {HELPLINES} in a content of your own (`lowtide content new DIR`)"
        return Finding("country", False, f"there are no helplines for {own}", mend)
    untried = [one for one in _of(own, content.helplines.stamps) if one in _came_along()]
    if untried:
        mend = f"dial them, then set `checked_on` in {HELPLINES} of a content of your own"
        return Finding("country", True, f"nobody has dialled {_named(untried)}", mend)
    return Finding("country", True, f"the lines of {own} were looked at by you")


def _of(country: str, stamps: Iterable[Stamp]) -> list[Stamp]:
    return [one for one in stamps if one.path[:2] == ("countries", country)]


def _came_along() -> tuple[Stamp, ...]:
    """Return the lines that came along: written down from public pages, and dialled by nobody."""
    path = HOUSE / "flows" / HELPLINES
    tree, _ = read(path.read_bytes(), str(path))
    found = read_helplines(tree)[0] if tree else None
    return found.stamps if found else ()


def quiet(content: Content) -> Finding:
    """See that nobody is nudged at night, and that everybody can be by day."""
    hours = quiet_hours(content.flows.globals.defaults)
    found, where = f"from {hours[0]} to {hours[1]}, unless a person says otherwise", "globals.yaml"
    mend = f"set the defaults of quiet_from and quiet_to in {where}, such as 22:00 and 08:00"
    if not all(is_quiet_at(clock, hours) for clock in _NIGHT):
        return Finding("quiet hours", False, f"{found}: people would be nudged at night", mend)
    if any(is_quiet_at(clock, hours) for clock in _DAY):
        return Finding("quiet hours", False, f"{found}: little is left of the day for a nudge", mend)
    return Finding("quiet hours", True, found)


def newest(content: Content) -> date | None:
    """Return the last day on which somebody looked at a helpline."""
    return max((one.checked_on for one in content.helplines.stamps), default=None)


def _named(stamps: list[Stamp], most: int = 3) -> str:
    left = len(stamps) - most
    return ", ".join(one.name for one in stamps[:most]) + (f" and {left} more" if left > 0 else "")
