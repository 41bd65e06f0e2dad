"""The ground that is walked: the content, how it is spoken, and what a walk asks of it at every turn.

All is looked up once. A line is rendered in every language there is, once for all values its templates read.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from typing import TypeAlias

from bot.content.library import Content
from bot.content.markup import plain
from bot.content.needs import Needs
from bot.dialogue.effects import Effect, Say, Spoken
from bot.dialogue.events import Event
from bot.dialogue.flow import Flow, State, Value
from bot.dialogue.flows import Flows
from bot.dialogue.session import Frame, Session
from bot.dialogue.step import begin, step

MOST_LENGTH, MOST_LABEL = 2000, 80
"""Characters that every platform shows: of a message, of a button's label."""
_NUMBER = ("helpline.", "line('crisis/lines')")
"""What a template holds that gives a number to call: nobody should have to scroll for one."""


Stepped: TypeAlias = tuple[Session, tuple[Effect, ...]]


@dataclass(frozen=True, slots=True)
class Engine:
    """Hold the two functions of the core; another pair can be walked, to see whether it would be caught."""

    begin: Callable[[Flows, Session, str, datetime, Mapping[str, Value]], Stepped] = begin
    step: Callable[[Flows, Session, Event, datetime], Stepped] = step


@dataclass(frozen=True, slots=True)
class Line:
    """Hold a line as the source language has it, and how long it is where it is longest."""

    text: str
    size: int


@dataclass
class Terrain:
    """Hold the ground."""

    content: Content
    engine: Engine = Engine()
    _said: dict[object, Line] = field(default_factory=dict)
    _reads: dict[str, tuple[str, ...]] = field(default_factory=dict)
    _labels: dict[str, str | None] = field(default_factory=dict)

    @property
    def flows(self) -> Flows:
        """Return what the core reads."""
        return self.content.flows

    def over(self, content: Content) -> Terrain:
        """Return the ground of other flows that say the same words; what is known of these is kept."""
        twin = Terrain(content, self.engine, self._said, self._reads, self._labels)
        twin.__dict__["_needs"] = self._needs
        return twin

    # --- words ---------------------------------------------------------------------------------------

    def line(self, spoken: Spoken, slots: Mapping[str, Value]) -> Line:
        """Say a line in every language.

        Raises:
            FlowFault: it fails in one of them.
        """
        reads = self._reads.get(spoken.prompt)
        if reads is None:
            reads = self._reads[spoken.prompt] = self._read(spoken.prompt)
        key = (spoken, *[slots.get(name) for name in reads]) if reads else spoken
        found = self._said.get(key)
        if found is None:
            found = self._said[key] = self._line(spoken, slots)
        return found

    def _read(self, prompt: str) -> tuple[str, ...]:
        langs = self.content.prompts.languages
        names = frozenset[str]().union(*(self._needs.reads(prompt, lang) for lang in langs))
        # A clock and a helpline read the country without naming it.
        return tuple(sorted(names | {"country"})) if names else ()

    def _line(self, spoken: Spoken, slots: Mapping[str, Value]) -> Line:
        render, langs = self.content.prompts.render, self.content.prompts.languages
        texts = [render(spoken.prompt, spoken.variant, slots, lang) for lang in langs]
        return Line(texts[0], max(len(plain(text)) for text in texts) if all(texts) else 0)

    @cached_property
    def _needs(self) -> Needs:
        return Needs(self.content.prompts)

    def label_fault(self, key: str) -> str | None:
        """Return what is wrong with a button's label in some language, None where nothing is."""
        if key not in self._labels:
            self._labels[key] = next(self._label_faults(key), None)
        return self._labels[key]

    def _label_faults(self, key: str) -> Iterator[str]:
        for lang in self.content.prompts.languages:
            size = len(self.content.words.label(key, lang))
            if not 0 < size <= MOST_LABEL:
                yield f"the label {key!r} has {size} characters in {lang!r}"

    def words(self, say: Say) -> list[str]:
        """Return the lines of a message as they are read."""
        return [self.line(line, say.slots).text for line in say.lines]

    # --- places --------------------------------------------------------------------------------------

    def flow(self, frame: Frame) -> Flow | None:
        """Return the flow a frame stands in."""
        return self.flows.of(frame.flow, frame.version)

    def state(self, frame: Frame) -> State | None:
        """Return the state a frame stands at."""
        flow = self.flow(frame)
        return None if flow is None else flow.states.get(frame.state)

    # --- what is special -----------------------------------------------------------------------------

    @cached_property
    def cares(self) -> Mapping[str, frozenset[str]]:
        """Return, for each flow that answers a danger, the prompts that it and what it calls can say."""
        return {one.call: frozenset(self._all_said(one.call)) for one in self.flows.globals.dangers}

    def _all_said(self, flow: str) -> Iterator[str]:
        seen, rest = {flow}, [flow]
        while rest:
            found = self.flows.flows.get(rest.pop())
            for state in found.states.values() if found else ():
                lines = (*state.say, *state.repair.reprompt)
                yield from (name for line in lines for name in self._named(line.prompt))
                if state.call and state.call.flow not in seen:
                    seen.add(state.call.flow)
                    rest.append(state.call.flow)

    def _named(self, prompt: str) -> list[str]:
        return self._needs.matching(prompt) if "{" in prompt else [prompt]

    @cached_property
    def excused(self) -> frozenset[str]:
        """Return the prompts that may be said again: care in danger, and numbers to call."""
        sources = self.content.prompts.sources.of(self.content.prompts.languages[0])
        numbers = {
            name
            for name, source in sources.items()
            if any(sign in one.text for one in source.variants for sign in _NUMBER)
        }
        return frozenset(numbers).union(*self.cares.values())

    @cached_property
    def rungs(self) -> Mapping[str, str]:
        """Return the prompts that only the ladder says, each with the kind of its rung."""
        found: dict[str, str] = {}
        elsewhere: set[str] = set()
        for flow in self.flows.flows.values():
            for state in flow.states.values():
                names = {name for line in state.say for name in self._named(line.prompt)}
                if state.rung is None:
                    elsewhere |= names
                else:
                    found |= dict.fromkeys(names, state.rung)
        return {name: rung for name, rung in found.items() if name not in elsewhere}
