"""Content whose names remember what they stand for: whatever the engine looks up by name has been met.

No second interpreter follows a conversation. The flows given to the engine are the same but for this: a
target, a prompt or a call is a text that carries its mark, the mappings they are looked up in note it, and a
guard notes how it came out.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import SupportsIndex, TypeAlias, TypeVar, overload

from bot.content.library import Content
from bot.content.marks import Kind, Mark, guard_name
from bot.dialogue.flow import Flow, Line, Option, Repair, State, Timer, Transition
from bot.dialogue.flows import Danger, Flows, Globals, Interrupt
from bot.dialogue.guards import Guard

Note: TypeAlias = Callable[[Mark], None]
_V = TypeVar("_V")
_D = TypeVar("_D")


class Named(str):
    """Be a name that carries the mark of what it stands for; it is equal to the plain text."""

    __slots__ = ("mark",)
    mark: Mark | None

    def __new__(cls, text: str, mark: Mark | None = None) -> Named:
        """Give a text its mark; without one it only tells that it was written as a target."""
        one = super().__new__(cls, text)
        one.mark = mark
        return one

    def replace(self, old: str, new: str, count: SupportsIndex = -1, /) -> Named:
        """Return the name with its fields filled in, under the same mark."""
        return Named(super().replace(old, new, count), self.mark)


class _Noting(dict[str, _V]):
    """Note the mark of every name that is looked up, and of the `entry` it leads to."""

    def __init__(self, entries: Mapping[str, _V], note: Note, flow: str | None = None) -> None:
        super().__init__(entries)
        self._note, self._flow = note, flow

    @overload
    def get(self, key: str, default: None = None, /) -> _V | None: ...
    @overload
    def get(self, key: str, default: _V, /) -> _V: ...
    @overload
    def get(self, key: str, default: _D, /) -> _V | _D: ...

    def get(self, key: str, default: object = None, /) -> object:
        """Look a name up."""
        if isinstance(key, Named):
            if key.mark is not None:
                self._note(key.mark)
            if self._flow is not None:
                state = key in self
                self._note(Mark("state", self._flow, key) if state else Mark("outcome", self._flow, "", key))
        return super().get(key, default)


def marked(content: Content, note: Note) -> Content:
    """Return the content with flows that call `note` with the mark of everything that is met."""
    flows = content.flows
    watched = {id: _flow(flow, note) for id, flow in flows.flows.items()}
    return replace(
        content,
        flows=Flows(
            _Noting(watched, note),
            _globals(flows.globals),
            _Noting(flows.variants, note),
            flows.why,
            flows.older,
        ),
    )


def _globals(common: Globals) -> Globals:
    notice = common.notice
    return replace(
        common,
        lines={id: _line(line, Mark("line", what=id)) for id, line in common.lines.items()},
        interrupts=tuple(map(_interrupt, common.interrupts)),
        dangers=tuple(map(_danger, common.dangers)),
        notice=notice and replace(notice, say=_line(notice.say, Mark("line", what="notice"))),
    )


def _interrupt(one: Interrupt) -> Interrupt:
    mark = Mark("interrupt", what=one.id)
    return replace(
        one,
        say=None if one.say is None else _line(one.say, mark),
        call=None if one.call is None else Named(one.call, mark),
    )


def _danger(one: Danger) -> Danger:
    return replace(one, call=Named(one.call, Mark("danger", what=f"{one.gate} {one.tier}")))


def _line(line: Line, mark: Mark) -> Line:
    return replace(line, prompt=Named(line.prompt, mark))


def _flow(flow: Flow, note: Note) -> Flow:
    states = {id: _State(flow.id, state, note).marked() for id, state in flow.states.items()}
    careful = None if flow.careful is None else Named(flow.careful)
    return replace(flow, entry=Named(flow.entry), careful=careful, states=_Noting(states, note, flow.id))


class _State:
    """Mark every name that stands in one state."""

    def __init__(self, flow: str, state: State, note: Note) -> None:
        self.flow, self.state, self.note = flow, state, note

    def marked(self) -> State:
        """Return the state with its names marked."""
        one = self.state
        return replace(
            one,
            options=tuple(map(self.option, one.options)),
            repair=self.repair(one.repair),
            timers=tuple(map(self.timer, one.timers)),
            call=one.call
            and replace(
                one.call,
                returns={id: Named(to, self.mark("return", id)) for id, to in one.call.returns.items()},
            ),
            goto=self.ways("goto", one.goto, None),
            end=None if one.end is None else Named(one.end),
        )

    def mark(self, kind: Kind, what: str = "") -> Mark:
        """Return the mark of something in this state."""
        return Mark(kind, self.flow, self.state.id, what)

    def option(self, one: Option) -> Option:
        """Mark an option: it is chosen when one of its ways is gone."""
        return replace(
            one,
            to=self.ways(one.id, one.to, self.mark("option", one.id)),
            when=self.guard(f"{one.id} if", one.when),
            button=self.guard(f"{one.id} button", one.button),
        )

    def ways(self, lead: str, ways: tuple[Transition, ...], mark: Mark | None) -> tuple[Transition, ...]:
        """Mark ways out and their guards."""
        return tuple(
            Transition(Named(way.to, mark), self.guard(guard_name(lead, place), way.when))
            for place, way in enumerate(ways)
        )

    def guard(self, name: str, guard: Guard | None) -> Guard | None:
        """Let a guard note how it comes out."""
        if guard is None:
            return None
        found, missed, run, note = (
            self.mark("guard", name)._replace(side=True),
            self.mark("guard", name)._replace(side=False),
            guard.run,
            self.note,
        )

        def noted(values: Mapping[str, object]) -> object:
            result = run(values)
            note(found if result is True else missed)
            return result

        return replace(guard, run=noted)

    def repair(self, one: Repair) -> Repair:
        """Mark the ladder of reprompts, and the way out below it."""
        return replace(
            one,
            reprompt=tuple(
                _line(line, self.mark("reprompt", str(place + 1))) for place, line in enumerate(one.reprompt)
            ),
            give_up=None if one.give_up is None else Named(one.give_up, self.mark("give-up")),
        )

    def timer(self, one: Timer) -> Timer:
        """Mark a lapse by where it leads, a nudge by what it says."""
        mark = self.mark("timer", one.id)
        return replace(
            one,
            to=None if one.to is None else Named(one.to, mark),
            say=None if one.say is None else _line(one.say, mark),
        )
