"""What the async core tells whoever counts: what came, what it led to, what went out, what was late."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Literal, Protocol, TypeAlias

from bot.dialogue.events import Concern
from bot.runtime.messages import Outgoing, Update
from bot.runtime.ports import Entry, Moment, Verdict

Fate: TypeAlias = Literal["sent", "late", "refused", "gone", "retried", "given up"]
"""What became of one try to send: `late`, `refused`, `gone` and `given up` are the end of it as well."""
Failing: TypeAlias = Literal["update", "timers"]


class Meter(Protocol):
    """Count, and forget at once whom it was about: nobody is told apart, and no word is kept."""

    def took(self, update: Update, verdict: Verdict | None, seconds: float) -> None:
        """Hear what became of an update, and how long that took; None: it could not be kept."""

    def moved(self, moment: Moment, entries: Sequence[Entry]) -> None:
        """Hear of a committed step, and what the event log tells of it."""

    def failed(self, what: Failing, concern: Concern | None = None) -> None:
        """Hear that somebody got an apology, or a card for this concern, or that timers were let go."""

    def woke(self, late: float) -> None:
        """Hear how many seconds after its time a person's earliest timer was taken up."""

    def tried(self, message: Outgoing, fate: Fate, waited: float) -> None:
        """Hear what became of a try to send, and for how many seconds the message had waited."""

    def slowed(self, platform: str, seconds: float) -> None:
        """Hear that a platform asked for silence (429)."""


class Uncounted:
    """Count nothing."""

    def took(self, update: Update, verdict: Verdict | None, seconds: float) -> None:
        """Let it pass."""

    def moved(self, moment: Moment, entries: Sequence[Entry]) -> None:
        """Let it pass."""

    def failed(self, what: Failing, concern: Concern | None = None) -> None:
        """Let it pass."""

    def woke(self, late: float) -> None:
        """Let it pass."""

    def tried(self, message: Outgoing, fate: Fate, waited: float) -> None:
        """Let it pass."""

    def slowed(self, platform: str, seconds: float) -> None:
        """Let it pass."""


UNCOUNTED = Uncounted()

Slowed: TypeAlias = Callable[[float], None]
"""Hear for how many seconds a platform wants silence."""
