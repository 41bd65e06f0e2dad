"""A rehearsed conversation as an author reads it: who said what, and at which line of the test."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from bot.adapters.rehearsal_looks import Difference
from bot.content.faults import Spot

_WHO = {"us": "lowtide", "words": "person", "press": "person", "clock": "clock"}
_MOST_TURNS = 12
"""Things a person did that are still shown before the fault; of a longer conversation the rest is a count."""
FAULT = "✗"


@dataclass(frozen=True, slots=True)
class Told:
    """Hold one thing that was said or done: `by` a person's words or press, by us, or by the clock.

    `words` are in our markup where we speak; a press holds the option's id, and its label as `labels`.
    `spot` is the step of the test, where there is one.
    """

    by: Literal["words", "press", "us", "clock"]
    words: str
    labels: tuple[str, ...] = ()
    spot: Spot | None = None

    def lines(self) -> list[str]:
        """Write it for an author: who, and what; the line of the test stands before it."""
        if self.by == "us":
            said = [*self.words.split("\n"), *([f"[{' · '.join(self.labels)}]"] if self.labels else [])]
        else:
            label = f" “{self.labels[0]}”" if self.labels and self.labels[0] else ""
            said = [f"[{self.words}]{label}" if self.by == "press" else self.words]
        first = f"{self.spot.line if self.spot else '':>5} {_WHO[self.by]:<7} │ "
        rest = f"{'':>5} {'':<7} │ "
        return [f"{rest if place else first}{line}".rstrip() for place, line in enumerate(said)]


@dataclass(frozen=True, slots=True)
class Miss:
    """Say of one step what was not as expected; `told` is the conversation up to it."""

    differences: tuple[Difference, ...]
    told: tuple[Told, ...]

    @property
    def spot(self) -> Spot:
        """Return the place of the first expectation that was not met."""
        return self.differences[0].spot

    @property
    def message(self) -> str:
        """Return what was expected there, and what was found."""
        return str(self.differences[0])

    def __str__(self) -> str:
        """Write it as `file:line:col message`, under it the conversation up to the fault."""
        return "\n".join((f"{self.spot} {self.message}", *_story(self.told), *self._faults()))

    def _faults(self) -> Iterator[str]:
        for one in self.differences:
            yield f"{one.spot.line:>5} {FAULT:<7} │ {one}"


def _story(told: Sequence[Told]) -> Iterator[str]:
    """Yield the conversation, the last turns of a long one."""
    turns = [place for place, one in enumerate(told) if one.by != "us"]
    first = turns[-_MOST_TURNS] if len(turns) > _MOST_TURNS else 0
    if first:
        yield f"{'':>5} {'':<7} │ … {len(turns) - _MOST_TURNS} turns before this"
    for one in told[first:]:
        yield from one.lines()
