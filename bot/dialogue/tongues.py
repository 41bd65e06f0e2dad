"""Which language a person is answered in: the one they chose, else the one they write, where we speak it.

`language` is a slot of the memory; its members are the languages we speak. `language_chosen`, where there is
such a slot, keeps a choice from being overruled by what a text looks like.
"""

from __future__ import annotations

from dataclasses import replace

from bot.dialogue.flows import Flows
from bot.dialogue.session import Session
from bot.dialogue.walk import Walk

SLOT, CHOSEN = "language", "language_chosen"
OTHER = "other"
"""The tongue of a text that is in none of the languages we speak."""


def read_in(flows: Flows, tongue: str, otherwise: str) -> str:
    """Return the language a text is to be understood in: its own where we speak it, else the person's."""
    return tongue if tongue in _spoken(flows) else otherwise


def first_met(flows: Flows, session: Session, speaks: str) -> Session:
    """Let whoever is new be met in the language their app is set to, such as `es` or `de-at`."""
    tongue = speaks.partition("-")[0].lower()
    if session.turn or tongue not in _spoken(flows):
        return session
    return replace(session, memory={**session.memory, SLOT: tongue})


def follow(walk: Walk, tongue: str) -> None:
    """Answer in the language of a text from here on, and say so, unless the person chose another."""
    if tongue not in _spoken(walk.flows) or walk.memory.get(CHOSEN) or walk.memory.get(SLOT) == tongue:
        return
    walk.memory = {**walk.memory, SLOT: tongue}
    walk.changed()
    _open_with(walk, "tongue_changed")


def strange(walk: Walk, tongue: str) -> bool:
    """Say, of a text in a language that we do not speak, which ones we do; tell whether it was said."""
    return tongue == OTHER and _open_with(walk, "tongue_unknown")


def _open_with(walk: Walk, name: str) -> bool:
    line = walk.flows.globals.lines.get(name)
    if line is None:
        return False
    walk.opening.append(walk.spoken(line))
    return True


def _spoken(flows: Flows) -> tuple[str, ...]:
    slot = flows.globals.memory.get(SLOT)
    return () if slot is None else slot.of
