"""Lines that were read in a talk: who answers no question the same way twice reads none of them twice."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from bot.authoring.walking.breaches import Breach
from bot.authoring.walking.choices import Answer
from bot.authoring.walking.terrain import Terrain
from bot.authoring.walking.walker import Turn
from bot.dialogue.events import Answered, Pressed, TimerFired
from bot.dialogue.session import Frame


@dataclass
class Lines:
    """Keep what was read since the talk began, and how its questions were answered.

    `turning` tells that the person goes in circles of their own making, or asked for something to be said
    again: what they read then may be what they have read before.
    """

    terrain: Terrain
    read: set[str] = field(default_factory=set)
    answered: set[Answer] = field(default_factory=set)
    turning: bool = False

    def fork(self) -> Lines:
        """Return another that has seen the same."""
        return Lines(self.terrain, set(self.read), set(self.answered), self.turning)

    def see(self, turn: Turn) -> Iterator[Breach]:
        """Look at what a turn says."""
        if not turn.before.frames or turn.after.visits != turn.before.visits:
            self.read, self.answered, self.turning = set(), set(), False
        self.turning = self.turning or _taken_up(turn)
        if self.turning or self._missed(turn):
            return
        if turn.before.frames and turn.event is not None and not isinstance(turn.event, TimerFired):
            answers = self._answers(turn)
            self.turning = not answers or not self.answered.isdisjoint(answers)
            if self.turning:
                return
            self.answered |= answers
        yield from self._twice(turn)

    @staticmethod
    def _missed(turn: Turn) -> bool:
        """Tell whether a text was not understood: what is said then is of the trying, not of the talk."""
        if not (turn.before.frames and turn.after.frames and isinstance(turn.event, Answered)):
            return False
        old, new = turn.before.frames[-1], turn.after.frames[-1]
        return (old.flow, old.state, old.since) == (new.flow, new.state, new.since) and new.tries > old.tries

    def _answers(self, turn: Turn) -> set[Answer]:
        """Return the questions and what was answered, "" for a text; none for what is no answer."""
        event, top = turn.event, turn.before.frames[-1]
        if isinstance(event, Pressed):
            taken = turn.after.pressed != turn.before.pressed
            return {(top.flow, top.state, event.option)} if taken else set()
        if not isinstance(event, Answered) or event.concern is not None or event.seen is not None:
            return set()
        if event.reading.interrupt is not None:
            return set()
        if event.reading.several:
            return set(self._each(top, event.reading.several))
        state = self.terrain.state(top)
        option = event.reading.option or ""
        if state is not None and state.option(option) is not None:
            return {(top.flow, top.state, option)}
        return set() if state is None or state.ask is None else {(top.flow, top.state, "")}

    def _each(self, top: Frame, names: Sequence[str]) -> Iterator[Answer]:
        """Yield the answers that are given at once: each to the question to which the one before it leads."""
        flow, at = self.terrain.flow(top), top.state
        for name in names:
            yield top.flow, at, name
            option = flow.states[at].option(name) if flow is not None and at in flow.states else None
            at = option.to[0].to if option is not None else ""

    def _twice(self, turn: Turn) -> Iterator[Breach]:
        for say, lines in turn.read:
            for spoken, line in zip(say.lines, lines, strict=True):
                if line.text in self.read and spoken.prompt not in self.terrain.excused:
                    yield Breach("twice", spoken.prompt, "this line is read a second time in a talk")
                self.read.add(line.text)


def _taken_up(turn: Turn) -> bool:
    """Tell whether a question may be asked anew because something that came between is over."""
    before, after = turn.before, turn.after
    between = any(frame.kind == "interrupt" for frame in before.frames)
    return between or (before.parked is not after.parked and not after.parked)
