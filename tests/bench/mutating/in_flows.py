"""Faults in the flows: ways, waits, calls, slots, guards and gates."""

from __future__ import annotations

from random import Random

from bot.content.checks.lacks import value
from bot.content.checks.webs import Web, repair_key, ways
from bot.content.yaml12 import Path
from bot.dialogue.flow import State
from tests.bench.mutating.workshop import Cut, Put, Workshop, kind, offset


def changed(shop: Workshop, web: Web, path: Path, new: Put, codes: str) -> Cut | None:
    """Write something at a path, where the fault is told."""
    changes = shop.put(web.tree, path, new)
    return changes and (changes, codes, shop.line(web.tree, *path))


def added(
    shop: Workshop, web: Web, state: str, codes: str, led: tuple[Path, str] | None = None
) -> Cut | None:
    """Add a state, told at its line; perhaps a way leads to it."""
    file = shop.file(web.tree)
    text = shop.bench.text(file)
    if led is not None:
        changes = shop.put(web.tree, *led)
        if changes is None:
            return None
        text = str(changes[file])
    text, line = shop.with_state(text, state)
    return {file: text}, codes, frozenset({(file, line)})


def some_way(shop: Workshop, rng: Random) -> tuple[Web, State, Path]:
    """Return a random way."""
    while True:
        web, state = rng.choice(shop.states)
        found = list(ways(web, state))
        if found:
            return web, state, rng.choice(found)[1]


# --- ways ------------------------------------------------------------------------------------------------


@kind
def dangling_target(shop: Workshop, rng: Random) -> Cut | None:
    web, _, path = some_way(shop, rng)
    return changed(shop, web, path, lambda old: f"{old}_{rng.choice('qxz')}x", "S201")


@kind
def trap(shop: Workshop, rng: Random) -> Cut | None:
    web, _, path = some_way(shop, rng)
    label = rng.choice(sorted(shop.bench.content.words.entries()))
    state = (
        f"  dead_end:\n    say: common/again\n    options: [{{id: stay, label: {label}, to: dead_end}}]\n"
        "    other: {give_up: dead_end}\n    timers: [{id: lapse, after: 72h, to: dead_end}]\n"
    )
    return added(shop, web, state, "S203", (path, "dead_end"))


@kind
def state_nobody_reaches(shop: Workshop, rng: Random) -> Cut | None:
    web, state = rng.choice(shop.states)
    return added(shop, web, f"  lone_one: {{say: common/again, goto: {state.id}}}\n", "S202")


@kind
def circle_without_a_wait(shop: Workshop, rng: Random) -> Cut | None:
    web, _, path = some_way(shop, rng)
    ring = "  ring_one: {goto: ring_two}\n  ring_two: {goto: ring_one}\n"
    return added(shop, web, ring, "S208 S203", (path, "ring_one"))


@kind
def missing_else(shop: Workshop, rng: Random) -> Cut | None:
    found = [one for one in shop.guards() if one[2][-3] in {"goto", "to"}]
    web, _, path, _ = rng.choice(found)
    held = value(web.tree, path[:-2])
    if not isinstance(held, list) or "else" not in held[-1]:
        return None
    changes = shop.drop(web.tree, (*path[:-2], len(held) - 1))
    lines = [shop.line(web.tree, *path[:-2]), shop.line(web.tree, *path[:-1])]
    lines += [shop.line(web.tree, *path[:-2], place) for place in range(len(held))]
    return changes and (changes, "Y128", frozenset().union(*lines))


@kind
def outcome_that_never_happens(shop: Workshop, rng: Random) -> Cut | None:
    web = rng.choice(shop.webs)
    path: Path = ("outcomes", 0)
    return changed(shop, web, path, lambda old: f"{old}, never_so", "S205")


@kind
def undeclared_outcome(shop: Workshop, rng: Random) -> Cut | None:
    web, state = rng.choice([one for one in shop.states if one[1].end is not None])
    return changed(shop, web, ("states", state.id, "end"), lambda old: f"{old}_qx", "S206")


# --- waits -----------------------------------------------------------------------------------------------


@kind
def wait_without_way_out(shop: Workshop, rng: Random) -> Cut | None:
    web, state = rng.choice(shop.waits)
    changes = shop.take(web.tree, ("states", state.id, repair_key(web, state), "give_up"))
    lines = shop.line(web.tree, "states", state.id, key=True)
    return changes and (changes, "S212", lines)


@kind
def wait_without_a_lapse(shop: Workshop, rng: Random) -> Cut | None:
    web, state = rng.choice(shop.waits)
    lapses = [place for place, timer in enumerate(state.timers) if timer.to is not None]
    if len(lapses) != 1:
        return None
    at: Path = ("states", state.id, "timers")
    changes = shop.take(web.tree, at) if len(state.timers) == 1 else shop.drop(web.tree, (*at, lapses[0]))
    lines = shop.line(web.tree, "states", state.id, key=True)
    return changes and (changes, "M501", lines)


@kind
def nudge_after_the_lapse(shop: Workshop, rng: Random) -> Cut | None:
    nudges = [(web, state, n) for web, state in shop.waits for n, one in enumerate(state.timers) if one.say]
    web, state, place = rng.choice(nudges)
    path: Path = ("states", state.id, "timers", place, "after")
    return changed(shop, web, path, f"{rng.randint(91, 99)}d", "M502")


@kind
def too_many_messages(shop: Workshop, rng: Random) -> Cut | None:
    web, state = rng.choice([one for one in shop.states if one[1].say])
    path: Path = ("states", state.id, "say")
    prompt = rng.choice(shop.spoken)
    four = f"[{', '.join([prompt] * 4)}]"
    changes = (
        shop.put(web.tree, path, four)
        if path == shop.place_of(web, path, 0)
        else shop.put(web.tree, (*path, 0), ", ".join([prompt] * 4))
    )
    lines = shop.line(web.tree, "states", state.id, key=True)
    return changes and (changes, "S210", lines)


@kind
def deniable_danger(shop: Workshop, rng: Random) -> Cut | None:
    web = rng.choice(shop.webs)
    never = rng.choice(["stop", "human", "delete", "export", "self", "unsafe", "coerced", "other"])
    deny = value(web.tree, ("deny",))
    if isinstance(deny, list):
        return changed(shop, web, ("deny", 0), lambda old: f"{old}, {never}", "S215")
    text = shop.bench.text(file := shop.file(web.tree))
    at = offset(text, web.tree.key_spot("entry"))
    line = web.tree.key_spot("entry").line
    changes: dict[str, str | None] = {file: f"{text[:at]}deny: [{never}]\n{text[at:]}"}
    return (changes, "S215", frozenset({(file, line)}))


@kind
def duplicate_option(shop: Workshop, rng: Random) -> Cut | None:
    web, state = rng.choice([one for one in shop.waits if len(one[1].options) > 1])
    first, second = sorted(rng.sample(range(len(state.options)), 2))
    path: Path = ("states", state.id, "options", second, "id")
    return changed(shop, web, path, state.options[first].id, "Y129")


@kind
def duplicate_state(shop: Workshop, rng: Random) -> Cut | None:
    web, state = rng.choice(shop.states)
    file = shop.file(web.tree)
    text, line = shop.with_state(shop.bench.text(file), f"  {state.id}: {{goto: {web.flow.entry}}}\n")
    lines = {(file, line), (file, web.tree.key_spot("states", state.id).line + 1)}
    return ({file: text}, "Y105", frozenset(lines))


@kind
def unknown_key(shop: Workshop, rng: Random) -> Cut | None:
    web, state = rng.choice(shop.states)
    raw = value(web.tree, ("states", state.id))
    keys = [key for key in raw if len(key) > 3] if isinstance(raw, dict) else []
    if not keys:
        return None
    key = rng.choice(keys)
    file, spot = shop.file(web.tree), web.tree.key_spot("states", state.id, key)
    text = shop.bench.text(file)
    at = offset(text, spot)
    wrong = key[0] + key[2] + key[1] + key[3:]
    if wrong == key:
        return None
    changes: dict[str, str | None] = {file: text[:at] + wrong + text[at + len(key) :]}
    return (changes, "Y120", frozenset({(file, spot.line)}))


@kind
def broken_yaml(shop: Workshop, rng: Random) -> Cut | None:
    web = rng.choice(shop.webs)
    file = shop.file(web.tree)
    lines = shop.bench.text(file).split("\n")
    closing = [n for n, line in enumerate(lines) if line.rstrip().endswith("}") and line.lstrip()[:1] in "-{"]
    if not closing:
        return None
    at = rng.choice(closing)
    lines[at] = lines[at].rstrip()[:-1]
    where = {(file, at + 1), (file, at + 2)}
    return ({file: "\n".join(lines)}, "Y103", frozenset(where))


@kind
def bad_duration(shop: Workshop, rng: Random) -> Cut | None:
    timers = [(web, state, n) for web, state in shop.waits for n, one in enumerate(state.timers) if one.after]
    web, state, place = rng.choice(timers)
    path: Path = ("states", state.id, "timers", place, "after")
    return changed(shop, web, path, rng.choice(["72", "soon", "3 days"]), "Y124 Y122")


@kind
def version_not_raised(shop: Workshop, rng: Random) -> Cut | None:
    web, state = rng.choice([one for one in shop.waits if one[1].options])
    place = rng.randrange(len(state.options))
    changes = shop.put(
        web.tree, ("states", state.id, "options", place, "id"), lambda old: old.strip("\"'") + "2"
    )
    return changes and (changes, "S290", shop.line(web.tree, "version"))
