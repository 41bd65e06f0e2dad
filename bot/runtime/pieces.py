"""A sentence sent in pieces is heard whole: what was written a moment ago stands before what is written now.

Kept in this process alone, for a minute, and let go with a clear sign of danger and with whatever ends a
sentence: a press, an answer that was taken, a command, a stop in words, a long text. A soft sign ends none,
for the rest may make it clear. Of two replicas that hear half each, neither hears the whole; who writes so
mostly writes on.
"""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from bot.dialogue.events import Concern
from bot.runtime.messages import Address, Text, Update

WITHIN = timedelta(minutes=1)
MOST_PIECES, MOST_WORDS = 3, 8
"""Pieces of one sentence, and words of each: who writes more at once writes sentences."""
MOST_WATCHED = 10_000


@dataclass(frozen=True, slots=True)
class Piece:
    """Hold a short text, when it came, and whether a sign of danger was heard up to it."""

    at: datetime
    text: str = field(repr=False)
    asked: bool


@dataclass
class Pieces:
    """Remember the last short texts of each address."""

    _last: OrderedDict[Address, list[Piece]] = field(default_factory=OrderedDict, repr=False)

    def whole(self, update: Update, now: datetime) -> Text | None:
        """Return a short text with those before it, or None where there are none."""
        if not isinstance(update.what, Text) or _long(update.what.text):
            return None
        before = [piece.text for piece in self._before(update.address, now)]
        return Text(" ".join((*before, update.what.text))) if before else None

    def sign(
        self, update: Update, now: datetime, alone: Concern | None, whole: Concern | None
    ) -> Concern | None:
        """Return what counts of what was heard in a text alone and in the whole.

        The whole tells something new where nothing was heard so far, or where it is clear; a soft sign that
        was asked about is not asked about again because it is still there.
        """
        if whole is None or (alone is not None and alone.tier == "hard"):
            return alone
        asked = alone is not None or any(piece.asked for piece in self._before(update.address, now))
        return whole if whole.tier == "hard" or not asked else alone

    def note(self, update: Update, now: datetime, sign: Concern | None) -> None:
        """Remember a text; a clear sign of danger, or what is too long for a piece, ends what was."""
        before = self._last.pop(update.address, [])
        if not isinstance(update.what, Text) or _long(update.what.text):
            return
        if sign is not None and sign.tier == "hard":
            return
        piece = Piece(now, update.what.text, sign is not None)
        self._last[update.address] = [*before, piece][-(MOST_PIECES - 1) :]
        if len(self._last) > MOST_WATCHED:
            self._last.popitem(last=False)

    def end(self, address: Address) -> None:
        """Let go of what was written, for it was an order or an answer, and no part of a sentence."""
        self._last.pop(address, None)

    def _before(self, address: Address, now: datetime) -> list[Piece]:
        return [piece for piece in self._last.get(address, ()) if now - piece.at <= WITHIN]


def _long(text: str) -> bool:
    return len(text) > MOST_WORDS * 20 or len(text.split()) > MOST_WORDS
