"""The C4xx codes: one flow running another."""

from __future__ import annotations

from bot.content.codes.code import Code

CODES: tuple[Code, ...] = (
    Code(
        "C401",
        "Unknown flow",
        "There is no flow of this name.",
        "Correct the name, or write the flow.",
    ),
    Code(
        "C402",
        "Outcome not handled",
        "The called flow can end in a way for which the caller has no target.",
        "Add it to `returns`.",
    ),
    Code(
        "C403",
        "Outcome that does not exist",
        "`returns` handles an outcome that the called flow does not have.",
        "Correct the name, or remove it.",
    ),
    Code(
        "C404",
        "Wrong type across a call",
        "A value is given to, or taken from, a slot of another type.",
        "Make the two slots agree in their type and members.",
    ),
    Code(
        "C405",
        "Need not given",
        "The called flow needs a slot that the call does not give.",
        "Add it to `with`.",
    ),
    Code(
        "C406",
        "Unknown slot of the other flow",
        "`with` or `take` names a slot that the called flow does not have.",
        "Correct the name, or declare the slot there.",
    ),
    Code(
        "C407",
        "Recursion without a wait",
        "A flow calls itself, perhaps through others, before anybody is asked anything, so a step would"
        " never end.",
        "Ask something before the call, or go to a state instead of calling.",
    ),
    Code(
        "C408",
        "Begun without what it needs",
        "A flow that starts, interrupts, answers a danger or is promised for later needs a slot that"
        " nobody gives it.",
        "Give the slot a `default`, or add it to the `with` of `remind`.",
    ),
)
