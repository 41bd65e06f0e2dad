"""An hour in words, in figures: "half past seven", "quarter to 9", "halb acht", "las ocho y media".

In English, Spanish and German at once, and only where something says that it is an hour: "at one" is one, and
"one" alone is none. `bot/understanding/moments.py` reads the figures.
"""

from __future__ import annotations

import re
from functools import partial
from typing import NamedTuple

_HOURS = {
    "en": "one two three four five six seven eight nine ten eleven twelve",
    "es": "una dos tres cuatro cinco seis siete ocho nueve diez once doce",
    "de": "eins zwei drei vier funf sechs sieben acht neun zehn elf zwolf",
}
_MINUTES = {
    "en": {
        **{"five": 5, "ten": 10, "quarter": 15, "a quarter": 15, "fifteen": 15, "twenty": 20, "thirty": 30},
        **{"twenty five": 25, "forty": 40, "forty five": 45, "fifty": 50, "fifty five": 55},
    },
    "es": {
        **{"cinco": 5, "diez": 10, "cuarto": 15, "quince": 15, "veinte": 20, "veinticinco": 25, "media": 30},
        **{"treinta": 30, "cuarenta": 40, "cuarenta y cinco": 45, "cincuenta": 50},
    },
    "de": {
        **{"funf": 5, "zehn": 10, "viertel": 15, "funfzehn": 15, "zwanzig": 20, "funfundzwanzig": 25},
        **{"dreissig": 30, "dreißig": 30, "vierzig": 40, "funfundvierzig": 45, "funfzig": 50},
    },
}
_NUMBER_OF = {word: place for words in _HOURS.values() for place, word in enumerate(words.split(), 1)}
_NUMBER_OF["ein"] = 1
_MINUTE_OF = {word: number for words in _MINUTES.values() for word, number in words.items()}
_RATHER_A_TIME = "once"
"""Eleven in Spanish, and a single time in English."""
_TWELVE, _SIXTY = 12, 60


class _Way(NamedTuple):
    """Say how a clock is told: in what words, and which minutes they add to the hour they name."""

    words: re.Pattern[str]
    times: int
    more: int = 0


def _way(language: str, words: str, times: int = 1, more: int = 0) -> _Way:
    """Return a way whose words name an hour (<H>, <h>: in figures too) and, it may be, minutes (<M>, <m>)."""
    hours = "|".join(sorted(_HOURS[language].split(), key=len, reverse=True))
    minutes = "|".join(sorted(_MINUTES[language], key=len, reverse=True)).replace(" ", "[ -]")
    for letter, meant in (
        ("H", rf"(?P<hour>{hours})"),
        ("h", rf"(?P<hour>{hours}|\d{{1,2}})"),
        ("M", rf"(?P<minute>{minutes})"),
        ("m", rf"(?P<minute>{minutes}|\d{{1,2}})"),
    ):
        words = words.replace(f"<{letter}>", meant)
    return _Way(re.compile(rf"\b{words}\b(?![:'])"), times, more)


_WAYS = (
    _way("en", r"<m>(?: minutes?)? past <h>"),
    _way("en", r"<M>(?: minutes?)? after <h>"),
    _way("en", r"<M>(?: minutes?)? (?:to|till?|before) <h>", -1),
    _way("en", r"half(?: past)? <h>", more=30),
    _way("en", r"<H>[ -]<M>"),
    _way("en", r"(?<=\bat )<H>"),
    _way("en", r"(?<=\bby )<H>"),
    _way("en", r"(?<=\baround )<H>"),
    _way("en", r"<H>(?= ?(?:[ap]\.?m\b|o'?clock|in the (?:morning|afternoon|evening)|at night|tonight))"),
    _way("es", r"<h> y <M>"),
    _way("es", r"<h> menos <M>", -1),
    _way("es", r"<H> <M>"),
    _way("es", r"(?:(?<=\ba la )|(?<=\blas ))<H>"),
    _way("de", r"<m>(?: minuten)? vor halb <h>", -1, -30),
    _way("de", r"<m>(?: minuten)? nach halb <h>", more=-30),
    _way("de", r"halb <h>", more=-30),
    _way("de", r"dreiviertel <h>", more=-15),
    _way("de", r"<m>(?: minuten)? nach <h>"),
    _way("de", r"<m>(?: minuten)? vor <h>", -1),
    _way("de", r"viertel <h>", more=-45),
    _way("de", r"<h> uhr <m>"),
    _way("de", r"(?<=\bum )<H>"),
    _way("de", r"(?<=\bgegen )<H>"),
    _way("de", r"(?<=\bab )<H>"),
    _way("de", r"(?:ein|<H>)(?= uhr| (?:morgens|vormittags|mittags|nachmittags|abends|nachts)\b)"),
)
"""In this order: "five to half past" in German has "half past" in it, and that has the bare hour."""


def in_figures(said: str) -> str:
    """Return normalised words with each hour that they name in figures: "at half past seven" as "at 7:30"."""
    for way in _WAYS:
        said = way.words.sub(partial(_figures, way=way), said)
    return said


def hour_alone(said: str) -> str | None:
    """Return in figures what is nothing but the word for an hour, where an hour was asked for."""
    word = said.strip(" .!")
    return None if word not in _NUMBER_OF or word == _RATHER_A_TIME else str(_NUMBER_OF[word])


def _figures(match: re.Match[str], way: _Way) -> str:
    """Return the figures of one clock; its own words where they name none."""
    told = match.groupdict()
    hour = _number(told.get("hour") or "ein", _NUMBER_OF)
    more = way.times * _number(told.get("minute") or "0", _MINUTE_OF) + way.more
    if not 0 < hour <= 2 * _TWELVE or abs(more) >= _SIXTY:
        return match[0]
    past, minute = divmod(more, _SIXTY)
    at = hour + past or _TWELVE
    return f"{at}:{minute:02}" if told.get("minute") or way.more else f"{at}"


def _number(word: str, known: dict[str, int]) -> int:
    return known[word.replace("-", " ")] if not word.isdigit() else int(word)
