"""The W6xx codes: prompts, labels and phrases."""

from __future__ import annotations

from bot.content.codes.code import Code

CODES: tuple[Code, ...] = (
    Code(
        "W601",
        "Prompt missing",
        "A flow, globals.yaml or another prompt names a prompt, and prompts/en has no file for it.",
        "Correct the name, or write prompts/en/<name>.j2.",
    ),
    Code(
        "W602",
        "Not a template",
        "The prompt breaks the rules of Jinja2, or uses something that prompts may not use.",
        "Mend the named line; prompts/README.md lists what a prompt may use.",
    ),
    Code(
        "W603",
        "Prompt fails",
        "The prompt cannot be said with slots that can occur where a flow says it: mostly because a slot may"
        " not be set there yet.",
        "Ask first, as in {% if person is defined %}, or set the slot on every way to that state.",
    ),
    Code(
        "W604",
        "Prompt unused",
        "No flow, no why page and no other prompt says this prompt.",
        "Say it somewhere, or remove the file.",
    ),
    Code(
        "W605",
        "Placeholder missing",
        "The English prompt shows a value, and its translation does not.",
        "Use the value in the translation too, in at least one variant.",
    ),
    Code(
        "W606",
        "Message too long",
        "With the longest values its slots may hold, the prompt is longer than the 2,000 characters that"
        " every platform takes.",
        "Shorten it, or lower the `max` of the slot.",
    ),
    Code("W607", "Label too long", "A button's label holds 80 characters at most.", "Shorten it."),
    Code(
        "W608",
        "Label missing",
        "An option or a prompt names a label that no words file has.",
        "Correct the key, or add the entry to prompts/en/<folder>/options.yaml.",
    ),
    Code(
        "W609",
        "Phrases missing",
        "An option or interrupt has no example phrases, so words can hardly choose it.",
        "Add `says:` to the entry, with phrases as people really write them.",
    ),
    Code(
        "W610",
        "Stale translation",
        "The English text has changed since this translation was made from it.",
        "Bring the translation up to date and set its first line to the hash that the message names.",
    ),
    Code(
        "W611",
        "Translation missing",
        "A language has other prompts or labels, but not this one; English is said in its place.",
        "Translate it.",
    ),
    Code("W612", "Prompt unreadable", "A prompt's file is not UTF-8 text.", "Save it as UTF-8."),
    Code(
        "W613",
        "Prompt says nothing",
        "With slots that can occur, nothing is left of the prompt; an empty message cannot be sent.",
        "Give it words for every case.",
    ),
    Code(
        "W614",
        "Options that sound alike in a translation",
        "In another language two options of one state share a phrase, so nobody could tell which is meant.",
        "Keep the phrase with one of them.",
    ),
    Code(
        "W615",
        "Phrases not translated",
        "In another language the option has a label and no phrases, so words can hardly choose it there.",
        "Add `says:` to the entry, with phrases as people really write them in that language.",
    ),
    Code(
        "W616",
        "Message too wordy",
        "A message holds sixty words at most. Whoever is tired reads no more.",
        "Say one thing only, or ask first and say the rest after the answer.",
    ),
    Code(
        "W617",
        "Hard to read",
        "Long sentences of long words, by the words in a sentence and the share of long ones (LIX): it is as"
        " hard as a newspaper, or harder.",
        "Part the sentences, and take the shorter words.",
    ),
    Code(
        "W618",
        "Words that are never said",
        "never.yaml lists words that no line may hold in this language, each with the reason.",
        "Say it otherwise; the message names the reason.",
    ),
    Code(
        "W619",
        "Translation of nothing",
        "A language has a prompt or label that the English has not, so nobody will ever read it.",
        "Rename it as the English is, or remove it.",
    ),
    Code(
        "W620",
        "Buttons that read alike",
        "Two options that can be shown at once have the same label in a language.",
        "Word one of them differently.",
    ),
    Code(
        "W621",
        "Still in English",
        "A translation holds exactly the words that it translates.",
        "Translate it, or remove it: English is said in its place.",
    ),
    Code(
        "W622",
        "Lone mark",
        "A `*` or `_` that should begin or end an emphasis has no partner in its paragraph, and is shown as"
        " it is.",
        "Close it before the paragraph ends, or put a backslash before it.",
    ),
)
