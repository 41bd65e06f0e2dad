"""What is heard in a text: danger, a command, which answer it means, and what the bot would do.

An author's tool and the one interface of every evaluation; docs/listening.md describes each key of its JSON.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from bot.app import listener
from bot.content.library import Content, flow_named, load_sound
from bot.dialogue.events import Reading
from bot.dialogue.expect import Expectation, listening
from bot.dialogue.flow import Flow, Slot, State
from bot.dialogue.several import lead, together
from bot.dialogue.tongues import read_in
from bot.dialogue.values import holds
from bot.errors import ContentError
from bot.listening import Listener
from bot.safety.language import clearly
from bot.safety.screen import Finding, screen
from bot.sensing.loading import sense
from bot.settings import Settings
from bot.understanding.choosing import Sureness
from bot.understanding.matching import ranked, read

_SHOWN = 5
"""Options of a ranking that are shown to a reader; JSON holds them all."""


@dataclass(frozen=True, slots=True)
class Ear:
    """Listen as the bot would, at one place of the dialogue."""

    content: Content
    expectation: Expectation
    opens: str
    """The slot that keeps a text nothing else understands, empty where there is none."""
    language: str
    listener: Listener

    def hear(self, text: str) -> dict[str, object]:
        """Return what is heard, as plain data in the order of docs/listening.md."""
        tongue = clearly(text) or self.language
        spoken = read_in(self.content.flows, tongue, self.language)
        words = self.content.words.speaking(spoken)

        def judge(said: str, expectation: Expectation) -> Sureness | None:
            return self.listener.sure(said, expectation, spoken)

        danger = screen(text, self.content.lexicon, sense=sense())
        reading = read(text, self.expectation, words, self.content.why.find, judge)
        ranking = ranked(text, reading, self.expectation, words, judge)
        return {
            "text_length": len(text),
            "language": tongue,
            "danger": _danger(danger),
            "intent": reading.interrupt,
            "why_page": reading.why,
            "options": [{"id": one, "confidence": round(sure, 4)} for one, sure in ranking],
            "heard": dict(reading.heard),
            "decision": self._decision(text, danger, reading),
        }

    def _decision(self, text: str, danger: Finding | None, reading: Reading) -> dict[str, object]:
        """Say what the bot does with it: danger first, then commands, then the answers."""
        if danger is not None:
            return {"action": "danger", "options": []}
        if reading.interrupt is not None:
            return {"action": "command", "options": []}
        if reading.several:
            return {"action": "take", "options": [*reading.several]}
        if reading.option is not None:
            return {"action": "take", "options": [reading.option]}
        asked = self.expectation.slot
        told = asked is not None and reading.value is not None and holds(asked, reading.value)
        slot = asked.id if asked is not None and told else self.opens if text.strip() else ""
        if slot:
            return {"action": "take", "options": [], "slot": slot}
        return {"action": "ask" if reading.near else "unclear", "options": list(reading.near)}


def _danger(found: Finding | None) -> dict[str, str | None]:
    if found is None:
        return {"tier": "none", "gate": None, "why": None}
    return {"tier": found.tier, "gate": found.gate, "why": found.why}


def ear(
    content: Content, place: str | None, language: str, listener: Listener, now: datetime | None = None
) -> Ear:
    """Return an ear at `flow.state`, where all options are on the table, or where nothing was asked yet.

    Raises:
        ContentError: there is no such flow or state.
    """
    interrupts = content.flows.globals.interrupts
    if place is None:
        start = content.flows.flows.get(content.flows.globals.start)
        opening = start.opening if start else None
        hears = listening(content.flows, start, start.hears) if start else ()
        idle = Expectation(interrupts=interrupts, hears=hears)
        return Ear(content, idle, opening or "", language, listener)
    name, _, state_id = place.partition(".")
    flow = flow_named(content, name)
    state = flow.states.get(state_id)
    if state is None or not state.waits:
        waits = ", ".join(f"{name}.{one.id}" for one in flow.states.values() if one.waits)
        raise ContentError([f"no state {place!r} waits for an answer; there are {waits}"])
    slot = None if state.ask is None else _slot(content, flow, state.ask.slot)
    allowed = tuple(one for one in interrupts if one.always or one.id not in flow.deny)
    several = together(flow, state)
    hears = () if state.ask is None else listening(content.flows, flow, state.ask.hears)
    expectation = Expectation(
        name,
        state_id,
        state.options,
        slot,
        allowed,
        several=several,
        lead=lead(state),
        hears=hears,
        now=now,
    )
    return Ear(content, expectation, _text_slot(state, expectation), language, listener)


def _slot(content: Content, flow: Flow, name: str) -> Slot | None:
    return flow.slots.get(name) or content.flows.globals.memory.get(name)


def _text_slot(state: State, expectation: Expectation) -> str:
    """Return the slot that takes any text at all; a number or a time has to be understood first."""
    free = state.ask is not None and expectation.slot is not None and expectation.slot.type == "text"
    return expectation.slot.id if free and expectation.slot else ""


def hear(settings: Settings, texts: Sequence[str], place: str | None, as_json: bool) -> None:
    """Print what is heard in each text, or in each line of standard input, one at a time.

    Raises:
        ContentError: the flows or prompts have faults, or there is no such state.
    """
    content = load_sound(settings.flows, settings.prompts)
    listening = ear(content, place, settings.lang, listener(settings, content), datetime.now(UTC))
    for text in texts or _lines():
        heard = listening.hear(text)
        print(json.dumps(heard, ensure_ascii=False) if as_json else _written(heard), flush=True)


def _lines() -> Iterator[str]:
    """Give each line that holds something; bytes that are no UTF-8 become marks, never a fault."""
    for line in sys.stdin.buffer:
        text = line.decode("utf-8", "replace").strip("\r\n")
        if text.strip():
            yield text


def _written(heard: dict[str, object]) -> str:
    """Write a finding for a reader: what the bot does, then why."""
    rows = []
    for name, value in heard.items():
        if name == "heard" and isinstance(value, dict):
            rows.append((name, "  ".join(f"{slot} {one}" for slot, one in value.items())))
        elif isinstance(value, dict):
            rows.append((name, "  ".join(_word(one) for one in value.values() if one)))
        elif isinstance(value, list):
            rows.append((name, "  ".join(f"{one['id']} {one['confidence']:.0%}" for one in value[:_SHOWN])))
        elif value is not None:
            rows.append((name, str(value)))
    return "\n".join(f"{name:12} {words}" for name, words in rows if words) + "\n"


def _word(value: object) -> str:
    return " · ".join(map(str, value)) if isinstance(value, list) else str(value)
