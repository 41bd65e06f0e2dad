"""Faults in what is held, given and promised: slots, guards, calls, gates and what is private."""

from __future__ import annotations

from collections.abc import Iterator
from random import Random

from bot.content.checks.lacks import value
from bot.content.checks.webs import Web, listed, ways
from bot.content.yaml12 import Path
from bot.dialogue.flow import Setter, State
from bot.dialogue.guard_nodes import Name
from tests.bench.mutating.in_flows import added, changed, some_way
from tests.bench.mutating.workshop import Cut, Workshop, kind


def setters(shop: Workshop) -> Iterator[tuple[Web, Setter, Path]]:
    """Yield every setter of a state or an option, and where its value is written."""
    for web, state in shop.states:
        at: Path = ("states", state.id)
        yield from ((web, one, (*at, "set", one.slot)) for one in state.set)
        for place, option in enumerate(state.options):
            yield from ((web, one, (*at, "options", place, "set", one.slot)) for one in option.set)


# --- slots and guards ------------------------------------------------------------------------------------


@kind
def value_of_the_wrong_type(shop: Workshop, rng: Random) -> Cut | None:
    found = [one for one in setters(shop) if one[1].value is not None]
    web, setter, path = rng.choice(found)
    slot = web.scope[setter.slot]
    if slot.type not in {"int", "bool", "enum", "time"}:
        return None
    return changed(shop, web, path, "quite_wrong", "T309")


@kind
def unknown_slot(shop: Workshop, rng: Random) -> Cut | None:
    web, setter, path = rng.choice(list(setters(shop)))
    file, spot = shop.file(web.tree), web.tree.key_spot(*path)
    lines = shop.bench.text(file).split("\n")
    before, after = lines[spot.line - 1][: spot.column - 1], lines[spot.line - 1][spot.column - 1 :]
    if not after.startswith(setter.slot):
        return None
    lines[spot.line - 1] = f"{before}{setter.slot}_qx{after[len(setter.slot) :]}"
    return {file: "\n".join(lines)}, "T301", frozenset({(file, spot.line)})


@kind
def guard_of_the_wrong_type(shop: Workshop, rng: Random) -> Cut | None:
    web, _, path, guard = rng.choice(list(shop.guards()))
    name = rng.choice(sorted(guard.names))
    wrong = "'seven'" if web.scope[name].type in {"int", "duration"} else "7777"
    return changed(shop, web, path, f'"{name} == {wrong}"', "T304")


@kind
def guard_always_true(shop: Workshop, rng: Random) -> Cut | None:
    web, _, path, guard = rng.choice(list(shop.guards()))
    return changed(shop, web, path, f'"({guard.source}) or not ({guard.source})"', "T305")


@kind
def guard_never_true(shop: Workshop, rng: Random) -> Cut | None:
    web, _, path, guard = rng.choice(list(shop.guards()))
    return changed(shop, web, path, f'"({guard.source}) and not ({guard.source})"', "T306")


@kind
def unreadable_guard(shop: Workshop, rng: Random) -> Cut | None:
    web, _, path, guard = rng.choice(list(shop.guards()))
    return changed(shop, web, path, f'"{guard.source} {rng.choice(["and", "==", ")"])}"', "Y126")


@kind
def slot_that_may_be_unset(shop: Workshop, rng: Random) -> Cut | None:
    web, state = rng.choice([one for one in shop.states if one[1].goto and not one[1].waits])
    path: Path = ("states", state.id, "goto")
    target = value(web.tree, path)
    file = shop.file(web.tree)
    ways_on = f'[{{if: "never_said > 1", to: {target}}}, {{else: {target}}}]'
    changes = shop.put(web.tree, path, ways_on) if isinstance(target, str) else None
    if changes is None:
        return None
    text = str(changes[file])
    line = web.tree.spot(*path).line
    if "slots:\n" in text:
        text = text.replace("slots:\n", "slots:\n  never_said: {type: int}\n", 1)
        line += line > web.tree.key_spot("slots").line
    else:
        text = text.replace("states:\n", "slots: {never_said: {type: int}}\nstates:\n", 1)
        line += 1
    return {file: text}, "T303", frozenset({(file, line)})


@kind
def slot_nobody_uses(shop: Workshop, rng: Random) -> Cut | None:
    web = rng.choice([web for web in shop.webs if web.flow.slots])
    file = shop.file(web.tree)
    text = shop.bench.text(file)
    if "\nslots:\n" not in text:
        return None
    line = text[: text.index("\nslots:\n")].count("\n") + 3
    idle = text.replace("\nslots:\n", f"\nslots:\n  idle_one: {{type: {rng.choice(['int', 'bool'])}}}\n", 1)
    return {file: idle}, "T302", frozenset({(file, line)})


@kind
def value_that_is_never_set(shop: Workshop, rng: Random) -> Cut | None:
    given = {one.slot for _, state in shop.states if state.call for one in state.call.give}
    given |= {one.slot for _, state in shop.states for remind in state.remind for one in remind.give}
    given |= {theirs for _, state in shop.states if state.call for _, theirs in state.call.take}
    given |= {one.slot for _, one, _ in setters(shop) if one.expr is not None}
    enums = [
        (web, slot)
        for web in shop.webs
        for slot in web.flow.slots.values()
        if slot.type == "enum" and slot.id not in given and slot.default is None
    ]
    web, slot = rng.choice(enums)
    return changed(shop, web, ("slots", slot.id, "of", 0), lambda old: f"unheard_of, {old}", "T308")


# --- calls -----------------------------------------------------------------------------------------------


@kind
def unhandled_outcome(shop: Workshop, rng: Random) -> Cut | None:
    web, state = rng.choice([one for one in shop.states if one[1].call and len(one[1].call.returns) > 1])
    assert state.call
    path: Path = ("states", state.id, "returns")
    changes = shop.take(web.tree, (*path, rng.choice(sorted(state.call.returns))))
    return changes and (changes, "C402", shop.line(web.tree, *path, key=True))


@kind
def outcome_that_does_not_exist(shop: Workshop, rng: Random) -> Cut | None:
    web, state = rng.choice([one for one in shop.states if one[1].call])
    assert state.call
    outcome, target = rng.choice(sorted(state.call.returns.items()))
    path: Path = ("states", state.id, "returns", outcome)
    return changed(shop, web, path, f"{target}, quite_other: {target}", "C403")


@kind
def unknown_flow(shop: Workshop, rng: Random) -> Cut | None:
    web, state = rng.choice([one for one in shop.states if one[1].call])
    return changed(shop, web, ("states", state.id, "call"), lambda old: f"{old}_qx", "C401")


@kind
def wrong_type_across_a_call(shop: Workshop, rng: Random) -> Cut | None:
    web, state = rng.choice([one for one in shop.states if one[1].call and one[1].call.give])
    assert state.call
    one = rng.choice(state.call.give)
    if one.expr is None or not isinstance(one.expr.tree, Name):
        return None
    others = [slot.id for slot in web.scope.values() if slot.type in {"time", "list"}]
    return changed(shop, web, ("states", state.id, "with", one.slot), rng.choice(others), "C404")


@kind
def unknown_slot_of_the_other_flow(shop: Workshop, rng: Random) -> Cut | None:
    web, state = rng.choice([one for one in shop.states if one[1].call and one[1].call.take])
    assert state.call
    ours, theirs = rng.choice(state.call.take)
    return changed(shop, web, ("states", state.id, "take", ours), f"{theirs}_qx", "C406")


# --- gates -----------------------------------------------------------------------------------------------


def rungs(shop: Workshop) -> frozenset[tuple[str, int]]:
    """Return where the states of the ladder stand: there a way past a gate is told."""
    found = (shop.line(web.tree, "states", state.id, key=True) for web, state in shop.states if state.rung)
    return frozenset[tuple[str, int]]().union(*found)


@kind
def rung_past_a_gate(shop: Workshop, rng: Random) -> Cut | None:
    web, state = rng.choice([one for one in shop.states if one[1].gate])
    opening = [option.to[0].to for option in state.options if option.passes]
    shut = [n for n, option in enumerate(state.options) if not option.passes and len(option.to) == 1]
    path: Path = ("states", state.id, "options", rng.choice(shut), "to")
    changes = shop.put(web.tree, path, opening[0]) if isinstance(value(web.tree, path), str) else None
    return changes and (changes, "P701", rungs(shop))


@kind
def ladder_without_asking(shop: Workshop, rng: Random) -> Cut | None:
    """Lead a way that goes to the question of a gate right to the ladder.

    A flow that begins by a reminder may count on what was asked when it was promised.
    """
    promised = {remind.flow for _, state in shop.states for remind in state.remind}
    found = [
        (web, path, ladder.id)
        for web in shop.webs
        if web.id not in promised
        for ladder in web.flow.states.values()
        if ladder.call and ladder.call.flow == "ladder"
        for state in web.flow.states.values()
        for target, path in ways(web, state)
        if (asked := web.flow.states.get(target)) and asked.call and asked.call.flow == "person_check"
    ]
    web, path, ladder = rng.choice(found)
    changes = shop.put(web.tree, path, ladder)
    return changes and (changes, "P701", rungs(shop))


@kind
def gate_nobody_passes(shop: Workshop, rng: Random) -> Cut | None:
    web, state = rng.choice([one for one in shop.states if one[1].gate])
    opening = [n for n, option in enumerate(state.options) if option.passes]
    if len(opening) != 1:
        return None
    changes = shop.take(web.tree, ("states", state.id, "options", opening[0], "passes"))
    return changes and (changes, "P703", shop.line(web.tree, "states", state.id, "gate"))


@kind
def rung_said_outside_the_ladder(shop: Workshop, rng: Random) -> Cut | None:
    web, state, _, path = rng.choice([one for one in shop.said if one[1].rung is None])
    prompts = [name for name in shop.spoken if name.startswith("rung/")]
    changes = shop.put(web.tree, path, rng.choice(prompts))
    return changes and (changes, "P704", shop.line(web.tree, "states", state.id, "say", key=True))


@kind
def card_without_a_number(shop: Workshop, rng: Random) -> Cut | None:
    cards = [
        one
        for one in shop.said
        if one[2].endswith("/card")
        and one[1].id == one[0].flow.entry
        and one[0].id not in {"unreal", "controller"}
    ]
    web, state, _, path = rng.choice(cards)
    changes = shop.put(web.tree, path, "common/again")
    return changes and (changes, "P706", shop.line(web.tree, "states", state.id, key=True))


# --- what is private -------------------------------------------------------------------------------------


@kind
def own_words_that_are_not_private(shop: Workshop, rng: Random) -> Cut | None:
    asked = {(web.id, state.ask.slot) for web, state in shop.waits if state.ask}
    texts = [
        (web, slot.id)
        for web in shop.webs
        for slot in web.flow.slots.values()
        if slot.private and slot.type == "text" and (web.id, slot.id) in asked
    ]
    web, slot = rng.choice(texts)
    changes = shop.take(web.tree, ("slots", slot, "private"))
    return changes and (changes, "R011", shop.line(web.tree, "slots", slot, key=True))


@kind
def private_value_given_away(shop: Workshop, rng: Random) -> Cut | None:
    """Take the privacy of a slot that another flow fills with private words."""
    given = [
        (web, (*path, one.slot), shop.net.webs[flow], one.slot)
        for web, state in shop.states
        for flow, give, path in _given(web, state)
        for one in give
        if one.expr and isinstance(one.expr.tree, Name) and web.scope[one.expr.tree.id].private
    ]
    web, path, callee, slot = rng.choice(given)
    changes = shop.take(callee.tree, ("slots", slot, "private"))
    return changes and (changes, "R013", shop.line(web.tree, *path))


def _given(web: Web, state: State) -> Iterator[tuple[str, tuple[Setter, ...], Path]]:
    at: Path = ("states", state.id)
    if state.call is not None:
        yield state.call.flow, state.call.give, (*at, "with")
    for place, remind in enumerate(state.remind):
        yield remind.flow, remind.give, (*listed(web, (*at, "remind"), place), "with")


@kind
def private_slot_kept_for_ever(shop: Workshop, rng: Random) -> Cut | None:
    kept = [
        (web, slot.id) for web in shop.webs for slot in web.flow.slots.values() if slot.private and slot.keep
    ]
    web, slot = rng.choice(kept)
    changes = shop.take(web.tree, ("slots", slot, "keep"))
    return changes and (changes, "R012", shop.line(web.tree, "slots", slot, key=True))


@kind
def unused_way_to_nowhere(shop: Workshop, rng: Random) -> Cut | None:
    """Migrate a state to one that is not there."""
    moved = [
        (web, place, old)
        for web in shop.webs
        for place, step in enumerate(web.flow.migrate)
        for old, (_, say) in step.states.items()
        if say is None
    ]
    if not moved:
        return None
    web, place, old = rng.choice(moved)
    return changed(shop, web, ("migrate", place, "states", old), "no_such_place", "V901")


@kind
def state_that_asks_twice(shop: Workshop, rng: Random) -> Cut | None:
    """Give a state two ways on."""
    web, _, path = some_way(shop, rng)
    state = f"  two_ways: {{goto: {web.flow.entry}, end: {web.flow.outcomes[0]}}}\n"
    return added(shop, web, state, "Y127", (path, "two_ways"))
