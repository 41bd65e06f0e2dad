"""How a change is put into words: lines, places and times as an author would say them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher
from typing import Protocol

from bot.authoring.differing.change import Change, Kind
from bot.authoring.differing.side import Lead, Side
from bot.content.filters import duration
from bot.content.folders import SOURCE
from bot.dialogue.flow import Timer


class Tell(Protocol):
    """Make a change of a place that is known."""

    def __call__(self, kind: Kind, what: str, old: str = "", new: str = "", /) -> Change:
        """Return the change."""


def telling(flow: str, state: str) -> Tell:
    """Return what makes changes of one place."""

    def tell(kind: Kind, what: str, old: str = "", new: str = "", /) -> Change:
        return Change(flow, state, kind, what, old, new)

    return tell


def words(side: Side, prompts: Sequence[str], lang: str = SOURCE) -> str:
    """Return the first wording of each prompt, by the names of the side."""
    back = {new: old for old, new in side.names.prompts.items()}
    each = (side.words(back.get(one, one), lang) for one in prompts)
    return "\n\n".join(one[0] for one in each if one)


def swapped(
    sides: tuple[Side, Side], before: Sequence[str], after: Sequence[str], told: tuple[Tell, Kind, str]
) -> Iterator[Change]:
    """Yield the changes from some lines to others; `told` makes them, of a kind, and says where."""
    old, new = sides
    tell, kind, where = told
    for act, first, last, start, stop in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        was, now = words(old, before[first:last]), words(new, after[start:stop])
        if act == "replace":
            yield tell(kind, f"{where} something else", was, now)
        elif act == "delete":
            yield tell(kind, f"{where} less", was, "")
        elif act == "insert":
            yield tell(kind, f"{where} more", "", now)


def led(leads: Sequence[Lead]) -> str:
    """Write down where something leads."""
    rows = []
    for one in leads:
        when = f" when {' and '.join(one.when)}" if one.when else ""
        noted = f", noting {', '.join(f'{slot} = {value}' for slot, value in one.noted)}" if one.noted else ""
        rows.append(f"{one.to}{when}{noted}")
    return "\n".join(rows)


def ways_changed(before: Sequence[Lead], after: Sequence[Lead], tell: Tell, subject: str) -> Iterator[Change]:
    """Yield that something leads elsewhere, there on another condition, or has another meaning."""
    if tuple(before) == tuple(after):
        return
    was, now = led(before), led(after)
    if {one.to for one in before} != {one.to for one in after}:
        yield tell("leads", f"{subject} leads elsewhere", was, now)
    elif [(one.to, one.when) for one in before] != [(one.to, one.when) for one in after]:
        yield tell("leads", f"{subject} leads there on another condition", was, now)
    else:
        yield tell("means", f"{subject} is noted as something else", was, now)


def when(timer: Timer) -> str:
    """Say when a timer is due."""
    return duration(timer.after) if timer.after is not None else f"the hour in `{timer.at}`"
