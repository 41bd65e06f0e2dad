"""Where a flow names its slots: every name, what is done with it, and the place it is written at."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Literal, NamedTuple, TypeAlias

from bot.content.checks.lacks import value
from bot.content.checks.webs import Web, listed, repair_key
from bot.content.yaml12 import Path
from bot.dialogue.flow import Option, Remind, Setter, State, Transition
from bot.dialogue.guard_nodes import Apply, Binary, Name, Node, Unary
from bot.dialogue.guards import Guard

Deed: TypeAlias = Literal[
    "set", "asked", "read", "at", "on", "field", "list", "kept", "note", "guard", "expr", "given", "in"
]


class Use(NamedTuple):
    """Say that a slot is named: by which deed, at which path; `key` when the path's key is the name itself.

    A guard or an expression is one use for all the slots it reads: `slot` is empty and `guard` holds it.
    """

    deed: Deed
    slot: str
    path: Path
    key: bool = False
    guard: Guard | None = None
    setter: Setter | None = None


def uses(web: Web, state: State) -> Iterator[Use]:
    """Yield every use of a slot in a state, those of `take` among them."""
    at: Path = ("states", state.id)
    if state.set:
        yield from _set(state.set, (*at, "set"))
    if state.ask is not None:
        yield Use("asked", state.ask.slot, (*at, "ask", "slot"))
        for one in state.ask.hears:
            yield Use("asked", one.slot, (*at, "ask", "hears", one.slot), key=True)
    if state.first is not None:
        yield Use("read", state.first, (*at, "first"))
    for place, option in enumerate(state.options):
        yield from _option(option, (*at, "options", place))
    if len(state.goto) > 1:
        yield from _ways(state.goto, (*at, "goto"))
    yield from _recorded(state, at)
    yield from _rest(web, state, at)


def _option(option: Option, at: Path) -> Iterator[Use]:
    """Yield the slots that an option reads and sets."""
    button = option.button if option.button is not None and option.button.names else None
    for key, guard in (("if", option.when), ("button", button)):
        if guard is not None:
            yield Use("guard", "", (*at, key), guard=guard)
    if option.set:
        yield from _set(option.set, (*at, "set"))
    if len(option.to) > 1:
        yield from _ways(option.to, (*at, "to"))


def _recorded(state: State, at: Path) -> Iterator[Use]:
    """Yield the slots of the person's own record: the list, and what a line of it holds."""
    if state.picture is not None:
        yield Use("list", state.picture, (*at, "picture"))
    if state.record is not None:
        path = (*at, "record")
        yield Use("list", state.record.into, (*path, "in"))
        yield from (Use("kept", name, (*path, "with", at)) for at, name in enumerate(state.record.slots))
        if state.record.note is not None:
            yield Use("note", state.record.note, (*path, "note"))


def _rest(web: Web, state: State, at: Path) -> Iterator[Use]:
    """Yield what few states have: fields in the names of prompts, reminders, times of timers, and calls."""
    for name, path in fields(web, state):
        yield Use("field", name, path)
    for place, remind in enumerate(state.remind):
        path = listed(web, (*at, "remind"), place)
        yield from _when(remind, path)
        yield from _given(web, remind.give, (*path, "with"))
    for place, timer in enumerate(state.timers):
        if timer.at is not None:
            yield Use("at", timer.at, (*at, "timers", place, "at"))
    if state.call is not None:
        yield from _given(web, state.call.give, (*at, "with"))
        yield from (Use("set", ours, (*at, "take", ours), key=True) for ours, _ in state.call.take)


def _when(remind: Remind, path: Path) -> Iterator[Use]:
    """Yield the slots that a reminder takes its moment from."""
    if remind.at is not None:
        yield Use("at", remind.at, (*path, "at"))
    if remind.within is not None:
        yield Use("in", remind.within, (*path, "in"))
    if remind.rhythm.on is not None:
        yield Use("on", remind.rhythm.on, (*path, "on"))


def fields(web: Web, state: State) -> Iterator[tuple[str, Path]]:
    """Yield the slots in the names of prompts a state says, reprompts and nudges too, and where."""
    at: Path = ("states", state.id)
    for place, line in enumerate(state.say):
        for name in line.fields:
            yield name, listed(web, (*at, "say"), place)
    for place, line in enumerate(state.repair.reprompt):
        for name in line.fields:
            yield name, listed(web, (*at, repair_key(web, state), "reprompt"), place)
    for place, timer in enumerate(state.timers):
        for name in () if timer.say is None else timer.say.fields:
            yield name, (*at, "timers", place, "say")


def _set(found: Sequence[Setter], path: Path) -> Iterator[Use]:
    for setter in found:
        at = (*path, setter.slot)
        yield Use("set", setter.slot, at, key=True, setter=setter)
        if setter.expr is not None:
            copies = isinstance(setter.expr.tree, Name)
            yield Use("expr", "", (*at, "from" if copies else "expr"), guard=setter.expr, setter=setter)


def _given(web: Web, give: Sequence[Setter], path: Path) -> Iterator[Use]:
    for setter in give:
        if setter.expr is not None:
            yield Use("given", "", given_at(web, path, setter), guard=setter.expr, setter=setter)


def given_at(web: Web, path: Path, setter: Setter) -> Path:
    """Return where the expression of a `with` is written: the name of a slot, or `{expr: …}`."""
    at = (*path, setter.slot)
    return (*at, "expr") if isinstance(value(web.tree, at), dict) else at


def _ways(found: Sequence[Transition], path: Path) -> Iterator[Use]:
    for place, way in enumerate(found):
        if way.when is not None:
            yield Use("guard", "", (*path, place, "if"), guard=way.when)


def columns(node: Node) -> Iterator[tuple[str, int]]:
    """Yield every name a guard reads and the column it stands at, from 0."""
    match node:
        case Name():
            yield node.id, node.column
        case Unary():
            yield from columns(node.operand)
        case Binary():
            yield from columns(node.left)
            yield from columns(node.right)
        case Apply():
            for arg in node.args:
                yield from columns(arg)
        case _:
            pass
