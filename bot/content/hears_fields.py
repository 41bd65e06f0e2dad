"""How a story is listened to: which slots it may answer beside what was asked, and whence that is known."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TypeAlias

from bot.content.composites import Keyed, Kinds, Many
from bot.content.naming import LABEL, Word
from bot.content.shapes import Shape
from bot.content.tables import Field, Record
from bot.dialogue.flow import Hears


@dataclass(frozen=True, slots=True)
class Whence:
    """Hold from which question an answer is heard, and the answer that speaks against it, if one does."""

    question: str
    unless: str = ""


MOMENT = "moment"
"""What is written for a slot that gets how far off a moment is."""
Written: TypeAlias = str | tuple[str, ...] | Whence

_PLACE = Word(
    "a question, as flow.state",
    r"[a-z][a-z0-9_]{0,39}\.[a-z][a-z0-9_]{0,39}",
    "Y130",
    "write its flow and its state, as in `notice.since`",
)
_PLACE_OR_MOMENT = replace(_PLACE, pattern=rf"{MOMENT}|{_PLACE.pattern}")
_ANSWER = Word(
    "an answer, as flow.state.option",
    rf"{_PLACE.pattern}\.[A-Za-z][A-Za-z0-9_]{{0,39}}",
    "Y130",
    "write its flow, its state and its option, as in `reflect.direction.vent`",
)
_PARTED = Record(
    "listening",
    {
        "question": Field(_PLACE, "The question whose options are heard.", required=True),
        "unless": Field(_ANSWER, "Nothing is heard in a text that may mean this answer.", required=True),
    },
    lambda entry: Whence(entry.get("question", ""), entry.get("unless", "")),
)
_WAYS: dict[type, Shape] = {str: _PLACE_OR_MOMENT, list: Many(LABEL), dict: _PARTED}
HEARS = Keyed(Kinds("a question, as `flow.state`, `moment`, or a list of keys of words", _WAYS), least=1)


def hears(found: Mapping[str, Written]) -> tuple[Hears, ...]:
    """Return what is listened for, in the order in which it is written."""
    return tuple(_hears(slot, whence) for slot, whence in found.items())


def _hears(slot: str, whence: Written) -> Hears:
    if isinstance(whence, tuple):
        return Hears(slot, keys=whence)
    if whence == MOMENT:
        return Hears(slot, moment=True)
    known = Whence(whence) if isinstance(whence, str) else whence
    flow, _, state = known.question.partition(".")
    other = known.unless.split(".")
    unless = (other[0], other[1], other[2]) if len(other) == 3 else None  # noqa: PLR2004  flow.state.option
    return Hears(slot, flow, state, unless=unless)
