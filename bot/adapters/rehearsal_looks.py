"""What a rehearsal looks at: where a conversation stands, what was said in it, and how it ended."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bot.content.faults import Spot
from bot.dialogue.effects import Finish, Say
from bot.dialogue.events import TimerFired
from bot.dialogue.flows import Flows
from bot.dialogue.retention import KEEP
from bot.dialogue.session import Session
from bot.runtime.ports import Moment


@dataclass(frozen=True, slots=True)
class Look:
    """Hold what was found, and whether it is as wanted."""

    fits: bool
    found: Any


@dataclass(frozen=True, slots=True)
class Difference:
    """Say what was expected, where it is written, and what was there instead."""

    spot: Spot
    name: str
    wanted: Any
    found: Any

    def __str__(self) -> str:
        """Write it in words, without its place."""
        return f"expected {self.name} {self.wanted!r}, found {self.found!r}"


@dataclass(frozen=True, slots=True)
class Looked:
    """Look at where a conversation stands."""

    flows: Flows
    session: Session
    moments: list[tuple[datetime, Moment]]
    refused: bool
    forgotten: bool

    def at(self, name: str, wanted: Any) -> Look:
        """Hold one expectation."""
        if name == "slots":
            return self._slots(wanted)
        if name in {"said", "not_said"}:
            return self._said(wanted, name == "said")
        looks: dict[str, Callable[[], object]] = {
            "state": self._state,
            "tries": lambda: self.session.frames[-1].tries if self.session.frames else 0,
            "timer": lambda: next(self._timers(), (None, None))[1],
            "at": lambda: next(self._timers(), (None, None))[0],
            "stale": lambda: self._stale() is not None,
            "outcome": self._outcome,
            "options": self._options,
            "parked": lambda: bool(self.session.parked),
            "careful": lambda: self.session.careful > 0,
            "refused": lambda: self.refused,
            "forgotten": lambda: self.forgotten,
        }
        found = looks[name]()
        meant = datetime.fromisoformat(wanted) if name == "at" else wanted
        return Look(found == meant, found)

    def _state(self) -> str:
        top = self.session.frames[-1] if self.session.frames else None
        return f"{top.flow}.{top.state}" if top else ""

    def _says(self) -> Iterator[Say]:
        for _, moment in self.moments:
            yield from (effect for effect in moment.effects if isinstance(effect, Say))

    def _slots(self, wanted: Mapping[str, Any]) -> Look:
        own = self.session.frames[-1].slots if self.session.frames else {}
        kept = {**self.session.memory, **own}
        found = {name: kept.get(name) for name in wanted}
        alike = {name: tuple(one) if isinstance(one, list) else one for name, one in wanted.items()}
        return Look(found == alike, found)

    def _said(self, wanted: Any, should: bool) -> Look:
        heard = [line.prompt for say in self._says() for line in say.lines]
        names = wanted if isinstance(wanted, list) else [wanted]
        return Look(all((name in heard) is should for name in names), heard)

    def _timers(self) -> Iterator[tuple[datetime, str]]:
        """Yield what fired: when, and the timer, or the flow a reminder began."""
        for when, moment in self.moments:
            if isinstance(moment.event, TimerFired):
                for due in (due for due in moment.event.due if due.timer != KEEP):
                    yield when, due.timer.split(":")[1] if due.timer.startswith("remind:") else due.timer

    def _stale(self) -> Say | None:
        line = self.flows.globals.lines.get("stale")
        prompts = {line.prompt} if line else set()
        return next((say for say in self._says() if say.lines[0].prompt in prompts), None)

    def _outcome(self) -> str | None:
        ends = [
            one.outcome for _, moment in self.moments for one in moment.effects if isinstance(one, Finish)
        ]
        return ends[-1] if ends else None

    def _options(self) -> list[str]:
        says = [say for say in self._says() if say.choices]
        return [choice.option for choice in says[-1].choices] if says else []
