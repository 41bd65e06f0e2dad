"""What a prompt can do to a value: quote what a person said, take one line, tell a span of time, the hour."""

from __future__ import annotations

from jinja2 import pass_context
from jinja2.runtime import Context

LONGEST_QUOTE = 120
"""Characters of a person's own words that are said back to them."""

_UNITS = (("week", 604_800), ("day", 86_400), ("hour", 3_600), ("minute", 60), ("second", 1))
_TWELVE_HOURS = frozenset(("US", "CA", "AU", "NZ", "IN", "PH"))


def quote(text: str) -> str:
    """Put a person's words between typographic quotes, on one line, cut at a word."""
    words = " ".join(str(text).split())
    if len(words) > LONGEST_QUOTE:
        head = words[:LONGEST_QUOTE]
        words = (head.rpartition(" ")[0] or head).rstrip(",;:.") + "…"
    return f"“{words}”"


def row(text: str, number: int) -> str:
    """Return one line of a text, counted from 1; nothing where it has fewer. Markup stays markup."""
    return type(text)("".join(text.splitlines()[number - 1 : number]))


def duration(seconds: int) -> str:
    """Tell seconds in the largest unit that divides them, up to weeks: `20 minutes`, `1 day`."""
    name, size = next(unit for unit in _UNITS if seconds % unit[1] == 0)
    count = seconds // size
    return f"{count} {name}" if count == 1 else f"{count} {name}s"


@pass_context
def clock(context: Context, time: str) -> str:
    """Tell a time "HH:MM" as the person's country does: `6:30 pm` or `18:30`."""
    if context.get("country") not in _TWELVE_HOURS:
        return time
    hour, _, minute = time.partition(":")
    half = "pm" if int(hour) >= 12 else "am"  # noqa: PLR2004 -- a twelve-hour clock
    past = "" if minute == "00" else f":{minute}"
    return f"{(int(hour) - 1) % 12 + 1}{past} {half}"
