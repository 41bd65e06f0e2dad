"""Every translation says what the English says: nothing is missing, nothing has been overtaken."""

from __future__ import annotations

from collections.abc import Iterator

from bot.content.faults import Fault, Spot
from bot.content.folders import SOURCE
from bot.content.library import Content
from bot.content.needs import Needs
from bot.content.sources import Source, fingerprint
from bot.content.words import Entry


def faults(content: Content, needs: Needs) -> Iterator[Fault]:
    """Report, for each language, what is missing, stale or shows less than the English."""
    for lang in content.prompts.languages:
        if lang != SOURCE:
            yield from _prompts(content, needs, lang)
            yield from _labels(content, lang)


def _prompts(content: Content, needs: Needs, lang: str) -> Iterator[Fault]:
    translated = content.prompts.sources.of(lang)
    for name, english in content.prompts.sources.of(SOURCE).items():
        source = translated.get(name)
        if source is None:
            wrong = f"prompt {name!r} is not translated to {lang!r}"
            yield Fault("W611", Spot(english.file), wrong, "English is said in its place", "warning")
            continue
        yield from _stale(source, english)
        hidden = needs.shown(name, SOURCE) - needs.shown(name, lang)
        if hidden:
            shown = ", ".join(f"{{{{ {slot} }}}}" for slot in sorted(hidden))
            spot = Spot(source.file, source.variants[0].line)
            yield Fault("W605", spot, f"the English shows {shown}, this translation does not", "show it too")


def _stale(source: Source, english: Source) -> Iterator[Fault]:
    if source.stamp is not None and not english.hash.startswith(source.stamp):
        fix = f"bring it up to date and begin it with {{# source: {english.hash} #}}"
        yield Fault(
            "W610", Spot(source.file), "the English has changed since this translation", fix, "warning"
        )


def _labels(content: Content, lang: str) -> Iterator[Fault]:
    translated = content.words.entries(lang)
    for key, entry in content.words.entries().items():
        if key not in translated:
            wrong = f"label {key!r} is not translated to {lang!r}"
            yield Fault("W611", entry.spot, wrong, "English is shown in its place", "warning")
        else:
            yield from _overtaken(translated[key], fingerprint(entry.label))


def _overtaken(entry: Entry, now: str) -> Iterator[Fault]:
    if entry.stamp is not None and not now.startswith(entry.stamp):
        fix = f'bring it up to date and write `source: "{now}"`'
        spot = entry.tree.spot(entry.name, "source")
        yield Fault("W610", spot, "the English label has changed since this translation", fix, "warning")
