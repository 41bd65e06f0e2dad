"""An option chosen by its number: `2`, `2.`, `#2`, `two`, `the second one`, `the last`."""

from __future__ import annotations

import re

from bot.safety.normalise import normalise

_COUNT = "one two three four five six seven eight nine ten".split()
_ORDER = "first second third fourth fifth sixth seventh eighth ninth tenth".split()
_PLACES = {word: place for words in (_COUNT, _ORDER) for place, word in enumerate(words)}
_ASKED = r"(?:(?:option|number|num|no|nr|answer|choice)\.? ?)"
_BY_NUMBER = re.compile(rf"(?P<plain>\(?(\d{{1,2}})(?:[.):]|st|nd|rd|th)?)|(?:#|{_ASKED}#?)(\d{{1,2}})\.?")
_BY_WORD = re.compile(
    rf"(?P<sure>the |{_ASKED})?(?P<word>last|{'|'.join(_PLACES)})(?P<one> one| option| answer)?"
    r"[.!]?(?: please)?"
)


def numbered(text: str, count: int, bare: bool = True) -> int | None:
    """Return which of `count` options (from 0) a text numbers, or None.

    Without `bare`, a number by itself does not count: it may be the answer that is asked for.
    """
    said = normalise(text)
    place = _by_number(said, bare)
    place = _by_word(said, count, bare) if place is None else place
    return place if place is not None and 0 <= place < count else None


def _by_number(said: str, bare: bool) -> int | None:
    match = _BY_NUMBER.fullmatch(said)
    if match is None or (match["plain"] and not bare):
        return None
    return int(match[2] or match[3]) - 1


def _by_word(said: str, count: int, bare: bool) -> int | None:
    match = _BY_WORD.fullmatch(said)
    if match is None or not (bare or match["sure"] or match["one"]):
        return None
    return count - 1 if match["word"] == "last" else _PLACES[match["word"]]
