"""What a prompt can do to a value: quote what a person said, take one line, tell a span of time, the hour."""

from __future__ import annotations

from jinja2 import pass_context
from jinja2.runtime import Context

from bot.content.folders import SOURCE

LONGEST_QUOTE = 120
"""Characters of a person's own words that are said back to them."""

_UNITS = (604_800, 86_400, 3_600, 60, 1)
_NAMES = {
    "en": ("week weeks", "day days", "hour hours", "minute minutes", "second seconds"),
    "es": ("semana semanas", "día días", "hora horas", "minuto minutos", "segundo segundos"),
    "de": ("Woche Wochen", "Tag Tage", "Stunde Stunden", "Minute Minuten", "Sekunde Sekunden"),
}
_QUOTES = {"en": ("“", "”"), "es": ("«", "»"), "de": ("„", "“")}
_TWELVE_HOURS = frozenset(("US", "CA", "AU", "NZ", "IN", "PH"))


@pass_context
def quote(context: Context, text: str) -> str:
    """Put a person's words between the quotes of the language, on one line, cut at a word."""
    words = " ".join(str(text).split())
    if len(words) > LONGEST_QUOTE:
        head = words[:LONGEST_QUOTE]
        words = (head.rpartition(" ")[0] or head).rstrip(",;:.") + "…"
    return words.join(_QUOTES.get(_language(context), _QUOTES[SOURCE]))


def row(text: str, number: int) -> str:
    """Return one line of a text, counted from 1; nothing where it has fewer. Markup stays markup."""
    return type(text)("".join(text.splitlines()[number - 1 : number]))


def duration(seconds: int, lang: str = SOURCE) -> str:
    """Tell seconds in the largest unit that divides them, up to weeks: `20 minutes`, `1 day`."""
    place, size = next((place, size) for place, size in enumerate(_UNITS) if seconds % size == 0)
    one, more = _NAMES.get(lang, _NAMES[SOURCE])[place].split()
    count = seconds // size
    return f"{count} {one if count == 1 else more}"


_YOURS = {
    "en": {"my": "your"},
    "es": {"mi": "tu", "mis": "tus"},
    "de": {"mein": "dein", "meine": "deine", "meinen": "deinen", "meinem": "deinem", "meiner": "deiner"},
}


@pass_context
def roughly(context: Context, seconds: int) -> str:
    """Tell seconds as one would say them: in whole minutes up to 90, hours up to 36, else days."""
    unit = next(unit for unit, most in ((60, 90), (3_600, 36), (86_400, seconds)) if seconds <= most * unit)
    return duration(max(1, round(seconds / unit)) * unit, _language(context))


@pass_context
def yours(context: Context, text: str) -> str:
    """Say of somebody what is said to the person: “my sister” becomes “your sister”; other words stay."""
    first, blank, rest = text.partition(" ")
    word = _YOURS.get(_language(context), {}).get(first.lower()) if rest else None
    return text if word is None else f"{word}{blank}{rest}"


@pass_context
def told_duration(context: Context, seconds: int) -> str:
    """Tell seconds so, in the language of the prompt."""
    return duration(seconds, _language(context))


def _language(context: Context) -> str:
    return str(context.get("_lang") or SOURCE)


@pass_context
def clock(context: Context, time: str) -> str:
    """Tell a time "HH:MM" as the person's country does: `6:30 pm` or `18:30`."""
    if context.get("country") not in _TWELVE_HOURS:
        return time
    hour, _, minute = time.partition(":")
    half = "pm" if int(hour) >= 12 else "am"  # noqa: PLR2004 -- a twelve-hour clock
    past = "" if minute == "00" else f":{minute}"
    return f"{(int(hour) - 1) % 12 + 1}{past} {half}"
