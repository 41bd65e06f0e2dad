"""The card that needs nothing: said when there was a sign of danger and everything else has failed.

It lives in code, because a file can be missing and a template can fail.
"""

from __future__ import annotations

from bot.safety.last_words import ENGLISH, LANGUAGES

_KINDS = {
    "self": "self",
    "other": "other",
    "unsafe": "unsafe",
    "coerced": "unsafe",
    "unreal": "unreal",
    "minor": "minor",
    "unwanted": "away",
    "controller": "away",
}
"""By gate; what is heard and has no card of its own gets one that fits anybody in danger."""

GATES = tuple(_KINDS)


def last_card(gate: str, emergency: str = "", line: str = "", language: str = "en") -> str:
    """Give the card for a gate. `line` is whom to call, with the number exactly as dialled.

    Where a country is not known, words stand in their place, never another country's number.
    """
    words = LANGUAGES.get(language, ENGLISH)
    text = words[_KINDS.get(gate, "any")]
    return text.format(emergency=emergency or words["emergency"], line=line or words["line"])
