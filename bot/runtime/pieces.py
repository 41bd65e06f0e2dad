"""A sentence sent in pieces is heard whole: what was written a moment ago stands before what is written now.

Kept in this process alone, for a minute, and let go with the first sign of danger. Of two replicas that hear
half each, neither hears the whole; who writes so mostly writes on.
"""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from bot.runtime.messages import Address, Text, Update

WITHIN = timedelta(minutes=1)
MOST_PIECES, MOST_WORDS = 3, 8
"""Pieces of one sentence, and words of each: who writes more at once writes sentences."""
MOST_WATCHED = 10_000


@dataclass
class Pieces:
    """Remember the last short texts of each address that nothing was heard in."""

    _last: OrderedDict[Address, list[tuple[datetime, str]]] = field(default_factory=OrderedDict, repr=False)

    def whole(self, update: Update, now: datetime) -> Text | None:
        """Return a short text with those before it, or None where there are none."""
        if not isinstance(update.what, Text) or _long(update.what.text):
            return None
        before = [text for at, text in self._last.get(update.address, ()) if now - at <= WITHIN]
        return Text(" ".join((*before, update.what.text))) if before else None

    def note(self, update: Update, now: datetime, heard: bool) -> None:
        """Remember a text, unless it was a sign of danger or too long to be a piece: these end what was."""
        before = self._last.pop(update.address, [])
        if heard or not isinstance(update.what, Text) or _long(update.what.text):
            return
        self._last[update.address] = [*before, (now, update.what.text)][-(MOST_PIECES - 1) :]
        if len(self._last) > MOST_WATCHED:
            self._last.popitem(last=False)


def _long(text: str) -> bool:
    return len(text) > MOST_WORDS * 20 or len(text.split()) > MOST_WORDS
