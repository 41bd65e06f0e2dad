"""Which slots are surely set where: on every way there, through every call, whatever was answered.

Each flow is worked out by itself; its callers then bring the memory that is set when they call it. An
interrupt changes nothing.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import reduce
from operator import or_

from bot.content.checks.circles import strong
from bot.content.checks.known import Known, gained
from bot.content.checks.webs import ENGINE, Net


def solve(net: Net) -> dict[str, Known]:
    """Return what is known in every flow."""
    memory = {name: 1 << place for place, name in enumerate(net.globals.memory)}
    all_memory = (1 << len(memory)) - 1
    found: dict[str, Known] = {}
    for web in net.webs.values():
        own = {name: 1 << place for place, name in enumerate(web.flow.slots, len(memory))}
        found[web.id] = Known(net, web, all_memory, {**memory, **own}, found, all_memory)
    for flow in _begun(net):
        found[flow].entering = _remembered(net, memory)
    _settle(net, found)
    return found


def _begun(net: Net) -> set[str]:
    """Return the flows that begin by themselves: they know of the memory only what has a default."""
    known = net.globals
    begun = {known.start, *(one.call for one in known.dangers), *(one.call or "" for one in known.interrupts)}
    calls: set[str] = set()
    for web in net.webs.values():
        calls |= {call.flow for call in web.calls.values()}
        begun |= {remind.flow for state in web.flow.states.values() for remind in state.remind}
    return {flow for flow in net.webs if flow in begun or flow not in calls}


def _remembered(net: Net, memory: Mapping[str, int]) -> int:
    slots = net.globals.memory
    return reduce(or_, (bit for name, bit in memory.items() if slots[name].default is not None), 0)


def _settle(net: Net, found: dict[str, Known]) -> None:
    """Settle called flows before their callers, and all again whom a change concerns."""
    callers: dict[str, set[str]] = {}
    for web in net.webs.values():
        for call in web.calls.values():
            callers.setdefault(call.flow, set()).add(web.id)
    ways: dict[str, set[str]] = {id: callers.get(id, set()) for id in found}
    order = [flow for group in strong(ways) for flow in group]
    rest = dict.fromkeys(order)
    while rest:
        while rest:
            flow = rest.popitem()[0]
            if found[flow].settle():
                rest.update(dict.fromkeys(callers.get(flow, ())))
        rest = dict.fromkeys(_remember(found, order))


def _remember(found: Mapping[str, Known], order: Sequence[str]) -> list[str]:
    """Bring the memory that callers have surely set into the flows they call; return whom that concerns."""
    concerned = []
    rest = dict.fromkeys(reversed(order))
    while rest:
        one = found[rest.popitem()[0]]
        for id, call in one.web.calls.items():
            callee = found.get(call.flow)
            if callee is None or id not in one.facts:
                continue
            facts = one.settled(one.web.flow.states[id], one.facts[id])
            brought = one.sure(gained(facts, one.needed(call.flow, call.give)))
            if callee.entering & ~brought:
                callee.entering &= brought
                rest[call.flow] = None
                concerned += [call.flow] if callee.copies else []
    return concerned


def said_with(known: Mapping[str, Known]) -> dict[tuple[str, str], frozenset[str]]:
    """Return, for each flow and state, the slots that are surely set when the state speaks."""
    found = {}
    for flow, one in known.items():
        for state in one.web.flow.states.values():
            if state.id in one.facts:
                sure = one.sure(one.settled(state, one.facts[state.id]))
                names = [name for name in one.web.scope if name in ENGINE or one.bits[name] & sure]
                found[flow, state.id] = frozenset(names)
    return found
