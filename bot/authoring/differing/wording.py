"""Words that were changed: prompts, labels and phrases in every language, each told where it is first met."""

from __future__ import annotations

from collections.abc import Iterator

from bot.authoring.differing.change import Change
from bot.authoring.differing.side import Side
from bot.authoring.i18n.catalogue import Item, catalogue
from bot.content.folders import SOURCE


def reworded(old: Side, new: Side) -> Iterator[Change]:
    """Yield the changes of words, in the order of conversation."""
    prompts = {now: was for was, now in old.names.prompts.items()}
    labels = {now: was for was, now in old.names.labels.items()}
    languages = [one for one in new.content.prompts.languages if one in old.content.prompts.languages]
    for item in catalogue(new.content):
        for lang in languages:
            if item.kind == "prompt":
                yield from _prompt(old, new, item, (prompts.get(item.name, item.name), lang))
            else:
                yield from _entry(old, new, item, (labels.get(item.name, item.name), lang))
    yield from _languages(old, new)


def _prompt(old: Side, new: Side, item: Item, known: tuple[str, str]) -> Iterator[Change]:
    before, lang = known
    was = _renamed(old, item, old.words(before, lang))
    now = new.words(item.name, lang)
    if was and now and was != now:
        yield _change(item, lang, _count(was, now), _only(was, now), _only(now, was))
    elif bool(was) != bool(now) and lang != SOURCE and old.words(before):
        what = f"`{item.name}` is {'translated now' if now else 'no longer translated'}"
        yield Change(*_first(item), "translation", f"{what} ({lang})")


def _renamed(old: Side, item: Item, texts: tuple[str, ...]) -> tuple[str, ...]:
    """Return old wordings with the slots they show called as they are now."""
    return tuple(old.shown(text, item.places) for text in texts)


def _count(was: tuple[str, ...], now: tuple[str, ...]) -> str:
    changed = len([one for one in now if one not in was])
    if len(was) == len(now) == 1:
        return "is reworded"
    if not changed:
        return f"has {len(now)} wording{'s'[: len(now) != 1]} in the place of {len(was)}"
    return f"is reworded: {changed} of {len(now)} wordings {'is' if changed == 1 else 'are'} new"


def _only(these: tuple[str, ...], those: tuple[str, ...]) -> str:
    return "\n---\n".join(one for one in these if one not in those)


def _entry(old: Side, new: Side, item: Item, known: tuple[str, str]) -> Iterator[Change]:
    before, lang = known
    was, now = (side.content.words.entries(lang).get(key) for side, key in ((old, before), (new, item.name)))
    if was is None or now is None:
        return
    tongue = "" if lang == SOURCE else f" ({lang})"
    if item.kind == "label" and was.label != now.label:
        yield Change(*_first(item), "label", f"label `{item.name}` is reworded{tongue}", was.label, now.label)
    if item.kind == "phrases" and set(was.says) != set(now.says):
        more, less = set(now.says) - set(was.says), set(was.says) - set(now.says)
        what = f"`{item.name}` is heard in {len(more)} more phrases and {len(less)} fewer{tongue}"
        yield Change(*_first(item), "heard", what)


def _change(item: Item, lang: str, what: str, before: str, after: str) -> Change:
    tongue = "" if lang == SOURCE else f" ({lang})"
    more = len(item.places) - 1
    also = f", also said in {more} more place{'s'[: more != 1]}" if more > 0 else ""
    return Change(*_first(item), "reworded", f"`{item.name}` {what}{tongue}{also}", before, after)


def _first(item: Item) -> tuple[str, str]:
    return item.places[0] if item.places else ("", "")


def _languages(old: Side, new: Side) -> Iterator[Change]:
    before, after = old.content.prompts.languages, new.content.prompts.languages
    for lang in after:
        if lang not in before:
            here = len(new.content.prompts.names(lang))
            whole = len(new.content.prompts.names())
            yield Change("", "", "translation", f"{lang} is spoken now: {here} of {whole} prompts")
    for lang in before:
        if lang not in after:
            yield Change("", "", "translation", f"{lang} is spoken no more")
