"""A person's own weeks become a picture, with the same in words for whoever cannot see it."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TypeAlias

from bot.content.prompts import ALT, PICTURE, WEEK
from bot.dialogue.effects import Draw
from bot.dialogue.session import Session
from bot.dialogue.weeks import MOST_STEPS, TOP, Week, last_weeks
from bot.runtime.blame import describe
from bot.runtime.messages import Address, Message, Picture
from bot.runtime.places import language_of
from bot.runtime.showing import Prompts, Words

log = logging.getLogger(__name__)

NAME = "weeks.png"
WRITTEN = (
    *("title", "closeness", "closeness_low", "closeness_high"),
    *("energy", "energy_low", "energy_high", "steps"),
)
"""What is written on the picture: labels of `weeks/`."""
_WIDE = 9
MORNING, EVENING = 7, 19
"""Local hours between which a picture is light, where its person has not chosen."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """Hold what is to be drawn: weeks, oldest first, what is written beside them, twelve short months."""

    weeks: tuple[Week, ...]
    texts: dict[str, str]
    months: tuple[str, ...]
    dark: bool


Paint: TypeAlias = Callable[[Sheet], bytes]
"""Draw a sheet as a PNG."""


@dataclass(frozen=True, slots=True)
class Picturing:
    """Show weeks with these prompts, labels and painter."""

    prompts: Prompts
    words: Words
    paint: Paint
    language: str

    async def picture(
        self, draw: Draw, session: Session, address: Address, now: datetime
    ) -> Picture | Message:
        """Make the picture that a step ordered; `now` is local. Where it cannot be drawn the words remain."""
        lines, lang = session.memory.get(draw.slot), language_of(session.memory, self.language)
        weeks = last_weeks(lines if isinstance(lines, tuple) else (), now.date())
        key, text = f"{session.id}:{draw.turn}:{draw.index}", self._told(weeks, lang)
        sheet = self._sheet(weeks, session, lang, now)
        try:
            png = await asyncio.to_thread(self.paint, sheet)
        except Exception as error:
            log.error("a picture could not be drawn: %s", describe(error))
            return Message(key, address, text, turn=draw.turn)
        alt = self.prompts.render(ALT, 0, {"weeks": len(weeks)}, lang)
        return Picture(key, address, NAME, text, alt, png, sketch(sheet), turn=draw.turn)

    def _told(self, weeks: Sequence[Week], lang: str) -> str:
        head = self.prompts.render(PICTURE, 0, {"weeks": len(weeks)}, lang)
        return "\n".join((head, *(self.prompts.render(WEEK, 0, week.told(), lang) for week in weeks)))

    def _sheet(self, weeks: tuple[Week, ...], session: Session, lang: str, now: datetime) -> Sheet:
        texts = {name: self.words.label(f"weeks/{name}", lang) for name in WRITTEN}
        months = tuple(self.words.label(f"month/{number}", lang) for number in range(1, 13))
        chosen = session.memory.get("picture")
        night = not MORNING <= now.hour < EVENING
        return Sheet(weeks, texts, months, chosen == "dark" if chosen in ("dark", "light") else night)


def sketch(sheet: Sheet) -> str:
    """Draw weeks with letters, a line each: how close, how much energy, a dot for each step."""
    return "\n".join(_row(week, sheet.months[week.monday.month - 1]) for week in sheet.weeks)


def _row(week: Week, month: str) -> str:
    scales = f"{_bar(week.closeness, '~')}  {_bar(week.energy, '#')}"
    return f"{week.monday.day:>2} {month:<4} {scales}  {'o' * min(week.steps, MOST_STEPS)}".rstrip()


def _bar(value: float | None, sign: str) -> str:
    if value is None:
        return " " * _WIDE
    return (sign * round(value / TOP * _WIDE)).ljust(_WIDE, ".")
