"""The screen: every text is heard for danger first, in two tiers, before anybody asks what it answers.

A keyword list does not detect danger; it decides when to ask. *Hard* means it was said, *soft* that it may
have been meant: hard brings the card, soft one gentle question.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from zlib import crc32

from bot.safety.compiling import compile_lexicon
from bot.safety.language import guess
from bot.safety.lexicon import Alarm, Heard, Lexicon, Softener, Tier
from bot.safety.passages import Passage, passages
from bot.safety.units import GATES, Opinion, Sense, units

__all__ = ["Finding", "Lexicon", "Tier", "compile_lexicon", "screen"]

_PLACES: dict[str, int] = {gate: place for place, gate in enumerate(GATES)}
_USUALLY: dict[Heard, Tier] = {"hard": "hard", "soft": "soft"}
_WRITTEN = {"es": ".spanish[", "de": ".german["}
"""What the rules are called that were written for a language."""
ALLAYED = "allayed by the model"
_CAREFULLY: dict[Heard, Tier] = {"hard": "hard", "soft": "soft", "careful": "soft"}


@dataclass(frozen=True, slots=True)
class Finding:
    """Name a gate, a tier, and the rule that heard it (`self.hard.wish[3]`), never what was written."""

    gate: str
    tier: Tier
    why: str

    @property
    def figure(self) -> str:
        """Tell this sign from another: a hash of the rule, or of the sentence it is like, else nothing."""
        if self.why.startswith("model"):
            what = self.why.partition(": like ")[2]
        else:
            what = self.why.partition(",")[0]
        return f"{crc32(f'{self.gate} {what}'.encode()):08x}" if what else ""


def screen(text: str, lexicon: Lexicon, careful: bool = False, sense: Sense | None = None) -> Finding | None:
    """Return the gravest sign of danger in a text, or None.

    The rules of the lexicon speak first, and `sense`, a model, hears what no rule does; where it is sure that
    a rule is mistaken, a soft one is not heard, and a hard one is asked about. With `careful`, for a person
    who was in danger a moment ago, jokes, past tenses and the model calm nobody, and the rules marked
    `careful` are heard too. The time grows with the length of the text, and with nothing else.
    """
    worst = _ruled(text, lexicon, careful)
    if sense is None:
        return worst
    pieces = tuple(units(text, lexicon))
    if worst is not None and not careful and sense.allays(pieces, worst.tier):
        worst = None if worst.tier == "soft" else replace(worst, tier="soft", why=f"{worst.why}, {ALLAYED}")
    if worst is not None and (worst.gate, worst.tier) == (GATES[0], "hard"):
        return worst
    return _either(worst, sense.opinion(pieces, careful))


def _ruled(text: str, lexicon: Lexicon, careful: bool) -> Finding | None:
    """Hear the rules. In Spanish and German a soft one of English is chance: `die` is a German article."""
    worst, own = None, _WRITTEN.get(guess(text), "")
    for passage in passages(text, lexicon):
        worst = _worst(passage, lexicon, careful, worst, own)
    return worst


def _either(ruled: Finding | None, opinion: Opinion | None) -> Finding | None:
    """Return the graver of what a rule and what the model heard; of two alike the rule."""
    if opinion is None:
        return ruled
    felt = Finding(opinion.gate, opinion.tier, opinion.why)
    return felt if ruled is None or _gravity(felt) < _gravity(ruled) else ruled


def _gravity(one: Finding) -> tuple[bool, int]:
    return one.tier != "hard", _PLACES.get(one.gate, len(GATES))


def _worst(
    passage: Passage, lexicon: Lexicon, careful: bool, worst: Finding | None, own: str
) -> Finding | None:
    """Return what is graver: the worst so far, or something here; of soft rules only the `own` ones count."""
    words = passage.words
    text = lexicon.covered(passage.text, words)
    for alarm in lexicon.raised_by(words):
        if worst is not None and alarm.rank >= lexicon.rank(worst.gate, worst.tier):
            break
        if alarm.tier != "hard" and own not in alarm.rule.name:
            continue
        for match in alarm.rule.search(passage.text if alarm.rule.bold else text, words):
            if passage.start <= match.start() < passage.stop:
                found = _weighed(alarm, match, passage.text, lexicon, careful)
                worst = _graver(found, worst, lexicon)
    return worst


def _graver(found: Finding | None, worst: Finding | None, lexicon: Lexicon) -> Finding | None:
    if found is None or worst is None:
        return found or worst
    return min(worst, found, key=lambda one: lexicon.rank(one.gate, one.tier))


def _weighed(
    alarm: Alarm, match: re.Match[str], text: str, lexicon: Lexicon, careful: bool
) -> Finding | None:
    """Turn down what was heard by what stands around it."""
    heard, why = alarm.tier, [alarm.rule.name]
    for softener in lexicon.softeners:
        turned = softener.turns.get(heard, heard)
        if turned != heard and softener.concerns(alarm) and _softens(softener, match, text):
            heard = turned
            why.append(softener.name)
    tier = _CAREFULLY.get(alarm.tier) if careful else _USUALLY.get(heard)
    return None if tier is None else Finding(alarm.gate, tier, ", ".join(why))


def _softens(softener: Softener, match: re.Match[str], text: str) -> bool:
    """Look at the words around what was heard, once with `IT` in its place and once as they stand."""
    before = text[: match.start()].split()[-softener.reach :]
    after = text[match.end() :].split()[: softener.reach]
    views = [_view([*before, *heard, *after]) for heard in (["IT"], match.group().split())]
    if any(rule.heard_in(*view) for rule in softener.unless for view in views):
        return False
    return any(rule.heard_in(*view) for rule in softener.says for view in views)


def _view(words: list[str]) -> tuple[str, frozenset[str]]:
    return "".join(word + " " for word in words), frozenset(words)
