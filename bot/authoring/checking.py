"""Every fault in flows, prompts and the tests beside them, as text or as JSON."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime

from bot.authoring.gathering import rehearsals_in, test_files
from bot.content.checks import check_all
from bot.content.faults import Fault, in_order
from bot.content.library import Content, load
from bot.settings import Settings


def check(settings: Settings, form: str) -> bool:
    """Print every fault, as text or as JSON; tell whether there is no error among them."""
    faults = in_order(faults_of(load(settings.flows, settings.prompts), settings))
    errors = [fault for fault in faults if fault.severity == "error"]
    if form == "json":
        rows = [_row(fault) for fault in faults]
        print(json.dumps({"faults": rows, "errors": len(errors)}, indent=2, ensure_ascii=False))
    else:
        for fault in faults:
            print(fault)
        print(_summary(len(errors), len(faults) - len(errors)))
    return not errors


def faults_of(content: Content, settings: Settings, today: date | None = None) -> list[Fault]:
    """Return every fault of the content and of the test files beside the flows."""
    found = check_all(content, settings.flows, today or datetime.now(UTC).date())
    for path in test_files(settings):
        found += rehearsals_in(path)[1]
    return found


def _row(fault: Fault) -> dict[str, object]:
    place = {"file": fault.spot.file, "line": fault.spot.line, "column": fault.spot.column}
    return place | {
        "code": fault.code, "severity": fault.severity, "message": fault.message, "fix": fault.fix
    }  # fmt: skip


def _summary(errors: int, warnings: int) -> str:
    if not errors and not warnings:
        return "no faults"
    return f"{errors} error{'s'[: errors != 1]}, {warnings} warning{'s'[: warnings != 1]}"
