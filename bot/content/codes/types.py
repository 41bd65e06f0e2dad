"""The T3xx codes: slots and guards."""

from __future__ import annotations

from bot.content.codes.code import Code

CODES: tuple[Code, ...] = (
    Code(
        "T301",
        "Unknown slot",
        "The name is no slot of this flow, no memory and none of the engine's names.",
        "Correct the name, or declare the slot.",
    ),
    Code(
        "T302",
        "Slot nobody uses",
        "The slot is declared and then neither set, read, asked for, given nor taken.",
        "Remove it.",
    ),
    Code(
        "T303",
        "Slot that may be unset",
        "On some way to this point nothing has given the slot a value. A comparison with an unset slot is"
        " false, a prompt that shows it fails, a called flow that needs it has nothing.",
        "Give it a `default`, set it on every way, or ask `known(slot)` first.",
    ),
    Code(
        "T304",
        "Guard of the wrong type",
        "The condition is not a yes-or-no, or it compares what can never be compared.",
        "Mend it at the named column.",
    ),
    Code(
        "T305",
        "Guard that always holds",
        "Whatever values its slots have, the condition is true, so what follows it is never reached.",
        "Mend the condition, or make it the `else`.",
    ),
    Code(
        "T306",
        "Guard that never holds",
        "Whatever values its slots have, the condition is false, so its way is never taken.",
        "Mend the condition, or remove the way.",
    ),
    Code(
        "T307",
        "Value nobody handles",
        "With this value every option of the state is hidden, so the person would be shown none.",
        "Add an option for the value, or one without `if`.",
    ),
    Code(
        "T308",
        "Value that is never set",
        "An enum slot of this flow can hold a member that nothing in it ever gives: no option, no setter,"
        " no question, no caller.",
        "Set it somewhere, or remove the member.",
    ),
    Code(
        "T309",
        "Value of the wrong type",
        "The slot cannot hold what it is given.",
        "Give it a value of its own type, and one of its members.",
    ),
    Code(
        "T310",
        "Name that is taken",
        "The slot is called like one of the memory or like a name the engine gives.",
        "Rename the slot.",
    ),
    Code(
        "T311",
        "Name that can only be read",
        "`careful`, `parked`, `first_visit`, `night` and `recurring` are given by the engine and cannot be"
        " set or asked for.",
        "Use a slot of your own.",
    ),
    Code(
        "T312",
        "Options that sound alike",
        "Two options of one state share a phrase, so nobody could tell which of them is meant.",
        "Keep the phrase with one of them.",
    ),
    Code(
        "T313",
        "Slot of the wrong kind",
        "The slot that keeps what a person wrote to begin must be a text of this flow.",
        "Name a text slot of this flow, or remove `opening`.",
    ),
    Code(
        "T314",
        "Not a time of day",
        "`at` names a slot that holds no time of day.",
        "Name a slot of `type: time`.",
    ),
    Code(
        "T315",
        "Not an enum",
        "The name of a prompt may hold the value of an enum slot only: every member must have its prompt.",
        "Name an enum slot, or say the value inside the prompt.",
    ),
    Code(
        "T316",
        "Not a weekday",
        "`on` names a slot that is no enum of weekdays.",
        "Name an enum slot whose members are days, from `monday` to `sunday`.",
    ),
    Code(
        "T317",
        "Not fit for a record",
        "A record is kept in a list of the memory. A line holds numbers, names and truths, and one text.",
        "Name a list of the memory; put a text into `note` and all else into `with`.",
    ),
)
