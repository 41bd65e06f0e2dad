"""What a person wrote stays theirs: wherever it goes it is as private, and is forgotten as soon."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from bot.content.checks.lacks import lost_parts, value
from bot.content.checks.lines import named
from bot.content.checks.webs import Net, Web, listed
from bot.content.faults import Fault
from bot.content.library import Content
from bot.content.needs import Needs
from bot.content.yaml12 import Path
from bot.dialogue.flow import Setter, Slot, State
from bot.dialogue.guard_nodes import Name


def faults(content: Content, net: Net, needs: Needs) -> Iterator[Fault]:
    """Report where private words would be kept, passed on or shown."""
    for web in net.webs.values():
        asked = {state.ask.slot for state in web.flow.states.values() if state.ask is not None}
        for name, slot in web.flow.slots.items():
            if name not in web.vague:
                yield from _declared(web, slot, name in asked or name == web.flow.opening)
        for state in web.flow.states.values():
            for move in _moves(net, web, state):
                yield from _moved(move)
            yield from _named(web, state)
            yield from _nudged(content, needs, web, state)
    yield from _commands(net)


def _declared(web: Web, slot: Slot, asked: bool) -> Iterator[Fault]:
    """Check that a person's own words are private, and that what is private is forgotten."""
    spot, written = web.key("slots", slot.id), value(web.tree, ("slots", slot.id))
    given = written if isinstance(written, dict) else {}
    if asked and slot.type == "text" and not slot.private and not given.get("private"):
        message = f"slot {slot.id!r} takes a person's own words, and is not private"
        yield Fault("R011", spot, message, "add `private: true` and `keep: 30d`", "warning")
    if slot.private and slot.keep is None and "keep" not in given:
        message = f"slot {slot.id!r} is private, and nothing says when it is forgotten"
        yield Fault("R012", spot, message, "add `keep: 30d`", "warning")


# --- where values go -------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Move:
    """Say that the value of a slot goes into another, and where that is written."""

    web: Web
    source: Slot
    target: Slot
    path: Path


def _moves(net: Net, web: Web, state: State) -> Iterator[_Move]:
    """Yield every move of a private value in a state."""
    at: Path = ("states", state.id)
    yield from _set(web, web, state.set, (*at, "set"))
    for place, option in enumerate(state.options):
        yield from _set(web, web, option.set, (*at, "options", place, "set"))
    callee = None if state.call is None else net.webs.get(state.call.flow)
    if state.call is not None and callee is not None:
        yield from _set(web, callee, state.call.give, (*at, "with"))
        for ours, theirs in state.call.take:
            yield from _move(web, callee.scope.get(theirs), web.scope.get(ours), (*at, "take", ours))
    for place, remind in enumerate(state.remind):
        later = net.webs.get(remind.flow)
        if later is not None:
            yield from _set(web, later, remind.give, (*listed(web, (*at, "remind"), place), "with"))
    if state.record is not None:
        names = [*state.record.slots, *([state.record.note] if state.record.note else [])]
        for name in names:
            yield from _move(web, web.scope.get(name), web.scope.get(state.record.into), (*at, "record"))


def _set(web: Web, owner: Web, setters: Iterable[Setter], path: Path) -> Iterator[_Move]:
    """Yield the moves of setters that copy a slot as it is."""
    for one in setters:
        if one.expr is not None and isinstance(one.expr.tree, Name):
            source = web.scope.get(one.expr.tree.id)
            yield from _move(web, source, owner.scope.get(one.slot), (*path, one.slot))


def _move(web: Web, source: Slot | None, target: Slot | None, path: Path) -> Iterator[_Move]:
    if source is not None and target is not None and source.private:
        yield _Move(web, source, target, path)


def _moved(move: _Move) -> Iterator[Fault]:
    """Check that a private value is as private, and forgotten as soon, where it goes."""
    source, target, spot = move.source, move.target, move.web.spot(*move.path)
    if not target.private:
        message = f"the private {source.id!r} goes into {target.id!r}, which is not private"
        yield Fault("R013", spot, message, f"let {target.id!r} be private too")
    elif source.keep is not None and target.keep is not None and target.keep > source.keep:
        message = f"{target.id!r} keeps what is in {source.id!r} longer than {source.id!r} does"
        yield Fault("R014", spot, message, "give both the same `keep`", "warning")


# --- where values show -----------------------------------------------------------------------------------


def _named(web: Web, state: State) -> Iterator[Fault]:
    """Check that no name of a prompt holds a private value."""
    for place, line in enumerate(state.say):
        for field in line.fields:
            if field in web.scope and web.scope[field].private:
                spot = web.spot(*listed(web, ("states", state.id, "say"), place))
                message = f"the name of this prompt holds the private {field!r}"
                yield Fault("R016", spot, message, "say it inside the prompt")


def _nudged(content: Content, needs: Needs, web: Web, state: State) -> Iterator[Fault]:
    """Check that no nudge shows a private value, in any language."""
    for place, timer in enumerate(state.timers):
        for prompt, _ in () if timer.say is None else named(timer.say, web.scope):
            shown = set[str]().union(*(needs.shown_by(prompt, lang) for lang in content.prompts.languages))
            private = sorted(name for name in shown & web.scope.keys() if web.scope[name].private)
            if private:
                message = f"this nudge shows the private {private[0]!r} on a locked screen"
                spot = web.spot("states", state.id, "timers", place, "say")
                yield Fault("R015", spot, message, "say it without the value")


# --- what a person may ask for ---------------------------------------------------------------------------


def _commands(net: Net) -> Iterator[Fault]:
    """Check that everything can be taken, and that a person can be forgotten, from anywhere."""
    tree, known = net.pieces.globals_tree, net.globals
    if tree is None or lost_parts(tree, known) or net.broken:
        return
    called = [one.call for one in known.interrupts if one.call is not None]
    forgets = any(
        state.forget for flow in called if flow in net.webs for state in net.webs[flow].flow.states.values()
    )
    exports = any(one.do == "export" for one in known.interrupts)
    if any(flow not in net.webs for flow in called):
        forgets = True  # a name that leads nowhere is told already, and may be the one
    spot = tree.key_spot("interrupts")
    if not exports:
        yield Fault("R017", spot, "nobody can ask for all that is kept of them", "add one with `do: export`")
    if not forgets:
        message = "nobody can ask to be forgotten"
        yield Fault("R017", spot, message, "add one that calls a flow with a `forget: true`")
