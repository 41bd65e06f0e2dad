"""Every fault in flows, prompts and the tests beside them, as text, JSON or SARIF; and what a code means."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime

from bot.authoring.gathering import rehearsals_in, test_files
from bot.authoring.sarif import sarif
from bot.content.checks import check_all
from bot.content.faults import CODES, Fault, Severity, did_you_mean, in_order
from bot.content.library import Content, load
from bot.publishing.signing import unsigned
from bot.settings import Settings


def check(settings: Settings, form: str) -> bool:
    """Print every fault, as text, JSON or SARIF; tell whether there is no error among them."""
    faults = in_order(faults_of(load(settings.flows, settings.prompts), settings))
    print(_FORMS[form](faults))
    return not any(fault.severity == "error" for fault in faults)


def explain(code: str) -> bool:
    """Print what a code means and how it is mended, or list every code for `all`; tell whether it is one."""
    if code == "all":
        print("\n".join(f"{one.id}  {one.title}" for one in CODES.values()))
        return True
    found = CODES.get(code.upper())
    if found is None:
        near = did_you_mean(code.upper(), CODES)
        print(f"there is no code {code!r}{f'; did you mean {near}?' if near else ''}")
        return False
    print(f"{found.id} {found.title} ({found.family})\n\n{found.meaning}\n\nMend: {found.mend}")
    return True


def faults_of(content: Content, settings: Settings, today: date | None = None) -> list[Fault]:
    """Return every fault of the content and of the test files beside the flows."""
    found = check_all(content, settings.flows, today or datetime.now(UTC).date())
    for path in test_files(settings):
        found += rehearsals_in(path)[1]
    return found + unsigned(content, settings.flows)


def _text(faults: Sequence[Fault]) -> str:
    return "\n".join([*map(str, faults), _summary(Counter(fault.severity for fault in faults))])


def _summary(count: Mapping[Severity, int]) -> str:
    kinds: list[Severity] = ["error", "warning"] if count["error"] or count["warning"] else []
    kinds += ["note"] if count["note"] else []
    counted = [f"{count[kind]} {kind}{'s'[: count[kind] != 1]}" for kind in kinds]
    return ", ".join(counted if "error" in kinds else ["no faults", *counted])


def _json(faults: Sequence[Fault]) -> str:
    errors = sum(fault.severity == "error" for fault in faults)
    return json.dumps(
        {"faults": [_row(one) for one in faults], "errors": errors}, indent=2, ensure_ascii=False
    )


def _sarif(faults: Sequence[Fault]) -> str:
    return json.dumps(sarif(faults), indent=2, ensure_ascii=False)


_FORMS = {"text": _text, "json": _json, "sarif": _sarif}
FORMS = tuple(_FORMS)


def _row(fault: Fault) -> dict[str, object]:
    place = {"file": fault.spot.file, "line": fault.spot.line, "column": fault.spot.column}
    return place | {
        "code": fault.code, "severity": fault.severity, "message": fault.message, "fix": fault.fix
    }  # fmt: skip
