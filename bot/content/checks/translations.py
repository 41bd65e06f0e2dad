"""Every translation says what the English says: nothing is missing, nothing has been overtaken."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from bot.content.checks.style import words_in
from bot.content.faults import Fault, Spot, did_you_mean
from bot.content.folders import SOURCE
from bot.content.library import Content
from bot.content.needs import Needs
from bot.content.sources import Source, fingerprint
from bot.content.words import Entry

FEW = 3
"""Words that two languages may share by chance."""


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
        if source is not None and _same(source, english):
            wrong = f"this is the English of {name!r}, word for word"
            yield Fault("W621", Spot(source.file), wrong, "translate it, or remove the file", "warning")
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

    for name in sorted(translated.keys() - content.prompts.names()):
        yield _of_nothing(Spot(translated[name].file), name, content.prompts.names())


def _of_nothing(spot: Spot, name: str, known: Iterable[str]) -> Fault:
    near = did_you_mean(name, known)
    fix = f"did you mean {near!r}?" if near else "rename it as the English is, or remove it"
    return Fault("W619", spot, f"the English has no {name!r}", fix, "warning")


def _same(source: Source, english: Source) -> bool:
    """Tell whether a translation is no other than what it translates; a few words may be the same in both."""
    texts = [" ".join(one.text.split()) for one in source.variants]
    return texts == [" ".join(one.text.split()) for one in english.variants] and any(
        words_in(text) >= FEW for text in texts
    )


def _stale(source: Source, english: Source) -> Iterator[Fault]:
    if source.stamp is not None and not english.hash.startswith(source.stamp):
        fix = f"bring it up to date and begin it with {{# source: {english.hash} #}}"
        yield Fault(
            "W610", Spot(source.file), "the English has changed since this translation", fix, "warning"
        )


def _labels(content: Content, lang: str) -> Iterator[Fault]:
    translated, english = content.words.entries(lang), content.words.entries()
    for key, entry in english.items():
        if key not in translated:
            wrong = f"label {key!r} is not translated to {lang!r}"
            yield Fault("W611", entry.spot, wrong, "English is shown in its place", "warning")
        else:
            yield from _overtaken(translated[key], fingerprint(entry.label))
            yield from _label(key, entry, translated[key], lang)
    for key in sorted(translated.keys() - english.keys()):
        yield _of_nothing(translated[key].spot, key, english)


def _label(key: str, english: Entry, other: Entry, lang: str) -> Iterator[Fault]:
    """Report a label that lost its phrases, or is no translation."""
    if english.says and not other.says:
        fix = "add `says:` with what people write when they mean it"
        yield Fault("W615", other.spot, f"{other.name!r} has no phrases in {lang!r}", fix, "warning")
    if other.label == english.label and words_in(english.label) >= FEW:
        wrong = f"label {key!r} is still in English"
        yield Fault("W621", other.spot, wrong, "translate it, or remove the entry", "warning")


def _overtaken(entry: Entry, now: str) -> Iterator[Fault]:
    if entry.stamp is not None and not now.startswith(entry.stamp):
        fix = f'bring it up to date and write `source: "{now}"`'
        spot = entry.tree.spot(entry.name, "source")
        yield Fault("W610", spot, "the English label has changed since this translation", fix, "warning")
