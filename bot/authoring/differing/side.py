"""One of two versions, read with the names of the new one, so that only what a person meets counts."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cached_property

from bot.authoring.differing.names import Names, wordings
from bot.authoring.journey import Place, journey
from bot.content.folders import SOURCE
from bot.content.library import Content
from bot.content.needs import Needs
from bot.dialogue.flow import Flow, Line, Setter, State, Transition
from bot.dialogue.guard_nodes import Apply, Binary, Items, Literal, Name, Node, Unary
from bot.dialogue.guards import Guard

_TAG = re.compile(r"\{[{%].*?[%}]\}", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Lead:
    """Say where somebody comes to, on which conditions, and what is noted about them on the way."""

    to: str
    when: tuple[str, ...] = ()
    noted: tuple[tuple[str, str], ...] = ()


@dataclass
class Side:
    """Hold a version and how its names are to be read."""

    content: Content
    names: Names = field(default_factory=Names)

    @cached_property
    def reached(self) -> tuple[Place, ...]:
        """Return every state that people come by, in the order of conversation."""
        return journey(self.content.flows)

    @cached_property
    def needs(self) -> Needs:
        """Return what looks into prompts."""
        return Needs(self.content.prompts)

    def state(self, place: Place) -> State:
        """Return the state at a place, by its own names."""
        return self.content.flows.flows[place[0]].states[place[1]]

    def flow(self, id: str) -> str:
        """Return what a flow is called now."""
        return self.names.flows.get(id, id)

    def place(self, place: Place) -> Place:
        """Return what a place is called now."""
        return self.flow(place[0]), self.names.states.get(place, place[1])

    def slot(self, flow: str, slot: str) -> str:
        """Return what a slot is called now."""
        return self.names.slots.get((flow, slot)) or self.names.slots.get(("", slot), slot)

    def outcome(self, flow: str, outcome: str) -> str:
        """Return what an outcome is called now."""
        return self.names.outcomes.get((flow, outcome), outcome)

    def said(self, lines: Iterable[Line]) -> tuple[str, ...]:
        """Return the prompts that lines say, as they are called now."""
        every = (self._members(line) for line in lines)
        return tuple(self.names.prompts.get(one, one) for each in every for one in each)

    def _members(self, line: Line) -> list[str]:
        return self.needs.matching(line.prompt) if line.fields else [line.prompt]

    def label(self, key: str) -> str:
        """Return what the key of a label is called now."""
        return self.names.labels.get(key, key)

    def words(self, prompt: str, lang: str = SOURCE) -> tuple[str, ...]:
        """Return the wordings of a prompt by its own name."""
        return wordings(self.content, prompt, lang, self.names)

    def shown(self, text: str, places: Iterable[Place]) -> str:
        """Return a template with its slots called as they are now; `places` are where it is said."""
        flows = {flow for flow, _ in places}
        renamed = {
            old: new for (flow, old), new in self.names.slots.items() if not flow or self.flow(flow) in flows
        }
        if not renamed:
            return text
        names = re.compile(rf"\b({'|'.join(map(re.escape, renamed))})\b(?!['(])")
        return _TAG.sub(lambda tag: names.sub(lambda found: renamed[found[1]], tag[0]), text)

    # --- where it leads --------------------------------------------------------------------------------

    def leads(self, flow: str, ways: Iterable[Transition], noted: Iterable[Setter] = ()) -> tuple[Lead, ...]:
        """Return where ways lead, through all that passes unnoticed."""
        first = dict(self.noted(flow, noted))
        owner = self.content.flows.flows[flow]
        return tuple(dict.fromkeys(self._follow(owner, tuple(ways), (), first, ())))

    def lead(self, flow: str, target: str | None) -> tuple[Lead, ...]:
        """Return where a plain target leads."""
        return self.leads(flow, [Transition(target)]) if target is not None else ()

    def _follow(
        self,
        flow: Flow,
        ways: tuple[Transition, ...],
        when: tuple[str, ...],
        noted: dict[str, str],
        seen: tuple[str, ...],
    ) -> Iterator[Lead]:
        for way in ways:
            on = when if way.when is None else (*when, self.guard(flow.id, way.when))
            state = flow.states.get(way.to)
            if state is None:
                yield Lead(f"the end `{self.outcome(flow.id, way.to)}`", on, tuple(sorted(noted.items())))
            elif felt(state) or way.to in seen:
                to = ".".join(self.place((flow.id, way.to)))
                yield Lead(to, on, tuple(sorted(noted.items())))
            else:
                further = {**noted, **dict(self.noted(flow.id, state.set))}
                onward = state.goto or (Transition(state.end or ""),)
                yield from self._follow(flow, onward, on, further, (*seen, way.to))

    def noted(self, flow: str, setters: Iterable[Setter]) -> Iterator[tuple[str, str]]:
        """Yield each slot that gets a value, and the value."""
        for one in setters:
            value = "nothing" if one.value is None else str(one.value)
            yield self.slot(flow, one.slot), value if one.expr is None else self.guard(flow, one.expr)

    def guard(self, flow: str, guard: Guard) -> str:
        """Write a condition in one way, whatever its blanks, quotes and names."""
        return self._node(flow, guard.tree)

    def _node(self, flow: str, node: Node) -> str:
        match node:
            case Literal():
                return repr(node.value)
            case Name():
                return self.slot(flow, node.id)
            case Items():
                return f"[{', '.join(repr(one.value) for one in node.items)}]"
            case Unary():
                return f"{node.op} {self._node(flow, node.operand)}"
            case Binary():
                return f"({self._node(flow, node.left)} {node.op} {self._node(flow, node.right)})"
            case Apply():
                return f"{node.function}({', '.join(self._node(flow, one) for one in node.args)})"


def felt(state: State) -> bool:
    """Tell whether anything about a state can be noticed, now or later."""
    now = state.say or state.waits or state.call or state.picture or state.forget
    later = state.remind or state.cancel or state.careful or state.record or state.no_back
    return bool(now or later)
