"""A case played on the real step: what is raised goes into two queues; time passes when both are empty."""

from __future__ import annotations

import json
from collections import deque
from dataclasses import dataclass, field
from datetime import UTC, datetime

from bot.dialogue.codec import from_json, to_json
from bot.dialogue.effects import Arm, Count, Disarm, Effect, Finish, Say
from bot.dialogue.events import Due, Event, Pressed, TimerFired
from bot.dialogue.session import Session
from bot.dialogue.step import begin, step
from tests.bench.conformance.turning import EXTERNAL, INTERNAL, Turned, hears

_START = datetime(2026, 1, 5, 12, tzinfo=UTC)
MOST_STEPS = 200


@dataclass(eq=False)
class Player:
    """Play one case; the session goes through JSON between every two steps."""

    turned: Turned
    session: Session = field(default_factory=lambda: Session("case"))
    now: datetime = _START
    internal: deque[str] = field(default_factory=deque)
    external: deque[str] = field(default_factory=deque)
    armed: dict[tuple[str, int], datetime] = field(default_factory=dict)
    shown: frozenset[str] = frozenset()
    """The options that the open question shows: one whose guard does not hold is not among them."""
    outcome: str | None = None

    def play(self) -> str:
        """Return the outcome, or how it got stuck."""
        self._took(begin(self.turned.flows, self.session, self.turned.first, self.now))
        for _ in range(MOST_STEPS):
            if self.outcome is not None:
                return self.outcome
            if self.internal or self.external:
                self._hear((self.internal or self.external).popleft())
            elif self.armed:
                self._fire()
            else:
                return "stuck: nothing more can happen"
        return "stuck: it goes on and on"

    def _hear(self, event: str) -> None:
        """Choose the first option on offer that hears an event; one that nobody hears is gone."""
        top = self.session.frames[-1]
        for option, events in self.turned.waits[top.flow, top.state]:
            if option in self.shown and hears(events, event):
                self._step(Pressed(self.session.turn, option, top.flow, top.state, top.version))
                return

    def _fire(self) -> None:
        """Let time pass until the next timer."""
        (timer, since), self.now = min(self.armed.items(), key=lambda one: one[1])
        del self.armed[timer, since]
        self._step(TimerFired((Due(timer, since),)))

    def _step(self, event: Event) -> None:
        carried = from_json(json.loads(json.dumps(to_json(self.session))))
        self._took(step(self.turned.flows, carried, event, self.now))

    def _took(self, result: tuple[Session, tuple[Effect, ...]]) -> None:
        self.session, effects = result
        for effect in effects:
            match effect:
                case Count() if effect.name.startswith(INTERNAL):
                    self.internal.append(effect.name.removeprefix(INTERNAL))
                case Count():
                    self.external.append(effect.name.removeprefix(EXTERNAL))
                case Say():
                    self.shown = frozenset(choice.option for choice in effect.choices)
                case Arm():
                    self.armed[effect.timer, effect.since] = effect.due
                case Disarm():
                    self._disarm(effect)
                case Finish():
                    self.outcome = effect.outcome.removeprefix("in ")
                case _:
                    pass

    def _disarm(self, effect: Disarm) -> None:
        gone = [key for key in self.armed if key[1] == effect.since and effect.timer in {None, key[0]}]
        for key in gone:
            del self.armed[key]
