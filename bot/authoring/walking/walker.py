"""One person on their way: every move goes through the real step, with timers and clock as at run time."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

from bot.authoring.walking.moves import Move, Pass, event_of
from bot.authoring.walking.terrain import Line, Terrain
from bot.dialogue.effects import Arm, Disarm, Effect, Forget, Say, spoken
from bot.dialogue.events import Due, Event, TimerFired
from bot.dialogue.flow import Choice, Value
from bot.dialogue.moving import keep_hours
from bot.dialogue.session import Session
from bot.runtime.ending import ending
from bot.runtime.places import local_time

NOON = datetime(2026, 1, 5, 12, tzinfo=UTC)
"""When a walk begins that names no time: a Monday in January, as a rehearsal does."""
MOST_SHOWN = 4
"""Questions whose buttons are remembered, so that an old one can be pressed."""


@dataclass(frozen=True, slots=True)
class Beginning:
    """Begin a flow for a person whose slots hold this; a slot may be one of memory."""

    flow: str
    slots: tuple[tuple[str, Value], ...] = ()
    now: datetime = NOON
    person: str = "walker"
    honest: bool = True
    """Whether conversations begin so by themselves; else what was asked before it counts as answered well."""


@dataclass(frozen=True, slots=True)
class Turn:
    """Hold one step: where the person stood, what happened, what came of it, and what they read.

    `event` is None for the beginning; `fault` is what was raised instead of an answer.
    """

    before: Session
    event: Event | None
    now: datetime
    after: Session
    effects: tuple[Effect, ...] = ()
    read: tuple[tuple[Say, tuple[Line, ...]], ...] = ()
    fault: Exception | None = None
    unspoken: bool = False
    """Whether the step was made, and putting it into words failed."""


@dataclass
class Walker:
    """Walk. `armed` are the timers that wait, as the store has them, by id and turn; `kept`: it has a row."""

    terrain: Terrain
    beginning: Beginning
    session: Session = field(init=False)
    now: datetime = field(init=False)
    armed: dict[tuple[str, int], datetime] = field(default_factory=dict)
    kept: bool = False
    shown: list[tuple[int, tuple[Choice, ...]]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.session, self.now = self._newcomer(), self.beginning.now

    def _newcomer(self) -> Session:
        speaks = "language" in self.terrain.flows.globals.memory
        language = self.terrain.content.prompts.languages[0]
        return Session(self.beginning.person, memory={"language": language} if speaks else {})

    @property
    def choices(self) -> tuple[Choice, ...]:
        """Return the buttons of the open question, as they are on the screen."""
        if self.session.frames and self.shown and self.shown[-1][0] >= self.session.frames[-1].since:
            return self.shown[-1][1]
        return ()

    def fork(self) -> Walker:
        """Return another who stands at the same place."""
        twin = object.__new__(Walker)
        twin.__dict__.update(self.__dict__)
        twin.armed, twin.shown = dict(self.armed), list(self.shown)
        return twin

    def begin(self) -> Turn:
        """Begin."""
        begun = self.beginning
        memory = self.terrain.flows.globals.memory
        known = {name: value for name, value in begun.slots if name in memory}
        own = {name: value for name, value in begun.slots if name not in memory}
        now = local_time(self.now, self.session.memory)
        idle = replace(self.session, memory={**self.session.memory, **known})
        try:
            stepped = self.terrain.engine.begin(self.terrain.flows, idle, begun.flow, now, own)
        except Exception as fault:
            return Turn(self.session, None, now, self.session, fault=fault)
        return self._took(None, now, *stepped)

    def make(self, move: Move) -> Iterator[Turn]:
        """Make a move and yield what comes of it: nothing where it cannot be made, a turn for each timer."""
        if isinstance(move, Pass):
            yield from self._pass(move.seconds)
            return
        event = event_of(move, self.terrain.flows, self.session, self._earlier())
        if event is not None:
            yield self._step(event)

    def _earlier(self) -> tuple[int, int] | None:
        """Return turn and index of a button of an earlier question."""
        since = self.session.frames[-1].since if self.session.frames else self.session.turn + 1
        for turn, choices in reversed(self.shown):
            if turn < since:
                return turn, choices[0].index
        return None

    @property
    def old_button(self) -> dict[str, object]:
        """Return the button of an earlier question that `Old` presses, as a rehearsal names it."""
        turn, _ = self._earlier() or (0, 0)
        option = next((choices[0].option for shown, choices in self.shown if shown == turn), "")
        return {"option": option, "turn": turn}

    def _pass(self, seconds: int) -> Iterator[Turn]:
        """Turn the clock and fire what comes due on the way, each at its own time."""
        first = min(self.armed.values(), default=None)
        if seconds == 0 and first is None:
            return
        until = self.now + timedelta(seconds=seconds) if seconds else first
        while (
            (due := min(self.armed.values(), default=None)) is not None and until is not None and due <= until
        ):
            self.now = max(self.now, due)
            fired = [key for key, when in self.armed.items() if when <= self.now]
            for key in fired:
                del self.armed[key]
            yield self._step(TimerFired(tuple([Due(timer, since) for timer, since in fired])))
        if until is not None:
            self.now = max(self.now, until)

    def _step(self, event: Event) -> Turn:
        now = local_time(self.now, self.session.memory)
        try:
            after, effects = self.terrain.engine.step(self.terrain.flows, self.session, event, now)
        except Exception as fault:  # whatever it is, that is what a walk looks for
            return Turn(self.session, event, now, self.session, fault=fault)
        return self._took(event, now, after, effects)

    def _took(self, event: Event | None, now: datetime, after: Session, effects: tuple[Effect, ...]) -> Turn:
        before = self.session
        if after is before:
            return Turn(before, event, now, after, effects)
        then = local_time(self.now, after.memory)
        after, effects = keep_hours(self.terrain.flows, before, after, effects, now, then)
        self._keep(before, event, after, effects)
        says: list[tuple[Say, tuple[Line, ...]]] = []
        try:
            for effect in effects:
                if isinstance(effect, Say):
                    says.append((effect, self._read(effect)))
        except Exception as fault:
            return Turn(before, event, now, after, effects, tuple(says), fault, unspoken=True)
        return Turn(before, event, now, after, effects, tuple(says))

    def _read(self, say: Say) -> tuple[Line, ...]:
        """Read a message, and remember its buttons."""
        if say.choices:
            self.shown = [*self.shown[1 - MOST_SHOWN :], (say.turn, say.choices)]
        if say.edits is not None:
            self.terrain.line(spoken(say.edits.prompt), say.slots)
        return tuple([self.terrain.line(line, say.slots) for line in say.lines])

    def _keep(
        self, before: Session, event: Event | None, after: Session, effects: tuple[Effect, ...]
    ) -> None:
        """Keep the session and its timers as the store would, and when to look at what is over."""
        self.session = after
        for effect in effects:
            if not isinstance(effect, Say):
                self._order(effect)
        if self.session is not after:
            return
        fired = event.due if isinstance(event, TimerFired) else ()
        for row in ending(before if self.kept else None, after, fired, self.now):
            self.armed[row.timer, row.since] = row.due
        self.kept = True

    def _order(self, effect: Effect) -> None:
        """Keep the timers as the store would."""
        if isinstance(effect, Arm):
            self.armed[effect.timer, effect.since] = effect.due
        elif isinstance(effect, Disarm):
            gone = [key for key in self.armed if key[1] == effect.since and effect.timer in {None, key[0]}]
            for key in gone:
                del self.armed[key]
        elif isinstance(effect, Forget):  # the row is gone: who writes again is somebody new
            self.armed.clear()
            self.session, self.kept = self._newcomer(), False
