"""What is done when everything else failed: the crisis card where there was danger, else a kind apology.

And how often: an update that fails again and again, while others do not, is let go in the end.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass, replace

from bot.content.prompts import APOLOGY
from bot.dialogue.events import Concern
from bot.dialogue.flow import Value
from bot.dialogue.session import Session
from bot.runtime.messages import Message, Update
from bot.runtime.places import country_of, language_of
from bot.runtime.ports import Card
from bot.runtime.showing import Prompts

LAST_APOLOGY = (
    "Something went wrong on my side, not on yours. Please send that again in a minute. "
    "If you are in danger now, call your local emergency number."
)
"""Said when not even the prompts work."""

MOST_TRIES = 8
"""How often an update is tried that cannot be kept, before it is let go where others can be."""


@dataclass(frozen=True, slots=True)
class Rescue:
    """Answer without a store and without a flow."""

    card: Card
    prompts: Prompts
    language: str

    def message(self, update: Update, concern: Concern | None, memory: Mapping[str, Value]) -> Message:
        """Make the answer to an update that could not be handled."""
        language = language_of(memory, self.language)
        text = self.card(concern, country_of(memory), language) if concern else self._apology(language)
        return Message(f"rescue:{update.fingerprint}", update.address, text)

    def _apology(self, language: str) -> str:
        try:
            return self.prompts.render(APOLOGY, 0, {}, language)
        except Exception:
            return LAST_APOLOGY


class Tries:
    """Count how often each thing failed, and tell when that is often enough; old ones are forgotten."""

    def __init__(self, most: int = MOST_TRIES, remembered: int = 10_000) -> None:
        self.most = most
        self._remembered = remembered
        self._failed: OrderedDict[str, int] = OrderedDict()

    def spent(self, name: str) -> bool:
        """Count one more failure; tell whether there were enough of them."""
        self._failed[name] = self._failed.pop(name, 0) + 1
        if len(self._failed) > self._remembered:
            self._failed.popitem(last=False)
        return self._failed[name] >= self.most


def safe_place(session: Session, concern: Concern | None) -> Session:
    """End the conversation that cannot go on, and keep the person, their memory and their reminders."""
    careful = 2 if concern else session.careful
    return replace(session, turn=session.turn + 1, frames=(), past=(), last=None, asides=(), careful=careful)
