"""Every place where something is said: which prompt, where it is written, and which slots are known there."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import product

from bot.content.checks.webs import ENGINE, Net, Web, listed, repair_key
from bot.content.faults import Spot
from bot.content.yaml12 import Path, Tree
from bot.dialogue.flow import Line, Slot, State

Sure = Mapping[tuple[str, str], frozenset[str]]
"""Flow and state → the slots that are surely set when the state speaks, as the dataflow has worked out."""


@dataclass(frozen=True, slots=True)
class Use:
    """Say that `where` says a prompt, with its fields filled in as `fixed`."""

    prompt: str
    where: str
    scope: Mapping[str, Slot]
    sure: frozenset[str]
    fixed: Mapping[str, str]
    path: Path = ()
    tree: Tree | None = field(default=None, repr=False)

    @property
    def spot(self) -> Spot:
        """Return where the prompt is named."""
        return Spot(self.where) if self.tree is None else self.tree.spot(*self.path)


@dataclass(frozen=True, slots=True)
class _Speaker:
    """Name who says lines, and what is known there."""

    where: str
    scope: Mapping[str, Slot]
    sure: frozenset[str]
    tree: Tree | None

    def says(self, line: Line, path: Path) -> Iterator[Use]:
        """Yield a use for every member that the fields of a line can be; none where a field is no enum."""
        for prompt, fixed in named(line, self.scope):
            yield Use(prompt, self.where, self.scope, self.sure.union(fixed), fixed, path, self.tree)


def named(line: Line, scope: Mapping[str, Slot]) -> Iterator[tuple[str, dict[str, str]]]:
    """Yield every prompt that a line can name, and the members its fields hold then."""
    members = [scope[name].of if name in scope else () for name in line.fields]
    for values in product(*members):
        fixed = dict(zip(line.fields, values, strict=True))
        prompt = line.prompt
        for name, value in fixed.items():
            prompt = prompt.replace(f"{{{name}}}", value)
        yield prompt, fixed


def uses(net: Net, sure: Sure) -> Iterator[Use]:
    """Yield every use of a prompt in the flows and in the globals."""
    for web in net.webs.values():
        for state in web.flow.states.values():
            known = sure.get((web.id, state.id))
            # A state that is never reached speaks to nobody; that is a fault of its own.
            if known is not None:
                speaker = _Speaker(f"{web.id}.{state.id}", web.scope, known, web.tree)
                for line, path in _said(web, state):
                    yield from speaker.says(line, path)
        yield from _arrivals(web, sure, net)
    everywhere = {**net.globals.memory, **ENGINE}
    speaker = _Speaker("globals.yaml", everywhere, frozenset(ENGINE), net.pieces.globals_tree)
    for line, path in _said_everywhere(net):
        yield from speaker.says(line, path)


def _arrivals(web: Web, sure: Sure, net: Net) -> Iterator[Use]:
    """Yield what is said to those who come from an older version of a flow."""
    for place, step in enumerate(web.flow.migrate):
        for old, (new, prompt) in step.states.items():
            known = sure.get((web.id, new))
            if prompt is not None and known is not None:
                speaker = _Speaker(f"{web.id}.{new}", web.scope, known, web.tree)
                yield from speaker.says(Line(prompt), ("migrate", place, "states", old))
    if web.flow.restart is not None:
        speaker = _Speaker(web.id, {**net.globals.memory, **ENGINE}, frozenset(ENGINE), web.tree)
        yield from speaker.says(Line(web.flow.restart), ("policy", "restart"))


def _said(web: Web, state: State) -> Iterator[tuple[Line, Path]]:
    """Yield the lines of a state and where they are written."""
    at: Path = ("states", state.id)
    for place, line in enumerate(state.say):
        yield line, listed(web, (*at, "say"), place)
    if state.ask is not None and state.ask.edits is not None:
        yield Line(state.ask.edits), (*at, "ask", "edits")
    for place, line in enumerate(state.repair.reprompt):
        yield line, listed(web, (*at, repair_key(web, state), "reprompt"), place)
    for place, timer in enumerate(state.timers):
        if timer.say is not None:
            yield timer.say, (*at, "timers", place, "say")


def _said_everywhere(net: Net) -> Iterator[tuple[Line, Path]]:
    """Yield the lines of the globals and where they are written."""
    for name, line in net.globals.lines.items():
        yield line, ("lines", name)
    if net.globals.notice is not None:
        yield net.globals.notice.say, ("notice", "say")
    for place, interrupt in enumerate(net.globals.interrupts):
        if interrupt.say is not None:
            yield interrupt.say, ("interrupts", place, "say")
