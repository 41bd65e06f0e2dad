"""Edits that an author makes every day and that `check` must not refuse."""

from __future__ import annotations

import re
from collections.abc import Callable
from random import Random
from typing import TypeAlias

from bot.content.checks.lacks import value
from bot.content.yaml12 import Path
from tests.bench.mutating.in_flows import some_way
from tests.bench.mutating.in_words import prompt_file
from tests.bench.mutating.workshop import Changes, Workshop, offset

Edit: TypeAlias = Callable[[Workshop, Random], Changes | None]
EDITS: dict[str, Edit] = {}


def edit(make: Edit) -> Edit:
    """Add a kind of edit, named as its function is."""
    EDITS[make.__name__.replace("_", " ")] = make
    return make


@edit
def comment(shop: Workshop, rng: Random) -> Changes | None:
    file = shop.file(rng.choice(shop.webs).tree)
    lines = shop.bench.text(file).split("\n")
    lines.insert(
        rng.randrange(len(lines)), f"  # {rng.choice(['why so: ask {Sam}', 'later', 'TODO [x', ': - ?'])}"
    )
    return {file: "\n".join(lines)}


@edit
def comment_behind_a_line(shop: Workshop, rng: Random) -> Changes | None:
    file = shop.file(rng.choice(shop.webs).tree)
    lines = shop.bench.text(file).split("\n")
    at = rng.choice(
        [n for n, line in enumerate(lines) if line.endswith("}") and line.lstrip().startswith("- {")] or [0]
    )
    lines[at] += "   # so it is"
    return {file: "\n".join(lines)}


@edit
def another_wording(shop: Workshop, rng: Random) -> Changes | None:
    name = rng.choice(shop.spoken)
    text = shop.bench.text(file := prompt_file(shop, name))
    first = text.split("\n---\n")[0].rstrip()
    return {file: f"{text.rstrip()}\n---\n{first}\n"}


@edit
def reworded_line(shop: Workshop, rng: Random) -> Changes | None:
    file = prompt_file(shop, rng.choice(shop.spoken))
    text = shop.bench.text(file)
    words = list(re.finditer(r"(?<![\w{%'])(?:it|that|this|now)(?![\w'’])", text))
    if not words or "{" in text:
        return None
    found = rng.choice(words)
    return {file: f"{text[: found.start()]}all {text[found.start() :]}"}


@edit
def changed_label(shop: Workshop, rng: Random) -> Changes | None:
    key, entry = rng.choice(sorted(shop.bench.content.words.entries().items()))
    if len(entry.label) > 60:
        return None
    return shop.put(entry.tree, (entry.name, "label"), f'"{entry.label.replace(chr(34), "")} ({len(key)})"')


@edit
def new_phrase(shop: Workshop, rng: Random) -> Changes | None:
    _, entry = rng.choice(sorted(shop.bench.content.words.entries().items()))
    if not entry.says:
        return None
    return shop.put(
        entry.tree, (entry.name, "says", 0), f'"what nobody {rng.randrange(10_000)} ever said before"'
    )


@edit
def longer_timer(shop: Workshop, rng: Random) -> Changes | None:
    lapses = [
        (w, s, n) for w, s in shop.waits for n, timer in enumerate(s.timers) if timer.to and timer.after
    ]
    web, state, place = rng.choice(lapses)
    hours = (state.timers[place].after or 0) // 3600 + rng.randint(1, 48)
    return shop.put(web.tree, ("states", state.id, "timers", place, "after"), f"{hours}h")


@edit
def options_in_another_order_of_keys(shop: Workshop, rng: Random) -> Changes | None:
    web, state = rng.choice([one for one in shop.waits if one[1].options])
    place = rng.randrange(len(state.options))
    file, spot = shop.file(web.tree), web.tree.spot("states", state.id, "options", place)
    lines = shop.bench.text(file).split("\n")
    found = re.fullmatch(r"(\s*- \{)id: (\w+), (label: [\w/]+), (.*)(\}.*)", lines[spot.line - 1])
    if found is None or "}" in found[4]:
        return None
    lines[spot.line - 1] = f"{found[1]}{found[3]}, {found[4]}, id: {found[2]}{found[5]}"
    return {file: "\n".join(lines)}


@edit
def state_moved_to_the_end(shop: Workshop, rng: Random) -> Changes | None:
    web = rng.choice([one for one in shop.webs if list(one.tree.data)[-1] == "states"])
    file = shop.file(web.tree)
    lines = shop.bench.text(file).rstrip("\n").split("\n")
    first = web.tree.key_spot("states", rng.choice(sorted(web.flow.states))).line - 1
    last = first + 1
    while last < len(lines) and (lines[last].startswith("   ") or not lines[last].strip()):
        last += 1
    block = [line for line in lines[first:last] if line.strip()]
    return {file: "\n".join([*lines[:first], *lines[last:], *block]) + "\n"}


@edit
def new_state_on_the_way(shop: Workshop, rng: Random) -> Changes | None:
    web, state = rng.choice([one for one in shop.states if one[1].goto and not one[1].waits])
    if state.rung or not isinstance(value(web.tree, ("states", state.id, "goto")), str):
        return None
    file, target = shop.file(web.tree), state.goto[0].to
    changes = shop.put(web.tree, ("states", state.id, "goto"), "by_the_way")
    if changes is None:
        return None
    text, _ = shop.with_state(str(changes[file]), f"  by_the_way: {{goto: {target}}}\n")
    return {file: text.replace(f"\nversion: {web.flow.version}\n", f"\nversion: {web.flow.version + 1}\n", 1)}


@edit
def new_option(shop: Workshop, rng: Random) -> Changes | None:
    web, state = rng.choice([one for one in shop.waits if one[1].choices and one[1].gate is None])
    always = [one for one in state.options if one.when is None and one.button is None and not one.typed]
    file, spot = shop.file(web.tree), web.tree.spot("states", state.id, "options", 0)
    text = shop.bench.text(file)
    start = offset(text, spot)
    line = text[text.rindex("\n", 0, start) + 1 : start]
    if line.strip() != "-" or len(always) > 4 or state.rung:
        return None
    first = state.options[0]
    if first.set or first.when is not None or len(first.to) > 1:
        return None  # where it leads may need what the other answer has set
    target = first.to[0].to
    new = f"{{id: brand_new, label: notice/days, says: notice/days, typed: true, to: {target}}}\n{line}"
    if any(option.says == "notice/days" or option.label == "notice/days" for option in state.options):
        return None
    text = text[:start] + new + text[start:]
    return {file: text.replace(f"\nversion: {web.flow.version}\n", f"\nversion: {web.flow.version + 1}\n", 1)}


@edit
def quoted_name(shop: Workshop, rng: Random) -> Changes | None:
    web, _, path = some_way(shop, rng)
    return shop.put(web.tree, path, lambda old: old if old[:1] in "'\"" else f'"{old}"')


@edit
def blank_lines(shop: Workshop, rng: Random) -> Changes | None:
    file = shop.file(rng.choice(shop.webs).tree)
    text = shop.bench.text(file)
    at = rng.choice([match.end() for match in re.finditer(r"\n(?=  \w)", text)])
    return {file: f"{text[:at]}\n\n{text[at:]}"}


@edit
def windows_line_ends(shop: Workshop, rng: Random) -> Changes | None:
    file = shop.file(rng.choice(shop.webs).tree)
    return {file: shop.bench.text(file).replace("\n", "\r\n")}


@edit
def wider_slot(shop: Workshop, rng: Random) -> Changes | None:
    texts = [
        (web, slot)
        for web in shop.webs
        for slot in web.flow.slots.values()
        if slot.type == "text" and slot.max
    ]
    web, slot = rng.choice(texts)
    path: Path = ("slots", slot.id, "max")
    return shop.put(web.tree, path, str((slot.max or 0) + 5))
