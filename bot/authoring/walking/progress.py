"""How far a walk has come: a bar in a terminal, elsewhere a line now and then, on standard error."""

from __future__ import annotations

import sys
from time import monotonic
from types import TracebackType

from bot.authoring.walking.tally import Tally

WIDTH, EVERY = 30, 10.0
"""Signs of the bar; seconds between two lines where there is no terminal."""


class Progress:
    """Show progress towards so many turns by chance."""

    def __init__(self, wanted: int) -> None:
        self.wanted, self.done, self.turns = max(wanted, 1), 0, 0
        self.broken: set[tuple[str, str]] = set()
        self.bar = sys.stderr.isatty()
        self.began = self.told = monotonic()

    def __enter__(self) -> Progress:
        """Show an empty bar."""
        self._draw()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Wipe the bar."""
        if self.bar:
            sys.stderr.write("\r\x1b[K")
            sys.stderr.flush()

    def add(self, tally: Tally, by_chance: bool) -> None:
        """Count in what was walked."""
        self.turns += tally.turns
        self.done += tally.turns if by_chance else 0
        self.broken |= tally.found.keys()
        self._draw()

    def _draw(self) -> None:
        now = monotonic()
        if self.bar:
            sys.stderr.write(f"\r\x1b[K{self.line(now)}")
            sys.stderr.flush()
        elif now - self.told >= EVERY:
            self.told = now
            print(self.line(now), file=sys.stderr)

    def line(self, now: float) -> str:
        """Write it in one line."""
        share = min(self.done / self.wanted, 1.0)
        full = int(share * WIDTH)
        bar = "█" * full + "░" * (WIDTH - full)
        rate = self.turns / max(now - self.began, 1e-6)
        return f"{bar} {share:4.0%}  {self.turns:,} turns, {rate:,.0f} a second, {len(self.broken)} broken"
