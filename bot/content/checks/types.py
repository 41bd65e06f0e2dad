"""The uses of slots in one flow: every value fits its slot, every condition can go both ways."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from bot.content.checks.domains import judged
from bot.content.checks.kinds import wrong_expression, wrong_value
from bot.content.checks.reading import Use, columns, uses
from bot.content.checks.webs import ENGINE, Web
from bot.content.faults import Fault, Spot, did_you_mean
from bot.dialogue.flow import Slot
from bot.dialogue.guards import Guard
from bot.dialogue.recurring import WEEKDAYS

_RECORDED = {
    "list": (("list",), "declare it in `memory` of globals.yaml"),
    "kept": (("int", "enum", "bool"), "texts stand in `note`"),
    "note": (("text",), "other slots stand in `with`"),
}
"""What the slots of a person's own record can be."""


_TIMED = {"at": "time", "in": "duration"}
"""What a reminder or a timer takes its moment from."""


@dataclass(eq=False)
class Checked:
    """Check every use of a slot in one flow, and keep which were named and which values were set."""

    web: Web
    named: set[str] = field(default_factory=set)
    members: dict[str, set[object]] = field(default_factory=dict)
    """Enum slot → the members that something sets; a slot that can get any of them holds all."""
    unknown: dict[str, list[Spot]] = field(default_factory=dict)
    """Names that are no slot → where they stand."""

    def faults(self) -> Iterator[Fault]:
        """Report what is wrong with the uses of slots."""
        flow = self.web.flow
        first = [(name, self.web.spot("needs", place)) for place, name in enumerate(flow.needs)]
        first += [(flow.opening, self.web.spot("opening"))] if flow.opening else []
        first += [(one.slot, self.web.key("hears", one.slot)) for one in flow.hears]
        for name, spot in first:
            self.named.add(name)
            self.open(name)
            if name not in self.web.scope:
                self.note(name, spot)
        for state in self.web.flow.states.values():
            for use in uses(self.web, state):
                if use.guard is None:
                    yield from self.name(use)
                elif use.guard.names <= self.web.scope.keys():
                    self.named |= use.guard.names
                    if not use.guard.names & self.web.vague:
                        yield from self.guard(use, use.guard)
                else:
                    self.note_all(use, use.guard)

    # --- names ---------------------------------------------------------------------------------------

    def name(self, use: Use) -> Iterator[Fault]:
        """Check a use of one slot."""
        slot = self.web.scope.get(use.slot)
        if slot is None:
            self.note(use.slot, self.spot(use))
            return
        self.named.add(slot.id)
        if slot.id in self.web.vague:
            return
        if use.deed in ("set", "asked"):
            yield from self.given(use, slot)
        elif use.deed in _RECORDED:
            yield from self.recorded(use, slot)
        elif slot.type != _TIMED.get(use.deed, slot.type):
            message = f"`{use.deed}` takes a slot of type {_TIMED[use.deed]}, and {slot.id!r} is {slot.type}"
            yield Fault("T314", self.spot(use), message, f"name a slot of `type: {_TIMED[use.deed]}`")
        elif use.deed == "on" and not (slot.type == "enum" and set(slot.of) <= set(WEEKDAYS)):
            message = f"`on` takes an enum of weekdays, and {slot.id!r} is none"
            yield Fault(
                "T316", self.spot(use), message, "name one whose members are of monday, tuesday … sunday"
            )
        elif use.deed == "field" and slot.type != "enum":
            message = (
                f"{{{slot.id}}} in the name of a prompt takes an enum slot, and {slot.id!r} is {slot.type}"
            )
            yield Fault("T315", self.spot(use), message, "say the value inside the prompt")

    def recorded(self, use: Use, slot: Slot) -> Iterator[Fault]:
        """Check a slot of the person's own record: the list is memory, and a line of it can be read back."""
        kinds, fix = _RECORDED[use.deed]
        owned = slot.id in self.web.flow.slots or slot.id in ENGINE
        if slot.type not in kinds or (use.deed == "list" and owned):
            where = " of the memory" if use.deed == "list" else ""
            message = f"this takes a slot{where} of type {' or '.join(kinds)}, and {slot.id!r} is {slot.type}"
            yield Fault("T317", self.spot(use), message, fix)

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

    def note(self, name: str, spot: Spot) -> None:
        """Note an unknown name; the slot that it probably means counts as used."""
        near = did_you_mean(name, self.web.scope)
        if near is not None:
            self.named.add(near)
            self.open(near)
        self.unknown.setdefault(name, []).append(spot)

    def note_all(self, use: Use, guard: Guard) -> None:
        """Note the unknown names of a guard, at their columns."""
        self.named |= guard.names
        for name, column in columns(guard.tree):
            if name not in self.web.scope:
                self.note(name, self.inside(use, column))

    # --- guards --------------------------------------------------------------------------------------

    def guard(self, use: Use, guard: Guard) -> Iterator[Fault]:
        """Check the type of a guard or an expression, and that a guard can go both ways."""
        about = judged(guard, self.web.scope)
        found = about.type
        if found is None:
            if about.wrong is not None:
                yield Fault("T304", self.inside(use, about.wrong.column), *_split(str(about.wrong)))
            return
        if use.deed == "expr" and use.setter is not None:
            slot = self.web.scope.get(use.setter.slot)
            wrong = None if slot is None else wrong_expression(slot, use.setter, found)
            if wrong is not None:
                yield Fault("T309", self.web.spot(*use.path), *wrong)
        elif use.deed == "guard" and found.kind != "bool":
            message = f"a condition is true or false, and this is {found.kind}"
            yield Fault("T304", self.spot(use), message, "compare it with something")
        elif use.deed == "guard" and about.always is not None:
            yield self.constant(use, always=about.always)

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
