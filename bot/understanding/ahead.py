"""A moment that answers a question: how far off it is where a span is asked for, or the hour of a day.

Who speaks of a day that cannot be kept is asked again: by likeness it would be taken for another answer.
"""

from __future__ import annotations

from datetime import datetime

from bot.dialogue.events import Reading
from bot.dialogue.expect import Expectation
from bot.dialogue.flow import Slot, Value
from bot.dialogue.values import holds, parse_value
from bot.safety.normalise import normalise
from bot.understanding.clocks import hour_alone, in_figures
from bot.understanding.moments import LONGEST, hour, moment, seconds, speaks_of_a_day
from bot.understanding.numbering import numbered


def ahead(text: str, expectation: Expectation, buttons: int) -> Reading | None:
    """Return what a text says of time, nothing at all where that cannot be kept; None where it says nothing.

    Where a span is asked for, what numbers one of so many buttons is no hour.
    """
    slot, now = expectation.slot, expectation.now
    if slot is None or now is None:
        return None
    if slot.type == "duration" and numbered(text, buttons) is None:
        return _span(text, now, expectation.quiet)
    return _hour(text, now, slot, expectation) if slot.type == "time" else None


def _span(text: str, now: datetime, quiet: tuple[str, str]) -> Reading | None:
    """Read how far off a moment is."""
    when = moment(text, now, quiet)
    if when is not None:
        return Reading(value=seconds(now, when))
    return Reading() if speaks_of_a_day(text, now.date()) else None


def _hour(text: str, now: datetime, slot: Slot, expectation: Expectation) -> Reading | None:
    """Read an hour in words ("after work"), and how far off it is with its day, where that is heard too."""
    named = hour(text, now.date()) or _worded(slot, text)
    if named is not None:
        return Reading(value=named)
    listening = [one for one in expectation.hears if one.within is not None]
    if not listening or not speaks_of_a_day(text, now.date()):
        return None
    when = moment(text, now, expectation.quiet)
    far = 0 if when is None else seconds(now, when)
    fits = [one.slot for one in listening if holds(one.within, far)]
    return Reading() if when is None or not fits else Reading(value=f"{when:%H:%M}", heard=((fits[0], far),))


def _worded(slot: Slot, text: str) -> Value | None:
    """Read an hour in words as the same in figures would be: "half past seven" is what "7:30" is."""
    said = normalise(text) if len(text) <= LONGEST else ""
    figures = hour_alone(said) or in_figures(said)
    return None if figures == said else parse_value(slot, figures)
