"""What danger sounds like: rules that raise an alarm, what is innocent, and what turns an alarm down."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Literal, TypeAlias

Tier: TypeAlias = Literal["soft", "hard"]
Heard: TypeAlias = Literal["none", "careful", "soft", "hard"]
"""How loud a rule is; `careful` rules are heard as soft, and only while the person is in care."""
HEARD: tuple[Heard, ...] = ("none", "careful", "soft", "hard")


@dataclass(frozen=True, slots=True)
class Rule:
    """Hear one pattern. `name` tells an author where it is written: `self.hard.wish[3]`.

    A `bold` rule is heard under an innocent pattern too.
    """

    name: str
    source: str
    needs: frozenset[str]
    bold: bool = False

    def search(self, text: str, words: frozenset[str]) -> Iterator[re.Match[str]]:
        """Find the pattern in `text`, whose words are `words`."""
        if not self.needs or not self.needs.isdisjoint(words):
            yield from _compiled(self.source).finditer(text)

    def heard_in(self, text: str, words: frozenset[str]) -> bool:
        """Tell whether the pattern occurs."""
        return any(self.search(text, words))


@dataclass(frozen=True, slots=True)
class Alarm:
    """Take a rule as a sign of danger; the lower its `rank`, the graver."""

    rank: int
    gate: str
    tier: Heard
    group: str
    rule: Rule


@dataclass(frozen=True, slots=True)
class Softener:
    """Turn down what was heard, by what stands around it: a joke, a song, somebody else's words.

    `only` and `spares` name groups of rules; `reach` is how many words on either side are looked at.
    """

    name: str
    gates: frozenset[str]
    only: frozenset[str]
    spares: frozenset[str]
    turns: Mapping[Heard, Heard]
    reach: int
    says: tuple[Rule, ...]
    unless: tuple[Rule, ...]

    def concerns(self, alarm: Alarm) -> bool:
        """Tell whether this softener may touch what that alarm heard."""
        if self.gates and alarm.gate not in self.gates:
            return False
        return alarm.group not in self.spares and (not self.only or alarm.group in self.only)


@dataclass(frozen=True, slots=True)
class Lexicon:
    """Hold the compiled lexicon. `alarms` and `gates` stand in their order: the gravest first.

    `by_word` tells the places of the alarms that need a word, `by_none` of those that need none: a text holds
    few words, and there are hundreds of alarms.
    """

    spellings: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    innocent: tuple[Rule, ...] = ()
    gates: tuple[str, ...] = ()
    alarms: tuple[Alarm, ...] = ()
    softeners: tuple[Softener, ...] = ()
    by_word: Mapping[str, tuple[int, ...]] = field(init=False, repr=False, compare=False)
    by_none: tuple[int, ...] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        """Read off which alarms a word may raise, once."""
        by_word = defaultdict[str, list[int]](list)
        for place, alarm in enumerate(self.alarms):
            for word in alarm.rule.needs:
                by_word[word].append(place)
        none = tuple(place for place, alarm in enumerate(self.alarms) if not alarm.rule.needs)
        object.__setattr__(self, "by_word", {word: tuple(places) for word, places in by_word.items()})
        object.__setattr__(self, "by_none", none)

    def raised_by(self, words: frozenset[str]) -> list[Alarm]:
        """Return the alarms that these words may raise, the gravest first."""
        places = {place for word in words for place in self.by_word.get(word, ())}
        return [self.alarms[place] for place in sorted(places.union(self.by_none))]

    def rank(self, gate: str, tier: Heard) -> int:
        """Return how grave a sign is, 0 being the gravest: all hard ones by gate, then the others by gate."""
        return self.gates.index(gate) + (0 if tier == "hard" else len(self.gates))

    def covered(self, text: str, words: frozenset[str]) -> str:
        """Cover idioms and denials with `~`, so that no rule hears them; every place stays where it was."""
        for rule in self.innocent:
            for match in rule.search(text, words):
                cover = "~" * (match.end() - match.start() - 1) + " "
                text = text[: match.start()] + cover + text[match.end() :]
        return text

    def spell(self, word: str) -> tuple[str, ...]:
        """Return the words a written word stands for; none for a filler."""
        bare = word.replace("'", "")
        return self.spellings.get(word, self.spellings.get(bare, (bare,)))


@cache
def _compiled(source: str) -> re.Pattern[str]:
    """Compile on first use: most rules are never needed, and a start should not wait for them."""
    return re.compile(source)
