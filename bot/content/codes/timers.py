"""The M5xx codes: lapses and nudges."""

from __future__ import annotations

from bot.content.codes.code import Code

CODES: tuple[Code, ...] = (
    Code(
        "M501",
        "Wait without a lapse",
        "If the person never answers, this state waits for ever.",
        "Add a timer with a target, such as `{id: lapse, after: 72h, to: lapsed}`.",
    ),
    Code(
        "M502",
        "Nudge after the lapse",
        "The wait is over before this nudge is due, so it is never said.",
        "Let the nudge come earlier, or the lapse later.",
    ),
    Code(
        "M503",
        "Nudges too close",
        "Two nudges of one wait are less than a day apart. At most one a day is promised.",
        "Put a day or more between them.",
    ),
    Code(
        "M504",
        "Too many nudges",
        "At most three nudges in one wait are promised.",
        "Remove some.",
    ),
)
