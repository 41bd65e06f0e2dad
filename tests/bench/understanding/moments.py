"""Moments in people's words, read by us and by libraries: `python -m tests.bench.understanding.moments`.

The lists are those of the tests: the rules were written against them, but for the last. A library is
measured where it is installed (`pip install dateparser recurrent parsedatetime`, in a place of their own).
"""

from __future__ import annotations

import importlib
import time
from collections import Counter
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

from bot.understanding.moments import moment
from tests.understanding import clocks, dates
from tests.understanding.test_moments import MONDAY, NO_MOMENT, QUIET, SAID


def _this_year(said: Sequence[tuple[str, str | None]]) -> list[tuple[str, str | None]]:
    return [(text, meant and f"2026-{meant}") for text, meant in said]


Reader = Callable[[str], datetime | None]
LISTS: dict[str, list[tuple[str, str | None]]] = {
    "moments": _this_year([*SAID, *((text, None) for text in NO_MOMENT)]),
    "dates": dates.SAID,
    "dates, untuned": dates.UNTUNED,
    "hours in words": _this_year(clocks.SAID),
    "hours in words, untuned": _this_year(clocks.UNTUNED),
}


def ours() -> Reader:
    return lambda text: moment(text, MONDAY, QUIET)


def dateparser() -> Reader:
    parse: Any = importlib.import_module("dateparser").parse
    settings = {"RELATIVE_BASE": MONDAY.replace(tzinfo=None), "PREFER_DATES_FROM": "future"}
    return lambda text: parse(text, languages=["en", "es", "de"], settings=settings)


def recurrent() -> Reader:
    event: Any = importlib.import_module("recurrent").RecurringEvent

    def parse(text: str) -> datetime | None:
        found = event(now_date=MONDAY.replace(tzinfo=None)).parse(text)
        return found if isinstance(found, datetime) else None

    return parse


def parsedatetime() -> Reader:
    calendar: Any = importlib.import_module("parsedatetime").Calendar()

    def parse(text: str) -> datetime | None:
        found, kind = calendar.parseDT(text, sourceTime=MONDAY.replace(tzinfo=None))
        return found if kind else None

    return parse


def verdict(found: datetime | None, meant: str | None) -> str:
    """Tell whether the day, and the hour where one is said, are right; a moment that is none must be none."""
    if found is None:
        return "right" if meant is None else "not read"
    return "right" if meant is not None and f"{found:%Y-%m-%d %H:%M}".startswith(meant) else "wrong"


def measure(reader: Reader, said: list[tuple[str, str | None]]) -> str:
    """Return how many are right, wrong and not read, and milliseconds each."""
    begun = time.perf_counter()
    found = [reader(text) for text, _ in said]
    each = (time.perf_counter() - begun) / len(said) * 1000
    counted = Counter(verdict(one, meant) for one, (_, meant) in zip(found, said, strict=True))
    return " ".join(f"{counted[one]:4} {one}," for one in ("right", "wrong", "not read")) + f" {each:.2f} ms"


def main() -> None:
    """Print a line for each list and each reader there is."""
    for name, said in LISTS.items():
        print(f"{name}, {len(said)}")
        for maker in (ours, dateparser, recurrent, parsedatetime):
            try:
                print(f"  {maker.__name__:14}{measure(maker(), said)}")
            except ImportError:
                print(f"  {maker.__name__:14}not installed")


if __name__ == "__main__":
    main()
