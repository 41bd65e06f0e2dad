"""A person is here: visits are counted, care fades, and the script says what it is."""

from __future__ import annotations

from bot.dialogue.firing import MOST_UNANSWERED
from bot.dialogue.flow import Line
from bot.dialogue.retention import SILENT
from bot.dialogue.walk import Walk

VISIT_GAP = 6 * 3600
"""Seconds of silence after which the next message begins a new visit."""


def meet(walk: Walk) -> None:
    """Note that the person is here: visits are counted, care fades, and the script says what it is."""
    now, met = int(walk.now.timestamp()), walk.met
    walk.met = now
    if not met or now - met >= VISIT_GAP:
        walk.visits = walk.visits + 1
        walk.careful = 1 if walk.careful > 1 else 0
        walk.asking, walk.denied = "", ()
    _notice(walk, now, met)
    if walk.arrival is not None:
        walk.opening.append(walk.spoken(Line(walk.arrival)))
        walk.arrival = None
    walk.mend_astray()
    if walk.unanswered >= MOST_UNANSWERED:
        walk.memory = {**walk.memory, "nudges": False}
        walk.cancel_reminders()
        line = walk.flows.globals.lines.get("stopped_nudging")
        walk.opening += [] if line is None else [walk.spoken(line)]
    walk.unanswered = walk.warned = 0
    walk.ending = min(walk.ending or now + SILENT, now + SILENT)  # a clock may have been wrong


def _notice(walk: Walk, now: int, met: int) -> None:
    """Say again that this is a script, after hours of talk or days of absence."""
    notice, noticed = walk.flows.globals.notice, walk.noticed
    away = now - met
    if notice is None or not noticed or (VISIT_GAP <= away < notice.away):
        walk.noticed = now  # a first visit is told by the flows; a new one counts its talk afresh
    elif away >= notice.away or now - noticed >= notice.every:
        walk.noticed = now
        walk.opening.append(walk.spoken(notice.say))
