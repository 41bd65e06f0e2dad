"""Every line of the gates with all its wordings, the hash of its words, and who stands by it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from bot.content.faults import Fault
from bot.content.folders import SOURCE
from bot.content.library import Content
from bot.content.sources import fingerprint
from bot.publishing.quoting import quoted
from bot.publishing.reviews import Review, read_reviews, reviews
from bot.publishing.spoken import Chapter, chapters
from bot.safety.last_card import GATES, last_card
from bot.safety.last_words import LANGUAGES

_BETWEEN = "\n---\n"
"""Parts the wordings of a line, as in its file."""
_LAST = "What is said when everything else has failed"


def lines(content: Content, flows: Path) -> str:
    """Write every line, each with a place for a sign-off."""
    found = chapters(content)
    known = fingerprints(content, found)
    signed = reviews(flows, known)
    parts = [f"{len(signed)} of {len(known)} lines are signed."]
    for chapter in found:
        parts += [f"## {chapter.title}", *_entries(texts(content, chapter), chapter.prompts, known, signed)]
    parts += [f"## {_LAST}", *_entries(last_cards(), {}, known, signed)]
    return "\n\n".join(parts)


def fingerprints(content: Content, found: Iterable[Chapter]) -> dict[str, str]:
    """Return the hash of the words of every line there is to sign."""
    known = {name: fingerprint(text) for one in found for name, text in texts(content, one).items()}
    return known | {name: fingerprint(text) for name, text in last_cards().items()}


def unsigned(content: Content, flows: Path) -> list[Fault]:
    """Report reviews that cannot be read or are of older words, and note how many lines nobody has signed.

    Where there is no reviews.yaml, nobody keeps count.
    """
    known = fingerprints(content, chapters(content))
    signed, tree, faults = read_reviews(flows, known)
    if tree is None:
        return faults
    for name, review in signed.items():
        if name in known and review.text != known[name]:
            message = f"older words of {name!r} were signed by {review.by}"
            spot = tree.key_spot("lines", name)
            faults.append(Fault("P707", spot, message, "let them read the new ones", "warning"))
    left = len(known) - len(signed.keys() & known.keys())
    if left:
        message = f"{left} of {len(known)} lines of a danger or a gate are signed by nobody"
        faults.append(Fault("P708", tree.key_spot("lines"), message, "docs/review.md has them all", "note"))
    return faults


def texts(content: Content, chapter: Chapter) -> dict[str, str]:
    """Return what each line of a chapter says; its buttons are one line together."""
    sources = content.prompts.sources.of(SOURCE)
    found = {
        name: _BETWEEN.join(one.text.strip() for one in sources[name].variants) for name in chapter.prompts
    }
    if chapter.labels:
        name = re.sub(r"[^a-z]+", "_", chapter.title.lower()).strip("_")
        found[f"buttons/{name}"] = "\n".join(f"[{content.words.label(key)}]" for key in chapter.labels)
    return found


def last_cards() -> dict[str, str]:
    """Return the cards that need no file, by name."""
    return {
        f"last_card/{gate}" if language == SOURCE else f"last_card/{language}/{gate}": last_card(
            gate, language=language
        )
        for language in LANGUAGES
        for gate in (*GATES, "any")
    }


def _entries(
    said: Mapping[str, str], where: Mapping[str, str], known: Mapping[str, str], signed: Mapping[str, Review]
) -> Iterator[str]:
    for name, text in said.items():
        place = f", said at `{where[name]}`" if name in where else ""
        yield f"### {name}\n\n`{known[name]}`{place}"
        yield "\n\nor\n\n".join(map(quoted, text.split(_BETWEEN)))
        yield _sign_off(signed.get(name), known[name])


def _sign_off(review: Review | None, words: str) -> str:
    if review is None:
        return "Sign-off: nobody yet. Name, profession, day: ________________"
    older = "" if review.text == words else ", **of older words: read it again**"
    return f"Sign-off: {review.by}, {review.on}{older}"
