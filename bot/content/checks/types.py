"""Slots and guards: every name is declared, every value fits its slot, every condition can go both ways."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import product

from bot.content.checks.domains import verdict
from bot.content.checks.kinds import wrong_expression, wrong_value
from bot.content.checks.options import option_faults
from bot.content.checks.reading import Use, columns, uses
from bot.content.checks.webs import ENGINE, Net, Web, mean
from bot.content.faults import Fault, Spot, did_you_mean
from bot.dialogue.flow import Slot, State
from bot.dialogue.guard_types import check_types
from bot.dialogue.guards import Guard
from bot.errors import GuardError


def faults(net: Net) -> Iterator[Fault]:
    """Check the slots and guards of every flow."""
    given, taken = _outside(net)
    for web in net.webs.values():
        checked = _Checked(web, net.pieces.globals_tree is None)
        found = list(checked.faults())
        yield from found
        elsewhere = given.get(web.id, set())
        if not web.cut_short:
            yield from _unused(net, web, checked.named | elsewhere | taken.get(web.id, set()))
            yield from _never_set(web, checked, elsewhere)
        yield from _declared(net, web)
    yield from option_faults(net)


def _outside(net: Net) -> tuple[dict[str, set[str]], dict[str, set[str]]]:
    """Return, for each flow, its slots that other flows give, and those that they take."""
    given: dict[str, set[str]] = {}
    taken: dict[str, set[str]] = {}
    for web in net.webs.values():
        for call in web.calls.values():
            given.setdefault(call.flow, set()).update(one.slot for one in call.give)
            taken.setdefault(call.flow, set()).update(theirs for _, theirs in call.take)
        for state in web.flow.states.values():
            for remind in state.remind:
                given.setdefault(remind.flow, set()).update(one.slot for one in remind.give)
    return given, taken


@dataclass(eq=False)
class _Checked:
    """Check every use of a slot in one flow, and keep which were named and which values were set."""

    web: Web
    blind: bool
    """Whether the memory cannot be known, so that no name is unknown."""
    named: set[str] = field(default_factory=set)
    members: dict[str, set[object]] = field(default_factory=dict)
    """Enum slot → the members that something sets; a slot that can get any of them holds all."""
    undeclared: set[str] = field(default_factory=set)

    def faults(self) -> Iterator[Fault]:
        """Report what is wrong with the uses of slots."""
        for name in (*self.web.flow.needs, *filter(None, (self.web.flow.opening,))):
            self.named.add(name)
            self.open(name)
        for state in self.web.flow.states.values():
            for use in uses(self.web, state):
                if use.guard is None:
                    yield from self.name(use)
                elif use.guard.names <= self.web.scope.keys():
                    self.named |= use.guard.names
                    if not use.guard.names & self.web.vague:
                        yield from self.guard(use, use.guard)
                else:
                    yield from self.unknown_in(use, use.guard)

    # --- names ---------------------------------------------------------------------------------------

    def name(self, use: Use) -> Iterator[Fault]:
        """Check a use of one slot."""
        slot = self.web.scope.get(use.slot)
        if slot is None:
            yield from self.unknown(use.slot, self.spot(use))
            return
        self.named.add(slot.id)
        if slot.id in self.web.vague:
            return
        if use.deed in ("set", "asked"):
            yield from self.given(use, slot)
        elif use.deed == "at" and slot.type != "time":
            message = f"`at` takes a slot of type time, and {slot.id!r} is {slot.type}"
            yield Fault("T314", self.spot(use), message, "name a slot of `type: time`")
        elif use.deed == "field" and slot.type != "enum":
            message = (
                f"{{{slot.id}}} in the name of a prompt takes an enum slot, and {slot.id!r} is {slot.type}"
            )
            yield Fault("T315", self.spot(use), message, "say the value inside the prompt")

    def given(self, use: Use, slot: Slot) -> Iterator[Fault]:
        """Check that a slot may be set, and to this value."""
        if slot.id in ENGINE and slot is ENGINE[slot.id]:
            yield Fault("T311", self.spot(use), f"{slot.id!r} can only be read", "use a slot of your own")
            return
        setter = use.setter
        if setter is None or setter.expr is not None or setter.value is None:
            if setter is None or setter.expr is not None:
                self.open(slot.id)
            return
        self.members.setdefault(slot.id, set()).add(setter.value)
        wrong = wrong_value(slot, setter.value)
        if wrong is not None:
            self.members[slot.id].add(did_you_mean(str(setter.value), slot.of))
            yield Fault("T309", self.web.spot(*use.path), *wrong)

    def open(self, name: str) -> None:
        """Note that a slot can get any of its members."""
        slot = self.web.scope.get(name)
        self.members.setdefault(name, set()).update(slot.of if slot else ())

    def unknown(self, name: str, spot: Spot) -> Iterator[Fault]:
        """Report an unknown name: one with a near name each time, one without only the first time."""
        if self.blind:
            return
        near = did_you_mean(name, self.web.scope)
        if near is not None:
            self.named.add(near)
            self.open(near)
        if near is not None or name not in self.undeclared:
            fix = mean(near, "declare it under `slots`")
            yield Fault("T301", spot, f"{name!r} is no slot of this flow", fix)
        self.undeclared.add(name)

    def unknown_in(self, use: Use, guard: Guard) -> Iterator[Fault]:
        """Report the unknown names of a guard, at their columns."""
        self.named |= guard.names
        for name, column in columns(guard.tree):
            if name not in self.web.scope:
                yield from self.unknown(name, self.inside(use, column))

    # --- guards --------------------------------------------------------------------------------------

    def guard(self, use: Use, guard: Guard) -> Iterator[Fault]:
        """Check the type of a guard or an expression, and that a guard can go both ways."""
        try:
            found = check_types(guard, self.web.scope)
        except GuardError as error:
            yield Fault("T304", self.inside(use, error.column), *_split(str(error)))
            return
        if use.deed == "expr" and use.setter is not None:
            slot = self.web.scope.get(use.setter.slot)
            wrong = None if slot is None else wrong_expression(slot, use.setter, found)
            if wrong is not None:
                yield Fault("T309", self.web.spot(*use.path), *wrong)
        elif use.deed == "guard" and found.kind != "bool":
            message = f"a condition is true or false, and this is {found.kind}"
            yield Fault("T304", self.spot(use), message, "compare it with something")
        elif use.deed == "guard":
            always = verdict(guard, self.web.scope)
            if always is not None:
                yield self.constant(use, always=always)

    def constant(self, use: Use, *, always: bool) -> Fault:
        """Report a guard that cannot go both ways."""
        if always:
            return Fault(
                "T305", self.spot(use), "this condition always holds", "mend it, or make it the `else`"
            )
        return Fault("T306", self.spot(use), "this condition never holds", "mend it, or remove its way")

    def spot(self, use: Use) -> Spot:
        """Return the place of a use."""
        return self.web.key(*use.path) if use.key else self.web.spot(*use.path)

    def inside(self, use: Use, column: int) -> Spot:
        """Return the place of a column of a guard."""
        return self.web.tree.inside(use.path, column)


def _split(message: str) -> tuple[str, str]:
    """Part the message of a guard error from its hint."""
    told, _, fix = message.partition("; ")
    return told, fix or "flows/README.md lists what guards can do"


# --- declarations --------------------------------------------------------------------------------------


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
        members = [web.scope[name].of if name in web.scope else () for name in line.fields]
        for values in product(*members):
            prompt = line.prompt
            for name, value in zip(line.fields, values, strict=True):
                prompt = prompt.replace(f"{{{name}}}", value)
            yield prompt


def _never_set(web: Web, checked: _Checked, outside: set[str]) -> Iterator[Fault]:
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
    """Check the names of slots, what is needed, and the slot that keeps how it began."""
    flow = web.flow
    for name in flow.slots:
        if name in net.globals.memory or name in ENGINE:
            owner = "the memory" if name in net.globals.memory else "the engine"
            message = f"slot {name!r} has the name of something {owner} holds"
            yield Fault("T310", web.key("slots", name), message, "rename it")
    for place, name in enumerate(flow.needs):
        if name not in flow.slots:
            near = did_you_mean(name, flow.slots)
            message = f"`needs` names {name!r}, which is no slot of this flow"
            yield Fault("T301", web.spot("needs", place), message, mean(near, "declare it under `slots`"))
    opening = flow.slots.get(flow.opening) if flow.opening else None
    if flow.opening and opening is None:
        near = did_you_mean(flow.opening, flow.slots)
        message = f"`opening` names {flow.opening!r}, which is no slot of this flow"
        yield Fault("T301", web.spot("opening"), message, mean(near, "declare it under `slots`"))
    elif opening is not None and opening.type != "text":
        message = f"`opening` keeps a text, and slot {opening.id!r} is {opening.type}"
        yield Fault("T313", web.spot("opening"), message, "name a slot of `type: text`")
