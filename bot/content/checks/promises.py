"""What is told when the promise ★ does not hold: each way past the gates once, at the first rung it opens."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from bot.content.checks.answers import PASSED, UNASKED, allowed, members
from bot.content.checks.circles import spread
from bot.content.checks.proof import Key, Proof
from bot.content.checks.routes import Link, Routes, shown
from bot.content.checks.steps import Place
from bot.content.checks.webs import GATES, Net, Web, gate_of, mean
from bot.content.faults import Fault, did_you_mean
from bot.dialogue.flow import Line, State

_GUARDED = ("rung/", "draft/")
"""Folders of prompts that belong to the ladder."""


def faults(net: Net) -> Iterator[Fault]:
    """Check the gates, the rungs, and that no way leads to a rung past a gate."""
    rungs: list[tuple[Web, State]] = []
    gates: set[str | None] = set()
    for web in net.webs.values():
        for state in web.flow.states.values():
            if state.gate is not None or any(option.passes for option in state.options):
                gates.add(state.gate)
            if state.gate is not None:
                yield from _gate(web, state, state.gate)
            if state.rung is None:
                yield from _outside(web, state)
            else:
                rungs.append((web, state))
    if rungs:
        yield from _proved(net, rungs, gates)


def _gate(web: Web, state: State, gate: str) -> Iterator[Fault]:
    """Check that a gate is one of ours, and that an answer can pass it."""
    if gate not in GATES:
        near = did_you_mean(gate, GATES)
        fix = mean(near, f"there are {' and '.join(GATES)}")
        yield Fault("P705", web.spot("states", state.id, "gate"), f"there is no gate {gate!r}", fix)
    elif state.id not in web.faulty and not any(option.passes for option in state.options):
        message = f"no option of state {state.id!r} passes its gate"
        fix = "mark those that open the way with `passes: true`"
        yield Fault("P703", web.spot("states", state.id, "gate"), message, fix)


def _outside(web: Web, state: State) -> Iterator[Fault]:
    """Report a prompt of the ladder that is said where no gate guards it."""
    said = [("say", line) for line in state.say]
    said += [("other", line) for line in state.repair.reprompt]
    said += [("timers", timer.say) for timer in state.timers if timer.say is not None]
    said += [("ask", Line(state.ask.edits))] if state.ask is not None and state.ask.edits else []
    for key, line in said:
        if line.prompt.startswith(_GUARDED) and state.id not in web.faulty:
            message = f"state {state.id!r} says {line.prompt!r} and carries no `rung`"
            fix = "mark it with `rung: toward` or `rung: elsewhere`"
            yield Fault("P704", web.key("states", state.id, key), message, fix)
            return


# --- the proof -----------------------------------------------------------------------------------------


def _proved(net: Net, rungs: list[tuple[Web, State]], gates: set[str | None]) -> Iterator[Fault]:
    """Report what keeps the promise from being proved; a gate that lost its name may be any."""
    asked = {None if gate is None else did_you_mean(gate, GATES) for gate in gates}
    known = None if None in asked or net.lost_words is None else asked | net.lost_words
    missing = [] if known is None else [gate for gate in GATES if gate not in known]
    for gate in missing:
        web, state = rungs[0]
        message = f"no state of any flow asks the gate {gate!r}"
        yield Fault("P702", web.key("states", state.id), message, "mark the state that asks it with `gate:`")
    if missing:
        return
    proof = Proof(net)
    open_ = [
        (key, state)
        for web, state in rungs
        for key in ((web.id, False), (web.id, True))
        if proof.broken(key, state)
    ]
    if open_:
        yield from _ways(proof, open_)


@dataclass(frozen=True, slots=True)
class _Breach:
    """Hold a way to a rung past a gate; `cause` is the step of it that no other way past it lacks."""

    web: Web
    state: State
    way: list[Link]
    cause: tuple[object, ...]


def _ways(proof: Proof, open_: list[tuple[Key, State]]) -> Iterator[Fault]:
    """Report the nearest rung of each breach, and how many others it opens."""
    routes = Routes(proof)
    found: dict[tuple[object, ...], list[_Breach]] = {}
    for key, state in open_:
        breach = _breach(proof, routes, key, state)
        if breach is not None:
            found.setdefault(breach.cause, []).append(breach)
    for breaches in found.values():
        yield _told(min(breaches, key=lambda one: len(one.way)), len({one.state.id for one in breaches}) - 1)


def _breach(proof: Proof, routes: Routes, key: Key, state: State) -> _Breach | None:
    """Return the shortest way to a rung past a gate, None when it leads over another such rung."""
    web = proof.flows[key].web
    ways = [routes.shortest(key, state.id, one) for one in members(proof.broken(key, state))]
    way = min((one for one in ways if one is not None), key=len, default=[Link(web.id, state.id, 0)])
    for link in way[:-1]:
        over = proof.net.webs[link.flow].flow.states[link.state]
        if not 1 << link.answers & allowed(over):
            return None
    return _Breach(web, state, way, _cause(proof.net, way, state))


def _unmet(answers: int, state: State) -> tuple[str, bool]:
    """Return the first gate that keeps a rung closed, and whether it was asked."""
    given = {GATES[0]: answers // 3, GATES[1]: answers % 3}
    for gate, answer in given.items():
        if answer == UNASKED:
            return gate, False
    return next(gate for gate, answer in given.items() if answer != PASSED), True


def _cause(net: Net, way: list[Link], state: State) -> tuple[object, ...]:
    """Return the step of a way that goes past the gate: the last from where the gate could still be asked."""
    gate, asked = _unmet(way[-1].answers, state)
    places = [(link.flow, link.state) for link in way]
    if asked:
        last = max(place for place, name in enumerate(places[:-1]) if _asks(net, name, gate))
        return gate, places[last], places[last + 1]
    before = _before_gate(net, gate)
    near = [place for place, name in enumerate(places[:-1]) if name in before]
    return (gate, *places[near[-1] : near[-1] + 2]) if near else (gate, places[0])


def _asks(net: Net, place: Place, gate: str) -> bool:
    return gate_of(net.webs[place[0]].flow.states[place[1]]) == gate


def _before_gate(net: Net, gate: str) -> set[Place]:
    """Return the places from which a gate can still be asked before any rung."""
    back: dict[Place, list[Place]] = {}
    asking: list[Place] = []
    for web in net.webs.values():
        for state in web.flow.states.values():
            place = (web.id, state.id)
            if _asks(net, place, gate):
                asking.append(place)
            for to in _next(net, web, state) if state.rung is None else ():
                back.setdefault(to, []).append(place)
    return spread(asking, back)


def _next(net: Net, web: Web, state: State) -> list[Place]:
    """Return where a state leads, into the flow it calls and behind it."""
    places = [(web.id, to) for to in web.goals[state.id]]
    callee = None if state.call is None else net.webs.get(state.call.flow)
    return places + ([] if callee is None else [(callee.id, start) for start in callee.starts])


def _told(breach: _Breach, others: int) -> Fault:
    gate, asked = _unmet(breach.way[-1].answers, breach.state)
    how = f"after {gate!r} was not passed" if asked else f"before {gate!r} is asked"
    states = "state" if others == 1 else "states"
    more = f" ({others} more {states} of the ladder open behind it)" if others else ""
    message = f"this {breach.state.rung} rung is reached {how}: {shown(breach.way)}{more}"
    spot = breach.web.key("states", breach.state.id)
    return Fault("P701", spot, message, "lead this way through the gate, by an option that passes")
