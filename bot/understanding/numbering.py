"""An option chosen by its number: `2`, `#2`, `two`, `the second one`, `the last`, `la segunda`, `zweite`."""

from __future__ import annotations

import re

from bot.safety.normalise import normalise

# Accents are undone before anything is compared.
_PLACES = {
    word: place
    for words in (
        "one two three four five six seven eight nine ten",
        "first second third fourth fifth sixth seventh eighth ninth tenth",
        "uno dos tres cuatro cinco seis siete ocho nueve diez",
        "primera segunda tercera cuarta quinta sexta septima octava novena decima",
        "primero segundo tercero cuarto quinto sexto septimo octavo noveno decimo",
        "eins zwei drei vier funf sechs sieben acht neun zehn",
        "erste zweite dritte vierte funfte sechste siebte achte neunte zehnte",
        "erstes zweites drittes viertes funftes sechstes siebtes achtes neuntes zehntes",
    )
    for place, word in enumerate(words.split())
}
_LAST = "last|ultima|ultimo|letzte|letztes"
_THE = r"the |la |el |lo |die |das |der |den "
_ASKED = r"(?:(?:option|number|num|no|nr|answer|choice|opcion|numero|respuesta|nummer|antwort)\.? ?)"
_BY_NUMBER = re.compile(rf"(?P<plain>\(?(\d{{1,2}})(?:[.):]|st|nd|rd|th)?)|(?:#|{_ASKED}#?)(\d{{1,2}})\.?")
_BY_WORD = re.compile(
    rf"(?P<sure>{_THE}|{_ASKED})?(?P<word>{_LAST}|{'|'.join(_PLACES)})"
    r"(?P<one> one| option| answer| opcion| antwort)?[.!]?(?: please| por favor| bitte)?"
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
    return _PLACES.get(match["word"], count - 1)
