"""How long something has been going on, in words: "for months", "it's been three weeks", "seit zwei Jahren".

In English, Spanish and German at once; accents are undone before anything is compared.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import lru_cache

from bot.safety.normalise import normalise

_DAY = 86_400
_UNITS = {
    "day days dia dias tag tage tagen": _DAY,
    "week weeks wk wks semana semanas woche wochen": 7 * _DAY,
    "month months mes meses monat monate monaten": 30 * _DAY,
    "year years yr yrs ano anos jahr jahre jahren": 365 * _DAY,
}
_SECONDS = {word: seconds for words, seconds in _UNITS.items() for word in words.split()}
_SOME = 3
"""What "some", "a few" and nothing at all before a unit stand for."""
_COUNTS = {
    **dict.fromkeys("a an one un una ein eine einem einer einen".split(), 1.0),
    **dict.fromkeys(("two", "dos", "zwei", "couple", "couple of", "a couple", "a couple of", "par de"), 2.0),
    **dict.fromkeys("three tres drei".split(), 3.0),
    **dict.fromkeys("four cuatro vier".split(), 4.0),
    **dict.fromkeys("five cinco funf".split(), 5.0),
    **dict.fromkeys("six seis sechs".split(), 6.0),
    **dict.fromkeys("seven siete sieben".split(), 7.0),
    **dict.fromkeys("eight ocho acht".split(), 8.0),
    **dict.fromkeys("nine nueve neun".split(), 9.0),
    **dict.fromkeys("ten diez zehn".split(), 10.0),
    **dict.fromkeys(("half a", "medio", "halben", "halbes", "einem halben"), 0.5),
    **dict.fromkeys(("few", "a few", "some", "several", "many", "unos", "unas", "varios", "varias"), 3.0),
    **dict.fromkeys(("muchos", "muchas", "paar", "ein paar", "einigen", "einige", "mehreren", "vielen"), 3.0),
}
_COUNT = "|".join(sorted(map(re.escape, _COUNTS), key=len, reverse=True))
_ABOUT = (
    r"(?:(?:about|around|like|over|almost|nearly|roughly|more than|well over|the last|the past|a good|these"
    r"|casi|mas de|unos|como|etwa|fast|uber|gut|schon|ungefahr|mehr als|nun|jetzt) )*"
)
_SPAN = rf"{_ABOUT}(?:(?P<count>\d{{1,3}}|{_COUNT}) )?(?P<unit>{'|'.join(_SECONDS)})"
_GOING_ON = re.compile(
    r"\b(?:for|since|it's been|its been|it has been|been|desde hace|llevo|llevamos|durante|seit|schon) "
    rf"{_SPAN}\b(?! (?:old|ago|alt))"
)
_ALONE = re.compile(rf"(?:(?:for|since|seit|desde hace|hace) )?{_SPAN}(?: now)?")
_NEVER_IN = re.compile(rf"(?:n't|nt|not|never|no)\b[^.!?]*\b(?:in|en) {_SPAN}\b")
_OF_SOMETHING_ELSE = re.compile(
    r"\b(?:known?|knew|friends? for|friends? since|together|married|dating|lived?|living|worked?|clean|sober"
    r"|conozco|conocemos|juntos|juntas|casad[oa]s?|amig[oa]s desde|kenne|kennen|zusammen|verheiratet"
    r"|befreundet)\b"
)
"""A friendship or a marriage that has lasted so long: no pulling away has."""
_BREAK = re.compile(r"[.!?;\n]+|,")


def going_on(text: str) -> tuple[int, str] | None:
    """Return for how many seconds it has been so, and the words for it; None where that is not said once."""
    found = {}
    for part in _BREAK.split(normalise(text)):
        if not _OF_SOMETHING_ELSE.search(part):
            for match in (*_GOING_ON.finditer(part), *_NEVER_IN.finditer(part)):
                found[_seconds(match)] = match[0]
    return next(iter(found.items())) if len(found) == 1 else None


def steps(options: Mapping[str, Sequence[str]]) -> dict[str, int]:
    """Return from how many seconds on each option counts, read off its phrases; others are left out."""
    said = {name: [_alone(one) for one in phrases] for name, phrases in options.items()}
    return {name: min(found) for name, all_ in said.items() if (found := [one for one in all_ if one])}


def step_of(seconds: int, options: Mapping[str, int]) -> str | None:
    """Return the last option that counts from so many seconds on."""
    reached = [(least, name) for name, least in options.items() if least <= seconds]
    return max(reached)[1] if reached else None


@lru_cache(maxsize=20_000)
def _alone(phrase: str) -> int | None:
    """Return for how many seconds an author's phrase is, and remember it; never for what a person wrote."""
    match = _ALONE.fullmatch(normalise(phrase))
    return None if match is None else _seconds(match)


def _seconds(match: re.Match[str]) -> int:
    count = match["count"]
    many = float(_SOME) if count is None else _COUNTS.get(count)
    return int((float(count) if many is None else many) * _SECONDS[match["unit"]])
