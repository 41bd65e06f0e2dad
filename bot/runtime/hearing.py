"""What a platform sent becomes a fact for the core: screened for danger first, then understood."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TypeAlias, assert_never

from bot.dialogue.events import Answered, Commanded, Concern, Event, Operated, Pressed
from bot.dialogue.expect import expected, pressed
from bot.dialogue.flows import Flows
from bot.dialogue.session import Session
from bot.dialogue.tongues import read_in
from bot.dialogue.values import LONGEST_TEXT
from bot.runtime.messages import Command, Press, Text, Unsupported, What, parse_token
from bot.runtime.ports import Finder, Reader, Screen, Tongue

Place: TypeAlias = Callable[[Sequence[str]], None]
"""Work out at once what several screenings will ask for; one after the other they would cost more."""

_NO_BUTTON = (-1, -1)
"""Where a token that is not ours points: a question that was never asked."""


def each_alone(_: Sequence[str]) -> None:
    """Work out nothing beforehand."""


@dataclass(frozen=True, slots=True)
class Hearing:
    """Listen with a screen, a reader, a finder of why pages, and an ear for languages."""

    flows: Flows
    screen: Screen
    read: Reader
    find: Finder
    tongue: Tongue
    place: Place = each_alone

    def concern(self, what: What, careful: bool = False) -> Concern | None:
        """Screen everything that was typed, however long; `careful` listens more closely."""
        return self.screen(what.text, careful) if isinstance(what, Text | Command) and what.text else None

    def event(
        self, what: What, concern: Concern | None, session: Session, now: datetime, language: str
    ) -> Event:
        """Make the fact. `now` is aware, in the person's own zone."""
        match what:
            case Text():
                text = what.text[:LONGEST_TEXT]
                tongue = self.tongue(text)
                spoken = read_in(self.flows, tongue, language)
                reading = self.read(text, expected(self.flows, session, now), spoken)
                return Answered(text, concern, reading, tongue=tongue)
            case Press():
                return self._press(what, session)
            case Command():
                return Commanded(what.name, what.text[:LONGEST_TEXT], self._topic(what), concern)
            case Unsupported():
                return Operated("again", "unsupported") if session.turn else Commanded("start")
        assert_never(what)

    def _topic(self, command: Command) -> str | None:
        """Find the page; in `/why do I do this` the command is the first word of the question."""
        if command.about:
            return self.find(command.about)
        if not command.text:
            return None
        return self.find(command.text) or self.find(f"{command.name} {command.text}")

    def _press(self, press: Press, session: Session) -> Pressed:
        turn, index = parse_token(press.token) or _NO_BUTTON
        return pressed(self.flows, session, turn, index)
