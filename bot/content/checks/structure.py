"""The shape of each flow: every way leads somewhere, every state is reached, and every state can be left."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from bot.content.checks.circles import spread, strong
from bot.content.checks.lacks import is_id, value
from bot.content.checks.webs import Net, Web, also, mean, repair_key, ways
from bot.content.faults import Fault, Spot, did_you_mean
from bot.dialogue.flow import Line, State
from bot.dialogue.several import together

MOST_OPTIONS = 25
"""Buttons under one message on the narrowest platform."""
MOST_READ = 5
"""Options that are always shown: a person who is tired reads three."""


def faults(net: Net) -> Iterator[Fault]:
    """Check the shape of every flow."""
    deniable = _deniable(net)
    for web in net.webs.values():
        yield from _targets(web)
        reached = _reached(web)
        yield from _unreached(web, reached)
        yield from _endless(web, reached)
        if net.pieces.globals_tree is not None:
            yield from _denied(web, deniable)
        for state in web.sound_waits():
            yield from _wait(web, state)


# --- targets -------------------------------------------------------------------------------------------


def _targets(web: Web) -> Iterator[Fault]:
    """Report ways, ends and entries that lead to what is not there."""
    for key, name in (("entry", web.flow.entry), ("careful", web.flow.careful)):
        if name is not None and name not in web.flow.states:
            fix = mean(did_you_mean(name, web.flow.states), "write it")
            yield Fault("S201", web.spot(key), f"{key!r} names {name!r}, which is no state", fix)
    if web.lost:
        yield from _lost(web)
    for state in web.flow.states.values():
        if state.end is not None and web.ends.get(state.id) != state.end:
            message = f"state {state.id!r} ends with {state.end!r}, which is no outcome of this flow"
            fix = mean(web.ends.get(state.id), "add it to `outcomes`")
            yield Fault("S206", web.spot("states", state.id, "end"), message, fix)
    for name in web.flow.outcomes:
        if name in web.flow.states:
            message = f"{name!r} is a state and an outcome, so a way to it could mean either"
            yield Fault("S207", web.key("states", name), message, "rename one of them")


def _lost(web: Web) -> Iterator[Fault]:
    """Report each target that is nowhere once, with all that lead to it."""
    found: dict[str, list[tuple[str, Spot]]] = {}
    for state in web.flow.states.values():
        for target, path in ways(web, state):
            # A target whose state has no proper id is mended there.
            if target not in web.known and is_id(web.lost[target] or "anything"):
                found.setdefault(target, []).append((state.id, web.spot(*path)))
    for target, places in found.items():
        spots = [spot for _, spot in places]
        message = f"state {places[0][0]!r} goes to {target!r}, which is no state and no outcome{also(spots)}"
        yield Fault("S201", spots[0], message, mean(web.lost[target], "write the state"))


# --- the graph -----------------------------------------------------------------------------------------


def _reached(web: Web) -> set[str]:
    """Return what can be reached; everything, where a way leads nobody knows where."""
    found = spread([*web.starts, *web.guesses], web.goals)
    named = [web.flow.entry, *filter(None, (web.flow.careful,))]
    unknown = any(web.meant(name, web.flow.states) is None for name in named)
    unknown = unknown or web.open_ended or not found.isdisjoint(web.wild)
    return set(web.known) if unknown else found


def _unreached(web: Web, reached: set[str]) -> Iterator[Fault]:
    """Report states nobody reaches: of those that lead to one another only the first."""
    missing = [id for id in web.flow.states if id not in reached]
    led_to = {to for id in missing for to in web.goals[id] if to != id}
    told: set[str] = set()
    for id in [one for one in missing if one not in led_to] + missing:
        if id not in told:
            told |= spread([id], web.goals)
            message = f"no way leads to state {id!r}"
            yield Fault("S202", web.key("states", id), message, "lead a way to it, or remove it")


def _endless(web: Web, reached: set[str]) -> Iterator[Fault]:
    """Report what never comes to an end, and outcomes nothing leads to."""
    back: dict[str, list[str]] = {}
    for id, goals in web.goals.items():
        for to in goals:
            back.setdefault(to, []).append(id)
    good = spread([*web.flow.outcomes, *web.wild, *web.astray], back)
    if web.starts and good.isdisjoint(web.starts):
        fix = "let a state `end:` it, or go to an outcome"
        yield Fault("S204", web.key("entry"), f"nothing in flow {web.id!r} leads to an end", fix)
        return
    traps = {id: web.goals[id] for id in web.flow.states if id in reached and id not in good}
    for ring in strong(traps):
        if all(to in ring for id in ring for to in traps[id]):
            first = next(id for id in traps if id in ring)
            message = f"from state {first!r} no way leads to an end of the flow"
            yield Fault("S203", web.key("states", first), message, "lead a way from it toward an outcome")
    for place, name in enumerate(web.flow.outcomes):
        if name not in web.happening:
            message = f"nothing leads to the outcome {name!r}"
            yield Fault("S205", web.spot("outcomes", place), message, "lead a way to it, or remove it")


# --- waits and what they deny --------------------------------------------------------------------------


def _wait(web: Web, state: State) -> Iterator[Fault]:
    """Check the ways out of a wait that need no understanding."""
    repair = state.repair
    if repair.give_up is None:
        message = f"state {state.id!r} waits and never gives up on what it does not understand"
        yield Fault("S212", web.key("states", state.id), message, "add `give_up: target`")
    elif len(repair.reprompt) >= max(repair.max_tries, 1):
        yield _unheard(web, state, repair.reprompt)
    if len(state.choices) > MOST_OPTIONS:
        spot = web.spot("states", state.id, "options", state.choices[MOST_OPTIONS].index)
        message = f"state {state.id!r} has {len(state.choices)} options, more than {MOST_OPTIONS}"
        yield Fault("S213", spot, message, "split the question in two")

    yield from _several(web, state)
    always = [one for one in state.options if not one.typed and one.when is None and one.button is None]
    if MOST_OPTIONS >= len(always) > MOST_READ:
        spot = web.spot("states", state.id, "options", state.options.index(always[MOST_READ]))
        message = f"state {state.id!r} always shows {len(always)} options, more than {MOST_READ}"
        yield Fault("S222", spot, message, "show some only where they fit", "warning")


def _several(web: Web, state: State) -> Iterator[Fault]:
    """Check that where two options may be named, two taps can give them, and neither opens a gate."""
    if not state.several or len(together(web.flow, state)) > 1:
        return
    spot = web.spot("states", state.id, "several")
    if isinstance(state.several, str) and state.option(state.several) is None:
        fix = mean(did_you_mean(state.several, state.ids), "name the option that leads to them")
        yield Fault("S223", spot, f"`several` names {state.several!r}, which is no option here", fix)
        return
    message = f"no two options of state {state.id!r} can be taken one after the other"
    fix = "lead one straight to a question with the same options, none of them a gate, or remove `several`"
    yield Fault("S223", spot, message, fix)


def _unheard(web: Web, state: State, ladder: tuple[Line, ...]) -> Fault:
    first = max(state.repair.max_tries, 1) - 1
    spot = web.spot("states", state.id, repair_key(web, state), "reprompt", first)
    message = f"reprompt {ladder[first].prompt!r} is never said: miss {first + 1} gives up"
    return Fault("S214", spot, message, f"raise `max_tries` to {len(ladder) + 1}, or remove it")


_ALWAYS = frozenset(("human", "delete", "export"))
"""What everybody may ask for at any moment: whether this is a script, all that is kept, and to be gone."""


def _deniable(net: Net) -> dict[str, bool]:
    """Return every name `deny` might hold, and whether it may: never what stops, never a danger."""
    dangers = net.globals.dangers
    cards = {one.call for one in dangers}
    asked = {
        one.id: not one.always and one.call not in cards and one.id not in _ALWAYS
        for one in net.globals.interrupts
    }
    return {**dict.fromkeys((one.gate for one in dangers), False), **asked}


def _denied(web: Web, deniable: Mapping[str, bool]) -> Iterator[Fault]:
    """Check the interrupts a flow refuses."""
    written = value(web.tree, ("deny",))
    for name in sorted(web.flow.deny):
        spot = web.spot("deny", written.index(name) if isinstance(written, list) and name in written else 0)
        if name not in deniable:
            fix = mean(did_you_mean(name, deniable), "remove it")
            yield Fault("S216", spot, f"`deny` names {name!r}, which is no interrupt", fix)
        elif not deniable[name]:
            yield Fault("S215", spot, f"{name!r} may never be denied", "remove it from `deny`")
