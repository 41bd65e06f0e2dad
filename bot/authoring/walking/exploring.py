"""Every conversation to a depth, and every move at every question there is: nearest first, no place twice."""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import chain
from math import inf
from random import Random

from bot.authoring.walking.choices import Answer, Choices, Stroller
from bot.authoring.walking.moves import Move
from bot.authoring.walking.tally import Tally
from bot.authoring.walking.terrain import Terrain
from bot.authoring.walking.walks import Start, Walk
from bot.dialogue.flow import Slot, Value
from bot.dialogue.session import Frame, Session

Print = Hashable
_STROLLS, _STROLL = 2_000, 60
"""Walks that look for a place that exploring did not come to, and the moves of each."""
_FEW = 20
"""Moves: more of them are all there are at a new question, which comes before new answers to an old one."""


@dataclass
class Explorer:
    """Explore. Beyond `depth` moves, and until so many turns, it goes on from what was not met before."""

    terrain: Terrain
    depth: int
    tally: Tally
    most: float = inf
    seen: set[Print] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.choices = Choices(self.terrain)

    def explore(self, start: Start) -> Iterator[Walk]:
        """Explore from one beginning, as far as others have not been; yield what is gone on from."""
        first = start.walk(self.terrain, self.tally)
        if first is None:
            return
        depth = len(first.moves) + self.depth
        places, answers = deque([(first, self._moves(first, depth))]), deque[tuple[Walk, list[Move]]]()
        while places or answers:
            walk, moves = (places or answers).popleft()
            if len(walk.moves) >= depth and self.tally.turns >= self.most:
                continue
            yield walk
            for move in moves:
                after = walk.fork()
                if after.go(move) and (more := self._moves(after, depth)):
                    (places if len(more) > _FEW else answers).append((after, more))

    def _moves(self, walk: Walk, depth: int) -> list[Move]:
        """Return the moves to go on with: all at a new place, answers where only a slot has a new value."""
        session = walk.walker.session
        new = self._add(self._facts(walk))
        place = (session.frames[-1].flow, session.frames[-1].state) if session.frames else None
        new_place = self._add([self.fingerprint(session) if len(walk.moves) < depth else place])
        if new_place:
            self._leave(walk)
            return list(self.choices.everything(walk.walker))
        return list(self.choices.answers(walk.walker)) if new else []

    def _add(self, marks: Iterable[Print]) -> bool:
        """Note where a conversation has been; tell whether any of it is new."""
        size = len(self.seen)
        self.seen.update(marks)
        return len(self.seen) > size

    def _facts(self, walk: Walk) -> Iterator[Print]:
        """Yield what holds at a question, each slot by itself, so that they add up and do not multiply."""
        session, memory = walk.walker.session, self.terrain.flows.globals.memory
        if not session.frames:
            yield session.careful > 0, bool(session.parked), session.visits > 1
            yield from self._known(session.memory, memory)
            for one in session.reminders:
                yield from (
                    (one.flow, slot) for slot in (None, *self._known(one.slots, self._slots(one.flow)))
                )
            return
        top = session.frames[-1]
        yield top.flow, top.state, session.careful > 0, bool(session.parked)
        yield top.flow, top.state, tuple([one.option for one in walk.walker.choices])
        yield from ((top.flow, top.state, one.flow) for one in session.reminders)
        for frame in session.frames:
            known = self._known(frame.slots, self._slots(frame.flow))
            yield from ((top.flow, top.state, frame.flow, slot) for slot in known)

    def _slots(self, flow: str) -> Mapping[str, Slot]:
        found = self.terrain.flows.flows.get(flow)
        return {} if found is None else found.slots

    def _leave(self, walk: Walk) -> None:
        """Look whether a conversation can be left from here, and its session at JSON."""
        walk.close()
        for silent in (True, False):
            walk.fork().ends(silent)

    # --- what tells one place from another -----------------------------------------------------------

    def fingerprint(self, session: Session) -> Print:
        """Return what of a session can make a difference to what follows: no turns and no times."""
        memory = self.terrain.flows.globals.memory
        return (
            tuple([self._frame(frame) for frame in session.frames]),
            self._known(session.memory, memory),
            tuple([(frame.flow, frame.state) for frame in session.parked]),
            tuple([(one.flow, one.if_busy) for one in session.reminders]),
            (session.careful, min(session.visits, 2), session.unanswered, bool(session.past)),
            (session.asking, session.denied, session.arrival),
        )

    def _frame(self, frame: Frame) -> tuple[Print, ...]:
        flow = self.terrain.flow(frame)
        slots = self._known(frame.slots, {} if flow is None else flow.slots)
        return frame.flow, frame.state, frame.kind, frame.tries, slots, frame.overdue

    def _known(self, values: Mapping[str, Value], slots: Mapping[str, Slot]) -> frozenset[tuple[str, Value]]:
        return frozenset(
            [
                (name, value if self._matters(name, slots.get(name)) else True)
                for name, value in values.items()
            ]
        )

    def _matters(self, name: str, slot: Slot | None) -> bool:
        return slot is None or name in self._guarded

    @cached_property
    def _guarded(self) -> frozenset[str]:
        """Return the slots whose value leads somewhere: of another it matters whether there is one."""
        states = [state for flow in self.terrain.flows.flows.values() for state in flow.states.values()]
        guards = [way.when for state in states for way in state.goto]
        for option in (option for state in states for option in state.options):
            guards += [option.when, option.button, *(way.when for way in option.to)]
        fields = (line.fields for state in states for line in state.say)
        return frozenset[str]().union(*fields, *(one.names for one in guards if one is not None))


def reached(terrain: Terrain, starts: Sequence[Start], flow: str, state: str) -> Start | None:
    """Return a way to a flow, or to one of its states; None where none was found."""

    def arrived(walk: Walk) -> bool:
        top = walk.walker.session.frames[-1:]
        return any(one.flow == flow and state in {"", one.state} for one in top)

    explorer = Explorer(terrain, 0, Tally())
    explored = (walk for start in starts for walk in explorer.explore(start))
    ways = chain(explored, _strolled(terrain, starts[0]))
    return next((Start(one.beginning, tuple(one.moves)) for one in ways if arrived(one)), None)


def _strolled(terrain: Terrain, start: Start) -> Iterator[Walk]:
    """Yield, after every move, the walks of many who answer what they are asked, each as few have before."""
    choices, known = Choices(terrain), Counter[Answer]()
    for number in range(_STROLLS):
        walk = start.walk(terrain, Tally(), f"{number:x}")
        stroller = Stroller(choices, Random(number), known)  # noqa: S311  the same every time
        while walk is not None and walk.walker.session.frames and len(walk.moves) < _STROLL:
            yield walk
            if not walk.go(stroller.move(walk.walker)):
                break
