"""The card that needs nothing: said when there was a sign of danger and everything else has failed.

It lives in code, in English, because a file can be missing and a template can fail.
"""

from __future__ import annotations

_SELF = (
    "It sounds as if you may be thinking of ending your life, or of hurting yourself. "
    "I am a script, and something in me broke just now, so please do not wait for me. "
    "Call {line}. If it is about to happen, call {emergency}. "
    "Until somebody answers, go to a person near you and tell them: I am not safe on my own."
)
_UNSAFE = (
    "It sounds as if somebody may be frightening or hurting you. That is not your fault. "
    "I am a script, and something in me broke just now, so please do not wait for me. "
    "If you are in danger, call {emergency}. When you can talk safely: {line}. "
    "If others use this device, delete this message."
)
_OTHER = (
    "It sounds as if somebody may get hurt, and as if you would rather not be the one. "
    "I am a script, and something in me broke just now, so please do not wait for me. "
    "Get away from them, and leave behind what could do harm. If it is close, call {emergency}. "
    "To talk to a person: {line}."
)
_UNREAL = (
    "What you write sounds frightening, and you should not be alone with it. "
    "I am a script, and something in me broke just now, so please do not wait for me. "
    "Go to a person you trust, or to a doctor. In danger, call {emergency}. To talk to a person: {line}."
)
_MINOR = (
    "It sounds as if you may not be grown up yet. I am made for adults only, and you did nothing wrong. "
    "I am a script, and something in me broke just now. "
    "To talk to somebody for young people: {line}. In an emergency, call {emergency}."
)
_AWAY = (
    "I heard that, and I will not help with reaching or steering somebody against their will. "
    "I am a script, and something in me broke just now. "
    "Leave them in peace for today. To talk to a person: {line}. If anybody may be hurt, call {emergency}."
)
_ANY = (
    "It sounds as if somebody may be in danger. "
    "I am a script, and something in me broke just now, so please do not wait for me. "
    "If anybody may be hurt, call {emergency}. To talk to a person: {line}."
)
_CARDS = {
    "self": _SELF,
    "other": _OTHER,
    "unsafe": _UNSAFE,
    "coerced": _UNSAFE,
    "unreal": _UNREAL,
    "minor": _MINOR,
    "unwanted": _AWAY,
    "controller": _AWAY,
}
"""By gate; what is heard and has no card of its own gets one that fits anybody in danger."""

GATES = tuple(_CARDS)

NOWHERE = ("your local emergency number", "a helpline from findahelpline.com")
"""What is said where a country is not known: words, never another country's number."""


def last_card(gate: str, emergency: str = NOWHERE[0], line: str = NOWHERE[1]) -> str:
    """Give the card for a gate. `line` is whom to call, with the number exactly as dialled."""
    return _CARDS.get(gate, _ANY).format(emergency=emergency, line=line)
