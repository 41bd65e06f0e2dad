"""Which lines are said in a danger, at a gate and about ourselves, and where: what a reviewer reads."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product

from bot.content.library import Content
from bot.content.needs import Needs
from bot.content.prompts import APOLOGY
from bot.dialogue.flow import Flow, Line, State

OPENING = ("consent",)
"""Flows that say what this is and is not."""


@dataclass(frozen=True, slots=True)
class Chapter:
    """Hold the flows of one subject, and the prompts and labels they say, each at its first place."""

    title: str
    flows: tuple[str, ...]
    prompts: dict[str, str]
    labels: dict[str, str]


def chapters(content: Content) -> list[Chapter]:
    """Return every line of the gates, subject by subject; none is listed twice."""
    gathered = _Gathered(content, Needs(content.prompts))
    found = [gathered.chapter(title, flows) for title, flows in _subjects(content)]
    known = content.flows.globals
    lines = [one.say for one in known.interrupts if one.id == "human" and one.say is not None]
    lines += [] if known.notice is None else [known.notice.say]
    found.append(gathered.rest("What it says about itself at any moment", [*lines, Line(APOLOGY)]))
    return [one for one in found if one.prompts or one.labels]


def _subjects(content: Content) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Yield the flows of each danger, gravest first, then those that guard the ladder, then the opening."""
    known = content.flows.globals
    for gate in dict.fromkeys(one.gate for one in known.dangers):
        calls = [one.call for one in known.dangers if one.gate == gate]
        yield f"Danger: {gate}", tuple(reversed(calls))
    guards = [one.id for one in content.flows.flows.values() if any(s.gate for s in one.states.values())]
    yield "The two questions before any step", tuple(sorted(guards))
    yield "What it says at the start", OPENING


@dataclass(eq=False)
class _Gathered:
    """Go through flows and note what was not noted before."""

    content: Content
    needs: Needs

    def __post_init__(self) -> None:
        self.seen: set[str] = set()

    def chapter(self, title: str, flows: tuple[str, ...]) -> Chapter:
        chapter = Chapter(title, flows, {}, {})
        rest = [name for name in flows if name in self.content.flows.flows]
        for name in rest:
            flow = self.content.flows.flows[name]
            for state in flow.states.values():
                self._state(chapter, flow, state)
                if state.call and state.call.flow not in rest and state.call.flow in self.content.flows.flows:
                    rest.append(state.call.flow)
        return chapter

    def rest(self, title: str, lines: list[Line]) -> Chapter:
        chapter = Chapter(title, (), {}, {})
        for line in lines:
            self._prompt(chapter, line.prompt, "globals.yaml")
        return chapter

    def _state(self, chapter: Chapter, flow: Flow, state: State) -> None:
        where = f"{flow.id}.{state.id}"
        lines = [*state.say, *state.repair.reprompt, *(one.say for one in state.timers if one.say)]
        for line in lines:
            for prompt in self._names(line, flow):
                self._prompt(chapter, prompt, where)
        for option in state.options:
            if option.label not in self.seen:
                self.seen.add(option.label)
                chapter.labels[option.label] = where

    def _names(self, line: Line, flow: Flow) -> Iterator[str]:
        """Yield the prompts a line can name, with every member of its enums."""
        slots = {**self.content.flows.globals.memory, **flow.slots}
        for values in product(*(slots[name].of for name in line.fields)):
            prompt = line.prompt
            for name, value in zip(line.fields, values, strict=True):
                prompt = prompt.replace(f"{{{name}}}", value)
            yield prompt

    def _prompt(self, chapter: Chapter, prompt: str, where: str) -> None:
        """Note a prompt and every line that it says itself."""
        source = self.content.prompts.sources.of("en").get(prompt)
        key = f"prompt {prompt}"
        if source is None or key in self.seen:
            return
        self.seen.add(key)
        chapter.prompts[prompt] = where
        for variant in source.variants:
            for inner in self.needs.said(variant):
                self._prompt(chapter, inner, where)
