"""The R codes: what a person wrote stays theirs."""

from __future__ import annotations

from bot.content.codes.code import Code

CODES: tuple[Code, ...] = (
    Code(
        "R011",
        "Own words that are not private",
        "A state asks for a text, and the slot it goes into is not private: it would be kept for as long as"
        " the conversation is, and shown to whoever reads the session.",
        "Add `private: true`, and a `keep`.",
    ),
    Code(
        "R012",
        "Private slot kept for ever",
        "A private slot says nothing about how long its value is kept, so it is never forgotten.",
        "Add `keep: 30d`, or as long as the flow needs it.",
    ),
    Code(
        "R013",
        "Private value in a slot that is not",
        "A private value is given to, taken into, set in or recorded in a slot that is not private, where"
        " nothing forgets it.",
        "Let the other slot be private too, or do not pass the value on.",
    ),
    Code(
        "R014",
        "Private value kept longer elsewhere",
        "A private value is given to a slot that keeps it longer than the one it comes from.",
        "Give the other slot the same `keep`, or a shorter one.",
    ),
    Code(
        "R015",
        "Private value in a nudge",
        "A nudge comes when nobody has asked for it, and its first words stand on a locked screen for"
        " everybody to see.",
        "Say the nudge without the value.",
    ),
    Code(
        "R016",
        "Private value in a name",
        "The name of a prompt holds the value of a private slot. Names of prompts are remembered, so that no"
        " line is said twice.",
        "Say the value inside the prompt, or let the slot not be private.",
    ),
    Code(
        "R017",
        "No way to take all or to be gone",
        "globals.yaml has no interrupt that gives a person everything kept of them, or none that leads to a"
        " state which forgets them.",
        "Add an interrupt with `do: export`, and one that calls a flow with a `forget: true`.",
    ),
)
