"""The Y1xx codes: what is no YAML, and what is YAML but not in the shape of the format."""

from __future__ import annotations

from bot.content.codes.code import Code

CODES: tuple[Code, ...] = (
    Code(
        "Y101",
        "Not UTF-8",
        "The file holds bytes that are not UTF-8 text, or a control character that YAML does not allow.",
        "Save the file as UTF-8 and remove the character.",
    ),
    Code("Y102", "Empty file", "The file holds nothing, or only comments.", "Write it, or remove it."),
    Code(
        "Y103",
        "Not YAML",
        "The text breaks the rules of YAML: a quote or bracket is never closed, lines of one block do not"
        " line up, or a colon stands where text needs quotes. Nothing after it can be read.",
        "Mend the named place; put a text that holds ': ', ' #' or begins with a sign into quotes.",
    ),
    Code("Y104", "Tab", "A tab indents a line. YAML allows only spaces.", "Replace the tab by two spaces."),
    Code(
        "Y105",
        "Duplicate key",
        "A mapping names the same key twice, so one of the two values would be lost without a word.",
        "Remove or rename one of the two.",
    ),
    Code("Y106", "Key is no text", "A key is a number, a list or a mapping.", "Put the key into quotes."),
    Code("Y107", "Tag", "A value carries a YAML tag such as `!!python/object`.", "Remove the tag."),
    Code("Y108", "Several documents", "A file holds one document.", "Remove the `---`, or what follows it."),
    Code(
        "Y109",
        "Anchor or alias",
        "An alias names no anchor, contains itself, or repeats so much that the file would grow out of"
        " bounds.",
        "Write the repeated part out.",
    ),
    Code(
        "Y110",
        "Too large",
        "The file is larger or nested deeper than any flow needs to be.",
        "Split it into several flows.",
    ),
    Code(
        "Y120",
        "Unknown key",
        "The format has no such key here; it would do nothing.",
        "Correct its spelling, move it to where it belongs, or remove it.",
    ),
    Code("Y121", "Missing key", "A key that this part cannot be without is missing.", "Add it."),
    Code(
        "Y122",
        "Wrong kind of value",
        "The value is of another kind than the key takes: a list where text is meant, a number where a"
        " name is.",
        "Write the kind of value the message names.",
    ),
    Code(
        "Y123",
        "Bad id",
        "An id is small letters, digits and underscores, begins with a letter, and is at most 40 long."
        " Buttons, tests and counts hold it, so it must never need quoting.",
        "Rename it.",
    ),
    Code(
        "Y124",
        "Bad duration or time",
        "A duration is a whole number and one of s, m, h, d, w; a time of day is written HH:MM.",
        'Write for example `20m`, `72h`, `3d`, or "22:00".',
    ),
    Code(
        "Y125",
        "Not one of the choices",
        "The key takes one of a few words, and this is none of them.",
        "Take one of those the message names.",
    ),
    Code(
        "Y126",
        "Guard unreadable",
        "A condition or expression cannot be read.",
        "Mend it at the named column; flows/README.md lists what guards can do.",
    ),
    Code(
        "Y127",
        "Not exactly one way on",
        "A state does exactly one thing in the end: ask, offer options, call, goto or end. Only ask and"
        " options go together.",
        "Keep one, and move the others into states of their own.",
    ),
    Code(
        "Y128",
        "Missing else",
        "A guarded list ends with `{else: target}`, and nothing stands after it. Otherwise a person could"
        " reach a point with no way on.",
        "End the list with `{else: target}`.",
    ),
    Code("Y129", "Duplicate id", "Two things in one list have the same id.", "Rename one of them."),
    Code(
        "Y130",
        "Bad name of a prompt or label",
        "A prompt or label is named by its folders and name in small letters, such as `reflect/open`."
        " `{slot}` may stand for the value of an enum slot.",
        "Correct the name.",
    ),
    Code(
        "Y131",
        "Slot that cannot be",
        "A slot's declaration contradicts itself: an enum without members, a minimum above the maximum,"
        " bounds on a type that has none, or a default that is not of its type.",
        "Correct the declaration.",
    ),
    Code(
        "Y132",
        "Key without use",
        "The key is right, but this part does not use it: timers of a state that does not wait, `passes`"
        " where there is no gate.",
        "Remove it, or add what it belongs to.",
    ),
    Code("Y133", "Unknown schema", "The first line names a format Lowtide does not know.", "Correct it."),
    Code(
        "Y134",
        "Name of the file",
        "The flow is not called as its file is, so nobody could find it.",
        "Rename the file or the flow.",
    ),
    Code(
        "Y135",
        "Bad migration",
        "A `migrate:` entry goes from a version that is not below this flow's, or two go from the same one.",
        "Name the older version the entry carries people over from.",
    ),
    Code(
        "Y136",
        "Test that cannot be played",
        "A `*.test.yaml` holds a key or a value that has no meaning there, so what its author expects would"
        " not be looked at.",
        "Write it as flows/README.md shows under Tests.",
    ),
)
