"""Faults as SARIF 2.1.0, the form in which code hosts show what was found beside the lines it is about."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any
from urllib.parse import quote

from bot import __version__
from bot.content.faults import CODES, Code, Fault

VERSION = "2.1.0"
_SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
_ROOT = "SRCROOT"


def sarif(faults: Iterable[Fault]) -> dict[str, Any]:
    """Return one run that holds every fault, and a rule with its help for each code among them."""
    told = list(faults)
    codes = sorted({fault.code for fault in told})
    places = {code: place for place, code in enumerate(codes)}
    driver = {
        "name": "lowtide",
        "semanticVersion": __version__,
        "rules": [_rule(CODES[code]) for code in codes],
    }
    run = {
        "tool": {"driver": driver},
        "columnKind": "unicodeCodePoints",
        "results": [_result(fault, places[fault.code]) for fault in told],
    }
    return {"$schema": _SCHEMA, "version": VERSION, "runs": [run]}


def _rule(code: Code) -> dict[str, Any]:
    return {
        "id": code.id,
        "name": _pascal(code.title),
        "shortDescription": {"text": f"{code.title}."},
        "fullDescription": {"text": code.meaning},
        "help": {
            "text": f"{code.meaning} {code.mend}",
            "markdown": f"{code.meaning}\n\n**Mend:** {code.mend}",
        },
        "properties": {"tags": [code.family]},
    }


def _pascal(title: str) -> str:
    """Return a title as the format wants names: words run together, each with a capital."""
    words = "".join(sign if sign.isalnum() else " " for sign in title).split()
    return "".join(word[0].upper() + word[1:] for word in words)


def _result(fault: Fault, rule: int) -> dict[str, Any]:
    mended = f"{fault.message}; {fault.fix}" if fault.fix else fault.message
    place = {
        "artifactLocation": _artifact(fault.spot.file),
        "region": {"startLine": fault.spot.line, "startColumn": fault.spot.column},
    }
    return {
        "ruleId": fault.code,
        "ruleIndex": rule,
        "level": fault.severity,
        "message": {"text": mended},
        "locations": [{"physicalLocation": place}],
        "properties": {"fix": fault.fix},
    }


def _artifact(file: str) -> dict[str, str]:
    """Name a file: from the root of the sources, where it is below it, so that it is found on any machine."""
    path = Path(file)
    if path.is_absolute():
        return {"uri": path.as_uri()}
    return {"uri": quote(path.as_posix()), "uriBaseId": _ROOT}
