"""The V codes: what becomes of people who wait in an older version of a flow."""

from __future__ import annotations

from bot.content.codes.code import Code

CODES: tuple[Code, ...] = (
    Code(
        "V901",
        "Migration to nowhere",
        "`migrate` sends a state, a slot or an option to a name that this flow does not have, or a state to"
        " one that does not wait.",
        "Correct the name, or send it elsewhere.",
    ),
    Code(
        "V902",
        "Migration to a value that does not fit",
        "`map` or `set` gives a slot a value that its type, its members or its bounds do not allow.",
        "Give a value of the slot's type.",
    ),
    Code(
        "V903",
        "State without a place",
        "A version that people may wait in has a state that is gone, waits no more, or calls another flow,"
        " and no `migrate` entry says where to go from there.",
        "Name the state under `states:` in `migrate`, or keep the older version under `policy`.",
    ),
    Code(
        "V904",
        "Slot without a place",
        "A version that people may wait in has a slot that is gone, or can hold what today's slot cannot, and"
        " no `migrate` entry says what becomes of it.",
        "Name the slot under `slots:` in `migrate`: give its new name, map its values, or null to let it go.",
    ),
    Code(
        "V905",
        "Button without a meaning",
        "A version that people may wait in has an option that is gone. Its button, if it is still on"
        " somebody's screen, will be answered as an old one.",
        "Name the option under `options:` in `migrate`, if there is one that means the same.",
    ),
    Code(
        "V906",
        "Migration from a name that never was",
        "`migrate` names a state that the version it comes from did not have.",
        "Correct the name.",
    ),
    Code(
        "V907",
        "Older version that nobody is kept in",
        "A file in older/ belongs to no flow that pins it, or is no older version; or a flow pins and has no"
        " older version at hand.",
        "Put the older version into older/FLOW.vN.yaml, or remove one of the two.",
    ),
    Code(
        "V908",
        "Pin that does not end",
        "Conversations may stay in an older version for thirty days. Past its day a pin keeps nobody.",
        "Name a day within thirty days, or remove the pin and the file in older/.",
    ),
)
