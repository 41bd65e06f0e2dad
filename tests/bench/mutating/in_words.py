"""Faults in words and data: prompts, labels, phrases, translations, helplines and commands."""

from __future__ import annotations

import re
from itertools import combinations
from pathlib import Path as File
from random import Random

from bot.content.folders import SOURCE
from bot.content.library import GLOBALS, HELPLINES, WHY
from bot.content.tree import Tree
from bot.content.yaml12 import read
from tests.bench.mutating.in_flows import changed
from tests.bench.mutating.workshop import Cut, Workshop, kind

_FLOWS = "flows"


def prompt_file(shop: Workshop, name: str, lang: str = SOURCE) -> str:
    """Return the file of a prompt."""
    return str(File(shop.bench.content.prompts.sources.of(lang)[name].file).relative_to(shop.bench.root))


def tree_of(shop: Workshop, name: str) -> Tree:
    """Return a file of data with its places."""
    path = shop.bench.root / _FLOWS / name
    tree, _ = read(path.read_bytes(), str(path))
    assert tree is not None
    return tree


def somewhere(shop: Workshop, rng: Random, words: str) -> tuple[dict[str, str | None], int, str]:
    """Put words at the end of a random line of a random prompt; return the line too."""
    file = prompt_file(shop, rng.choice(shop.spoken))
    lines = shop.bench.text(file).split("\n")
    full = [n for n, line in enumerate(lines) if line.strip() and line.strip() != "---" and "{" not in line]
    if not full:
        return {}, 0, file
    at = rng.choice(full)
    lines[at] = f"{lines[at].rstrip()} {words}"
    return {file: "\n".join(lines)}, at + 1, file


# --- prompts ---------------------------------------------------------------------------------------------


@kind
def missing_prompt(shop: Workshop, rng: Random) -> Cut | None:
    _, _, prompt, _ = rng.choice(shop.said)
    where = [shop.line(web.tree, *path) for web, _, name, path in shop.said if name == prompt]
    return {prompt_file(shop, prompt): None}, "W601", frozenset().union(*where)


@kind
def misspelt_prompt(shop: Workshop, rng: Random) -> Cut | None:
    web, _, _, path = rng.choice(shop.said)
    return changed(shop, web, path, lambda old: f"{old.strip(chr(34))}_qx", "W601")


@kind
def unused_prompt(shop: Workshop, rng: Random) -> Cut | None:
    folder = rng.choice(shop.spoken).rpartition("/")[0]
    file = f"prompts/{SOURCE}/{folder}/spare_one.j2"
    return {file: "Nobody says this.\n"}, "W604", frozenset({(file, 1)})


@kind
def broken_template(shop: Workshop, rng: Random) -> Cut | None:
    changes, line, file = somewhere(
        shop, rng, rng.choice(["{% if %}", "{{ person", "{% include 'x' %}", "{{ 1() }}"])
    )
    lines = {(file, number) for number in range(line, line + 40)} if changes else set()
    return (changes, "W602", frozenset(lines)) if changes else None


@kind
def unknown_value_in_a_prompt(shop: Workshop, rng: Random) -> Cut | None:
    changes, line, file = somewhere(shop, rng, "{{ nobody_knows }}")
    return (changes, "W603", frozenset({(file, line)})) if changes else None


@kind
def banned_word(shop: Workshop, rng: Random) -> Cut | None:
    wrong = ["You must do it.", "Good job!", "I missed you.", "That is depression.", "My advice: go."]
    changes, line, file = somewhere(shop, rng, rng.choice(wrong))
    return (changes, "W618", frozenset({(file, line)})) if changes else None


@kind
def too_many_words(shop: Workshop, rng: Random) -> Cut | None:
    name = rng.choice(shop.spoken)
    if name.startswith("why/"):
        return None
    file = prompt_file(shop, name)
    return {file: "We can look at it in a while.\n" * 9}, "W616 W605", frozenset({(file, 1)})


@kind
def message_too_long(shop: Workshop, rng: Random) -> Cut | None:
    file = prompt_file(shop, rng.choice(shop.spoken))
    return {file: "We can look at it in a while.\n" * 80}, "W606", frozenset({(file, 1)})


@kind
def lone_mark(shop: Workshop, rng: Random) -> Cut | None:
    changes, line, file = somewhere(shop, rng, "*so")
    if not changes or "{%" in str(changes[file]) or str(changes[file]).count("*") > 1:
        return None
    return changes, "W622", frozenset({(file, line)})


# --- labels and phrases ----------------------------------------------------------------------------------


@kind
def missing_label(shop: Workshop, rng: Random) -> Cut | None:
    web, state = rng.choice([one for one in shop.waits if one[1].options])
    place = rng.randrange(len(state.options))
    return changed(
        shop, web, ("states", state.id, "options", place, "label"), lambda old: f"{old}_qx", "W608"
    )


@kind
def label_too_long(shop: Workshop, rng: Random) -> Cut | None:
    _, entry = rng.choice(sorted(shop.bench.content.words.entries().items()))
    long = f'"{entry.label.replace(chr(34), "")} and {"so on and " * 9}on"'
    changes = shop.put(entry.tree, (entry.name, "label"), long)
    return changes and (changes, "W607", shop.line(entry.tree, entry.name, "label"))


@kind
def overlapping_phrases(shop: Workshop, rng: Random) -> Cut | None:
    words = shop.bench.content.words
    _web, state = rng.choice([one for one in shop.waits if len(one[1].options) > 1])
    pairs = [
        (first, second)
        for first, second in combinations(range(len(state.options)), 2)
        if state.options[first].when is None and state.options[first].says != state.options[second].says
    ]
    if not pairs:
        return None
    first, second = rng.choice(pairs)
    one, other = (words.entries().get(state.options[n].says) for n in (first, second))
    if one is None or other is None or not one.says or not other.says:
        return None
    phrase = '"' + rng.choice(one.says).replace('"', "") + '"'
    changes = shop.put(other.tree, (other.name, "says", 0), phrase)
    alike = {state.options[first].says, state.options[second].says}
    lines = [
        shop.line(each.tree, "states", at.id, "options", n)
        for each, at in shop.waits
        if alike <= {option.says for option in at.options}
        for n, option in enumerate(at.options)
        if option.says in alike
    ]
    return changes and (changes, "T312", frozenset().union(*lines))


@kind
def buttons_that_read_alike(shop: Workshop, rng: Random) -> Cut | None:
    words = shop.bench.content.words
    _web, state = rng.choice([one for one in shop.waits if len(one[1].choices) > 1])
    shown = [option for option in state.options if not option.typed and option.when is None]
    if len(shown) < 2:
        return None
    one, other = rng.sample(shown, 2)
    entry = words.entries().get(other.label)
    if entry is None or one.label == other.label:
        return None
    label = '"' + words.label(one.label).replace('"', "'") + '"'
    changes = shop.put(entry.tree, (entry.name, "label"), label)
    near = words.entries()[one.label]
    lines = shop.line(entry.tree, entry.name, key=True) | shop.line(near.tree, near.name, key=True)
    return changes and (changes, "W620", lines)


# --- translations ----------------------------------------------------------------------------------------


def other_language(shop: Workshop, rng: Random) -> str | None:
    """Return a language that is not the source; None where there is none yet."""
    others = [lang for lang in shop.bench.content.prompts.languages if lang != SOURCE]
    return rng.choice(others) if others else None


@kind
def missing_translation(shop: Workshop, rng: Random) -> Cut | None:
    lang = other_language(shop, rng)
    if lang is None:
        return None
    name = rng.choice(sorted(shop.bench.content.prompts.names(lang) & shop.bench.content.prompts.names()))
    english = prompt_file(shop, name)
    return {prompt_file(shop, name, lang): None}, "W611", frozenset({(english, 1)})


@kind
def placeholder_missing_in_a_translation(shop: Workshop, rng: Random) -> Cut | None:
    lang = other_language(shop, rng)
    if lang is None:
        return None
    names = sorted(shop.bench.content.prompts.names(lang) & shop.bench.content.prompts.names())
    shown = [
        name for name in names if shop.bench.needs.shown(name, SOURCE) & shop.bench.needs.shown(name, lang)
    ]
    file = prompt_file(shop, rng.choice(shown), lang)
    bare = re.sub(r"\{[{%].*?[}%]\}", "…", shop.bench.text(file))
    line = 1 + bare.startswith("{#")
    return {file: bare}, "W605", frozenset({(file, line), (file, 1)})


@kind
def stale_translation(shop: Workshop, rng: Random) -> Cut | None:
    lang = other_language(shop, rng)
    if lang is None:
        return None
    name = rng.choice(sorted(shop.bench.content.prompts.names(lang) & shop.bench.content.prompts.names()))
    file = prompt_file(shop, name, lang)
    text = re.sub(r"^\{#\s*source:.*?#\}\s*", "", shop.bench.text(file))
    return {file: "{# source: 0123456789ab #}\n" + text}, "W610", frozenset({(file, 1)})


@kind
def still_in_english(shop: Workshop, rng: Random) -> Cut | None:
    lang = other_language(shop, rng)
    if lang is None:
        return None
    name = rng.choice(sorted(shop.bench.content.prompts.names(lang) & shop.bench.content.prompts.names()))
    english = shop.bench.text(prompt_file(shop, name))
    if len(english.split()) < 8:
        return None
    file = prompt_file(shop, name, lang)
    return {file: english}, "W621", frozenset({(file, 1)})


# --- data ------------------------------------------------------------------------------------------------


@kind
def expired_helpline(shop: Workshop, rng: Random) -> Cut | None:
    tree = tree_of(shop, rng.choice([HELPLINES, HELPLINES, WHY]))
    path = rng.choice([path for path in sorted(tree.spots, key=str) if path[-1:] == ("expires_on",)])
    changes = shop.put(tree, path, "2026-11-30")
    return changes and (changes, "G803", shop.line(tree, *path[:-1], key=True))


@kind
def removed_helpline(shop: Workshop, rng: Random) -> Cut | None:
    tree = tree_of(shop, HELPLINES)
    country = rng.choice(sorted(tree.data["countries"]))
    path = ("countries", country, rng.choice(["emergency", "suicide"]))
    changes = shop.take(tree, path)
    return changes and (changes, "Y121", shop.line(tree, "countries", country, key=True))


@kind
def removed_country(shop: Workshop, rng: Random) -> Cut | None:
    tree = tree_of(shop, HELPLINES)
    changes = shop.take(tree, ("countries", rng.choice(sorted(tree.data["countries"]))))
    known = tree_of(shop, GLOBALS)
    return changes and (changes, "G824", shop.line(known, "memory", "country", "of"))


@kind
def danger_nobody_answers(shop: Workshop, rng: Random) -> Cut | None:
    tree = tree_of(shop, GLOBALS)
    place = rng.randrange(len(tree.data["dangers"]))
    if tree.data["dangers"][place]["tier"] != "hard":
        return None
    changes = shop.drop(tree, ("dangers", place))
    return changes and (changes, "G832", shop.line(tree, "dangers", key=True))


@kind
def command_that_is_gone(shop: Workshop, rng: Random) -> Cut | None:
    tree = tree_of(shop, GLOBALS)
    gone, code = rng.choice([("stop", "S221"), ("export", "R017"), ("delete", "R017")])
    place = next(n for n, one in enumerate(tree.data["interrupts"]) if one["id"] == gone)
    changes = shop.drop(tree, ("interrupts", place))
    return changes and (changes, code, shop.line(tree, "interrupts", key=True))


@kind
def unknown_page(shop: Workshop, rng: Random) -> Cut | None:
    web = rng.choice([web for web in shop.webs if web.flow.why and "{" not in web.flow.why])
    return changed(shop, web, ("why",), lambda old: f"{old}-qx", "G814")
