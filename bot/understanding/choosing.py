"""Sure enough to take, likely enough to offer, or neither: where the line between the three is drawn."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from bot.dialogue.expect import Expectation
from bot.dialogue.flow import Slot
from bot.dialogue.values import parse_value
from bot.understanding.spelling import Phrase

CLEAR, _LEAD = 0.65, 0.1
"""How alike the best option must be, and by how much more than the next.

Measured on the phrases of the drivers, each read with all others: nine in ten that are taken are taken
rightly. Lower values take more, and wrongly.
"""
_CLEAR_BESIDE_TEXT = 0.85
"""The same where free text is asked for too: an answer of its own is likelier there."""
_LONGEST_BESIDE_TEXT = 8
_NEAR, _MOST_NEAR = 0.3, 3
"""How alike an option must be to be offered where nobody judges, and how many are."""
_TAKEN = 0.75
"""How sure a judge must be of an option for it to be taken: fewer than one in fifty of those are wrong."""
_AGREED = 0.45
"""The same where the words are an option's own as well."""
_OFFERED, _NOTHING = 0.12, 0.6
"""How sure it must be for an option to be offered, and of none of them for nothing to be."""


@dataclass(frozen=True, slots=True)
class Sureness:
    """Hold how sure a judge is that each option on the table is meant, and that none is; together 1."""

    options: tuple[float, ...]
    nothing: float


Judge: TypeAlias = Callable[[str, Expectation], Sureness | None]
"""Whoever has learnt from the phrases; None where nothing was learnt, and likeness alone decides."""


def no_judge(_: str, __: Expectation) -> Sureness | None:
    """Judge nothing."""
    return None


def likeliest(said: Phrase, scores: Sequence[float], slot: Slot | None) -> int | None:
    """Return the option that the text sounds like, if it is clear and stands out."""
    if slot is not None and len(said.words) > _LONGEST_BESIDE_TEXT:
        return None
    best, second = sorted((*scores, 0.0), reverse=True)[:2]
    clear = CLEAR if slot is None else _CLEAR_BESIDE_TEXT
    return scores.index(best) if best >= clear and best - second >= _LEAD else None


def louder(scores: Sequence[float], sure: Sequence[float]) -> list[float]:
    """Return the likenesses, those of which a judge is sure at their height."""
    return [1.0 if known >= _TAKEN else score for score, known in zip(scores, sure, strict=True)]


def surest(text: str, said: Phrase, sure: Sureness, scores: Sequence[float], slot: Slot | None) -> int | None:
    """Return the option of which the judge is sure, or fairly sure where the words agree."""
    best = max(range(len(sure.options)), key=sure.options.__getitem__)
    likely = likeliest(said, scores, slot)
    if slot is None:
        return best if sure.options[best] >= (_AGREED if best == likely else _TAKEN) else None
    return best if _beside(text, said, slot) and best == likely and sure.options[best] >= _TAKEN else None


def _beside(text: str, said: Phrase, slot: Slot) -> bool:
    """Tell whether a text may be an option where a slot is asked for: it is no value of its own."""
    if slot.type == "text":
        return len(said.words) <= _LONGEST_BESIDE_TEXT
    return parse_value(slot, text) is None


def _nearest(scores: Sequence[float], least: float) -> list[int]:
    """Return the places of the likeliest options, the likeliest first."""
    ranked = sorted((-score, index) for index, score in enumerate(scores) if score >= least)
    return [index for _, index in ranked[:_MOST_NEAR]]


def offered(scores: Sequence[float], sure: Sureness | None) -> list[int]:
    """Return the places of the options to offer; nothing where it is likelier that none is meant."""
    if sure is None:
        return _nearest(scores, _NEAR)
    return _nearest(sure.options, _OFFERED) if sure.nothing < _NOTHING else []
