"""The S2xx codes: the shape of the graph, and what changed in it."""

from __future__ import annotations

from bot.content.codes.code import Code

CODES: tuple[Code, ...] = (
    Code(
        "S290",
        "Version not raised",
        "The flow's structure (its states, option ids, slots, outcomes or calls) is not the one flows.lock"
        " remembers under this version. People who wait in the flow are carried over by version, so the same"
        " number may never mean two structures.",
        "Raise `version`, add a `migrate:` entry if states were renamed or removed, and record the new version.",
    ),
    Code(
        "S291",
        "Version lowered",
        "flows.lock remembers a higher version of this flow than the file has.",
        "Give the flow a version above every one in flows.lock.",
    ),
    Code(
        "S292",
        "Version not recorded",
        "flows.lock does not know this version yet. That is right while you work on a flow, and must be mended"
        " before a release.",
        "Record it once the flow is as you want it.",
    ),
    Code(
        "S293",
        "Lock file unreadable",
        "flows.lock is not in the form that Lowtide writes.",
        "Restore it from version control; it is written by Lowtide and not by hand.",
    ),
)
