"""A moment in people's words: "tomorrow after work", "next tue at 7", "heute abend", "mañana a las 6".

In English, Spanish and German at once. Every word has to be understood, or nothing is: a moment is asked for
again sooner than it is guessed. An hour that could be morning or evening is the one outside the quiet hours;
where both are, it is asked for. docs/adr/0029-moments-by-rules.md tells why no library does this.
"""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, time, timedelta
from typing import TypeAlias

from bot.safety.normalise import normalise
from bot.understanding.clocks import in_figures
from bot.understanding.dates import DAY_OF, FARTHEST, dated, names_a_date

_PLAIN_HOUR, _NOON, _DAY = 18, 12, 24
"""The hour of a day that is named without one; noon; hours of a day."""
_WEEK = 7
LONGEST = 120
"""Characters of a moment: a longer text says more."""
_MINUTES = {
    **dict.fromkeys("m min mins minute minutes minuto minutos minuten".split(), 1),
    **dict.fromkeys("h hr hrs hour hours hora horas std stunde stunden".split(), 60),
    **dict.fromkeys("day days dia dias tag tage tagen".split(), 1_440),
    **dict.fromkeys("week weeks semana semanas woche wochen".split(), 10_080),
    **dict.fromkeys("month months mes meses monat monate monaten".split(), 43_200),
}
_COUNTS = {
    **dict.fromkeys("a an one un una ein eine einem einer".split(), 1.0),
    **dict.fromkeys(("half a", "half an", "media", "einer halben", "halbe"), 0.5),
    **dict.fromkeys(("two", "dos", "zwei", "a couple of", "couple of", "un par de", "ein paar"), 2.0),
    **dict.fromkeys(("three", "tres", "drei", "a few", "unas", "unos"), 3.0),
    **dict.fromkeys("four cuatro vier".split(), 4.0),
    **dict.fromkeys("five cinco funf".split(), 5.0),
    **dict.fromkeys("six seis sechs".split(), 6.0),
    **dict.fromkeys("seven siete sieben".split(), 7.0),
    **dict.fromkeys("eight ocho acht".split(), 8.0),
    **dict.fromkeys("nine nueve neun".split(), 9.0),
    **dict.fromkeys("ten diez zehn".split(), 10.0),
}


def _any(words: dict[str, float] | dict[str, int]) -> str:
    return "|".join(sorted(map(re.escape, words), key=len, reverse=True))


_LATER = re.compile(
    r"(?:(?:in|en|dentro de|after|nach|for|fur|por|durante|bis in) )?(?:(?:about|like|etwa|unos|unas) )?"
    rf"(\d{{1,3}}|{_any(_COUNTS)}) ?({_any(_MINUTES)})(?: from now| time| or so| mas o menos| oder so)?"
)
_AHEAD = (
    (2, r"(?:the )?day after tomorrow|pasado manana|ubermorgen"),
    (1, r"tomorrow|tmrw|tmr|tomorow|tommorow|morgen(?!s)"),
    (7, r"(?:in )?(?:the )?next week|la (?:proxima semana|semana que viene)|nachste woche"),
    (0, r"(?:later )?today|(?=tonight)|this(?= (?:morning|afternoon|evening))"),
    (0, r"hoy|heute|esta(?= (?:tarde|noche))"),
)
_WEEKEND = r"(?:on |at |this )?(?:the )?weekend|(?:el |este )?fin de semana|am wochenende"
_PARTS = (
    (9, r"(?:in the )?mornings?|(?:por|de|en) la manana|fruh|morgens|vormittags?"),
    (12, r"(?:at )?noon|(?:at )?midday|lunch(?:time)?|(?:al |a )?mediodia|mittags?"),
    (
        18,
        r"after (?:work|school|class)|despues (?:del trabajo|de clase)|nach der (?:arbeit|schule)|feierabend",
    ),
    (16, r"(?:in the )?afternoons?|nachmittags?"),
    (19, r"(?:in the )?evenings?|(?:por |de )?la tarde|tarde|abends?"),
    (20, r"tonight|(?:at )?night|(?:por |de )?la noche|noche|nachts"),
)
_CLOCK = re.compile(
    r"(?:\b(?:at|around|by|a las?|sobre las|um|gegen|ab) )?\b(\d{1,2})(?:[:.h](\d{2}))?"
    r" ?(am|pm|a\.m\.|p\.m\.|o'?clock|uhr|horas|h)?(?![\w:])"
)
_FILLERS = re.compile(
    r"\b(?:please|on|at|the|around|about|say|let's|lets|maybe|ok|okay|perhaps|next|this|coming|i think|for me"
    r"|until|till?|bis|hasta|then|el|la|los|las|a|por|favor|este|esta|proximo|que viene|quizas|am|um|gegen"
    r"|bitte|vielleicht|dann|so|nachste[nrs]?|kommende[nrs]?)\b|[.,!]"
)
_POLITE = re.compile(r"[ ,]*(?:please|por favor|bitte)$")
_EVENING_FROM, _MORNING_FROM = 16, 6


_Reading: TypeAlias = tuple[list[date], list[tuple[int, int]]]
"""The days that may be meant, two where none is named; the hours, two where either half of a day may be."""


def moment(text: str, now: datetime, quiet: tuple[str, str]) -> datetime | None:
    """Return the moment a text names, later than now; None where it names none, or more than one.

    `now` is aware, in the person's own zone; `quiet` are the two ends of their quiet hours, as "HH:MM".
    """
    said = _plain(text)
    later = _LATER.fullmatch(said.strip(" .!"))
    if later is not None:
        count = _COUNTS.get(later[1])
        span = timedelta(minutes=(float(later[1]) if count is None else count) * _MINUTES[later[2]])
        return (now.astimezone(UTC) + span).astimezone(now.tzinfo)
    found = _only(said, now.date())
    if found is None or found[0][0] > now.date() + timedelta(days=FARTHEST):
        return None
    return _first(*found, now, quiet)


def hour(text: str, today: date) -> str | None:
    """Return the hour that words name by themselves ("after work", "at 8 in the evening"), as "HH:MM".

    None where they name a day, and where either half of a day may be meant.
    """
    found = _only(_plain(text), today)
    if found is None or len(found[0]) == 1 or len(found[1]) > 1:
        return None
    return "{:02}:{:02}".format(*found[1][0])


def speaks_of_a_day(text: str, today: date) -> bool:
    """Tell whether words name a day, or a span from now: one, several, or one that is none."""
    said = _plain(text)
    found = _only(said, today)
    far = _LATER.fullmatch(said.strip(" .!")) is not None
    return far or names_a_date(said) or (found is not None and len(found[0]) == 1)


def _plain(text: str) -> str:
    return _POLITE.sub("", normalise(text)).strip(" !")


def _only(said: str, today: date) -> _Reading | None:
    """Return the one reading that words have."""
    if len(said) > LONGEST:
        return None
    read = [_read(day, rest, today) for day, rest in dated(in_figures(said), today)]
    readings = [one for place, one in enumerate(read) if one is not None and one not in read[:place]]
    return readings[0] if len(readings) == 1 else None


def seconds(now: datetime, when: datetime) -> int:
    """Return how many real seconds lie between: clocks may be changed in the meantime."""
    return int((when.astimezone(UTC) - now.astimezone(UTC)).total_seconds())


def _read(day: date | None, said: str, today: date) -> _Reading | None:
    """Return the days and the hours that words mean beside a date; None where one is not understood."""
    named, said = _taken_out(said, today, day)
    part, said = _part(said)
    if named is None and re.search(r"\bmanana\b", said):
        named, said = today + timedelta(days=1), re.sub(r"\bmanana\b", " ", said, count=1)
    clock = _CLOCK.search(said)
    said = said if clock is None else said[: clock.start()] + said[clock.end() :]
    found = named if day is None else day
    if _FILLERS.sub("", said).strip() or (found is None and part is None and clock is None):
        return None
    hours = [(part or _PLAIN_HOUR, 0)] if clock is None else _hours(clock, part)
    if not hours or named not in {None, found}:
        return None
    return [today, today + timedelta(days=1)] if found is None else [found], hours


def _taken_out(said: str, today: date, dated: date | None) -> tuple[date | None, str]:
    """Return the day that is named, and the text without it; of a weekday the first that a date can be."""
    for ahead, words in _AHEAD:
        match = re.search(rf"\b(?:{words})\b", said)
        if match is not None:
            return today + timedelta(days=ahead), f"{said[: match.start()]} {said[match.end() :]}"
    match = re.search(_WEEKEND, said)
    number = 5 if match is not None else None
    if match is None:
        match = re.search(rf"\b({'|'.join(DAY_OF)})\b", said)
        number = None if match is None else DAY_OF[match[1]]
    if match is None or number is None:
        return None, said
    since = today + timedelta(days=1) if dated is None else dated
    return since + timedelta(
        days=(number - since.weekday()) % _WEEK
    ), f"{said[: match.start()]} {said[match.end() :]}"


def _part(said: str) -> tuple[int | None, str]:
    """Return the hour that a part of the day stands for, and the text without it."""
    for hour, words in _PARTS:
        match = re.search(rf"\b(?:{words})\b", said)
        if match is not None:
            return hour, f"{said[: match.start()]} {said[match.end() :]}"
    return None, said


def _hours(clock: re.Match[str], part: int | None) -> list[tuple[int, int]]:
    """Return the hours that a clock may mean: both halves of the day where nothing tells which."""
    hour, minute, half = int(clock[1]), int(clock[2] or 0), (clock[3] or "")[:1]
    if hour >= _DAY or minute > 59:  # noqa: PLR2004  minutes of an hour
        return []
    if half == "p" or (part is not None and part >= _EVENING_FROM and half != "a"):
        return [(hour % _NOON + _NOON if hour <= _NOON else hour, minute)]
    if part == _NOON and hour < _MORNING_FROM:
        return [(hour + _NOON, minute)]
    told = half == "a" or part is not None or hour >= _NOON or hour == 0 or clock[1].startswith("0")
    if told or half == "u":
        return [(hour % _NOON if half == "a" else hour, minute)]
    return [(hour, minute), (hour + _NOON, minute)]


def _first(
    days: list[date], hours: list[tuple[int, int]], now: datetime, quiet: tuple[str, str]
) -> datetime | None:
    """Return the first day's only moment that is still to come; of two halves of it the one that is awake."""
    for day in days:
        all_ = [datetime.combine(day, time(*hour), now.tzinfo) for hour in hours]
        coming = [one for one in all_ if one > now]
        awake = [one for one in coming if not _asleep(one, quiet)]
        fit = coming if len(coming) == 1 else awake
        if fit:
            return fit[0] if len(fit) == 1 else None
    return None


def _asleep(moment: datetime, quiet: tuple[str, str]) -> bool:
    begin, end, at = *quiet, f"{moment:%H:%M}"
    return (at >= begin or at < end) if begin > end else begin <= at < end
