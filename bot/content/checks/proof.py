"""The promise ★: no way, whatever is answered, reaches the ladder before both gates were asked and passed.

Explored is the product of every state with what the two gates have been answered (unasked, failed, passed),
through calls and recursion, interrupts and dangers at every wait, conversations that are parked and resumed,
and reminders that begin a flow days later. Conditions are taken both ways. `/back` restores a place together
with its answers, so it reaches nothing new.

What a flow does to the gates does not depend on what they were before, so each flow is explored once, from
"nothing asked here": its summary says with which answers each outcome can be reached.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import reduce
from operator import or_
from typing import TypeAlias

from bot.content.checks.answers import NOTHING, OPEN, Answers, allowed, joined, leads, repeated
from bot.content.checks.webs import Net, Web
from bot.dialogue.flow import State


@dataclass(eq=False)
class Summary:
    """Hold what one flow does to the gates. `care` is set where the flow runs inside a danger.

    `on` are the answers given in the flow until each state or outcome, `waits` those until any wait in it or
    in a flow that it calls.
    """

    web: Web
    care: bool
    on: dict[str, Answers] = field(default_factory=dict)
    waits: Answers = 0

    def at(self, name: str) -> Answers:
        """Return the answers on entering a state or reaching an outcome, none where no way leads."""
        return self.on.get(name, 0)


Key: TypeAlias = tuple[str, bool]
"""A flow, and whether it runs inside a danger, where a graver danger returns to it like an interrupt."""


@dataclass(eq=False)
class Proof:
    """Explore all flows. `begun` holds, for each, the answers that were there when it began."""

    net: Net
    flows: dict[Key, Summary] = field(default_factory=dict)
    begun: dict[Key, Answers] = field(default_factory=dict)

    def __post_init__(self) -> None:
        known = self.net.globals
        self.cards = {one.call for one in known.dangers}
        self.interrupts = {one.id: one.call for one in known.interrupts if one.call is not None}
        self.hand_back = any(one.do == "resume" for one in known.interrupts)
        for key in self._roots():
            self._add(key)
        self._explore()
        self._begin()

    # --- which flows ---------------------------------------------------------------------------------

    def _roots(self) -> list[Key]:
        """Return the flows that begin on an empty stack, or above a wait."""
        known = self.net.globals
        care: set[Key] = {(card, True) for card in self.cards}
        roots = {
            (known.start, False),
            *((call, care) for call in self.interrupts.values() for care in (True, False)),
        }
        for web in self.net.webs.values():
            states = web.flow.states.values()
            roots |= {(remind.flow, False) for state in states for remind in state.remind}
        return [key for key in sorted(care | roots) if key[0] in self.net.webs]

    def _add(self, key: Key) -> None:
        """Add a flow and every flow it calls."""
        if key in self.flows or key[0] not in self.net.webs:
            return
        web = self.net.webs[key[0]]
        one = self.flows[key] = Summary(web, key[1], dict.fromkeys(web.starts, NOTHING))
        for call in web.calls.values():
            self._add((call.flow, key[1]))
        # Called flows come before their callers: most summaries are then final at once.
        self.flows[key] = self.flows.pop(key, one)

    # --- summaries -----------------------------------------------------------------------------------

    def _explore(self) -> None:
        """Explore every flow until nothing is new, and none again whose surroundings are what they were."""
        seen: dict[Key, object] = {}
        changed = True
        while changed:
            changed = False
            resumed = self._resumed()
            asides = {care: self._asides(care=care) for care in (False, True)}
            for key, one in self.flows.items():
                aside = self._aside(one, resumed, asides[one.care])
                # Only a flow with a careful state is resumed anywhere but where it stood.
                back = resumed if one.web.flow.careful else 0
                around = (back, aside, *self._below(one))
                if seen.get(key) != around:
                    seen[key] = around
                    changed = True
                    self._flow(one, resumed, aside)

    def _below(self, one: Summary) -> Iterator[Answers]:
        """Yield all that a flow takes from those it calls."""
        for call in one.web.calls.values():
            callee = self.flows.get((call.flow, one.care))
            if callee is not None:
                yield callee.waits
                yield from map(callee.at, callee.web.flow.outcomes)

    def _resumed(self) -> Answers:
        """Return the answers with which a parked conversation can be taken up again."""
        found = 0
        for key in self._roots():
            one = self.flows[key]
            for outcome in self.net.globals.resume:
                found |= one.at(outcome)
            if self.hand_back:
                found |= one.waits
        return found

    def _asides(self, *, care: bool) -> dict[str, Answers]:
        """Return, for each interrupt that calls a flow, the answers with which it comes back."""
        found = {}
        for id, flow in self.called_aside(care=care).items():
            one = self.flows.get((flow, care))
            ends = () if one is None else map(one.at, one.web.flow.outcomes)
            found[id] = reduce(or_, ends, 0)
        return found

    def called_aside(self, *, care: bool) -> dict[str, str]:
        """Return the flows that can be put on top of a wait, by the id of what puts them there."""
        return {**self.interrupts, **({f"!{card}": card for card in self.cards} if care else {})}

    def _aside(self, one: Summary, resumed: Answers, asides: dict[str, Answers]) -> Answers:
        """Return the answers that can be given while a wait of this flow stands open."""
        flow = one.web.flow
        calls = self.called_aside(care=one.care)
        # No flow is put on top of itself.
        mine = [found for id, found in asides.items() if id not in flow.deny and calls[id] != flow.id]
        return repeated(reduce(or_, mine, resumed))

    def _flow(self, one: Summary, resumed: Answers, aside: Answers) -> None:
        """Follow every way of a flow until nothing is new."""
        rest = list(one.on)
        while rest:
            state = one.web.flow.states.get(rest.pop())
            if state is None:
                continue
            for to, answers in self._leave(one, state, resumed, aside):
                known = one.on.get(to, 0)
                if answers & ~known:
                    one.on[to] = known | answers
                    rest.append(to)

    def _leave(
        self, one: Summary, state: State, resumed: Answers, aside: Answers
    ) -> Iterator[tuple[str, Answers]]:
        """Yield where a state leads and the answers given by then."""
        web, answers = one.web, one.on[state.id]
        inside = 0
        if state.call is not None:
            callee = self.flows.get((state.call.flow, one.care))
            inside = 0 if callee is None else joined(answers, callee.waits)
            for outcome, to in web.returns[state.id].items():
                yield to, joined(answers, OPEN if callee is None else callee.at(outcome))
        else:
            if state.id in web.waits:
                inside = joined(answers, aside)
                if inside != answers:
                    yield state.id, inside
            for to, answer in leads(web, state):
                yield to, joined(answers, answer)
        one.waits |= inside
        if web.flow.careful is not None and inside:
            yield web.flow.careful, joined(inside, resumed)

    def comes_back(self, key: Key, outcome: str) -> bool:
        """Tell whether a flow that ends so can give way to a wait that stood open before it."""
        return outcome in self.net.globals.resume or key[0] in self.called_aside(care=key[1]).values()

    def may_interrupt(self, key: Key, outcome: str, below: Key) -> bool:
        """Tell whether a flow that ends so can have run above a wait of another, or while that was parked."""
        if outcome in self.net.globals.resume:
            return True
        deny = self.net.webs[below[0]].flow.deny
        calls = self.called_aside(care=below[1])
        over = key[1] == below[1] and key[0] != below[0]
        return over and any(flow == key[0] and id not in deny for id, flow in calls.items())

    # --- from the beginning --------------------------------------------------------------------------

    def first(self) -> list[Key]:
        """Return the flows with which everything can begin.

        A flow that interrupts may be the first thing that ever happens, and so may one that answers a danger:
        neither can rely on anything that was asked before.
        """
        begun = {(self.net.globals.start, False), *((card, True) for card in self.cards)}
        begun |= {(call, care) for call in self.interrupts.values() for care in (False, True)}
        return sorted(begun & self.flows.keys())

    def _begin(self) -> None:
        """Bring the answers from where conversations begin into every flow they reach."""
        rest = self.first()
        self.begun = dict.fromkeys(rest, NOTHING)
        while rest:
            key = rest.pop()
            one, begun = self.flows[key], self.begun[key]
            for state in one.web.flow.states:
                for called in self.begins_at(key, state):
                    answers = joined(begun, one.at(state))
                    if answers & ~self.begun.get(called, 0):
                        self.begun[called] = self.begun.get(called, 0) | answers
                        rest.append(called)

    def begins_at(self, key: Key, name: str) -> list[Key]:
        """Return the flows that a state calls, or promises for later."""
        state = self.flows[key].web.flow.states.get(name)
        if state is None or (state.call is None and not state.remind):
            return []
        begun = [(remind.flow, False) for remind in state.remind]
        begun += [] if state.call is None else [(state.call.flow, key[1])]
        return [one for one in begun if one in self.flows]

    def broken(self, key: Key, state: State) -> Answers:
        """Return the answers with which a state can be reached and must not."""
        if key not in self.begun:
            return 0
        return joined(self.begun[key], self.flows[key].at(state.id)) & ~allowed(state)
