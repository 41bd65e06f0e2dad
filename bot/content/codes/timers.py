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
    Code(
        "M505",
        "Still given when the next is due",
        "What comes again expires later than it comes again, so a person could be asked twice.",
        "Let `expires` be shorter than the day or the week of `every`.",
    ),
    Code(
        "M506",
        "Far from the hour that was chosen",
        "A person chose an hour, and with this `spread` it may come much later. An hour at most is fair.",
        "Make `spread` shorter.",
    ),
    Code(
        "M507",
        "Comes again and cannot be stopped",
        "Somebody is written to again and again, and no state takes that back.",
        "Offer an answer that leads to a state with `cancel:` and the name of that flow.",
    ),
)
