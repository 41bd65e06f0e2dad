"""Options that can be shown at once look and sound different, in every language they are offered in."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import combinations

from bot.content.checks.options import Phrases, apart
from bot.content.checks.webs import Net, Web
from bot.content.faults import Fault
from bot.content.folders import SOURCE
from bot.content.library import Content
from bot.dialogue.flow import Option, State


def faults(content: Content, net: Net) -> Iterator[Fault]:
    """Report buttons with one label, and in each other language options that share a phrase."""
    for lang in content.words.languages:
        alike = _Alike(content, lang, Phrases(content.words.speaking(lang).says))
        for web in net.webs.values():
            for state in web.sound_waits():
                yield from alike.of(web, state)


@dataclass(eq=False)
class _Alike:
    """Compare the options of states in one language, and tell each pair of words once."""

    content: Content
    lang: str
    phrases: Phrases
    told: set[tuple[str, str, str]] = field(default_factory=set)

    def of(self, web: Web, state: State) -> Iterator[Fault]:
        """Report the options of a state that are alike and can be shown at once."""
        for one, other in combinations(state.options, 2):
            for code, what in self._pair(one, other):
                pair = (code, one.label, other.label)
                if pair not in self.told and not apart(web, one, other):
                    self.told.add(pair)
                    key = other.label if code == "W620" else other.says
                    entry = self.content.words.entries(self.lang).get(key)
                    place = web.spot("states", state.id, "options", state.options.index(other))
                    spot = place if entry is None else entry.spot
                    yield Fault(code, spot, f"{what}, in state {state.id!r}", "word one of them differently")

    def _pair(self, one: Option, other: Option) -> Iterator[tuple[str, str]]:
        """Yield what is alike in two options: the code, and what to say of it."""
        words, names = self.content.words, f"options {one.id!r} and {other.id!r}"
        label = words.label(one.label, self.lang)
        shown = not (one.typed or other.typed)
        if shown and label.casefold() == words.label(other.label, self.lang).casefold():
            yield "W620", f"{names} both read {label!r}"
        # Where a language has no phrases of its own, the English ones are heard, and are told there.
        own = words.entries(self.lang).keys() & {one.says, other.says}
        if self.lang != SOURCE and own and one.says != other.says:
            shared = self.phrases[one.says] & self.phrases[other.says]
            if shared:
                yield "W614", f"{names} share the phrase {min(shared)!r} in {self.lang!r}"
