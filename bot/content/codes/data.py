"""The G8xx codes: why pages, helplines and the lexicon."""

from __future__ import annotations

from bot.content.codes.code import Code

CODES: tuple[Code, ...] = (
    Code(
        "G801",
        "File missing",
        "One of the files that belong to every set of flows cannot be read.",
        "Write it beside the flows: globals.yaml, why.yaml, helplines.yaml or lexicon.yaml.",
    ),
    Code(
        "G802",
        "Days out of order",
        "A statement expires on or before the day it was checked.",
        "Correct the two days.",
    ),
    Code(
        "G803",
        "Expired",
        "The day until which somebody vouched for a helpline or a why page has passed. A wrong number in a"
        " crisis is worse than none.",
        "Check it against its source, correct it if need be, and set its days anew.",
    ),
    Code(
        "G804",
        "Expires soon",
        "Within thirty days nobody will vouch for this helpline or page any more, and then the check fails.",
        "Check it against its source now, and set its days anew.",
    ),
    Code(
        "G810",
        "Why page without words",
        "why.yaml has the page, and prompts/en/why/ has no text for it.",
        "Write prompts/en/why/<id>.j2.",
    ),
    Code(
        "G811",
        "Page asked for twice",
        "Two why pages have the same title or synonym, so nobody could find the second by it.",
        "Leave the words to one of the two.",
    ),
    Code(
        "G812",
        "Why page too long",
        "A why page holds 120 words at most, in every language and every variant.",
        "Shorten it to the one thing it explains.",
    ),
    Code(
        "G814",
        "Unknown why page",
        "A flow or a state names a why page that why.yaml does not have.",
        "Correct the id, or add the page.",
    ),
    Code(
        "G815",
        "Why page may be unset",
        "A flow names its why page by a slot that some way there has not set, so `/why` would find nothing.",
        "Set the slot on every way to that state, or name a page.",
    ),
    Code(
        "G822",
        "A number for everyone",
        "The part for people whose country is unknown holds a digit. A number would be another country's.",
        "Say it in words, such as: your local emergency number.",
    ),
    Code(
        "G824",
        "Country without helplines",
        "A person can say that they live in this country, and helplines.yaml does not have it; they would get"
        " the words for everyone else.",
        "Add the country to helplines.yaml, or take it out of the slot.",
    ),
    Code(
        "G831",
        "Deaf lexicon",
        "The lexicon of danger has nothing in it, so no text would ever be heard as a sign of danger.",
        "Write what to hear under `gates`.",
    ),
    Code(
        "G832",
        "Nobody answers",
        "The lexicon hears a danger for which globals.yaml names no flow: it would be heard and passed over.",
        "Add the gate and tier to `dangers` in globals.yaml.",
    ),
    Code("G830", "Lexicon", "The lexicon of danger has a part that cannot be used.", "Mend the named part."),
)
