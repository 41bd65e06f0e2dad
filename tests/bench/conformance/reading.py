"""A case of SCXML as a tree of states; what our model cannot express says why it is out of scope."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TypeAlias
from xml.etree import ElementTree

from bot.dialogue.flow import Slot
from bot.dialogue.guard_types import check_types
from bot.dialogue.guards import Guard, parse
from bot.errors import GuardError


class OutOfScope(Exception):
    """Say why a case cannot be turned into flows."""


@dataclass(frozen=True, slots=True)
class Raise:
    """Put an event on a queue; `internal` ones come before all others."""

    event: str
    internal: bool = True


@dataclass(frozen=True, slots=True)
class Assign:
    """Give a variable the value of an expression."""

    name: str
    expr: Guard


@dataclass(frozen=True, slots=True)
class If:
    """Do the first branch whose condition holds; a branch without one is the else."""

    branches: tuple[tuple[Guard | None, tuple[Action, ...]], ...]


Action: TypeAlias = "Raise | Assign | If"
Datum: TypeAlias = bool | int | str


@dataclass(frozen=True, slots=True)
class Delayed:
    """Promise an event for later, in milliseconds."""

    id: str
    event: str
    after: int


@dataclass(frozen=True, slots=True)
class Transition:
    """Lead to a state (None: nowhere, it only acts) by one of some events, at once where there is none."""

    events: tuple[str, ...]
    target: str | None
    when: Guard | None
    actions: tuple[Action, ...]
    internal: bool = False


@dataclass(eq=False)
class Node:
    """Hold a state and what is in it."""

    id: str
    parent: Node | None
    final: bool = False
    initial: str | None = None
    entry: list[Action] = field(default_factory=list)
    exit: list[Action] = field(default_factory=list)
    delayed: list[Delayed] = field(default_factory=list)
    transitions: list[Transition] = field(default_factory=list)
    children: list[Node] = field(default_factory=list)

    def within(self) -> Iterator[Node]:
        """Yield this state and all in it."""
        yield self
        for child in self.children:
            yield from child.within()

    def upwards(self) -> Iterator[Node]:
        """Yield this state and all around it, the innermost first."""
        yield self
        if self.parent is not None:
            yield from self.parent.upwards()


@dataclass(frozen=True, slots=True)
class Chart:
    """Hold a whole case: its states below a root without a name, and the first values of its variables."""

    root: Node
    data: dict[str, Datum]

    def find(self, id: str) -> Node:
        """Return the state of an id."""
        for node in self.root.within():
            if node.id == id:
                return node
        raise OutOfScope(f"a target that is nowhere: {id}")


_OUT = {
    "parallel": "parallel states: a person stands at one question",
    "history": "history states: a flow that is left is over",
    "invoke": "invoked machines",
    "script": "scripts",
    "foreach": "loops over data",
    "donedata": "data of a final state",
    "param": "data in events",
    "content": "data in events",
    "finalize": "invoked machines",
}
_NO_TIMER = "a delayed event that is no timer of a state"
_PROCESSOR = "http://www.w3.org/TR/scxml/#SCXMLEventProcessor"
_SENT = {"event", "delay", "delayexpr", "id", "target", "type"}


def read(text: str) -> Chart:
    """Read a case.

    Raises:
        OutOfScope: it holds what our model does not have.
    """
    try:
        top = ElementTree.fromstring(text.lstrip("\ufeff"))
    except ElementTree.ParseError as error:
        raise OutOfScope("no XML by itself") from error
    for element in top.iter():
        element.tag = str(element.tag).rpartition("}")[2]
        if element.tag in _OUT:
            raise OutOfScope(_OUT[element.tag])
    if top.get("binding") == "late":
        raise OutOfScope("late binding of data")
    data = dict(_datum(one) for one in top.iter("data"))
    return Chart(_Reader(data).node(top, None), data)


def _datum(element: ElementTree.Element) -> tuple[str, Datum]:
    text = element.get("expr", "").strip()
    if element.get("src") or not text:
        raise OutOfScope("data that is no plain value")
    if text.lower() in {"true", "false"}:
        return element.get("id", "").lower(), text.lower() == "true"
    if re.fullmatch(r"-?\d+", text):
        return element.get("id", "").lower(), int(text)
    if re.fullmatch(r"'[^']*'|\"[^\"]*\"", text):
        return element.get("id", "").lower(), text[1:-1]
    raise OutOfScope("data that is no plain value")


def slot(name: str, first: Datum) -> Slot:
    """Return the slot that holds a variable."""
    if isinstance(first, bool):
        return Slot(name, "bool", default=first)
    return Slot(name, "int" if isinstance(first, int) else "text", default=first)


@dataclass(frozen=True, slots=True)
class _Reader:
    data: dict[str, Datum]

    def node(self, element: ElementTree.Element, parent: Node | None) -> Node:
        """Read a state with everything below it."""
        made = Node(element.get("id", "root"), parent, element.tag == "final", self._initial(element))
        for part in element:
            if part.tag in {"state", "final"}:
                made.children.append(self.node(part, made))
            elif part.tag == "onentry":
                self._entry(part, made)
            elif part.tag == "onexit":
                made.exit += self.actions(part)
            elif part.tag == "transition":
                made.transitions.append(self._transition(part))
        return made

    def _initial(self, element: ElementTree.Element) -> str | None:
        named = element.get("initial")
        inner = element.find("initial/transition")
        if inner is not None:
            if len(inner):
                raise OutOfScope("something done on the way to an initial state")
            named = inner.get("target")
        if named is not None and len(named.split()) > 1:
            raise OutOfScope(_OUT["parallel"])
        return named

    def _transition(self, element: ElementTree.Element) -> Transition:
        target = element.get("target")
        if target is not None and len(target.split()) > 1:
            raise OutOfScope(_OUT["parallel"])
        events = tuple(element.get("event", "").split())
        if any(event.startswith("error") for event in events):
            raise OutOfScope("errors as events: `check` tells them before anybody talks")
        cond = element.get("cond")
        when = None if cond is None else self.condition(cond)
        return Transition(events, target, when, self.actions(element), element.get("type") == "internal")

    def _entry(self, element: ElementTree.Element, made: Node) -> None:
        """Read what is done on entering; what is promised and taken back at once was never promised."""
        for part in element:
            if part.tag == "send" and (part.get("delay") or part.get("delayexpr")):
                made.delayed.append(self._delayed(part))
            elif part.tag == "cancel":
                gone = part.get("sendid")
                if gone is None:
                    raise OutOfScope("an expression that names what is taken back")
                made.delayed = [one for one in made.delayed if one.id != gone]
            else:
                made.entry += self._action(part)

    def _delayed(self, element: ElementTree.Element) -> Delayed:
        delay = (element.get("delay") or element.get("delayexpr") or "").strip("'\" ")
        match = re.fullmatch(r"(\d*\.?\d+)(s|ms)", delay)
        if match is None:
            raise OutOfScope("an expression that says how long")
        self._plain(element)
        after = int(float(match[1]) * (1000 if match[2] == "s" else 1))
        return Delayed(element.get("id", ""), element.get("event", ""), after)

    def _plain(self, element: ElementTree.Element) -> None:
        """Refuse what sends anything but an event to the machine itself."""
        target, kind = element.get("target"), element.get("type", _PROCESSOR)
        if set(element.attrib) - _SENT or not element.get("event"):
            raise OutOfScope("an event that is computed or carries data")
        if target not in {None, "#_internal"} or kind not in {_PROCESSOR, "scxml"}:
            raise OutOfScope("events to other machines")

    def actions(self, element: ElementTree.Element) -> tuple[Action, ...]:
        """Read what is done, in order."""
        return tuple(one for part in element for one in self._action(part))

    def _action(self, element: ElementTree.Element) -> Iterator[Action]:
        match element.tag:
            case "raise":
                yield Raise(element.get("event", ""))
            case "send":
                yield self._sent(element)
            case "assign":
                yield self._assigned(element)
            case "if":
                yield self._if(element)
            case "cancel":
                raise OutOfScope(_NO_TIMER)
            case "log":
                pass
            case tag:
                raise OutOfScope(f"<{tag}>")

    def _sent(self, element: ElementTree.Element) -> Raise:
        if element.get("delay") or element.get("delayexpr"):
            raise OutOfScope(_NO_TIMER)
        self._plain(element)
        return Raise(element.get("event", ""), element.get("target") == "#_internal")

    def _assigned(self, element: ElementTree.Element) -> Assign:
        name = element.get("location", "").lower()
        if name not in self.data or element.get("expr") is None:
            raise OutOfScope("a place for data that is no variable")
        return Assign(name, self.expression(element.get("expr", "")))

    def _if(self, element: ElementTree.Element) -> If:
        branches: list[tuple[Guard | None, list[Action]]] = [(self.condition(element.get("cond", "")), [])]
        for part in element:
            if part.tag == "elseif":
                branches.append((self.condition(part.get("cond", "")), []))
            elif part.tag == "else":
                branches.append((None, []))
            else:
                branches[-1][1].extend(self._action(part))
        return If(tuple((when, tuple(actions)) for when, actions in branches))

    def condition(self, text: str) -> Guard:
        """Read an expression that must be a yes or a no; here nothing else is taken for one."""
        guard = self.expression(text)
        try:
            kind = check_types(guard, {name: slot(name, first) for name, first in self.data.items()}).kind
        except GuardError as error:
            raise OutOfScope("a condition that compares what can never be compared") from error
        if kind != "bool":
            raise OutOfScope("a condition that is no yes or no")
        return guard

    def expression(self, text: str) -> Guard:
        """Read an expression in the little language of guards."""
        plain = text.replace("!==", "!=").replace("===", "==").replace("&&", " and ").replace("||", " or ")
        plain = re.sub(r"\bTrue\b|\bFalse\b", lambda match: match[0].lower(), plain)
        plain = re.sub(r"\bVar(\d+)\b", r"var\1", plain)
        try:
            guard = parse(plain.strip())
        except GuardError as error:
            raise OutOfScope("an expression that guards do not have") from error
        if not guard.names <= self.data.keys():
            raise OutOfScope("an expression that guards do not have")
        return guard
