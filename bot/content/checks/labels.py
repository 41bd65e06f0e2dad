"""Every option has a label that fits a button, and phrases by which words can choose it."""

from __future__ import annotations

from collections.abc import Iterator

from bot.content.checks.hearing import everywhere
from bot.content.checks.webs import Net, Web
from bot.content.faults import Fault, Spot, did_you_mean
from bot.content.folders import SOURCE
from bot.content.library import Content
from bot.content.yaml12 import Path, Tree

LONGEST_LABEL = 80
"""Characters a button holds on every platform (Discord's limit)."""


def faults(content: Content, net: Net) -> Iterator[Fault]:
    """Report labels that are missing or too long, and phrases that are missing."""
    yield from _too_long(content)
    wordless: set[str] = set()
    for web in net.webs.values():
        yield from _spoken(content, web, wordless)
    for place, interrupt in enumerate(net.globals.interrupts):
        tree = net.pieces.globals_tree
        if interrupt.says is not None and tree is not None:
            yield from _missing(content, interrupt.says, tree, ("interrupts", place, "says"), "W609")
            wordless.add(interrupt.says)
    yield from _wordless(content, wordless)


def _spoken(content: Content, web: Web, wordless: set[str]) -> Iterator[Fault]:
    """Report what a flow's options and stories are heard by, and is not there; note what needs phrases."""
    for one, path in everywhere(web):
        for place, key in enumerate(one.keys):
            yield from _missing(content, key, web.tree, (*path, place), "W609")
            wordless.add(key)
    for state in web.flow.states.values():
        for place, option in enumerate(state.options):
            at = ("states", state.id, "options", place)
            yield from _missing(content, option.label, web.tree, (*at, "label"), "W608")
            if option.says != option.label:
                yield from _missing(content, option.says, web.tree, (*at, "says"), "W609")
            wordless.add(option.says)


def asked(content: Content) -> Iterator[Fault]:
    """Report labels that templates have asked for, in all that was said so far, and that there are not."""
    for key in sorted(content.prompts.templates.labelled - content.words.entries().keys()):
        yield Fault("W608", _place(content, key), *_told(content, key, "W608"))


def _missing(content: Content, key: str, tree: Tree, path: Path, code: str) -> Iterator[Fault]:
    if key not in content.words.entries():
        yield Fault(code, tree.spot(*path), *_told(content, key, code))


def _told(content: Content, key: str, code: str) -> tuple[str, str]:
    """Return what is wrong and how to mend it."""
    folder, _, name = key.rpartition("/")
    near = did_you_mean(key, content.words.entries())
    fix = f"did you mean {near!r}?" if near else f"add {name!r} to prompts/en/{folder}/options.yaml"
    return f"no words file has {'a label' if code == 'W608' else 'phrases'} for {key!r}", fix


def _place(content: Content, key: str) -> Spot:
    """Return where a template names a label; a computed name has no place but the first prompt there is."""
    for source in content.prompts.sources.of(SOURCE).values():
        for variant in source.variants:
            before, found, _ = variant.text.partition(key)
            if found:
                return Spot(source.file, variant.line + before.count("\n"))
    return Spot("prompts")


def _too_long(content: Content) -> Iterator[Fault]:
    for lang in content.words.languages:
        for entry in content.words.entries(lang).values():
            if len(entry.label) > LONGEST_LABEL:
                wrong = f"this label has {len(entry.label)} characters, more than {LONGEST_LABEL}"
                yield Fault("W607", entry.tree.spot(entry.name, "label"), wrong, "shorten it")


def _wordless(content: Content, used: set[str]) -> Iterator[Fault]:
    """Report entries that are used as phrases and have none, each once."""
    for key in sorted(used & content.words.entries().keys()):
        entry = content.words.entries()[key]
        if not entry.says:
            fix = "add `says:` with what people write when they mean it"
            yield Fault("W609", entry.spot, f"{entry.name!r} has no phrases", fix, "warning")
