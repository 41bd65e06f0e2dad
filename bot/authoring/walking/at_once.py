"""What answers more than one question at once: two options that are named together, and a story."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from random import Random
from typing import NamedTuple

from bot.authoring.walking.moves import Several, Story, standing
from bot.authoring.walking.terrain import Terrain
from bot.authoring.walking.walker import Walker
from bot.dialogue.expect import Expectation, Listening, expected
from bot.dialogue.flow import Option, Value
from bot.dialogue.values import clamp
from bot.runtime.places import local_time

_MOST_PEOPLE, _DAY, _HALF = 2, 86_400, 0.5
"""Words for somebody that are tried, for one leads where the other does; how far off a moment is."""
_HOUR, _MOMENT = "12:00", "tomorrow at noon"


class _Told(NamedTuple):
    """Hold one answer of a story: the slot it fills, with what, and the words for it."""

    slot: str
    value: Value
    words: str


@dataclass(frozen=True, slots=True)
class AtOnce:
    """Know what can be answered at once; `phrase` gives the words of an option."""

    terrain: Terrain
    phrase: Callable[[Option], str]

    def pairs(self, walker: Walker) -> list[Several]:
        """Return options that may be named together, each once as the first and once as the second."""
        asked = self._asked(walker)
        names = asked.several
        return [_several(asked, *pair) for pair in pairwise((*names, *names[:1]))] if len(names) > 1 else []

    def pair(self, walker: Walker, chance: Random) -> Several | None:
        """Return any two that may be named together; None where none may."""
        asked = self._asked(walker)
        one, *other = chance.sample(asked.several, 2) if len(asked.several) > 1 else ("",)
        return _several(asked, one, *other) if other else None

    def stories(self, walker: Walker) -> list[Story]:
        """Return a story for each answer that is listened for, and one that answers everything."""
        each = self._listened_for(walker)
        whole = [one[0] for one in each]
        return [_story([told]) for one in each for told in one] + ([_story(whole)] if len(whole) > 1 else [])

    def story(self, walker: Walker, chance: Random) -> Story | None:
        """Return a story that answers some of what is listened for; None where nothing is."""
        each = self._listened_for(walker)
        told = [chance.choice(one) for one in each if chance.random() < _HALF]
        return _story(told or [chance.choice(each[0])]) if each else None

    def _asked(self, walker: Walker) -> Expectation:
        """Return what is on the table, where two of it can be named; it is read as the real ear reads it."""
        state = standing(self.terrain.flows, walker.session)
        if state is None or not state.several:
            return Expectation()
        return self._expected(walker)

    def _expected(self, walker: Walker) -> Expectation:
        now = local_time(walker.now, walker.session.memory)
        return expected(self.terrain.flows, walker.session, now)

    def _listened_for(self, walker: Walker) -> list[list[_Told]]:
        """Return the answers to each question that is listened for; without those that none can give."""
        state = standing(self.terrain.flows, walker.session)
        start = self.terrain.flows.flows.get(self.terrain.flows.globals.start)
        if walker.session.frames:
            hears = bool(state and state.ask and state.ask.hears)
        else:
            hears = bool(start and start.hears)
        each = [list(self._answers(one)) for one in self._expected(walker).hears] if hears else []
        return [one for one in each if one]

    def _answers(self, one: Listening) -> Sequence[_Told]:
        if one.within is not None:
            return [_Told(one.slot, clamp(one.within, _DAY), _MOMENT)]
        words = self.terrain.content.words
        if one.keys:
            people = one.keys[:_MOST_PEOPLE]
            return [_Told(one.slot, words.label(key), next(iter(words.says(key)), key)) for key in people]
        options = () if one.asked is None else one.asked.options
        return [_Told(one.slot, each.id, self.phrase(each)) for each in options if each.id in one.members]


def _several(asked: Expectation, one: str, other: str) -> Several:
    """Name two options by their numbers, where both have a button, or by their ids."""
    shown = [option.id for option in asked.options if not option.typed]
    said = [str(shown.index(name) + 1) if name in shown else name for name in (one, other)]
    return Several((one, other), " and ".join(said))


def _story(told: Sequence[_Told]) -> Story:
    value = _HOUR if any(one.words == _MOMENT for one in told) else None
    return Story(tuple((one.slot, one.value) for one in told), "; ".join(one.words for one in told), value)
