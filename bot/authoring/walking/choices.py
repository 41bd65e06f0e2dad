"""What can be done next: every move there is at a place, and what a person would do by chance."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from functools import cached_property
from random import Random
from typing import TypeAlias

from bot.authoring.walking.at_once import AtOnce
from bot.authoring.walking.moves import (
    Alarm,
    Asked,
    Command,
    Move,
    Old,
    Pass,
    Phrase,
    Press,
    Several,
    Story,
    Twice,
    Typed,
)
from bot.authoring.walking.terrain import Terrain
from bot.authoring.walking.walker import Walker
from bot.dialogue.draft import Draft
from bot.dialogue.flow import Option, State
from bot.runtime.places import local_time

Answer: TypeAlias = tuple[str, str, str]
"""A flow, a state, and the option that was taken there."""
NONSENSE = "purple"
TEXTS = (
    NONSENSE,
    ".",
    "👍",
    "long " * 59 + "text",
    "it is my sister, we had a fight about nothing",
    "7pm",
    "2",
)
"""What is typed anywhere: nonsense, nearly nothing, a sign, too much, a story, an hour, a number."""
NAMES = ("Ana", "after the school run", "*bold* <b> {{ x }} @all /stop")
HOURS = (1, 8, 20, 50, 200, 800)
_PRESS, _WORDS, _TEXT, _COMMAND, _ALARM, _CLOCK = 0.56, 0.62, 0.76, 0.86, 0.9, 0.97
"""How often what is done, added up; the rest are old buttons."""
_SELDOM, _HALF, _EAGER = 0.1, 0.5, 0.7


@dataclass
class Choices:
    """Know what can be done."""

    terrain: Terrain
    _phrases: dict[str, str] = field(default_factory=dict)

    def shown(self, walker: Walker) -> list[Option]:
        """Return the options that have a button now, as the core draws them."""
        state = self._state(walker)
        if state is None or not state.options:
            return []
        if not state.guarded:
            return [one for one in state.options if not one.typed]
        draft = self._draft(walker)
        return [one for one in state.options if draft.shows(one)]

    def everything(self, walker: Walker) -> Iterator[Move]:
        """Yield every move there is at a place."""
        state = self._state(walker)
        if state is not None:
            yield from (Press(one.id) for one in self.shown(walker))
            draft = self._draft(walker)
            yield from (Phrase(one.id, self.phrase(one)) for one in state.options if draft.offers(one))
            yield from self.at_once.pairs(walker)
        yield from self.at_once.stories(walker)
        yield from map(Typed, TEXTS)
        yield Typed(NONSENSE, late=True)
        yield from self.asides
        yield from self.alarms
        yield from (Old(), Twice(), Pass(), Pass(HOURS[-1] * 3600))

    def answers(self, walker: Walker) -> Iterator[Move]:
        """Yield the answers there are to what is asked, and the next timer."""
        yield from (Press(one.id) for one in self.shown(walker))
        state = self._state(walker)
        if state is not None and state.ask is not None:
            yield from (Typed(NAMES[0]), Typed(TEXTS[-2]))
        if not walker.session.frames:
            yield Typed(NONSENSE)
            yield Pass(HOURS[1] * 3600)
        yield Pass()

    def phrase(self, option: Option) -> str:
        """Return the first words that mean an option and nothing that interrupts."""
        if option.says not in self._phrases:
            says = self.terrain.content.words.says(option.says)
            free = (one for one in says if one not in self._interrupting)
            self._phrases[option.says] = next(free, option.id)
        return self._phrases[option.says]

    @cached_property
    def at_once(self) -> AtOnce:
        """Return what answers more than one question."""
        return AtOnce(self.terrain, self.phrase)

    @cached_property
    def _interrupting(self) -> frozenset[str]:
        words = self.terrain.content.words
        known = self.terrain.flows.globals.interrupts
        return frozenset(text for one in known if one.says for text in words.says(one.says))

    @cached_property
    def asides(self) -> tuple[Move, ...]:
        """Return every command, and every way to ask for it in words."""
        return tuple(self._asides())

    def _asides(self) -> Iterator[Move]:
        content = self.terrain.content
        for one in self.terrain.flows.globals.interrupts:
            if one.command is not None:
                yield Command(one.command)
            if one.says is not None:
                yield Asked(one.id, next(iter(content.words.says(one.says)), one.id))
            if one.do == "why" and one.command is not None:
                yield Command(one.command, NONSENSE)
                yield from (Command(one.command, page, page) for page in sorted(self.terrain.flows.why)[:1])
        yield Command("nonsense")

    @cached_property
    def alarms(self) -> tuple[Move, ...]:
        """Return every danger, in every tier, and the gravest behind a command, too."""
        known = self.terrain.flows.globals
        alarms = [Alarm(one.gate, one.tier) for one in known.dangers]
        behind = [one.command for one in known.interrupts if one.command and one.do == "why"]
        return (*alarms, *(replace(one, command=name) for one in alarms[:1] for name in behind))

    @cached_property
    def pages(self) -> tuple[Move, ...]:
        """Return every command that asks for a why page."""
        known = self.terrain.flows.globals.interrupts
        asking = [one.command for one in known if one.do == "why" and one.command]
        return tuple(Command(name, page, page) for name in asking for page in sorted(self.terrain.flows.why))

    def _state(self, walker: Walker) -> State | None:
        frames = walker.session.frames
        return self.terrain.state(frames[-1]) if frames else None

    def _draft(self, walker: Walker) -> Draft:
        return Draft(self.terrain.flows, walker.session, local_time(walker.now, walker.session.memory))

    # --- by chance -----------------------------------------------------------------------------------

    def wandering(self, walker: Walker, chance: Random) -> Move:
        """Choose as somebody does who does anything at all."""
        roll, pick = chance.random(), chance.choice
        if roll < _PRESS:
            shown = walker.choices
            if not shown:
                return self.told(walker, chance) or Typed(pick(NAMES))
            return self.both(walker, chance) or Press(pick(shown).option)
        if roll < _WORDS:
            state = self._state(walker)
            if state is not None and state.options:
                option = pick(state.options)
                return Phrase(option.id, self.phrase(option))
        if roll < _TEXT:
            return self.told(walker, chance) or Typed(
                pick(TEXTS if chance.random() < _HALF else NAMES), late=chance.random() < _SELDOM
            )
        return self._besides(roll, chance)

    def told(self, walker: Walker, chance: Random) -> Story | None:
        """Choose a story, half of the times where one is listened for."""
        return self.at_once.story(walker, chance) if chance.random() < _HALF else None

    def both(self, walker: Walker, chance: Random) -> Several | None:
        """Choose two options at once, half of the times where two may be named."""
        state = self._state(walker)
        several = state is not None and state.several and chance.random() < _HALF
        return self.at_once.pair(walker, chance) if several else None

    def _besides(self, roll: float, chance: Random) -> Move:
        """Choose something that answers no question."""
        if roll < _COMMAND:
            return chance.choice(self.pages if self.pages and chance.random() < _SELDOM else self.asides)
        if roll < _ALARM and self.alarms:
            return chance.choice(self.alarms)
        if roll < _CLOCK:
            return Pass() if chance.random() < _HALF else Pass(chance.choice(HOURS) * 3600)
        return Old() if chance.random() < _HALF else Twice()


@dataclass
class Stroller:
    """Answer what is asked, never the same way twice to the same question while another way is left.

    `known` counts what others answered: of two ways the one that was gone less often is the likelier.
    """

    choices: Choices
    chance: Random
    known: Counter[Answer] = field(default_factory=Counter)
    tried: Counter[Answer] = field(default_factory=Counter)

    def move(self, walker: Walker) -> Move:
        """Choose a button that was not chosen before, or type, where a text is asked for."""
        if not walker.session.frames:
            return Typed(NONSENSE)
        top = walker.session.frames[-1]
        state, shown = self.choices.terrain.state(top), walker.choices
        if not shown or (state is not None and state.ask is not None and self.chance.random() < _HALF):
            written = Typed(self.chance.choice((*NAMES[:2], *TEXTS[-3:])))
            return self.choices.told(walker, self.chance) or written
        both = self.choices.both(walker, self.chance)
        if both is not None and not self.tried[top.flow, top.state, both.text]:
            self.tried[top.flow, top.state, both.text] += 1
            return both
        passing = {one.id for one in state.options if one.passes} if state else set[str]()
        eager = self.chance.random() < _EAGER
        answers = {(top.flow, top.state, one.option): eager and one.option in passing for one in shown}
        best = min(answers, key=lambda one: self._rank(one, answers[one]))
        self.tried[best] += 1
        self.known[best] += 1
        return Press(best[2])

    def _rank(self, one: Answer, wanted: bool) -> tuple[int, bool, int, float]:
        return self.tried[one], not wanted, self.known[one], self.chance.random()
