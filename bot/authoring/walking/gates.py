"""The promise ★ seen from outside: what a conversation answered at the two gates, and what it may reach.

The answers belong to the conversation: they are set aside and taken up with it, and `/back` brings back those
that stood then. `lowtide check` proves the same on the graph of the flows; here it is watched.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from bot.authoring.walking.breaches import Breach
from bot.authoring.walking.terrain import Terrain
from bot.authoring.walking.walker import Turn
from bot.content.checks.webs import GATES
from bot.dialogue.events import Answered, Commanded, Pressed, TimerFired
from bot.dialogue.session import Frame, Session

Answers = Mapping[str, bool]
"""The gates that were asked, and whether each was passed."""
_NOTHING: Answers = {}
_KEPT = 24
"""Stacks whose answers are remembered for `/back`, which goes back over eight answers at most."""


@dataclass
class Gates:
    """Keep the answers of a conversation, of the one that is parked, and of those `/back` leads to."""

    terrain: Terrain
    honest: bool = True
    answers: Answers = field(default_factory=dict)
    parked: Answers = field(default_factory=dict)
    past: tuple[tuple[tuple[Frame, ...], Answers], ...] = ()
    promises: Mapping[str, Answers] = field(default_factory=dict)
    """What had been answered when each reminder was promised: what it begins goes on from there."""

    def fork(self) -> Gates:
        """Return another that has seen the same."""
        return Gates(self.terrain, self.honest, self.answers, self.parked, self.past, self.promises)

    def see(self, turn: Turn) -> Iterator[Breach]:
        """Follow a turn and tell of a rung that is reached past a gate."""
        if turn.event is None:
            self.answers = _NOTHING if self.honest else dict.fromkeys(GATES, True)
        elif not self._elsewhere(turn):
            self._answered(turn)
        if turn.after.reminders is not turn.before.reminders:
            known = self.promises
            self.promises = {one.id: known.get(one.id, self.answers) for one in turn.after.reminders}
        self.past = (*self.past, (turn.after.frames, self.answers))[-_KEPT:]
        yield from self._reached(turn)

    def _kept(self, turn: Turn) -> Answers | None:
        """Return the answers that stood when the promise was made that is kept now; None where none is."""
        if not isinstance(turn.event, TimerFired):
            return None
        due = {one.timer for one in turn.event.due}
        root = turn.after.frames[0] if turn.after.frames else None
        if root is not None and root.since < turn.after.turn:
            return None
        fired = (
            one for one in turn.before.reminders if one.id in due and (not root or one.flow == root.flow)
        )
        return next((self.promises.get(one.id, _NOTHING) for one in fired), None)

    def _elsewhere(self, turn: Turn) -> bool:
        """Follow a turn into another conversation: a parked one, one from before, or none."""
        before, after = turn.before, turn.after
        if after.parked and after.parked is not before.parked:
            self.parked, self.answers = self.answers, _NOTHING
        elif before.parked and not after.parked and _same_root(before.parked, after.frames):
            self.answers = {**self.parked, **self.answers}
        elif len(after.past) < len(before.past) and after.frames and self._went_back(turn):
            self.answers = self._then(before)
        elif (kept := self._kept(turn)) is not None:
            self.answers = kept
        elif not before.frames:
            self.answers = _NOTHING
        elif after.frames:
            return False
        return True

    def _went_back(self, turn: Turn) -> bool:
        event = turn.event
        known = self.terrain.flows.globals.interrupts
        if isinstance(event, Commanded):
            return any(one.do == "back" for one in known if one.command == event.name)
        asked = event.reading.interrupt if isinstance(event, Answered) else None
        return any(one.do == "back" for one in known if one.id == asked)

    def _then(self, before: Session) -> Answers:
        """Return the answers as they were at the place that is gone back to."""
        frames = before.past[-1].frames
        same = [answers for known, answers in self.past if known is frames]
        # A session that was read from JSON holds others that are equal.
        return (same or [answers for known, answers in self.past if known == frames] or [_NOTHING])[-1]

    def _answered(self, turn: Turn) -> None:
        """Note each gate that was left: passed by an option that says so, failed by everything else."""
        after = turn.after.frames
        for depth, frame in enumerate(turn.before.frames):
            state = self.terrain.state(frame)
            if state is None or state.gate is None:
                continue
            still = depth < len(after) and (after[depth].flow, after[depth].state) == (
                frame.flow,
                frame.state,
            )
            if not still:
                top = depth == len(turn.before.frames) - 1
                chosen = state.option(_chosen(turn)) if top else None
                self.answers = {**self.answers, state.gate: chosen is not None and chosen.passes}

    def _reached(self, turn: Turn) -> Iterator[Breach]:
        """Tell of the rung where the person stands, and of those whose words were said on the way."""
        rungs = self.terrain.rungs
        said = [line.prompt for say, _ in turn.read for line in say.lines if line.prompt in rungs]
        kinds = {rungs[prompt]: prompt for prompt in said}
        if turn.after.frames:
            top = turn.after.frames[-1]
            state = self.terrain.state(top)
            if state is not None and state.rung is not None:
                kinds[state.rung] = f"{top.flow}.{top.state}"
        if turn.after.careful > 1 and "toward" in kinds:
            yield Breach("rung", kinds["toward"], "this toward rung is reached in the visit of a crisis")
        for kind, where in kinds.items():
            missing = [gate for gate in GATES if not self.answers.get(gate)]
            if kind == "elsewhere":
                missing = [gate for gate in GATES if gate not in self.answers]
            if missing:
                how = "not passed" if missing[0] in self.answers else "not asked"
                yield Breach("rung", where, f"this {kind} rung is reached, and {missing[0]!r} was {how}")


def _chosen(turn: Turn) -> str:
    """Return the option that was taken."""
    event = turn.event
    if isinstance(event, Pressed):
        return event.option
    return (event.reading.option or "") if isinstance(event, Answered) else ""


def _same_root(parked: tuple[Frame, ...], frames: tuple[Frame, ...]) -> bool:
    return bool(frames) and frames[0].flow == parked[0].flow
