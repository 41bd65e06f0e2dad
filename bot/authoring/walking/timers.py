"""Timers as they wait in the store: each for a question that is open, or for a promise that stands."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime

from bot.authoring.walking.breaches import Breach
from bot.authoring.walking.terrain import Terrain
from bot.authoring.walking.walker import Turn
from bot.dialogue.effects import Arm, Disarm, Forget
from bot.dialogue.events import TimerFired
from bot.dialogue.session import Session


@dataclass
class Timers:
    """Keep what waits, by timer and turn."""

    terrain: Terrain
    waiting: dict[tuple[str, int], datetime] = field(default_factory=dict)

    def fork(self) -> Timers:
        """Return another that has seen the same."""
        return Timers(self.terrain, dict(self.waiting))

    def see(self, turn: Turn) -> Iterator[Breach]:
        """Look at what a turn arms and drops, and at what then waits."""
        changed = self._fired(turn)
        for effect in turn.effects:
            if isinstance(effect, Arm):
                changed = True
                self.waiting[effect.timer, effect.since] = effect.due
                if effect.due <= turn.now:
                    yield Breach("timers", effect.timer, f"timer {effect.timer!r} is due before it is set")
            elif isinstance(effect, Disarm):
                changed = True
                self._drop(effect)
            elif isinstance(effect, Forget):
                changed = True
                self.waiting.clear()
        if changed or len(turn.after.frames) != len(turn.before.frames):
            yield from self._idle(turn.after)

    def _fired(self, turn: Turn) -> bool:
        if not isinstance(turn.event, TimerFired):
            return False
        for due in turn.event.due:
            self.waiting.pop((due.timer, due.turn), None)
        return True

    def _drop(self, effect: Disarm) -> None:
        for key in [key for key in self.waiting if key[1] == effect.since]:
            if effect.timer is None or effect.timer == key[0]:
                del self.waiting[key]

    def _idle(self, session: Session) -> Iterator[Breach]:
        """Tell of every timer that nothing waits for any more."""
        if not self.waiting:
            return
        open_ = {frame.since: frame for frame in session.frames}
        promised = {one.id for one in session.reminders}
        for timer, since in self.waiting:
            frame = open_.get(since)
            if since == 0 and timer not in promised:
                yield Breach("timers", timer.partition(":")[2].partition(":")[0] or timer,
                             "a reminder waits that was taken back")  # fmt: skip
            elif since and frame is None:
                yield Breach("timers", timer, f"timer {timer!r} outlives its question")
