"""Slots as they are declared: each has a name of its own, is used, and can hold what it says it can."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from bot.content.checks.lacks import is_id
from bot.content.checks.lines import named
from bot.content.checks.options import option_faults
from bot.content.checks.types import Checked
from bot.content.checks.webs import ENGINE, Net, Web, also, mean
from bot.content.faults import Fault, Spot, did_you_mean
from bot.dialogue.flow import State


def faults(net: Net) -> Iterator[Fault]:
    """Check the slots, guards and options of every flow."""
    given, taken = _outside(net)
    all_checked = []
    for web in net.webs.values():
        checked = Checked(web)
        yield from checked.faults()
        all_checked.append(checked)
        elsewhere = given.get(web.id, set())
        if not web.cut_short:
            yield from _unused(net, web, checked.named | elsewhere | taken.get(web.id, set()))
            yield from _never_set(web, checked, elsewhere)
        yield from _declared(net, web)
    yield from _unknown(net, all_checked)
    yield from option_faults(net)


def _outside(net: Net) -> tuple[dict[str, set[str]], dict[str, set[str]]]:
    """Return, for each flow, its slots that other flows give, and those that they take."""
    given: dict[str, set[str]] = {}
    taken: dict[str, set[str]] = {}
    for web in net.webs.values():
        for call in web.calls.values():
            callee = net.webs.get(net.meant(call.flow) or "")
            if callee is not None:
                given.setdefault(callee.id, set()).update(_meant(callee, one.slot) for one in call.give)
                taken.setdefault(callee.id, set()).update(_meant(callee, theirs) for _, theirs in call.take)
        for remind in (one for state in web.flow.states.values() for one in state.remind):
            callee = net.webs.get(net.meant(remind.flow) or "")
            if callee is not None:
                given.setdefault(callee.id, set()).update(_meant(callee, one.slot) for one in remind.give)
    return given, taken


def _meant(callee: Web, name: str) -> str:
    return callee.meant(name, callee.flow.slots) or name


def _unknown(net: Net, found: Sequence[Checked]) -> Iterator[Fault]:
    """Report each unknown name once, with all its places; without globals nobody knows the memory."""
    if net.pieces.globals_tree is None:
        return
    missing: dict[str, tuple[str | None, list[Spot]]] = {}
    for checked in found:
        web = checked.web
        net.undeclared[web.id] = set(checked.unknown)
        if "slots" in web.tree.data and not isinstance(web.tree.data["slots"], dict):
            continue  # declarations were begun and could not be read
        for name, spots in checked.unknown.items():
            near = did_you_mean(name, web.scope)
            if near is None or near not in web.flow.slots:
                missing.setdefault(name, (near, []))[1].extend(spots)
            elif is_id(near):
                yield _no_slot(name, spots, near)
    # What is missing in several flows alike is one memory that nobody declared.
    for name, (near, spots) in missing.items():
        yield _no_slot(name, spots, near)


def _no_slot(name: str, spots: list[Spot], near: str | None) -> Fault:
    return Fault("T301", spots[0], f"{name!r} is no slot here{also(spots)}", mean(near, "declare it"))


def _unused(net: Net, web: Web, named: set[str]) -> Iterator[Fault]:
    """Report slots that nothing in the flow names, and no prompt of it shows."""
    taken = net.globals.memory.keys() | ENGINE.keys()
    idle = web.flow.slots.keys() - named - web.lost_words - taken
    # Prompts are looked into only for a slot that nothing else uses: to parse them takes its time.
    idle -= _shown(net, web) if idle else set()
    for name in web.flow.slots:
        if name in idle:
            yield Fault("T302", web.key("slots", name), f"nothing uses slot {name!r}", "remove it")


def _shown(net: Net, web: Web) -> set[str]:
    """Return the slots that the prompts of a flow read."""
    shows = net.pieces.shows
    if shows is None:
        return set()
    return set[str]().union(
        *(shows(prompt) for state in web.flow.states.values() for prompt in _prompts(web, state))
    )


def _prompts(web: Web, state: State) -> Iterator[str]:
    """Yield the names of all prompts a state can say, with every member put into their fields."""
    lines = [*state.say, *state.repair.reprompt]
    lines += [timer.say for timer in state.timers if timer.say is not None]
    for line in lines:
        yield from (prompt for prompt, _ in named(line, web.scope))


def _never_set(web: Web, checked: Checked, outside: set[str]) -> Iterator[Fault]:
    """Report members of the flow's own enums that nothing gives."""
    for name, slot in web.flow.slots.items():
        given = checked.members.get(name)
        if slot.type != "enum" or not given or name in outside or name in web.vague:
            continue
        for place, member in enumerate(slot.of):
            if member not in given and member != slot.default and member not in web.lost_words:
                spot = web.spot("slots", name, "of", place)
                message = f"nothing ever sets slot {name!r} to {member!r}"
                yield Fault("T308", spot, message, "set it somewhere, or remove the member")


def _declared(net: Net, web: Web) -> Iterator[Fault]:
    """Check the names of slots, and the slot that keeps how it began."""
    for name in web.flow.slots:
        if name in net.globals.memory or name in ENGINE:
            owner = "the memory" if name in net.globals.memory else "the engine"
            message = f"slot {name!r} has the name of something {owner} holds"
            yield Fault("T310", web.key("slots", name), message, "rename it")
    opening = web.flow.slots.get(web.flow.opening) if web.flow.opening else None
    if opening is not None and opening.type != "text" and opening.id not in web.vague:
        message = f"`opening` keeps a text, and slot {opening.id!r} is {opening.type}"
        yield Fault("T313", web.spot("opening"), message, "name a slot of `type: text`")
