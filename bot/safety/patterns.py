"""The small language in which an author writes what danger sounds like, turned into bounded expressions.

    i want to (die|be dead)      words, and alternatives in brackets, which may nest
    my own? life                 a question mark: may be left out
    ..  ...                      up to two words, up to five words, whatever they are
    suicid*                      every word that begins so
    {kill_myself}                a list of the lexicon, written once and used by name
    <  >                         the sentence begins here, ends here
    IT                           in softeners: what was heard

A text reaches a pattern as words that each end with one blank. A pattern repeats nothing, spans at most
`LONGEST` words and holds at most `MOST_GAPS` gaps, so that no text can make it run away.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from typing import NamedTuple, TypeAlias

from bot.errors import PatternError

LONGEST, MOST_GAPS = 24, 3

Spell: TypeAlias = Callable[[str], tuple[str, ...]]

_TOKEN = re.compile(
    r"\s*(?:(?P<mark>\.\.\.|\.\.|[()|?])|\{(?P<list>[a-z_]+)\}|(?P<edge>[<>]|IT\b)|(?P<word>[a-z0-9'*]+)|\S)"
)
_SHORTEST_BEGINNING = 3
_COMMON = frozenset(
    """i am is are was be been to the a an of in on it that and not no do have has had my me you he she they
    his her we will would can with for this all if want going get what < > IT""".split()
)
"""Words that nearly every text holds: looking for them first would save nothing."""


class Pattern(NamedTuple):
    """Hold one pattern, or a part of one.

    `source` is its regular expression, `longest` the most words it can span, `gaps` the most gaps on one way
    through it. A text must hold one of the words `needs` to match; an empty set means there are no such.
    `starts` and `ends`: it begins with something that must be there, and does not end with a gap.
    """

    source: str
    longest: int
    gaps: int = 0
    needs: frozenset[str] = frozenset()
    starts: bool = True
    ends: bool = True


def parse(text: str, spell: Spell, lists: Mapping[str, Pattern]) -> Pattern:
    """Read a pattern.

    Args:
        text: as an author wrote it.
        spell: gives a word's spelling: the words it stands for, none for a filler.
        lists: what `{name}` may stand for.

    Raises:
        PatternError: says what is wrong and at which column.
    """
    reader = _Reader(text, spell, lists)
    whole = reader.ways()
    if reader.kind:
        raise PatternError(f"a {reader.text!r} too many", reader.column)
    if not (whole.starts and whole.ends):
        raise PatternError("a pattern begins with a word that may not be left out, and ends with no gap")
    if whole.gaps > MOST_GAPS:
        raise PatternError(f"more than {MOST_GAPS} gaps; write two patterns")
    if whole.longest > LONGEST:
        raise PatternError(f"it may span more than {LONGEST} words; shorten it")
    return whole


def one_of(ways: Sequence[Pattern]) -> Pattern:
    """Return a pattern that matches one of several."""
    needs = [way.needs for way in ways]
    return Pattern(
        f"(?:{'|'.join([way.source for way in ways])})",
        max([way.longest for way in ways]),
        max([way.gaps for way in ways]),
        frozenset().union(*needs) if all(needs) else frozenset(),
        all(way.starts for way in ways),
        all(way.ends for way in ways),
    )


def _in_a_row(parts: Sequence[Pattern]) -> Pattern:
    if len(parts) == 1:
        return parts[0]
    return Pattern(
        "".join([part.source for part in parts]),
        sum([part.longest for part in parts]),
        sum([part.gaps for part in parts]),
        min([part.needs for part in parts if part.needs], key=_commonness, default=frozenset()),
        parts[0].starts,
        parts[-1].ends,
    )


def _commonness(words: frozenset[str]) -> tuple[int, int]:
    return len(words & _COMMON), len(words)


def _optional(part: Pattern) -> Pattern:
    return Pattern(f"(?:{part.source})?", part.longest, part.gaps, frozenset(), False, part.ends)


@cache
def _word(word: str) -> Pattern:
    return Pattern(re.escape(word) + " ", 1, needs=frozenset((word,)))


_GAPS = {
    dots: Pattern(f"(?:[^ ~<>]+ ){{0,{most}}}", most, 1, starts=False, ends=False)
    for dots, most in (("..", 2), ("...", 5))
}


class _Reader:
    """Read tokens from the left: one function a rule of the grammar."""

    def __init__(self, text: str, spell: Spell, lists: Mapping[str, Pattern]) -> None:
        self.tokens = _TOKEN.finditer(text)
        self.spell, self.lists, self.column = spell, lists, 0
        self.next()

    def next(self) -> None:
        """Move to the next token; `kind` is empty behind the last."""
        token = next(self.tokens, None)
        if token is None:
            self.kind = self.text = ""
        else:
            self.kind = token.lastgroup or "odd"
            self.text = token[self.kind] if token.lastgroup else token[0].strip()
            self.column = token.end() - len(token[0].strip())

    def ways(self) -> Pattern:
        ways = [self.row()]
        while self.text == "|":
            self.next()
            ways.append(self.row())
        return ways[0] if len(ways) == 1 else one_of(ways)

    def row(self) -> Pattern:
        parts: list[Pattern] = []
        while self.kind and self.text not in ("|", ")"):
            part = self.part()
            if self.text == "?":
                self.next()
                part = _optional(part)
            parts.append(part)
        if not parts:
            raise PatternError("words are missing here; `( … )?` may be left out", self.column)
        return _in_a_row(parts)

    def part(self) -> Pattern:
        kind, text, column = self.kind, self.text, self.column
        self.next()
        if kind == "word":
            return self.word(text, column)
        if kind == "edge":
            return _word(text)
        if kind == "list":
            return self.listed(text, column)
        if text in _GAPS:
            return _GAPS[text]
        if text == "(":
            return self.group(column)
        raise PatternError(f"{text!r} means nothing here", column)

    def group(self, column: int) -> Pattern:
        inner = self.ways()
        if self.text != ")":
            raise PatternError("this bracket is never closed", column)
        self.next()
        return inner._replace(source=f"(?:{inner.source})")

    def listed(self, name: str, column: int) -> Pattern:
        if name not in self.lists:
            raise PatternError(f"no list above is called {name!r}", column)
        return self.lists[name]

    def word(self, word: str, column: int) -> Pattern:
        if word.endswith("*"):
            if len(word) <= _SHORTEST_BEGINNING:
                raise PatternError(f"write {_SHORTEST_BEGINNING} letters or more before `*`", column)
            return Pattern(re.escape(word[:-1]) + "[^ ]* ", 1)
        spelled = self.spell(word)
        if not spelled:
            raise PatternError(f"{word!r} is a filler, which is never heard; leave it out", column)
        return _in_a_row([_word(one) for one in spelled])
