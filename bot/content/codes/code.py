"""A fault code: a stable name that an author can look up."""

from __future__ import annotations

from dataclasses import dataclass

FAMILIES = {
    "Y": "YAML and shape",
    "S": "structure",
    "T": "types",
    "C": "calls",
    "M": "timers",
    "W": "words",
    "P": "promises",
    "R": "privacy",
    "G": "globals and data",
    "V": "versions",
}


@dataclass(frozen=True, slots=True)
class Code:
    """Explain one kind of fault: a title, a paragraph on what it means, and how to mend it."""

    id: str
    title: str
    meaning: str
    mend: str

    @property
    def family(self) -> str:
        """Return the family in words, by the code's first letter."""
        return FAMILIES[self.id[0]]
