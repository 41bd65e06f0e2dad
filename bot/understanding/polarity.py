"""Yes and no in the many forms people give them, and nothing that only sounds like one.

In English, Spanish and German at once: whatever was spoken so far, a `sí` is a yes. Accents are undone first.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Literal, TypeAlias

from bot.safety.normalise import normalise

Polarity: TypeAlias = Literal["yes", "no"]

_YES = (
    r"(?:y|ye|yes+|yea+|yeah|yeh|yep|yup|yah|ya|aye|mhm|uh huh|definitely|absolutely|totally|exactly|correct"
    r"|true|si+|sip|claro|ja+|jo|jep|jup|genau|stimmt|klar|eso es|por supuesto|desde luego|auf jeden fall"
    r"|naturlich|natuerlich|exacto|asi es|de acuerdo|vale)"
)
_NO = (
    r"(?:n|no+|nope|nah+|naw|nuh uh|negative|never|not at all|no way|absolutely not|definitely not"
    r"|nop|nunca|jamas|para nada|que va|claro que no|nein+|nee+|ne|niemals|nie|gar nicht|uberhaupt nicht"
    r"|auf keinen fall|auf gar keinen fall)"
)
_WHO = r"(?:i|he|she|they|it|we|there|that)"
_IS = r"(?:do|does|did|am|is|are|was|were|have|has|can|will|would)"
_ISNT = r"(?:am not|is not|are not|(?:do|does|did|is|are|was|were|have|has|ca|wo|would)(?:nt| not)|never)"
_START = r"(?:oh |um |uh |well |hmm )*"
_ONLY_YES = re.compile(
    rf"{_START}(?:{_YES}(?: {_YES})*(?: please| por favor| bitte| of course| i think| creo que si)?"
    r"|of course|for sure|thats right"
    rf"|that is right|i do|i am|100)(?: {_WHO} {_IS})?"
)
_ONLY_NO = re.compile(
    rf"{_START}(?:{_NO}(?: {_NO})*(?: thanks| thank you| thx| gracias| danke)?(?: (?:{_WHO} {_ISNT}|im not))?"
    rf"|{_WHO} {_ISNT}|im not)"
)
_FIRST = re.compile(rf"({_YES})\b[\s,.!:;-]+(.*)|({_NO})\s*[,.!:;\n-]+\s*(.*)", re.DOTALL)
_HEDGED = re.compile(
    r"\b(?:but|not|no|nope|nah|never|cant|dont|doesnt|didnt|isnt|maybe|sometimes|sorta|kinda|sort of|kind of"
    r"|though|except|unless|unsure|sure|idk|know|guess|yes|yeah|wait|or|mean|yet|only|used to|question|what"
    r"|why|how|when|if|anymore|lately|mostly|usually|often|normally"
    r"|pero|no|nunca|quiza|quizas|tal vez|a veces|mas o menos|depende|creo|solo|ya no|aunque|por que|cuando"
    r"|aber|nicht|nein|kein|keine|vielleicht|manchmal|eigentlich|naja|jein|teils|kommt drauf an|glaub|glaube"
    r"|weiss|weiß|nur|oder|wenn|warum|meistens|oft|fruher)\b"
)
_IF = "si "
"""What a Spanish `si` is without an accent and a comma: no yes, but an if."""
_LONGEST_REST = 8


def polarity(text: str, alone: bool = False) -> Polarity | None:
    """Return whether a text says yes or no; None when it says neither, both, or hedges.

    With `alone`, nothing more may follow: more words could take it back.
    """
    said = normalise(text).replace("'", "")
    words = re.sub(r"[^\w\s]+|\s+", " ", said)
    words = " ".join(words.split())
    if _ONLY_YES.fullmatch(words):
        return "yes"
    if _ONLY_NO.fullmatch(words):
        return "no"
    return None if alone else _led(said)


def begins(text: str) -> Polarity | None:
    """Return what the first word says, whatever follows it and may take it back."""
    first = re.match(r"[\w']+", normalise(text))
    return polarity(first[0], alone=True) if first else None


@lru_cache(maxsize=5_000)
def authored_polarity(text: str) -> Polarity | None:
    """Return the same of an author's phrase, and remember it; never for what a person wrote."""
    return polarity(text)


def _led(said: str) -> Polarity | None:
    """Read a yes or no that more words follow, as in `yes, I am scared of him`."""
    match = _FIRST.fullmatch(said)
    if match is None or said.startswith(_IF):
        return None
    rest = match[2] or match[4] or ""
    if len(rest.split()) > _LONGEST_REST or _HEDGED.search(rest) or "?" in rest:
        return None
    return "yes" if match[1] else "no"
