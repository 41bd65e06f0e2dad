"""What conversations met while they were played: every mark, in which languages, and every prompt said."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from bot.content.marks import Mark
from bot.dialogue.effects import Say
from bot.dialogue.events import Answered, Commanded
from bot.dialogue.flows import Flows
from bot.runtime.places import language_of
from bot.runtime.ports import Moment


@dataclass(slots=True, repr=False)
class Met:
    """Gather marks as they are noted; the step that noted them tells in which language it was.

    `marks` maps each to the languages it was met in, `said` each language to the prompts said in it.
    """

    language: str
    marks: dict[Mark, set[str]] = field(default_factory=dict)
    said: dict[str, set[str]] = field(default_factory=dict)
    _fresh: set[Mark] = field(default_factory=set)

    def note(self, mark: Mark) -> None:
        """Note what the engine has just looked up."""
        self._fresh.add(mark)

    def see(self, flows: Flows, moment: Moment) -> None:
        """Take a committed step: what was noted on its way was met in its person's language."""
        spoken = language_of(moment.after.memory or moment.before.memory, self.language)
        self._fresh.update(_asked_for(flows, moment))
        for mark in self._fresh:
            self.marks.setdefault(mark, set()).add(spoken)
        self._fresh.clear()
        said = self.said.setdefault(spoken, set())
        for effect in moment.effects:
            if isinstance(effect, Say):
                said.update(str(line.prompt) for line in effect.lines)

    def add(self, other: Met) -> None:
        """Take over what another gathered."""
        for mark, languages in other.marks.items():
            self.marks.setdefault(mark, set()).update(languages)
        for language, prompts in other.said.items():
            self.said.setdefault(language, set()).update(prompts)

    @property
    def flows(self) -> frozenset[str]:
        """Return the flows that were entered; the empty name stands for what holds everywhere."""
        return frozenset(mark.flow for mark in self.marks)


def _asked_for(flows: Flows, moment: Moment) -> Iterator[Mark]:
    """Yield the interrupt a person asked for, where the flow they are in lets it through."""
    event, frames = moment.event, moment.before.frames
    if not isinstance(event, Answered | Commanded) or event.concern is not None:
        return
    flow = flows.flows.get(frames[-1].flow) if frames else None
    for one in flows.globals.interrupts:
        asked = (
            one.id == event.reading.interrupt if isinstance(event, Answered) else one.command == event.name
        )
        if asked and (flow is None or one.always or one.id not in flow.deny):
            yield Mark("interrupt", what=one.id)
