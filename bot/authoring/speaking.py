"""The same conversations in another language: answers in words become that language's own labels.

Ids, states and outcomes are the same in all languages, so a test holds in each of them. Only what was said in
words has to change: what the English was taken for is said as the label of the option it meant, and what
meant a command is given as one. Names, hours and whatever was not understood stay as they are. A test that
gives a `language` is about that one, and is played in no other; nor is one whose label is heard as a sign of
danger when it is typed there, for then another conversation begins.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from bot.adapters.rehearsal import Player
from bot.content.library import Content
from bot.content.rehearsals import Rehearsal, Step
from bot.dialogue.events import Answered
from bot.dialogue.tongues import CHOSEN, SLOT
from bot.runtime.ports import Moment
from bot.safety.screen import screen


def _is_for(rehearsal: Rehearsal, lang: str) -> bool:
    """Tell whether a rehearsal holds in a language."""
    return rehearsal.slots.get(SLOT) in {None, lang}


def spoken(player: Player, lang: str) -> Rehearsal | None:
    """Return a rehearsal that was played, for a person who speaks this language; None: it holds in others."""
    if not _is_for(player.rehearsal, lang):
        return None
    steps = [
        _said(player.content, step, player.answers.get(step.spot), lang) for step in player.rehearsal.steps
    ]
    if any(
        _alarms(player.content, new)
        for new, old in zip(steps, player.rehearsal.steps, strict=True)
        if new != old
    ):
        return None
    chosen = {SLOT: lang, CHOSEN: True}  # else it would follow what stays English
    known = {name: value for name, value in chosen.items() if name in player.flows.globals.memory}
    return replace(player.rehearsal, steps=tuple(steps), slots={**player.rehearsal.slots, **known})


def _alarms(content: Content, step: Step) -> bool:
    """Tell whether what is said now is heard as a sign of danger."""
    return step.doing == "user" and screen(str(_words(step)), content.lexicon) is not None


def _words(step: Step) -> Any:
    return step.value["text"] if isinstance(step.value, dict) else step.value


def _said(content: Content, step: Step, moment: Moment | None, lang: str) -> Step:
    if step.doing != "user" or moment is None or not isinstance(moment.event, Answered):
        return step
    reading = moment.event.reading
    if moment.event.concern is not None:
        return step
    if reading.interrupt is not None:
        return _commanded(content, step, reading.interrupt, reading.why)
    label = _label(content, moment, reading.option, lang) if reading.option is not None else None
    if label is None:
        return step
    return replace(step, value={**step.value, "text": label} if isinstance(step.value, dict) else label)


def _commanded(content: Content, step: Step, interrupt: str, page: str | None) -> Step:
    """Give what meant an interrupt as its command; of a page of /why, by its id."""
    which = next(one for one in content.flows.globals.interrupts if one.id == interrupt)
    if which.command is None:
        return step
    words = f"{which.command} {page}" if page is not None else which.command
    return replace(step, doing="command", value=words)


def _label(content: Content, moment: Moment, option: str, lang: str) -> str | None:
    """Return what the button of an option says in a language; None where it is not offered any more."""
    frames = moment.before.frames
    flow = content.flows.flows.get(frames[-1].flow) if frames else None
    state = flow.states.get(frames[-1].state) if flow else None
    found = state.option(option) if state else None
    return content.words.label(found.label, lang) if found else None
