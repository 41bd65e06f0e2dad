"""What was looked at, thing by thing, as a page for a person or as JSON; no secret leaves with it."""

from __future__ import annotations

import json
from dataclasses import dataclass

from bot.adapters.checkup import Finding
from bot.runtime.discretion import Discreet


@dataclass(frozen=True, slots=True)
class Report:
    """Hold what was found, thing by thing."""

    findings: tuple[Finding, ...]

    @property
    def good(self) -> bool:
        """Tell whether nothing needs mending."""
        return all(finding.good for finding in self.findings)

    @property
    def faults(self) -> int:
        """Count what needs mending."""
        return sum(not finding.good for finding in self.findings)

    def written(self, mask: Discreet) -> str:
        """Write a line for each finding, and what to mend under it."""
        return mask.masked("\n".join(map(str, self.findings)))

    def as_json(self, mask: Discreet) -> str:
        """Write the same for programs: `kind` is ok, note or fault."""
        rows = [
            {"what": one.what, "kind": one.kind, "found": one.found, "mend": one.mend}
            for one in self.findings
        ]
        return mask.masked(json.dumps({"good": self.good, "findings": rows}, indent=2, ensure_ascii=False))


def parted(fault: str) -> tuple[str, str]:
    """Part a sentence at its first semicolon: what is wrong, and how to mend it."""
    what, _, mend = fault.partition("; ")
    return what, mend or "mend that, and ask again"
