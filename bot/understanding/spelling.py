"""Words as they are compared: one spelling, no marks, light stems, and every kind of "not" alike."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from unicodedata import category

from bot.safety.normalise import normalise

LONGEST = 2_000
"""Characters of a text that are looked at."""
NOT = "not"
_WORD = re.compile(r"[^\W_]+")
_ENDS = ("ings", "ing", "edly", "ed", "ly", "es", "s", "e")
_SHORTEST_STEM = 3
_NEGATORS = frozenset(
    """no not never none nobody nothing neither nor nope nah cannot cant dont doesnt didnt isnt arent wasnt
    werent wont wouldnt couldnt shouldnt havent hasnt hadnt aint without""".split()
)
_SMALL = frozenset(
    """what who which where how such all a an the this that these those there here it its i im ive id ill
    me my mine myself you your youre he him his she her hers they them their theyre we us our be is am
    are was were been being do does did done doing have has had having will would can could should
    shall may might must to of in on at by for from with about as into and or but so if then than when
    while just really very quite too also only even still kind sort of like well oh ok okay um uh hmm
    please pls plz hey hi now lol tbh honestly actually basically literally any one ones thing get got
    go going gonna wanna u ur some""".split()
)
_SHORT = {
    **{"u": ("you",), "ur": ("your",), "r": ("are",), "ppl": ("people",), "bc": ("because",)},
    **{"idk": ("i", "dont", "know"), "dunno": ("i", "dont", "know"), "rn": ("now",)},
}
_OPENERS = frozenset("please pls plz ok okay hey hi um uh well".split())
_CLOSERS = frozenset("please pls plz thanks thx lol".split())

_MAY_WE = (frozenset(("can", "could", "may")), frozenset(("i", "we", "you")))


_I = frozenset("i im ive id ill my".split())
_THEY = frozenset("he hes she shes they theyre theyve people everyone everybody nobody".split())
_SOON = 3
"""Words within which a clause says whom it is about; "so tired of everyone" is not about everyone."""
_ME, _THEM = frozenset(("me", "myself")), frozenset(("him", "her", "them"))


@dataclass(frozen=True, slots=True)
class Phrase:
    """Hold a text as words in order, the stems that carry its meaning, whether it denies, and its view.

    The view is who does it and to whom, as far as the first pronouns tell: "i left her", "she left me".
    """

    words: tuple[str, ...]
    stems: frozenset[str]
    denies: bool
    view: tuple[str, str] = ("", "")

    @property
    def text(self) -> str:
        """Return the words with blanks between."""
        return " ".join(self.words)


def phrase(text: str) -> Phrase:
    """Take a text apart for comparing."""
    written = _WORD.findall(normalise(text[:LONGEST]).replace("'", ""))
    words = tuple(spelled(written))
    stems = frozenset(_stem(word) for word in words if word not in _SMALL and word not in _NEGATORS)
    view = _first(words[:_SOON], i=_I, they=_THEY), _first(words, me=_ME, them=_THEM)
    return Phrase(words, stems, not _NEGATORS.isdisjoint(words), view)


def spelled(written: Iterable[str]) -> list[str]:
    """Write out what is written short, as in "idk"."""
    return [word for one in written for word in _SHORT.get(one, (one,))]


def _first(words: tuple[str, ...], **kinds: frozenset[str]) -> str:
    """Return the kind of which a word comes first, empty where there is none."""
    found = (kind for word in words for kind, members in kinds.items() if word in members)
    return next(found, "")


@lru_cache(maxsize=20_000)
def authored(text: str) -> Phrase:
    """Take an author's phrase apart, and remember it; never for what a person wrote."""
    return phrase(text)


def bare(words: tuple[str, ...]) -> tuple[str, ...]:
    """Return the words without politeness at the edges, or all of them where nothing else is left."""
    first, last = 0, len(words)
    while last and words[last - 1] in _CLOSERS:
        last -= 1
    while first < last and words[first] in _OPENERS:
        first += 1
    if last - first > len(_MAY_WE) and words[first] in _MAY_WE[0] and words[first + 1] in _MAY_WE[1]:
        first += len(_MAY_WE)
    return words[first:last] or words


@lru_cache(maxsize=20_000)
def authored_bare(text: str) -> tuple[str, ...]:
    """Return the bare words of an author's phrase, and remember them."""
    return bare(authored(text).words)


def symbols(text: str) -> str:
    """Return the signs of a text that has no words, whatever their colour; empty where it has words."""
    if any(map(str.isalnum, text)):
        return ""
    return "".join(sign for sign in text if category(sign) == "So")


def _stem(word: str) -> str:
    for end in _ENDS:
        if word.endswith(end) and len(word) - len(end) >= _SHORTEST_STEM:
            return word.removesuffix(end)
    return word
