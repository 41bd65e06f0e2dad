"""Two answers named in one text: "1 and 3", "the first two", "the second and the last", "both", two labels.

In English, Spanish and German at once, as numbers are.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from bot.safety.normalise import normalise
from bot.understanding.numbering import numbered

Pair = tuple[int, int]

_JOINT = re.compile(
    r"\s*(?:[,;/&+]|\b(?:and then|and|plus|then|as well as|und dann|und|sowie|y luego|y tambien|y|e)\b)+\s*"
)
_EDGE = re.compile(
    r"^(?:(?:i think|i guess|i'd say|id say|probably|maybe|mostly|it's|its|both|i have|options?|numbers?"
    r"|creo que|yo diria|diria|quizas|tanto|opciones|numeros"
    r"|ich glaube|ich denke|wohl|vielleicht|sowohl|nummern?)\s+)+"
    r"|(?:\s+(?:i think|i guess|please|both|for me|mostly|por favor|creo|bitte|beides?|glaub ich))+$|[.!]+$"
)
_TWO = r"(?:two|2|dos|zwei|beiden)"
_THE = r"(?:the |those |l[ao]s |die )?"
_FIRST_TWO = re.compile(
    rf"{_THE}(?:first {_TWO}(?: ones)?|{_TWO} (?:primer[ao]s|ersten)|primer[ao]s {_TWO}|ersten {_TWO})"
)
_LAST_TWO = re.compile(
    rf"{_THE}(?:last {_TWO}(?: ones)?|{_TWO} (?:ultim[ao]s|letzten)|ultim[ao]s {_TWO}|letzten {_TWO})"
)
_BOTH = re.compile(
    r"both(?: of (?:them|these|those))?|the two(?: of them)?|amb[ao]s|l[ao]s (?:dos|2)"
    r"|(?:alle )?beide[sn]?|alle zwei"
)
_SIDE_BY_SIDE = re.compile(r"(\d{1,2})\s+(\d{1,2})")
_MOST_WORDS = 24
"""Words of a text that may still name two answers: in a longer one they are part of a story."""


def two_numbers(text: str, count: int, namable: int) -> Pair | None:
    """Return the two of `count` buttons (from 0) that a text numbers, the first of which `namable` may be."""
    plain = normalise(text).strip(" .!")
    if _BOTH.fullmatch(plain):
        return (0, 1) if namable == 2 else None  # noqa: PLR2004  both are two
    said = _EDGE.sub("", plain).strip()
    if _FIRST_TWO.fullmatch(said):
        return (0, 1) if namable > 1 else None
    if _LAST_TWO.fullmatch(said):
        return (namable - 2, namable - 1) if namable > 1 else None
    apart = _SIDE_BY_SIDE.fullmatch(said)
    parts = list(apart.groups()) if apart else _parts(said)
    if len(parts) != 2:  # noqa: PLR2004  as above
        return None
    one, other = (_place(part, count, namable) for part in parts)
    return None if one is None or other is None or one == other else (one, other)


def two_parts(text: str, read: Callable[[str], int | None]) -> Pair | None:
    """Return the two options that the two halves of a text name; `read` tells which one a half means."""
    if len(text.split()) > _MOST_WORDS:
        return None
    parts = _parts(_EDGE.sub("", normalise(text)).strip())
    if len(parts) != 2:  # noqa: PLR2004  as above
        return None
    one = read(parts[0])
    other = None if one is None else read(parts[1])
    return None if one is None or other is None or one == other else (one, other)


def _parts(said: str) -> list[str]:
    return [part for part in _JOINT.split(said) if part]


def _place(said: str, count: int, namable: int) -> int | None:
    """Return the place of one; the last is the last of those that can be named."""
    last = numbered(said, 1_000)
    return namable - 1 if last == 999 else numbered(said, count)  # noqa: PLR2004  the last of so many
