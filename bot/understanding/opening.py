"""One text may answer several questions: what was told to begin with is heard as the answers it holds.

Each question's own judge listens, at a stricter bar than where the question is asked, to the whole and to
each part of it. Nothing of it is acted on before the person has said yes to it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import Protocol

from bot.dialogue.expect import Expectation, Listening
from bot.safety.normalise import normalise
from bot.understanding.choosing import Judge
from bot.understanding.spans import going_on, step_of, steps

_SURE, _AGREED, _OTHER = 0.9, 0.75, 0.5
"""How sure a judge must be of one part; of the whole and a part that agree; and of what speaks against it."""
_AGAINST = 0.35
"""How sure it must be of the answer that speaks against another, for that not to be heard."""
_MOST_PARTS, _MOST_LETTERS = 6, 600
_CUT = re.compile(
    r"[.!?;,\n]+|\s-+\s|\b(?:because|cause|cuz|cos|but|and|so|when|whenever|porque|pero|y|cuando|weil|aber|und|denn"
    r"|wenn)\b",
    re.IGNORECASE,
)

Heard = tuple[tuple[str, str], ...]


class Labels(Protocol):
    """Give labels and phrases in the person's language."""

    def label(self, key: str) -> str:
        """Return the label of a key."""

    def says(self, key: str) -> Sequence[str]:
        """Return the phrases of a key."""


def heard_in(text: str, listening: Sequence[Listening], words: Labels, judge: Judge) -> Heard:
    """Return what a text answers: each slot with the id of an option, or with the word for somebody."""
    said = text[:_MOST_LETTERS]
    people = {one.slot: _somebody(said, one, words) for one in listening if one.keys}
    long = going_on(said)
    names, span = [phrase for _, phrase in people.values()], long[1] if long else ""
    parts = tuple(dict.fromkeys((normalise(said), *_parts(_without(said, names, span)))))
    found = []
    for one in listening:
        if one.keys:
            value: str | None = people[one.slot][0]
        elif one.asked is None:
            value = None
        elif begins := _steps(one.asked, words):
            value = step_of(long[0], begins) if long else None
        else:
            value = None if _may_mean(parts, one, judge) else _surest(parts, one.asked, judge)
        if value and (not one.members or value in one.members):
            found.append((one.slot, value))
    return tuple(found)


def _somebody(text: str, one: Listening, words: Labels) -> tuple[str | None, str]:
    """Return the label of the only person that is spoken of, and the words for them."""
    said = f" {_plain(text)} "
    spoken: dict[str, str] = {}
    for key in one.keys:
        for phrase in sorted(map(_authored, words.says(key)), key=len, reverse=True):
            if f" {phrase} " in said:
                spoken[key] = phrase
                break
    others = [f" {phrase} " for phrase in spoken.values()]
    whole = [(key, phrase) for key, phrase in spoken.items() if not _within(f" {phrase} ", others)]
    return (words.label(whole[0][0]), whole[0][1]) if len(whole) == 1 else (None, "")


def _within(phrase: str, others: Sequence[str]) -> bool:
    """Tell whether a phrase is only part of another: “my ex” of “my ex boss”."""
    return any(phrase != other and phrase in other for other in others)


@lru_cache(maxsize=5_000)
def _authored(phrase: str) -> str:
    """Return the plain words of an author's phrase, and remember them; never for what a person wrote."""
    return _plain(phrase)


def _plain(text: str) -> str:
    return " ".join(re.findall(r"[^\W_]+", normalise(text)))


def _without(text: str, people: Sequence[str], span: str) -> str:
    """Return a text without the span, with "them" for people: what these say would drown what is asked."""
    said = normalise(text).replace(span, " ") if span else normalise(text)
    for name in filter(None, people):
        said = said.replace(name, "them")
    return said


def _parts(text: str) -> Iterator[str]:
    yield text
    cut = [part.strip() for part in _CUT.split(text) if len(part.split()) > 1]
    if len(cut) > 1:
        yield from cut[:_MOST_PARTS]


def _steps(asked: Expectation, words: Labels) -> dict[str, int]:
    """Return from where on each option counts, where a question asks how long; empty where it does not."""
    found = steps({one.id: words.says(one.says) for one in asked.options})
    return found if len(found) > 1 else {}


def _may_mean(parts: Sequence[str], one: Listening, judge: Judge) -> bool:
    """Tell whether the answer that speaks against this one is about as likely."""
    if one.unless is None:
        return False
    asked, option = one.unless
    place = next((place for place, known in enumerate(asked.options) if known.id == option), None)
    found = [judge(part, asked) for part in parts] if place is not None else []
    return any(sure is not None and sure.options[place or 0] >= _AGAINST for sure in found)


def _surest(parts: Sequence[str], asked: Expectation, judge: Judge) -> str | None:
    """Return the one option that a judge is sure of, and of no other."""
    best: dict[str, list[float]] = {}
    for part in parts:
        sure = judge(part, asked)
        if sure is None:
            return None
        for option, known in zip(asked.options, sure.options, strict=True):
            best.setdefault(option.id, []).append(known)
    if not best:
        return None
    name = max(best, key=lambda one: max(best[one]))
    top = sorted(best[name], reverse=True)
    against = max((max(all_) for other, all_ in best.items() if other != name), default=0.0)
    agreed = top[0] >= _AGREED and len(top) > 1 and top[1] >= _OTHER
    return name if against < _OTHER and (top[0] >= _SURE or agreed) else None
