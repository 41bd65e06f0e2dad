"""What a person typed, read as one of the answers on the table: clear ones are taken, others are not guessed.

`read` is the seam: whatever understands better one day takes its place.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Protocol

from bot.dialogue.events import Reading
from bot.dialogue.expect import Expectation
from bot.dialogue.flow import Slot
from bot.dialogue.flows import Interrupt
from bot.dialogue.values import parse_value
from bot.understanding.ahead import ahead
from bot.understanding.both import two_numbers, two_parts
from bot.understanding.choosing import CLEAR, Judge, Sureness, likeliest, louder, no_judge, offered, surest
from bot.understanding.likeness import likenesses, misspelt, table
from bot.understanding.numbering import numbered
from bot.understanding.opening import heard_in
from bot.understanding.polarity import authored_polarity, begins, polarity
from bot.understanding.spelling import LONGEST, Phrase, authored, authored_bare, bare, phrase, symbols

_LONGEST_COMMAND = 7
"""Words of a text that can still be a command: a story with `stop` in it is a story."""
_LONGEST_QUESTION = 14
_TELLING_WORDS = 3
"""Words that begin one label only: so many tell which is meant, however small they are."""
_SHORTEST_SLIP = 11
"""Letters of two words together from which a command may be misspelt; "quiet" is not "quit"."""
_ASKING = ("why ", "how come ", "what makes ", "explain ", "tell me why ", "tell me about ")

_TWO = 2

_Says = tuple[tuple[str, ...], ...]


class Vocabulary(Protocol):
    """Give labels and example phrases in the person's language."""

    def label(self, key: str) -> str:
        """Return the label of a key."""

    def says(self, key: str) -> Sequence[str]:
        """Return the example phrases of a key."""


def read(
    text: str,
    expectation: Expectation,
    words: Vocabulary,
    why: Callable[[str], str | None],
    judge: Judge = no_judge,
) -> Reading:
    """Return what a text means here: an interrupt, an option, the likeliest options, or nothing.

    Pure, and linear in the length of the text, of which the first 2,000 characters count. `why` finds the
    page that a question is about.
    """
    heard = _Heard(text[:LONGEST], phrase(text), expectation, words, judge)
    if not heard.said.words or not any(map(str.isalnum, heard.text)):
        return heard.sign() or Reading()
    reading = (
        heard.stop()
        or heard.exact()
        or heard.several()
        or heard.moment()
        or heard.command()
        or heard.question(why)
        or heard.option()
    )
    if not expectation.hears or reading.option or reading.interrupt or reading.heard:
        return reading
    return replace(reading, heard=heard_in(text, expectation.hears, words, judge))


def ranked(
    text: str, reading: Reading, expectation: Expectation, words: Vocabulary, judge: Judge = no_judge
) -> list[tuple[str, float]]:
    """Return every option with how likely it is meant, from 0 to 1, the likeliest first.

    An option that was read by its number, its own words or a yes is 1: no judge was asked.
    """
    heard = _Heard(text[:LONGEST], phrase(text), expectation, words, judge)
    sure = heard.judged
    scores = heard.likenesses if sure is None else sure.options
    pairs = list(zip((one.id for one in expectation.options), scores, strict=True))
    best = max(pairs, key=lambda pair: pair[1], default=("", 0.0))
    read_as = reading.several[0] if reading.several else reading.option
    judged = read_as is None or (read_as == best[0] and sure is not None)
    found = [(one, min(score, 0.99) if judged or one != read_as else 1.0) for one, score in pairs]
    return sorted(found, key=lambda pair: -pair[1])


@dataclass(frozen=True, slots=True)
class _Heard:
    """Hold a text and what is on the table, and read the one in the light of the other."""

    text: str
    said: Phrase
    expectation: Expectation
    words: Vocabulary
    judge: Judge

    @property
    def judged(self) -> Sureness | None:
        """Return what the judge says of the text."""
        return self.judge(self.text, self.expectation) if self.expectation.options else None

    @property
    def likenesses(self) -> Sequence[float]:
        """Return how much the text sounds like each option."""
        return likenesses(self.text, table(self.says)) if self.expectation.options else ()

    @property
    def beside(self) -> Slot | None:
        """Return the slot that a text may fill instead: none where a span is asked for and this is none."""
        slot = self.expectation.slot
        if slot is not None and slot.type == "duration" and parse_value(slot, self.text) is None:
            return None
        return slot

    @property
    def says(self) -> _Says:
        """Return the label and the phrases of each option."""
        words = self.words
        return tuple((words.label(one.label), *words.says(one.says)) for one in self.expectation.options)

    @property
    def buttons(self) -> int:
        """Return how many options are shown: only these have a number."""
        return sum(not one.typed for one in self.expectation.options)

    def sign(self) -> Reading | None:
        """Read a text without words, such as a thumb: only the very sign that an option names."""
        sign = symbols(self.text)
        signs = [{symbols(one) for one in says} - {""} for says in self.says]
        return self.chosen(_only([place for place, known in enumerate(signs) if sign in known]))

    def stop(self) -> Reading | None:
        """Read a text that is exactly a way to stop or to leave; nothing comes before it."""
        wanted = bare(self.said.words)
        for one in self.expectation.interrupts:
            if one.always and wanted in self.ways(one):
                return Reading(interrupt=one.id)
        return None

    def exact(self) -> Reading | None:
        """Read a text that is one option's own words; who answers what is shown means what is shown.

        Two of its phrases in a row are its own words too, as in "no i feel safe".
        """
        wanted = bare(self.said.words)
        found = [
            place
            for place, ways in enumerate(_bared(self.says))
            if wanted in ways or (wanted[:1] in ways and wanted[1:] in ways)
        ]
        return self.chosen(_only(found))

    def several(self) -> Reading | None:
        """Read a text that names two options, where two may be named: by number, or each by its words."""
        expected = self.expectation
        ids = [one.id for one in expected.options]
        shown = [place for place in range(self.buttons) if ids[place] in expected.several]
        if len(expected.several) < _TWO:
            return None
        pair = two_numbers(self.text, self.buttons, len(shown)) or two_parts(self.text, self._one_of)
        named = () if pair is None else tuple(ids[place] for place in pair)
        if not named or not set(named) <= set(expected.several):
            return None
        return Reading(several=(*expected.lead, *named))

    def moment(self) -> Reading | None:
        """Read a moment where a span of time or an hour is asked for, unless it numbers an answer."""
        return ahead(self.text, self.expectation, self.buttons)

    def _one_of(self, part: str) -> int | None:
        """Return the option that a part of a text means, where it is sure."""
        alone = replace(self, text=part, said=phrase(part))
        found = alone.exact() or alone.option()
        ids = [one.id for one in self.expectation.options]
        return None if found.option is None else ids.index(found.option)

    def command(self) -> Reading | None:
        """Read a short text as a command in words, allowing for a slip of a finger."""
        wanted = bare(self.said.words)
        for one in self.expectation.interrupts if len(wanted) <= _LONGEST_COMMAND else ():
            if any(misspelt(wanted, way, _SHORTEST_SLIP) for way in self.ways(one)):
                return Reading(interrupt=one.id)
        return None

    def question(self, why: Callable[[str], str | None]) -> Reading | None:
        """Read a short question as `/why` with its words, where there is a page that answers it."""
        allowed = next((one.id for one in self.expectation.interrupts if one.do == "why"), None)
        asks = self.said.text.startswith(_ASKING)
        page = why(self.text) if allowed and asks and len(self.said.words) <= _LONGEST_QUESTION else None
        return Reading(interrupt=allowed, why=page) if page else None

    def option(self) -> Reading:
        """Read a text as an option: by a slip, its number, its beginning, yes or no, or its likeness.

        What opens a gate is never taken by likeness, nor by a "no" that more words follow.
        """
        says, said, slot = self.says, self.said, self.beside
        if not says:
            return Reading()
        place = _only(_slipped(said, says))
        if place is None:
            place = numbered(self.text, self.buttons, bare=slot is None or slot.type == "text")
        if place is None:
            place = _only(_beginning(said, says, slot))
        return self.chosen(place) or self.alike_to_shown(self.alike())

    def alike_to_shown(self, reading: Reading) -> Reading:
        """Read once more among what has a button, where a text is near to something that only lacks its own.

        Who is shown one of two alike, and says what fits both, means the one that is shown.
        """
        options = self.expectation.options
        shown = tuple(one for one in options if not one.typed or one.button is None)
        if reading.option is not None or len(shown) == len(options):
            return reading
        again = replace(self, expectation=replace(self.expectation, options=shown)).alike()
        return reading if again.option is None else again

    def alike(self) -> Reading:
        """Read a text as the option it sounds like, or name those it is near to."""
        options, scores, sure = self.expectation.options, self.likenesses, self.judged
        place = _polar(self.text, self.says, scores if sure is None else louder(scores, sure.options))
        if place is None:
            slot = self.beside
            place = (
                likeliest(self.said, scores, slot)
                if sure is None
                else surest(self.text, self.said, sure, scores, slot)
            )
        if place is not None and self.may_take(place):
            return Reading(option=options[place].id)
        return Reading(near=tuple(options[index].id for index in offered(scores, sure)))

    def may_take(self, place: int) -> bool:
        """Tell whether nothing speaks against an option that is likely.

        What opens a gate takes a yes or no alone; and who begins with a no did not say yes.
        """
        if self.expectation.options[place].passes and not polarity(self.text, alone=True):
            return False
        began = begins(self.text)
        meant = {authored_polarity(one) for one in self.says[place]}
        return began is None or began in meant or not meant & {"yes", "no"}

    def chosen(self, place: int | None) -> Reading | None:
        """Return the reading of an option by its place."""
        return None if place is None else Reading(option=self.expectation.options[place].id)

    def ways(self, interrupt: Interrupt) -> list[tuple[str, ...]]:
        """Return the words of each way to ask for an interrupt."""
        says = self.words.says(interrupt.says) if interrupt.says else ()
        return [authored_bare(one) for one in says]


def _only(places: Sequence[int]) -> int | None:
    return places[0] if len(places) == 1 else None


def _bared(says: _Says) -> list[list[tuple[str, ...]]]:
    return [[authored_bare(one) for one in examples] for examples in says]


def _slipped(said: Phrase, says: _Says) -> list[int]:
    """Return the options that have the text among their words, but for a slip of a finger."""
    wanted = bare(said.words)
    return [place for place, ways in enumerate(_bared(says)) if any(misspelt(wanted, way) for way in ways)]


def _beginning(said: Phrase, says: _Says, slot: Slot | None) -> list[int]:
    """Return the options whose label begins with the text, where that is more than a small word or two."""
    size = len(said.words)
    if size < _TELLING_WORDS and (not said.stems or slot is not None):
        return []
    return [place for place, (label, *_) in enumerate(says) if authored(label).words[:size] == said.words]


def _polar(text: str, says: _Says, scores: Sequence[float]) -> int | None:
    """Return the one option that says yes, or no, as the text does, unless the rest speaks for another."""
    meant = polarity(text)
    if meant is None:
        return None
    place = _only([place for place, examples in enumerate(says) if meant in map(authored_polarity, examples)])
    others = (score for index, score in enumerate(scores) if index != place)
    return place if max(others, default=0.0) < CLEAR else None
