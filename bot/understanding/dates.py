"""A calendar date in people's words: "on the 14th", "march 3rd", "3.12.", "el viernes 4", "am 14. Dezember".

In English, Spanish and German at once. Each date that a text may name is told, with the text around it: a
moment is read only where no other reading is left, so that "3/12" is asked for and "12/24" is not.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

FARTHEST = 270
"""Days: a date farther off is rather one that has passed, and is read as none."""
_CENTURY = 100
"""A year below is told by its last two digits."""
_WEEKDAYS = (
    "monday mon lunes montag",
    "tuesday tue tues martes dienstag",
    "wednesday wed miercoles mittwoch",
    "thursday thu thur thurs jueves donnerstag",
    "friday fri viernes freitag",
    "saturday sat sabado samstag sonnabend",
    "sunday sun domingo sonntag",
)
_MONTHS = (
    "january jan enero ene januar janner",
    "february feb febrero februar feber",
    "march mar marzo marz maerz mrz",
    "april apr abril abr",
    "may mayo mai",
    "june jun junio juni",
    "july jul julio juli",
    "august aug agosto ago",
    "september sept sep septiembre setiembre",
    "october oct octubre oktober okt",
    "november nov noviembre",
    "december dec diciembre dic dezember dez",
)
_DAYS = (
    "first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth fourteenth"
    " fifteenth sixteenth seventeenth eighteenth nineteenth twentieth",
    "primero dos tres cuatro cinco seis siete ocho nueve diez once doce trece catorce quince dieciseis"
    " diecisiete dieciocho diecinueve veinte",
    "ersten zweiten dritten vierten funften sechsten siebten achten neunten zehnten elften zwolften"
    " dreizehnten vierzehnten funfzehnten sechzehnten siebzehnten achtzehnten neunzehnten zwanzigsten",
)
DAY_OF = {word: number for number, words in enumerate(_WEEKDAYS) for word in words.split()}
_MONTH_OF = {word: number for number, words in enumerate(_MONTHS, 1) for word in words.split()}
_NUMBER_OF = {word: number for words in _DAYS for number, word in enumerate(words.split(), 1)}

_NAMED = {
    **dict.fromkeys(("christmas eve", "xmas eve", "nochebuena", "heiligabend", "heiliger abend"), (12, 24)),
    **dict.fromkeys(("christmas", "christmas day", "xmas", "navidad", "weihnachten"), (12, 25)),
    **dict.fromkeys(("boxing day", "st stephen's day", "stephanitag"), (12, 26)),
    **dict.fromkeys(("new year's eve", "new years eve", "nochevieja", "silvester"), (12, 31)),
    **dict.fromkeys(("new year's day", "new years day", "ano nuevo", "neujahr"), (1, 1)),
    **dict.fromkeys(("valentine's day", "valentines day", "san valentin", "valentinstag"), (2, 14)),
    **dict.fromkeys(("halloween",), (10, 31)),
}
"""Days that have a name and the same date every year."""

_MONTH, _WORD = "|".join(_MONTH_OF), "|".join(_NUMBER_OF)
_DAY = rf"\b(?P<day>\d{{1,2}}(?:st|nd|rd|th|ro|er|o|\.)?|(?:{_WORD})\b)"
_THE = r"(?:\b(?:(?:on |of |by |around )?the|(?:para )?el(?: dia)?|dia|zum|den|der|dem|(?<!\d )am) )"
_YEAR = r"(?:,? (?:de |del |of )?(?P<year>\d{4})(?![\d:]))?"
_NOT_AT = "".join(rf"(?<!\b{word} )" for word in "at by around um gegen ab las la".split()) + r"(?<![\d.:/-])"
_END = r"(?![\w:/-]|\.\d| ?(?:am|pm|[ap]\.m\.|uhr|o'?clock|horas|h)\b)"
_SURE = tuple(
    map(
        re.compile,
        (
            r"\b(?P<year>\d{4})-(?P<month>\d{1,2})-(?P<day>\d{1,2})\b",
            rf"{_NOT_AT}{_THE}?{_DAY} ?(?:of |de )?(?P<month>{_MONTH})\b\.?{_YEAR}",
            rf"\b(?!mar\b)(?P<month>{_MONTH})\b\.? (?:the )?{_DAY}{_END}{_YEAR}",
            rf"{_NOT_AT}{_THE}?\b(?P<day>\d{{1,2}})/(?P<month>\d{{1,2}})(?P<either>){_END}",
            rf"{_THE}?\b(?P<day>\d{{1,2}})([/-])(?P<month>\d{{1,2}})\2(?P<year>\d{{4}}|\d\d)(?P<either>)\b",
            rf"{_THE}?\b(?P<day>\d{{1,2}})\.(?P<month>\d{{1,2}})\.(?P<year> ?\d{{4}}|\d\d)\b",
            rf"{_NOT_AT}{_THE}?\b(?P<day>\d{{1,2}})\. ?(?P<month>\d{{1,2}})\.(?![\w:])",
            rf"{_THE}\b(?P<day>\d{{1,2}})\.(?P<month>\d{{1,2}}){_END}",
            rf"{_THE}{_DAY}{_END}",
            rf"\b(?P<day>\d{{1,2}}(?:st|nd|rd|th)){_END}",
        ),
    )
)
"""What can be a date only. `either`: the month may come first as well."""
_MAYBE = tuple(
    map(
        re.compile,
        (
            rf"{_NOT_AT}\b(?P<day>\d{{1,2}})\.(?P<month>\d{{1,2}}){_END}",
            rf"{_NOT_AT}\b(?P<day>\d{{1,2}})\.{_END}",
            rf"\b(?:(?:on|at|for|en|zu|an) )?(?P<named>{'|'.join(sorted(_NAMED, key=len, reverse=True))})\b",
        ),
    )
)
_BESIDE_A_WEEKDAY = re.compile(rf"{_NOT_AT}\b(?P<day>\d{{1,2}}){_END}")
_WEEKDAY = re.compile(rf"\b(?:{'|'.join(DAY_OF)})\b")
_PLACES = "|".join(word for word, number in _NUMBER_OF.items() if number < 10)  # noqa: PLR2004  one digit
_NO_DATE = re.compile(
    rf"(?:(?:the|el|der|den) )?(?:[1-9](?:st|nd|rd|th)|(?<= )[1-9]|{_PLACES})\.?|.*\b24/7\b.*"
)
"""What may number an answer, and a way to say always."""


def dated(said: str, today: date) -> list[tuple[date | None, str]]:
    """Return each date that normalised words may name, and what is left of them; None for no date.

    What names a day that does not exist has no reading at all, nor has "the 3rd": it may be the third answer.
    """
    if _NO_DATE.fullmatch(said):
        return []
    sure = [match for pattern in _SURE for match in pattern.finditer(said)]
    maybe = (*_MAYBE, _BESIDE_A_WEEKDAY) if _WEEKDAY.search(said) else _MAYBE
    matches = [*sure, *(match for pattern in maybe for match in pattern.finditer(said))]
    found: list[tuple[date | None, str]] = [
        (day, f"{said[: match.start()]} {said[match.end() :]}")
        for match in matches
        for day in _days(match, today)
    ]
    return found if sure else [*found, (None, said)]


def names_a_date(said: str) -> bool:
    """Tell whether something in normalised words can only be a date, whichever and however many."""
    return any(pattern.search(said) for pattern in _SURE)


def _days(match: re.Match[str], today: date) -> Iterator[date]:
    """Yield the days that a match may stand for: the next of that number, or of that number and month."""
    told = match.groupdict()
    if name := told.get("named"):
        yield from _coming([(year, *_NAMED[name]) for year in (today.year, today.year + 1)], today)
        return
    day, month = _number(told["day"]), told.get("month")
    if month is None:
        following = today.month % 12 + 1
        near = [(today.year, today.month), (today.year + (following == 1), following)]
        yield from _coming([(year, number, day) for year, number in near], today)
        return
    year, number = told.get("year"), _MONTH_OF.get(month) or int(month)
    years = [today.year, today.year + 1] if year is None else [int(year) + 2_000 * (int(year) < _CENTURY)]
    since = today if year is None else date.min
    yield from _coming([(one, number, day) for one in years], since)
    if "either" in told:
        yield from _coming([(one, day, number) for one in years], since)


def _coming(days: list[tuple[int, int, int]], since: date) -> Iterator[date]:
    """Yield the first of some days that exists and does not lie before another; nothing where none does."""
    for year, month, day in days:
        try:
            found = date(year, month, day)
        except ValueError:
            continue
        if found >= since:
            yield found
            return


def _number(day: str) -> int:
    return _NUMBER_OF.get(day) or int(re.sub(r"\D", "", day))
