"""The P7xx codes: the promises to the person."""

from __future__ import annotations

from bot.content.codes.code import Code

CODES: tuple[Code, ...] = (
    Code(
        "P701",
        "Rung open without its gates",
        "A state of the ladder can be reached on a way that did not ask both person_check and"
        " wanted_check, or, where it reaches toward the person, on one that did not pass both. A step"
        " toward somebody dangerous, or somebody who asked not to be contacted, does harm.",
        "Lead the way through both gates, and only by the options that pass; the message shows the"
        " shortest way that does not.",
    ),
    Code(
        "P702",
        "No gate anywhere",
        "There are states of the ladder, and no state of any flow asks this gate.",
        "Mark the state that asks it with `gate:`.",
    ),
    Code(
        "P703",
        "Gate that nobody passes",
        "None of the options of this gate carries `passes: true`, so the ladder could never be reached.",
        "Mark the options that open the way.",
    ),
    Code(
        "P704",
        "Rung said outside the ladder",
        "A prompt from `rung/` or `draft/` is said by a state that carries no `rung`, where no gate"
        " guards it.",
        "Mark the state with `rung: toward` or `rung: elsewhere`, or move the prompt.",
    ),
    Code(
        "P705",
        "Unknown gate",
        "The gates of the ladder are person_check and wanted_check.",
        "Correct the name.",
    ),
    Code(
        "P706",
        "Card without a number",
        "A clear sign that somebody may be hurt leads to a flow that asks before it has shown a helpline, or"
        " shows none in one of its wordings or languages.",
        "Say a prompt with {{ helpline.emergency }} before the first question, in every wording.",
    ),
    Code(
        "P707",
        "Review of older words",
        "Somebody has signed this line in reviews.yaml, and its words have changed since.",
        "Let them read it again, and write the hash that docs/review.md names.",
    ),
    Code(
        "P709",
        "Gate heard in passing",
        "`hears` listens in a story for the answer to a gate. A gate is passed by a clear answer to its own"
        " question, never by what a text sounds like.",
        "Remove it, and let the question be asked.",
    ),
    Code(
        "P708",
        "Lines that nobody has reviewed",
        "Lines of a danger or a gate are signed by nobody. That is no fault of yours, and it is said so that"
        " nobody forgets it.",
        "Let somebody who is trained for it read them and sign in reviews.yaml.",
    ),
)
