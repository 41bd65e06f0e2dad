"""What the core orders to be said becomes messages: rendered, with buttons labelled, keyed for the outbox."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from bot.content.markup import plain
from bot.dialogue.effects import Effect, Say, Spoken
from bot.dialogue.flow import Value
from bot.dialogue.session import Session
from bot.dialogue.values import LONGEST_TEXT
from bot.runtime.messages import Address, Button, Message, Wording, token


class Prompts(Protocol):
    """Turn a prompt's name into words."""

    def render(self, name: str, variant: int, slots: Mapping[str, Value], lang: str) -> str:
        """Render one variant of a prompt in our markup."""


class Words(Protocol):
    """Turn a label's key into words."""

    def label(self, key: str, lang: str) -> str:
        """Give the label."""


@dataclass(frozen=True, slots=True)
class Showing:
    """Render with these prompts and labels."""

    prompts: Prompts
    words: Words

    def messages(
        self,
        effects: Sequence[Effect],
        session: Session,
        address: Address,
        language: str,
        until: datetime | None = None,
    ) -> Iterator[Message]:
        """Yield a message for everything that is to be said, in order; nudges come too late after `until`."""
        for effect in effects:
            if isinstance(effect, Say):
                late = until if effect.lane == "nudge" else None
                yield self._message(effect, session, address, language, late)

    def line(self, spoken: Spoken | None, language: str) -> str:
        """Return what stands alone on a screen and knows of nobody; empty where nothing is to be said."""
        return "" if spoken is None else self.prompts.render(spoken.prompt, spoken.variant, {}, language)

    def _message(
        self, say: Say, session: Session, address: Address, language: str, until: datetime | None
    ) -> Message:
        lines = [self.prompts.render(line.prompt, line.variant, say.slots, language) for line in say.lines]
        buttons = tuple(
            Button(self.words.label(choice.label, language), token(say.turn, choice.index))
            for choice in say.choices
        )
        key, text = f"{session.id}:{say.turn}:{say.index}", "\n\n".join(lines)
        edits = self._wording(say, language)
        return Message(key, address, text, buttons, say.lane, say.turn, until, edits, language)

    def _wording(self, say: Say, language: str) -> Wording | None:
        if say.edits is None:
            return None
        text = plain(self.prompts.render(say.edits.prompt, 0, say.slots, language))
        return Wording(text, say.edits.most or LONGEST_TEXT)
