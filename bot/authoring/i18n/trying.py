"""A translation is tried on the flows before it is written: what would not render is told at its message."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from bot.authoring.i18n.importing import Plan, write
from bot.authoring.i18n.po import Sent, Sheet
from bot.content.checks.together import check_all
from bot.content.faults import Fault, Spot, in_order
from bot.content.folders import SOURCE
from bot.content.library import Content, load
from bot.content.places import Places
from bot.content.sources import ENDING, STAMP


def refused(content: Content, flows: Path, sheet: Sheet, wanted: Plan) -> list[Fault]:
    """Return why a plan cannot be written, each fault at its line of the sheet; asking changes nothing."""
    faults = [*sheet.faults, *_nameless(content, sheet, wanted)]
    if faults or not wanted.files:
        return faults
    with TemporaryDirectory() as folder:
        stage = Path(folder)
        _lay_out(stage, content.prompts.sources.root.resolve(), wanted)
        found = check_all(load(flows, stage), flows, datetime.now(UTC).date())
        ours = {str((stage / wanted.lang / file).resolve()): file for file in wanted.files}
        named = ((fault, ours.get(str(Path(fault.spot.file).resolve()))) for fault in in_order(found))
        return [
            _at_its_message(fault, sheet, wanted, file)
            for fault, file in named
            if file is not None and fault.severity == "error"
        ]


def _nameless(content: Content, sheet: Sheet, wanted: Plan) -> Iterator[Fault]:
    """Yield the phrases of an entry that would have no label."""
    sent = {one.context: one for messages in wanted.sent.values() for one in messages}
    for context, one in sent.items():
        kind, _, key = context.partition(":")
        labelled = f"label:{key}" in sent or key in content.words.entries(wanted.lang)
        if kind == "phrases" and not labelled:
            wrong = f"{context}: phrases without a label"
            yield Fault("W608", Spot(sheet.file, one.line), wrong, f"translate label:{key}, too")


def _lay_out(stage: Path, prompts: Path, wanted: Plan) -> None:
    """Lay out the prompts as they would be: the source language, and this one with its changes."""
    (stage / SOURCE).symlink_to(prompts / SOURCE, target_is_directory=True)
    there = prompts / wanted.lang
    for path in there.rglob("*"):
        if path.is_file():
            copy = stage / wanted.lang / path.relative_to(there)
            copy.parent.mkdir(parents=True, exist_ok=True)
            copy.write_bytes(path.read_bytes())
    write(stage, wanted)


def _at_its_message(fault: Fault, sheet: Sheet, wanted: Plan, file: str) -> Fault:
    """Return a fault as its translator should see it: at the line of the sheet, named by its message."""
    sent, row = (_of_prompt if file.endswith(ENDING) else _of_entry)(wanted, file, fault.spot.line)
    line = sent.rows[min(row, len(sent.rows) - 1)] if sent.rows else sent.line
    wrong = f"{sent.context}: {fault.message}"
    return Fault(fault.code, Spot(sheet.file, line), wrong, fault.fix, fault.severity)


def _of_prompt(wanted: Plan, file: str, line: int) -> tuple[Sent, int]:
    """Return the message of a prompt, and which line of it a line of the file is, counted from 0."""
    text = wanted.files[file]
    stamp = STAMP.match(text)
    begin = stamp.end() if stamp else 0
    words = text[begin:].lstrip("\r\n")
    skipped = text[: len(text) - len(words)].count("\n")
    return wanted.sent[file][0], max(0, line - 1 - skipped)


def _of_entry(wanted: Plan, file: str, line: int) -> tuple[Sent, int]:
    """Return the message that a line of an options file was written from; its first line."""
    keys = Places(wanted.files[file], file).keys
    above = [path for path, spot in keys.items() if spot.line <= line]
    name, part = str(above[-1][0]), above[-1][-1]
    ours = [one for one in wanted.sent[file] if one.context.rpartition("/")[2] == name]
    wanted_kind = "phrases" if part == "says" else "label"
    exact = [one for one in ours if one.context.startswith(wanted_kind)]
    return (exact or ours or list(wanted.sent[file]))[0], 0
