"""Calls between flows: typed like a function's, and every way in which the called flow can end is handled."""

from __future__ import annotations

from collections.abc import Generator, Iterator, Sequence

from bot.content.checks.circles import spread
from bot.content.checks.kinds import wrong_expression, wrong_slot, wrong_value
from bot.content.checks.webs import Net, Web, listed, mean
from bot.content.faults import Fault, Spot, did_you_mean
from bot.content.yaml12 import Path
from bot.dialogue.flow import Call, Setter, Slot, State
from bot.dialogue.guard_types import check_types
from bot.errors import GuardError


def faults(net: Net) -> Iterator[Fault]:
    """Check every call, every reminder and every flow that globals.yaml names."""
    yield from _globals(net)
    yield from _idle(net)
    for web in net.webs.values():
        for id, call in web.calls.items():
            yield from _call(net, web, id, call)
        for state in web.flow.states.values():
            for place in range(len(state.remind)):
                yield from _remind(net, web, state, place)
            if isinstance(state.cancel, str) and not net.is_flow(state.cancel):
                yield _unknown_flow(net, state.cancel, web.spot("states", state.id, "cancel"))


def _call(net: Net, web: Web, state: str, call: Call) -> Iterator[Fault]:
    if not net.is_flow(call.flow):
        yield _unknown_flow(net, call.flow, web.spot("states", state, "call"))
        return
    callee = net.webs.get(call.flow)
    if callee is not None:
        at: Path = ("states", state)
        if state not in web.faulty:
            yield from _outcomes(web, callee, call, (*at, "returns"))
        lacking = yield from _given(net, web, callee, call.give, (*at, "with"))
        if lacking and state not in web.faulty:
            yield _lacks("C405", web.key(*at, "call"), call.flow, lacking, "add it to `with`")
        yield from _taken(net, web, callee, state)


def _unknown_flow(net: Net, name: str, spot: Spot) -> Fault:
    near = net.meant(name)
    return Fault("C401", spot, f"there is no flow {name!r}", mean(near, f"write {name}.yaml"))


def _lacks(code: str, spot: Spot, flow: str, lacking: Sequence[str], fix: str) -> Fault:
    names = ", ".join(map(repr, lacking))
    return Fault(code, spot, f"flow {flow!r} needs {names}, which nothing gives it here", fix)


def _outcomes(web: Web, callee: Web, call: Call, path: Path) -> Iterator[Fault]:
    """Hold the outcomes a call handles against those there are; a misspelt one counts as handled.

    One that never happens is a fault of the flow that declares it.
    """
    outcomes = callee.flow.outcomes
    missing = [name for name in outcomes if name not in call.returns and name in callee.happening]
    for name in call.returns:
        # One that the flow itself goes to, and does not declare, is mended there.
        if name not in outcomes and name not in callee.lost:
            near = did_you_mean(name, missing)
            missing = [one for one in missing if one != near]
            fix = mean(near, f"it ends with {', '.join(outcomes)}")
            yield Fault("C403", web.key(*path, name), f"flow {callee.id!r} never ends with {name!r}", fix)
    if missing:
        names = ", ".join(map(repr, missing))
        message = f"flow {callee.id!r} can end with {names}, which is not handled here"
        yield Fault("C402", web.key(*path), message, "add it to `returns`")


# --- with and take -------------------------------------------------------------------------------------


def _given(
    net: Net, web: Web, callee: Web, give: Sequence[Setter], path: Path
) -> Generator[Fault, None, list[str]]:
    """Check what a flow is given, and return which of its needs it is not."""
    lacking = [name for name in callee.flow.needs if name not in {one.slot for one in give}]
    for setter in give:
        slot = callee.flow.slots.get(setter.slot)
        if setter.slot in callee.vague or _undeclared(net, callee, setter.slot):
            continue
        if slot is not None:
            yield from _fits(web, slot, setter, (*path, setter.slot))
        else:
            near = did_you_mean(setter.slot, lacking)
            lacking = [one for one in lacking if one != near]
            yield _unknown_slot(net, callee, setter.slot, web.key(*path, setter.slot))
    return lacking


def _unknown_slot(net: Net, callee: Web, name: str, spot: Spot) -> Fault:
    if name in net.globals.memory:
        fix = "every flow reads it from the memory"
        return Fault("C406", spot, f"{name!r} is memory and cannot be given", fix)
    fix = mean(did_you_mean(name, callee.flow.slots), "declare it there, or remove it")
    return Fault("C406", spot, f"flow {callee.id!r} has no slot {name!r}", fix)


def _fits(web: Web, slot: Slot, setter: Setter, path: Path) -> Iterator[Fault]:
    """Check a value against the slot of the other flow; unknown names of our own are told elsewhere."""
    wrong = None
    if setter.expr is None:
        wrong = None if setter.value is None else wrong_value(slot, setter.value)
    elif setter.expr.names <= web.scope.keys() - web.vague:
        try:
            wrong = wrong_expression(slot, setter, check_types(setter.expr, web.scope))
        except GuardError:
            wrong = None
    if wrong is not None:
        yield Fault("C404", web.spot(*path), *wrong)


def _undeclared(net: Net, callee: Web, name: str) -> bool:
    """Tell whether a flow uses a slot itself that it does not declare: that is told there."""
    return name in net.undeclared.get(callee.id, ())


def _taken(net: Net, web: Web, callee: Web, state: str) -> Iterator[Fault]:
    """Check what is taken from a flow when it ends."""
    path: Path = ("states", state, "take")
    for ours, theirs in web.calls[state].take:
        source = callee.flow.slots.get(theirs)
        slot = web.scope.get(ours)
        if theirs in callee.vague or ours in web.vague or _undeclared(net, callee, theirs):
            continue
        if source is None:
            near = did_you_mean(theirs, callee.flow.slots)
            message = f"flow {callee.id!r} has no slot {theirs!r}"
            fix = mean(near, "declare it there, or remove it")
            yield Fault("C406", web.spot(*path, ours), message, fix)
        elif slot is not None and (wrong := wrong_slot(slot, source.type, source.of)) is not None:
            yield Fault("C404", web.spot(*path, ours), *wrong)


# --- flows that are begun ------------------------------------------------------------------------------


def _remind(net: Net, web: Web, state: State, place: int) -> Iterator[Fault]:
    remind = state.remind[place]
    path = listed(web, ("states", state.id, "remind"), place)
    if not net.is_flow(remind.flow):
        yield _unknown_flow(net, remind.flow, web.spot(*path, "flow"))
        return
    callee = net.webs.get(remind.flow)
    if callee is not None:
        lacking = yield from _given(net, web, callee, remind.give, (*path, "with"))
        if lacking and state.id not in web.faulty:
            yield _lacks("C408", web.spot(*path, "flow"), remind.flow, lacking, "add it to `with`")


def _globals(net: Net) -> Iterator[Fault]:
    """Check the flows that globals.yaml names: they exist, and need nothing that nobody could give."""
    tree = net.pieces.globals_tree
    if tree is None:
        return
    for name, path in _named(net):
        if not net.is_flow(name):
            yield _unknown_flow(net, name, tree.spot(*path))
        elif name in net.webs and net.webs[name].flow.needs:
            fix = "give the slot a `default` instead of a place in `needs`"
            yield _lacks("C408", tree.spot(*path), name, net.webs[name].flow.needs, fix)


def _named(net: Net) -> Iterator[tuple[str, Path]]:
    """Yield the flows that globals.yaml names and where."""
    if net.globals.start:
        yield net.globals.start, ("start",)
    for place, danger in enumerate(net.globals.dangers):
        yield danger.call, ("dangers", place, "call")
    for place, interrupt in enumerate(net.globals.interrupts):
        if interrupt.call is not None:
            yield interrupt.call, ("interrupts", place, "call")


def _idle(net: Net) -> Iterator[Fault]:
    """Report flows that nothing leads to, unless a name or a part that nobody can read might."""
    begun: dict[str | None, set[str | None]] = {
        web.id: {net.meant(name) for name in _begun(web)} for web in net.webs.values()
    }
    named = {net.meant(name) for name, _ in _named(net)}
    if net.lost_words is None or None in named.union(*begun.values()):
        return
    reached = spread(named | net.lost_words, begun)
    missing = [id for id in net.webs if id not in reached]
    led_to = {to for id in missing for to in begun[id] if to != id}
    for id in [one for one in missing if one not in led_to] or missing[:1]:
        message = f"nothing leads to flow {id!r}"
        fix = "call it somewhere, or remove the file"
        # A warning: a flow is written, and talked with by itself, before anything leads to it.
        yield Fault("S219", net.webs[id].spot("flow"), message, fix, "warning")


def _begun(web: Web) -> set[str]:
    """Return the flows that a flow calls or promises for later."""
    states = web.flow.states.values()
    called = {call.flow for call in web.calls.values()}
    return called | {remind.flow for state in states for remind in state.remind}
