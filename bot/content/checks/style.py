"""Every message is short, easy to read and free of the words that are never said, in every language."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from bot.content.faults import Fault, Spot
from bot.content.library import Content
from bot.content.markup import parse, plain
from bot.content.never import Rule, any_of, plainly, read_never
from bot.content.sources import Source, Variant

MOST_WORDS = 60
"""Words of one message; a why page may have twice as many (G812)."""
ENOUGH = 20
"""Words below which nothing can be said about how hard a text is to read."""
HARDEST = {"en": 40.0, "de": 45.0}
"""The highest LIX by language, for some make longer words; 30 is easy, 40 an ordinary newspaper."""
_OTHERWISE = 50.0
_LONG = 6
_WORD = re.compile(r"https?://\S+|\d[\d -]*\d|[^\W_][\w’'-]*")
_END = re.compile(r"[.!?:…]+(?=\s|$)|\n+")
_INVENTED = re.compile(r"x{20,}")
_TAG = re.compile(r"\{#.*?#\}|\{%.*?%\}|\{\{.*?\}\}", re.DOTALL)
_WORDS_IN_TAG = re.compile(r"'([^'/]*)'|\"([^\"/]*)\"")
_MARK = re.compile(r"(?<![\w\\*_])[*_](?=[^\s*_])|(?<=[^\s\\*_])[*_](?![\w*_])")


def words_in(text: str) -> int:
    """Count words; a telephone number and an address are one each."""
    return len(_WORD.findall(text))


def lix(text: str) -> float:
    """Return how hard a text is to read: words in a sentence, and how many in a hundred are long.

    A line is a sentence, whether or not it ends in a stop: a reader rests there.
    """
    words = [word for word in _WORD.findall(_INVENTED.sub("Sam", text)) if not word[0].isdigit()]
    sentences = sum(1 for part in _END.split(text) if _WORD.search(part))
    if not words:
        return 0.0
    long = sum(len(word) > _LONG and "://" not in word for word in words)
    return len(words) / max(sentences, 1) + 100 * long / len(words)


def wordy(prompt: str, markup: str, lang: str, spot: Spot) -> Iterator[Fault]:
    """Report a message, as a person reads it, that has too many words or is hard to read."""
    if markup.count(" ") + markup.count("\n") < ENOUGH - 1:
        return
    text = plain(markup)
    count = words_in(text)
    if count > MOST_WORDS and not prompt.startswith("why/"):
        message = f"this message has more than {MOST_WORDS} words"
        yield Fault("W616", spot, message, "say one thing only", "warning")
    if count >= ENOUGH and lix(text) > HARDEST.get(lang, _OTHERWISE):
        yield Fault("W617", spot, "this message is hard to read", "part its sentences", "warning")


# --- what is never said ----------------------------------------------------------------------------------


def faults(content: Content) -> Iterator[Fault]:
    """Report words that are never said, and marks of an emphasis that never closes."""
    sources = content.prompts.sources
    for lang in sources.languages:
        rules, wrong = read_never(sources.root / lang)
        yield from wrong
        words = any_of(rules) if rules else None
        for name, source in sources.of(lang).items():
            for variant in source.variants:
                text = plainly(_TAG.sub(_kept, variant.text) if "{" in variant.text else variant.text)
                if words is not None and _holds(words, text):
                    yield from _said(rules, name, text, Spot(source.file, variant.line))
                yield from _marks(source, variant)


@lru_cache(1 << 14)
def _holds(words: re.Pattern[str], text: str) -> bool:
    """Tell whether a text holds one of the words; whoever checks again has most texts as they were."""
    return words.search(text) is not None


def _said(rules: tuple[Rule, ...], prompt: str, text: str, spot: Spot) -> Iterator[Fault]:
    for rule in rules:
        for place, words in rule.found(prompt, text):
            at = spot._replace(line=spot.line + text.count("\n", 0, place))
            why = rule.why.rstrip(".")
            message = f"{words!r} is never said: {why[:1].lower()}{why[1:]}"
            yield Fault("W618", at, message, "say it otherwise")


def _kept(match: re.Match[str]) -> str:
    """Keep of a tag the texts it may put out, each where it was; all else becomes blank."""
    tag = match[0]
    if not tag.startswith("{{"):
        return re.sub(r"[^\n]", " ", tag)
    out = [" " if sign != "\n" else sign for sign in tag]
    for text in _WORDS_IN_TAG.finditer(tag):
        out[text.start() + 1 : text.end() - 1] = tag[text.start() + 1 : text.end() - 1]
    return "".join(out)


def _marks(source: Source, variant: Variant) -> Iterator[Fault]:
    """Report a mark that looks as if it should begin or end an emphasis, and is shown as it is.

    A wording with branches may open a mark in one and close it in another; nobody can tell without saying it.
    """
    if ("*" not in variant.text and "_" not in variant.text) or "{%" in variant.text:
        return
    text = _TAG.sub(lambda match: re.sub(r"[^\n]", "0", match[0]), variant.text)
    shown = "".join(span.text for span in parse(text))
    lone = _MARK.search(shown)
    if lone is not None:
        line = variant.line + _line_of(text, lone[0])
        message = f"this {lone[0]} has no partner, and is shown as it is"
        yield Fault(
            "W622", Spot(source.file, line), message, "close it, or write a backslash before it", "warning"
        )


def _line_of(text: str, mark: str) -> int:
    """Return how many lines stand above the first that holds an odd number of a mark."""
    odd = (number for number, line in enumerate(text.split("\n")) if line.count(mark) % 2)
    return next(odd, 0)
