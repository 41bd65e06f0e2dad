"""What a person was doing when the process died: everything that comes through the door, once each."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.runtime.messages import Command, Press, Text, Update, What, token
from tests.runtime.worlds import ANNA, NOON


@dataclass(frozen=True)
class Scenario:
    """Say what went before, what comes in while we die, and how much later it all happens.

    With `between`, the timers of that time were fired by a life before; with `release`, the flows are newer.
    """

    before: tuple[What, ...] = ()
    now: tuple[What, ...] = ()
    later: timedelta = timedelta()
    between: timedelta = timedelta()
    release: bool = False

    def updates(self, which: str) -> list[Update]:
        """Return what the platform has to give: `before` or `now`, each with an id of its own."""
        return [
            Update(f"{which}:{number}", ANNA, None, what) for number, what in enumerate(getattr(self, which))
        ]

    @property
    def moment(self) -> datetime:
        """Return the time at which it happens."""
        return NOON + self.later


DELETE = token(2, 0)
"""The button "Delete everything" of a person who asked for it as their second word."""

SCENARIOS: Mapping[str, Scenario] = {
    "first": Scenario(now=(Text("hello"),)),
    "text": Scenario((Text("hello"),), (Text("Sam"),)),
    "press": Scenario((Text("hello"), Text("Sam")), (Press(token(2, 0)),)),
    "command": Scenario((Text("hello"),), (Command("why"),)),
    "timer": Scenario((Text("hello"),), (), timedelta(hours=21)),
    "two timers": Scenario((Text("hello"),), (), timedelta(hours=80)),
    "card": Scenario((Text("hello"), Text("Sam")), (Text("i want to die"),)),
    "delete": Scenario((Text("hello"), Command("delete")), (Press(DELETE),)),
    "silence": Scenario((Text("hello"),), (), timedelta(days=31)),
    "forgotten": Scenario((Text("hello"),), (), timedelta(days=39), between=timedelta(days=31)),
    "release": Scenario((Text("hello"),), (Text("Sam"),), release=True),
    "burst": Scenario((Text("hello"),), (Text("Sam"), Command("why"), Text("go on"))),
}
