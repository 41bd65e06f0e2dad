"""One setting as somebody wrote it down, and where."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

PREFIX = "LOWTIDE_"


@dataclass(frozen=True, slots=True)
class Given:
    """Hold a setting's name, small and without its prefix, its text, and its place.

    `place` is `file:line`, or empty for the environment.
    """

    name: str
    text: str = field(repr=False)
    place: str = ""

    @property
    def variable(self) -> str:
        """Name it as it is written."""
        return variable(self.name)

    def wrong(self, why: str) -> str:
        """Say where it stands, its name, and what is wrong with it."""
        return f"{self.place}: {self.variable} {why}" if self.place else f"{self.variable} {why}"


@dataclass(frozen=True, slots=True)
class Written:
    """Hold what a settings file gives, and a sentence for each of its lines that cannot be read."""

    path: Path | None = None
    given: tuple[Given, ...] = ()
    faults: tuple[str, ...] = ()


NOTHING = Written()
"""What no file says."""


def variable(name: str) -> str:
    """Name a setting as it is written in a file or the environment."""
    return f"{PREFIX}{name.upper()}"


def in_environment(environment: Mapping[str, str]) -> Iterator[Given]:
    """List what the environment sets; an empty variable counts as not set."""
    for name, text in environment.items():
        if name.startswith(PREFIX) and text.strip():
            yield Given(name[len(PREFIX) :].lower(), text)
